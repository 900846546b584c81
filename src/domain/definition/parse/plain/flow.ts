/** Lists and mappings of the plain layout that stand on one line, in brackets and braces. */
import { keyAt } from './known-keys.ts';
import { flowList as listForm, flowMapping as mappingForm } from './node-marks.ts';
import type { PlainText } from './plain-text.ts';
import { plainScalar, quotedScalar } from './scalars.ts';
import { closeBrace, closeBracket, comma, doubleQuote, notPlain, openBrace, singleQuote } from './signs.ts';

/** A list in brackets, of scalars and mappings. */
export function flowList(at: PlainText, start: number, keyStart: number, keyEnd: number): unknown {
  const items: unknown[] = [];
  const mark = at.mark(listForm, start, keyStart, keyEnd);
  for (let next = partAt(at, start + 1, closeBracket, true); next !== -1; ) {
    const item =
      at.text.charCodeAt(next) === openBrace ? flowMapping(at, next, -1, -1) : flowScalar(at, next, -1, -1);
    if (item === notPlain) return notPlain;
    items.push(item);
    next = partAt(at, at.end, closeBracket, false);
  }
  if (at.end === 0) return notPlain;
  at.close(mark);
  return items;
}

/** A mapping in braces, of scalars. */
export function flowMapping(at: PlainText, start: number, keyStart: number, keyEnd: number): unknown {
  const value: Record<string, unknown> = {};
  const mark = at.mark(mappingForm, start, keyStart, keyEnd);
  for (let next = partAt(at, start + 1, closeBrace, true); next !== -1; ) {
    const key = keyAt(at, next);
    if (key === undefined || Object.hasOwn(value, key)) return notPlain;
    const end = at.end;
    const found = flowScalar(at, at.afterSpaces(end + 1, at.stop), next, end);
    if (found === notPlain) return notPlain;
    value[key] = found;
    next = partAt(at, at.end, closeBrace, false);
  }
  if (at.end === 0) return notPlain;
  at.close(mark);
  return value;
}

/**
 * Where the next part of what stands in brackets or braces begins; -1 at their end, behind which the text is then ended at,
 * or at nothing of the kind, and then it is ended at 0.
 */
function partAt(at: PlainText, from: number, close: number, isFirst: boolean): number {
  const next = at.afterSpaces(from, at.stop);
  const code = next < at.stop ? at.text.charCodeAt(next) : 0;
  if (code === close) {
    at.end = next + 1;
    return -1;
  }
  if (isFirst && code !== 0) return next;
  if (code === comma) return at.afterSpaces(next + 1, at.stop);
  at.end = 0;
  return -1;
}

function flowScalar(at: PlainText, start: number, keyStart: number, keyEnd: number): unknown {
  const text = at.text;
  const first = text.charCodeAt(start);
  if (first === doubleQuote || first === singleQuote) return quotedScalar(at, start, first, keyStart, keyEnd);
  let end = start;
  for (let code = first; end < at.stop; code = text.charCodeAt(++end))
    if (code === comma || code === closeBracket || code === closeBrace) break;
  const written = text.slice(start, end).trimEnd();
  return /[[{#]/.test(written) ? notPlain : plainScalar(at, written, start, keyStart, keyEnd);
}

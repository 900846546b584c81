/** Mappings and lists of the plain layout, one key or item a line. */
import { flowList, flowMapping } from './flow.ts';
import { keyAt, startsWithKey } from './known-keys.ts';
import { list as listForm, mapping as mappingForm } from './node-marks.ts';
import type { PlainText } from './plain-text.ts';
import { blockScalar, plainScalar, quotedScalar } from './scalars.ts';
import {
  bar,
  dash,
  doubleQuote,
  greater,
  hash,
  notPlain,
  openBrace,
  openBracket,
  singleQuote,
  space,
} from './signs.ts';

/** Whether the value of a key is a sentence: a `#` in it may have been meant. */
function isSentence(key: string): boolean {
  return key === 'name' || key === 'description' || key === 'justification';
}

/**
 * The mapping whose keys stand at a column; the first of them on the present line. Moves past it.
 *
 * @param keyStart where the key starts (and `keyEnd`, ends) of which it is the value; -1 for none
 */
export function mapping(at: PlainText, column: number, keyStart: number, keyEnd: number): unknown {
  const text = at.text;
  const value: Record<string, unknown> = {};
  let from = at.start + column;
  const mark = at.mark(mappingForm, from, keyStart, keyEnd);
  for (;;) {
    const key = keyAt(at, from);
    const end = at.end;
    if (key === undefined || Object.hasOwn(value, key)) return notPlain;
    const start = at.afterSpaces(end + 1, at.stop);
    const isHere = start < at.stop && text.charCodeAt(start) !== hash;
    if (!isHere && !at.isEndOrComment(end + 1, at.stop, true)) return notPlain;
    const found = isHere
      ? valueOnLine(at, start, column, from, end, isSentence(key))
      : below(at, column, from, end);
    if (found === notPlain) return notPlain;
    value[key] = found;
    if (isHere) at.nextLine();
    const goesOn = at.indent === column && text.charCodeAt(at.start + column) !== dash;
    if (!goesOn) {
      if (at.indent > column) return notPlain;
      at.close(mark);
      return value;
    }
    from = at.start + column;
  }
}

/** The value of a key that has none on its line: a list or a mapping on the lines below. Moves past it. */
function below(at: PlainText, column: number, keyStart: number, keyEnd: number): unknown {
  at.nextLine();
  const indent = at.indent;
  if (indent >= column && at.text.charCodeAt(at.start + indent) === dash)
    return list(at, indent, keyStart, keyEnd);
  return indent > column ? mapping(at, indent, keyStart, keyEnd) : notPlain;
}

function list(at: PlainText, column: number, keyStart: number, keyEnd: number): unknown {
  const text = at.text;
  const items: unknown[] = [];
  const mark = at.mark(listForm, at.start + column, keyStart, keyEnd);
  while (at.indent === column && text.charCodeAt(at.start + column) === dash) {
    let start = at.start + column + 1;
    if (start >= at.stop || text.charCodeAt(start) !== space) return notPlain;
    start = at.afterSpaces(start, at.stop);
    const isKey = startsWithKey(at, start);
    const item = isKey
      ? mapping(at, start - at.start, -1, -1)
      : valueOnLine(at, start, column, -1, -1, false);
    if (item === notPlain) return notPlain;
    items.push(item);
    if (!isKey) at.nextLine();
    if (at.indent > column) return notPlain;
  }
  at.close(mark);
  return items;
}

/**
 * The value that starts at an offset of the present line, a comment after it set aside.
 *
 * @param column that of the mapping or list in which it stands
 */
function valueOnLine(
  at: PlainText,
  start: number,
  column: number,
  keyStart: number,
  keyEnd: number,
  sentence: boolean,
): unknown {
  const text = at.text;
  const stop = at.stop;
  const first = text.charCodeAt(start);
  if (first === bar || first === greater) return blockScalar(at, start, column, keyStart, keyEnd);
  if (first === openBracket || first === openBrace || first === doubleQuote || first === singleQuote) {
    const value =
      first === openBracket
        ? flowList(at, start, keyStart, keyEnd)
        : first === openBrace
          ? flowMapping(at, start, keyStart, keyEnd)
          : quotedScalar(at, start, first, keyStart, keyEnd);
    return value !== notPlain && at.isEndOrComment(at.end, stop, true) ? value : notPlain;
  }
  let written = text.slice(start, stop);
  const comment = written.includes('#') ? written.indexOf(' #') : -1;
  if (comment !== -1) {
    // Behind a sentence or a URL, what YAML takes for a comment may have been meant for a part of it.
    const isSurely = !sentence && !written.includes('://');
    if (!at.isEndOrComment(start + comment, stop, isSurely)) return notPlain;
    written = written.slice(0, comment).trimEnd();
  }
  return plainScalar(at, written, start, keyStart, keyEnd);
}

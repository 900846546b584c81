/** The simple values of the plain layout, each of which is noted, and then ended at: plain, in quotes, on lines of their own. */
import { block, double, plainText, plainValue, single } from './node-marks.ts';
import type { PlainText } from './plain-text.ts';
import { carriageReturn, colon, dash, doubleQuote, greater, hash, notPlain, space } from './signs.ts';

/** Words that YAML 1.1 reads as booleans or nothing; `true` and `false` are written in lower case. */
const reserved = /^(?:y|n|yes|no|on|off|null|true|false)$/i;
const address = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2})?$/;

/** What a value that is neither in quotes nor in brackets says. */
function readPlain(written: string): unknown {
  const first = written.charCodeAt(0);
  const isLetter =
    (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 0xc0 && first <= 0x24f);
  if (!isLetter && first !== 47) {
    if (written === '1') return 1;
    return address.test(written) ? written : notPlain;
  }
  if (written.length <= 5 && reserved.test(written))
    return written === 'true' ? true : written === 'false' ? false : notPlain;
  if (written.includes(': ') || written.charCodeAt(written.length - 1) === colon) return notPlain;
  return written;
}

/** @param written the whole of the value, which starts at an offset */
export function plainScalar(
  at: PlainText,
  written: string,
  start: number,
  keyStart: number,
  keyEnd: number,
): unknown {
  const value = readPlain(written);
  const isText = typeof value === 'string';
  at.end = start + written.length;
  at.mark(isText ? plainText : plainValue, start, keyStart, keyEnd);
  return isText && at.holdsPossibleSecret(value) ? notPlain : value;
}

/** The text in quotes that starts at an offset. */
export function quotedScalar(
  at: PlainText,
  start: number,
  quote: number,
  keyStart: number,
  keyEnd: number,
): unknown {
  const text = at.text;
  const isDouble = quote === doubleQuote;
  const sign = isDouble ? '"' : "'";
  let end = text.indexOf(sign, start + 1);
  // A single quote that is written twice is one of the text.
  while (!isDouble && end !== -1 && text.charCodeAt(end + 1) === quote) end = text.indexOf(sign, end + 2);
  if (end === -1 || end >= at.stop) return notPlain;
  const inside = text.slice(start + 1, end);
  if ((isDouble && inside.includes('\\')) || at.holdsPossibleSecret(inside)) return notPlain;
  at.end = end + 1;
  at.mark(isDouble ? double : single, start, keyStart, keyEnd);
  return isDouble ? inside : inside.replaceAll("''", "'");
}

/**
 * A text of one paragraph on the lines below, without blank lines in it and not further indented than it begins.
 *
 * @param header where the sign stands that announces it
 * @param column that of the mapping or list in which it stands
 */
export function blockScalar(
  at: PlainText,
  header: number,
  column: number,
  keyStart: number,
  keyEnd: number,
): unknown {
  const text = at.text;
  const isStripped = text.charCodeAt(header + 1) === dash;
  if (header + (isStripped ? 2 : 1) !== at.stop) return notPlain;
  const lines: string[] = [];
  let indent = 0;
  let here = text.indexOf('\n', at.stop) + 1;
  for (let end = here; here !== 0; ) {
    const start = at.afterSpaces(here, text.length);
    let stop = text.indexOf('\n', start);
    if (stop === -1) stop = text.length;
    const code = text.charCodeAt(start);
    if (start === stop || code === carriageReturn) {
      // Nothing, or spaces that may be part of the text.
      if (start !== here || (code === carriageReturn && stop !== start + 1)) return notPlain;
      if (lines.length === 0) return notPlain;
    } else if (lines.length === 0 || start - here >= indent) {
      if (lines.length === 0) indent = start - here;
      // A blank line came before, or it is indented further.
      else if (end !== here || start - here > indent) return notPlain;
      if (indent <= column) return notPlain;
      const last = text.charCodeAt(stop - 1) === carriageReturn ? stop - 1 : stop;
      if (text.charCodeAt(last - 1) === space || (stop === text.length && !isStripped)) return notPlain;
      lines.push(text.slice(start, last));
      at.stop = last;
      end = stop === text.length ? stop : stop + 1;
      at.end = end;
    } else {
      if (code === hash && start - here > column) return notPlain;
      break;
    }
    if (stop === text.length) break;
    here = stop + 1;
  }
  if (lines.length === 0) return notPlain;
  at.mark(block, header, keyStart, keyEnd);
  const joined = lines.join(text.charCodeAt(header) === greater ? ' ' : '\n');
  return at.holdsPossibleSecret(joined) ? notPlain : joined + (isStripped ? '' : '\n');
}

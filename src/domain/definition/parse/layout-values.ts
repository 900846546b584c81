/** Values that YAML cannot read, or takes for something of its own, as they must stand. */

import type { LayoutFault } from './layout-correction.ts';
import { scalarText } from './scalar.ts';

const link = /^\[[^\]]*\]\(\s*<?(?:mailto:)?([^\s)>]+)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)$/;
const closedTooEarly = /^("[^"\\]*"|'[^']*')\s*[,;.]+$/;
const singleQuoted = /^'([^"\\]*)'$/;
const mixedQuotes = /^(?:'([^'"\\]*)"|"([^'"\\]*)')$/;
const emphasized = /^(`{1,3}|\*{1,3})([^`*]+)\1$/;
const blockAndText = /^[|>][-+]?\s+([^\s#].*)$/;
/** A box that is ticked, in front of the only answer. */
const ticked = /^\[[xX✓✔]\]\s*([\p{L}\d]+)$/u;
const bulleted = /^[-–—•]\s+(\p{L}.*)$/u;

/** What was ticked, as YAML knows it. */
function answerOf(key: string, answer: string | undefined): string | undefined {
  if (key !== 'private_sector' || answer === undefined) return undefined;
  return answer.replace(/^oui$/i, 'true').replace(/^non$/i, 'false');
}

/**
 * @param key the key of the value, or of its list.
 * @returns the value as it must be written, and what was wrong with it; the same text when nothing was.
 */
export function mendedValue(key: string, written: string): { text: string; fault?: LayoutFault } {
  const [, value = '', comment = ''] = /^(.*?)(\s+#.*)?$/s.exec(written) ?? [];
  const mend = (fault: LayoutFault, text: string | undefined) =>
    text === undefined ? undefined : { fault, text: text + comment };
  const plain = (text: string | undefined) =>
    text === undefined ? undefined : scalarText(text, key === 'siret' ? 'double' : 'plain');
  const apostrophe = singleQuoted.exec(value)?.[1];
  const mixed = mixedQuotes.exec(value);
  return (
    mend('wrapped', plain(link.exec(value)?.[1])) ??
    mend('wrapped', closedTooEarly.exec(value)?.[1]) ??
    mend('wrapped', plain(mixed?.[1] ?? mixed?.[2])) ??
    mend('wrapped', plain(emphasized.exec(value)?.[2])) ??
    mend('wrapped', key === 'description' ? plain(bulleted.exec(value)?.[1]) : undefined) ??
    mend('wrapped', answerOf(key, ticked.exec(value)?.[1])) ??
    mend('blockSign', plain(blockAndText.exec(value)?.[1])) ??
    (apostrophe !== undefined && /(?<!')'(?!')/.test(apostrophe)
      ? mend('apostrophe', scalarText(apostrophe.replaceAll("''", "'"), 'double'))
      : undefined) ?? { text: written }
  );
}

/** Whether a line is a sentence of its own behind one that no sign ends. */
export function startsAnew(before: string, line: string): boolean {
  return /[\p{L}\d)]$/u.test(before) && /^\p{Lu}\p{Ll}/u.test(line);
}

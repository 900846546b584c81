/** The lines of a mail that were copied along with a definition: a greeting before it, a signature behind it. */

import type { LayoutCorrection } from './layout-correction.ts';

const greeting =
  /^(?:bonjour|bonsoir|salut|madame|monsieur|mesdames|cher|chère|hello|hi|dear)(?![\p{L}:_])/iu;
const ending =
  /^(?:-{2,}|_{2,}|={3,}|(?:bien |très |très bien |sincèrement |salutations?[ ,]+)?cordialement|cdlt|bien à (?:vous|toi)|(?:sincères |meilleures |bien )?salutations|(?:en vous remerciant|merci)(?: d['’]avance| par avance| beaucoup)?|bonne (?:journée|réception|soirée)|(?:envoyé|sent) (?:de|depuis|from) (?:mon|my) .{1,40}|(?:best|kind) regards|télécharger outlook.{0,60})\s*[,.!;]*\s*$/iu;
/** A line of a definition: a key, an item, a comment. */
const ofDefinition = /^\s*(?:#|-\s|[a-z_]+\s*:)/;
const blank = /^\s*$/;

function mailLines(lines: readonly string[]): readonly LayoutCorrection[] {
  const found: LayoutCorrection[] = [];
  const firstOwn = lines.findIndex((line) => ofDefinition.test(line));
  const firstWritten = lines.findIndex((line) => !blank.test(line));
  if (firstWritten !== -1 && firstWritten < firstOwn && greeting.test(lines[firstWritten] ?? ''))
    found.push({ fault: 'mail', after: [], first: firstWritten + 1, last: firstOwn });
  const lastOwn = lines.findLastIndex((line) => ofDefinition.test(line));
  const start = lines.findIndex((line, index) => index > lastOwn && !blank.test(line));
  const lastWritten = lines.findLastIndex((line) => !blank.test(line));
  if (lastOwn !== -1 && start !== -1 && ending.test(lines[start] ?? ''))
    found.push({ fault: 'mail', after: [], first: start + 1, last: lastWritten + 1 });
  return found;
}

/** What must go of a text that cannot be read as it stands, and its lines with nothing left there. */
export function withoutMail(lines: readonly string[]): {
  readonly corrections: readonly LayoutCorrection[];
  readonly rest: readonly string[];
} {
  const corrections = mailLines(lines);
  const isMail = (line: number) => corrections.some(({ first, last }) => first <= line && line <= last);
  return { corrections, rest: lines.map((line, index) => (isMail(index + 1) ? '' : line)) };
}

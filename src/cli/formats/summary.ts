/** The summary of a judgement for people. */
import type { Finding } from '../../definition/finding.ts';
import type { Bilingual } from '../../language/words.ts';
import type { Judgement } from '../judgement.ts';
import { paintOf, type Terminal } from '../terminal.ts';
import { say, words } from '../words.ts';
import { tallyOf } from './tally.ts';

/** The last lines of a report for people: how many files were read, how many findings there are of each kind. */
export function summaryOf(
  { files, findings }: Judgement,
  { language, colours }: Terminal,
): readonly string[] {
  const paint = paintOf(colours);
  const many = (count: number, one: Bilingual, several: Bilingual) =>
    count === 0 ? [] : [count === 1 ? say(one, language) : say(several, language, { count })];
  const read = many(files, words.fileRead, words.filesRead);
  if (findings.length === 0)
    return [
      files === 0
        ? say(words.noFile, language)
        : `${paint.green('✓')} ${read.join('')}. ${say(words.allGood, language)}`,
    ];
  const tally = tallyOf(findings);
  const parts = [
    ...many(tally.error, words.error, words.errors).map(paint.red),
    ...many(tally.decision, words.decision, words.decisions).map(paint.magenta),
    ...many(tally.warning, words.warning, words.warnings).map(paint.yellow),
    ...many(tally.info, words.info, words.infos).map(paint.blue),
  ];
  const separator = language === 'fr' ? ' : ' : ': ';
  const lines = [`${read.join('')}${separator}${parts.join(', ')}.`];
  const fixable = findings.filter((finding: Finding) => finding.fix !== undefined).length;
  lines.push(...many(fixable, words.oneFixable, words.fixable));
  lines.push(paint.dim(say(words.learnMore, language)));
  return lines;
}

/** The summary of a judgement for people. */

import type { Bilingual } from '#base/i18n/message';
import { say, words } from '#cli/messages';
import type { Judgement } from '#cli/registry/validate-registry';
import { paintOf, type Terminal } from '#cli/terminal';
import type { Finding } from '#domain/definition/finding';
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

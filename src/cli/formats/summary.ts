/** The summary of a validation for people. */

import type { Bilingual } from '#base/i18n/message';
import { shellWord } from '#base/invocation';
import { messages, t } from '#cli/messages';
import type { RegistryValidation } from '#cli/registry/validate-registry';
import { type Terminal, textStyles } from '#cli/terminal';
import type { Finding } from '#domain/definition/finding';
import { countBySeverity } from './severity-counts.ts';

/** The last lines of a report for people: how many files were read, how many findings there are of each kind. */
export function validationSummary(
  { files, findings, root }: RegistryValidation,
  { language, colours }: Terminal,
): readonly string[] {
  const style = textStyles(colours);
  const many = (count: number, one: Bilingual, several: Bilingual) =>
    count === 0 ? [] : [count === 1 ? t(one, language) : t(several, language, { count })];
  const read = many(files, messages.fileRead, messages.filesRead);
  if (findings.length === 0)
    return [
      files === 0
        ? t(messages.noFile, language)
        : `${style.green('✓')} ${read.join('')}. ${t(messages.allGood, language)}`,
    ];
  const counts = countBySeverity(findings);
  const parts = [
    ...many(counts.error, messages.error, messages.errors).map(style.red),
    ...many(counts.decision, messages.decision, messages.decisions).map(style.magenta),
    ...many(counts.warning, messages.warning, messages.warnings).map(style.yellow),
    ...many(counts.info, messages.info, messages.infos).map(style.blue),
  ];
  const separator = language === 'fr' ? ' : ' : ': ';
  const whole = files === 0 ? t(messages.noneRead, language) : read.join('');
  const lines = [`${whole}${separator}${parts.join(', ')}.`];
  const fixable = findings.filter((finding: Finding) => finding.fix !== undefined).length;
  // These sentences end with the command.
  const here = root === undefined ? '' : ` --root ${shellWord(root)}`;
  lines.push(...many(fixable, messages.oneFixable, messages.fixable).map((line) => `${line}${here}`));
  lines.push(style.dim(t(messages.learnMore, language)));
  return lines;
}

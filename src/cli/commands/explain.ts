/** `greffier explain`: what a rule is for, with good and bad examples. */

import type { Bilingual } from '#base/i18n/message';
import { parseArguments } from '#cli/arguments';
import { wrapText } from '#cli/formats/text';
import { messages, t } from '#cli/messages';
import { type CliCommand, CliError, type Terminal, type TextStyles, textStyles } from '#cli/terminal';
import type { RuleMetadata } from '#domain/definition/rules/rule';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const severities: Readonly<Record<RuleMetadata['severity'], Bilingual>> = {
  error: messages.severityError,
  decision: messages.severityDecision,
  warning: messages.severityWarning,
  info: messages.severityInfo,
};

function list(terminal: Terminal, style: TextStyles): string {
  const { language } = terminal;
  const width = Math.max(...catalogue.rules.map(({ id }) => id.length));
  const lines = catalogue.rules.map(
    ({ id, severity, title }) =>
      `${style.bold(id.padEnd(width))}  ${t(severities[severity], language).padEnd(13)}  ${title[language]}`,
  );
  return `${lines.join('\n')}\n`;
}

/** Examples are shown as they would be typed, the longest ones cut. */
function example(yaml: string): string {
  const lines = yaml.split('\n').slice(0, 12);
  return lines.map((line) => `    ${line.length > 110 ? `${line.slice(0, 109)}…` : line}`).join('\n');
}

function page(rule: RuleMetadata, terminal: Terminal, style: TextStyles): string {
  const { language, columns } = terminal;
  const width = Math.max(40, Math.min(columns, 100));
  const shown = (examples: RuleMetadata['examples']['good']) =>
    examples
      .filter(({ yaml }) => yaml.trim() !== '')
      .slice(0, 6)
      .map(({ yaml }) => example(yaml))
      .join('\n\n');
  const parts = [
    `${style.bold(rule.id)}  ${style.dim(t(severities[rule.severity], language))}`,
    wrapText(rule.title[language], width, ''),
    wrapText(rule.why[language], width, ''),
  ];
  const bad = shown(rule.examples.bad);
  const good = shown(rule.examples.good);
  if (bad !== '') parts.push(`${style.red(t(messages.badExamples, language))}\n\n${bad}`);
  if (good !== '') parts.push(`${style.green(t(messages.goodExamples, language))}\n\n${good}`);
  return `${parts.join('\n\n')}\n`;
}

export const command: CliCommand = {
  usage: '[RULE]',
  help: {
    fr: `Explique une règle : sa raison, de bons et de mauvais exemples. Sans RULE, la liste des règles.
`,
    en: `Explains a rule: its reason, good and bad examples. Without RULE, the list of rules.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, {}, 1);
    // As it was copied from a sentence.
    const rule = given.positionals[0]?.replace(/^`+|`+$/g, '');
    const style = textStyles(terminal.colours);
    if (rule === undefined) terminal.out(list(terminal, style));
    else {
      const metadata = catalogue.rule(rule);
      if (metadata === undefined) throw unknownRule(rule);
      terminal.out(page(metadata, terminal, style));
    }
    return 0;
  },
};

function unknownRule(rule: string): CliError {
  const [group = '', name = ''] = rule.includes('/') ? rule.split('/') : ['', rule];
  const near = catalogue.rules
    .map(({ id }) => id)
    .filter((id) => (group !== '' && id.startsWith(`${group}/`)) || (name.length > 2 && id.includes(name)));
  return near.length === 0
    ? new CliError(messages.unknownRule, { rule })
    : new CliError(messages.nearRules, { rule, near });
}

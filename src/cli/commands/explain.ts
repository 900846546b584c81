/** `greffier explain`: what a rule is for, with good and bad examples. */

import type { Bilingual } from '#base/i18n/message';
import { argumentsOf } from '#cli/arguments';
import { wrapped } from '#cli/formats/text';
import { say, words } from '#cli/messages';
import { type Command, type Paint, paintOf, type Terminal, Unable } from '#cli/terminal';
import type { RuleCard } from '#domain/definition/rules/rule';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const severities: Readonly<Record<RuleCard['severity'], Bilingual>> = {
  error: words.severityError,
  decision: words.severityDecision,
  warning: words.severityWarning,
  info: words.severityInfo,
};

function list(terminal: Terminal, paint: Paint): string {
  const { language } = terminal;
  const width = Math.max(...catalogue.cards.map(({ id }) => id.length));
  const lines = catalogue.cards.map(
    ({ id, severity, title }) =>
      `${paint.bold(id.padEnd(width))}  ${say(severities[severity], language).padEnd(13)}  ${title[language]}`,
  );
  return `${lines.join('\n')}\n`;
}

/** Examples are shown as they would be typed, the longest ones cut. */
function example(yaml: string): string {
  const lines = yaml.split('\n').slice(0, 12);
  return lines.map((line) => `    ${line.length > 110 ? `${line.slice(0, 109)}…` : line}`).join('\n');
}

function page(card: RuleCard, terminal: Terminal, paint: Paint): string {
  const { language, columns } = terminal;
  const width = Math.max(40, Math.min(columns, 100));
  const shown = (examples: RuleCard['examples']['good']) =>
    examples
      .filter(({ yaml }) => yaml.trim() !== '')
      .slice(0, 6)
      .map(({ yaml }) => example(yaml))
      .join('\n\n');
  const parts = [
    `${paint.bold(card.id)}  ${paint.dim(say(severities[card.severity], language))}`,
    wrapped(card.title[language], width, ''),
    wrapped(card.why[language], width, ''),
  ];
  const bad = shown(card.examples.bad);
  const good = shown(card.examples.good);
  if (bad !== '') parts.push(`${paint.red(say(words.badExamples, language))}\n\n${bad}`);
  if (good !== '') parts.push(`${paint.green(say(words.goodExamples, language))}\n\n${good}`);
  return `${parts.join('\n\n')}\n`;
}

export const command: Command = {
  usage: '[RULE]',
  help: {
    fr: `Explique une règle : sa raison, de bons et de mauvais exemples. Sans RULE, la liste des règles.
`,
    en: `Explains a rule: its reason, good and bad examples. Without RULE, the list of rules.
`,
  },
  async run(args, terminal) {
    const given = argumentsOf(args, {}, 1);
    const [rule] = given.positionals;
    const paint = paintOf(terminal.colours);
    if (rule === undefined) terminal.out(list(terminal, paint));
    else {
      const card = catalogue.card(rule);
      if (card === undefined) throw unknownRule(rule);
      terminal.out(page(card, terminal, paint));
    }
    return 0;
  },
};

function unknownRule(rule: string): Unable {
  const [group = '', name = ''] = rule.includes('/') ? rule.split('/') : ['', rule];
  const near = catalogue.cards
    .map(({ id }) => id)
    .filter((id) => (group !== '' && id.startsWith(`${group}/`)) || (name.length > 2 && id.includes(name)));
  return near.length === 0
    ? new Unable(words.unknownRule, { rule })
    : new Unable(words.nearRules, { rule, near });
}

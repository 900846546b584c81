/** `greffier explain`: what a rule is for, with good and bad examples. */

import type { Bilingual } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { parseArguments } from '#cli/arguments';
import { wrapText } from '#cli/formats/text';
import { messages, t } from '#cli/messages';
import { type CliCommand, CliError, type Terminal, type TextStyles, textStyles } from '#cli/terminal';
import { correctedLines, shown } from '#domain/definition/fix/corrected-lines';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import type { Example, RuleMetadata } from '#domain/definition/rules/rule';
import { foundIn, nothingFound, shownExample } from '#domain/definition/rules/shown-example';
import { schemaAt } from '#domain/definition/schema/schema-check';
import { distance } from '#domain/definition/schema/unknown-keys';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const severities: Readonly<Record<RuleMetadata['severity'], Bilingual>> = {
  error: messages.severityError,
  decision: messages.severityDecision,
  warning: messages.severityWarning,
  info: messages.severityInfo,
};

function list(terminal: Terminal, style: TextStyles, rules = catalogue.rules): string {
  const { language } = terminal;
  const width = Math.max(...rules.map(({ id }) => id.length));
  const lines = rules.map(
    ({ id, severity, title }) =>
      `${style.bold(id.padEnd(width))}  ${t(severities[severity], language).padEnd(13)}  ${title[language]}`,
  );
  return `${lines.join('\n')}\n`;
}

/** Examples are shown as they would be typed, the longest ones cut. */
function example(yaml: string): string {
  const lines = yaml.split('\n').slice(0, 12);
  return lines.map((line) => `    ${shown(line.length > 110 ? `${line.slice(0, 109)}…` : line)}`).join('\n');
}

/** What is wrong with a bad example of a rule on one file, and its lines corrected where that is certain. */
function answerTo(rule: RuleMetadata, example: Example, { language }: Terminal, width: number): string {
  const { path, text } = completeExample(example);
  const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  const found = findings.find((one) => one.rule === rule.id);
  if (found === undefined) return '';
  const said = wrapText(
    `→ ${catalogue.translate(found.message, language, quoteInBackticks)}`,
    width - 4,
    '    ',
  );
  const lines = found.fix === undefined ? [] : correctedLines(text, found.fix.edits);
  const corrected = lines.flatMap(({ after }) => after.map((line) => `    ${shown(line)}`));
  return [said, ...corrected].map((line) => `\n${line}`).join('');
}

/** The families of rules that say something of a field, where they do not have its name. */
const familiesOf: Readonly<Record<string, readonly string[]>> = {
  organization: ['siret'],
  contacts: ['email'],
  technical: ['email'],
  support: ['email'],
  redirect_uris: ['url'],
  post_logout_redirect_uris: ['url'],
  id_token_signed_response_alg: ['algorithm'],
  userinfo_signed_response_alg: ['algorithm'],
  optional_scopes: ['scope'],
  private_sector: ['private-sector'],
  ip_addresses: ['ip'],
  owners: ['owner'],
};

/** What a field is and the rules on it, or the rules of a family; undefined for neither. */
function overview(word: string, terminal: Terminal, style: TextStyles): string | undefined {
  const field = [[], ['organization'], ['contacts']]
    .map((place) => schemaAt([...place, word]))
    .find((node) => node !== undefined);
  const families = familiesOf[word] ?? [word];
  const rules = catalogue.rules.filter(({ id }) => families.includes(id.slice(0, id.indexOf('/'))));
  if (field === undefined && rules.length === 0) return undefined;
  const width = Math.max(40, Math.min(terminal.columns, 100));
  const { title = '', description = '' } = (field ?? {}) as { title?: string; description?: string };
  const head = field === undefined ? [] : [`${style.bold(word)}  ${title}`, wrapText(description, width, '')];
  const rest = rules.length === 0 ? [] : [list(terminal, style, rules).trimEnd()];
  return `${[...head, ...rest].join('\n\n')}\n`;
}

function page(rule: RuleMetadata, terminal: Terminal, style: TextStyles): string {
  const { language, columns } = terminal;
  const width = Math.max(40, Math.min(columns, 100));
  const several = (examples: readonly Example[], answer: (one: Example) => string = () => '') =>
    examples
      .filter(({ yaml }) => yaml.trim() !== '')
      .slice(0, 6)
      .map((one) => example(shownExample(one)) + answer(one))
      .join('\n\n');
  const parts = [
    `${style.bold(rule.id)}  ${style.dim(t(severities[rule.severity], language))}`,
    wrapText(rule.title[language], width, ''),
    wrapText(rule.why[language], width, ''),
  ];
  const bad = several(rule.examples.bad, (one) => answerTo(rule, one, terminal, width));
  const good = several(rule.examples.good);
  if (bad !== '') parts.push(`${style.red(foundIn[rule.severity][language])}\n\n${bad}`);
  if (good !== '') parts.push(`${style.green(nothingFound[language])}\n\n${good}`);
  return `${parts.join('\n\n')}\n`;
}

export const command: CliCommand = {
  usage: '[RULE|FAMILY|FIELD]',
  help: {
    fr: `Explique une règle : sa raison, de bons exemples, et de mauvais avec leur correction. Avec une famille (siret) ou un
champ (redirect_uris), les règles qui le concernent. Sans rien, la liste des règles.
`,
    en: `Explains a rule: its reason, good examples, and bad ones with their correction. With a family (siret) or a field
(redirect_uris), the rules on it. With nothing, the list of rules.
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
      const text = metadata === undefined ? overview(rule, terminal, style) : page(metadata, terminal, style);
      if (text === undefined) throw unknownRule(rule);
      terminal.out(text);
    }
    return 0;
  },
};

function unknownRule(rule: string): CliError {
  const [group = '', name = ''] = rule.includes('/') ? rule.split('/') : ['', rule];
  const ids = catalogue.rules.map(({ id }) => id);
  const mistyped = ids.filter((id) =>
    [id, id.split('/')[1] ?? ''].some((one) => distance(rule, one, 2) <= 2),
  );
  const near =
    mistyped.length > 0
      ? mistyped
      : ids.filter(
          (id) => (group !== '' && id.startsWith(`${group}/`)) || (name.length > 2 && id.includes(name)),
        );
  return near.length === 0
    ? new CliError(messages.unknownRule, { rule })
    : new CliError(messages.nearRules, { rule, near });
}

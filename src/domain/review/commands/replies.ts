/** What is answered to commands, in Markdown. */

import { codeSpan } from '#base/i18n/render';
import { fenceFor } from '#domain/definition/fix/corrected-lines';
import type { Example } from '#domain/definition/rules/rule';
import type { Catalogue } from '#domain/definition/rules/rule-catalogue';
import type { Speaker } from '#domain/review/render/messages';
import { type Command, type CommandName, commandCards, ruleNamed } from './parse.ts';

/** How a command is written, with a name for what it takes. */
const usages: Readonly<Partial<Record<CommandName, string>>> = {
  explain: 'explain RULE',
  provisioned: 'provisioned CLIENT_ID',
  confirm: 'confirm DIGEST',
};

/** The marker of an answer: a second try of the same command finds it. */
export function replyMarker(comment: number): string {
  return `<!-- greffier:reply:${comment} -->`;
}

/** The list of commands. */
export function helpReply(speak: Speaker): string {
  const names = Object.keys(commandCards) as CommandName[];
  const lines = names.map(
    (name) => `- ${speak(`help.${name}`, { command: `/greffier ${usages[name] ?? name}` })}`,
  );
  return [speak('reply.help'), '', ...lines].join('\n');
}

function exampleBlock(title: string, example: Example | undefined): string[] {
  if (example === undefined) return [];
  const lines = example.yaml.replace(/\n$/, '').split('\n');
  const fence = fenceFor(lines);
  return ['', title, '', `${fence}yaml`, ...lines, fence];
}

/** A rule's reason and examples; without a rule, the list of them all. Undefined: there is no such rule. */
export function explainReply(
  speak: Speaker,
  catalogue: Catalogue,
  { argument }: Command,
): string | undefined {
  if (argument === undefined) {
    const groups = Map.groupBy(catalogue.cards, ({ id }) => id.split('/')[0] ?? '');
    const lines = Array.from(
      groups.values(),
      (cards) => `- ${cards.map(({ id }) => codeSpan(id)).join(', ')}`,
    );
    return [speak('reply.rules'), '', ...lines].join('\n');
  }
  const id = ruleNamed(argument);
  const card = id === undefined ? undefined : catalogue.card(id);
  if (card === undefined) return undefined;
  return [
    `**${card.title[speak.language]}** (${codeSpan(card.id)})`,
    '',
    card.why[speak.language],
    ...exampleBlock(speak('reply.example-bad'), card.examples.bad[0]),
    ...exampleBlock(speak('reply.example-good'), card.examples.good[0]),
  ].join('\n');
}

/** What stands above suggestions: how many there are, and all of them as a patch. */
export function suggestionsReply(speak: Speaker, count: number, patch: string): string {
  const said = speak('fix.suggested', { count });
  if (patch === '') return said;
  const lines = patch.trimEnd().split('\n');
  const fence = fenceFor(lines);
  return [
    said,
    '',
    '<details>',
    `<summary>${speak('fix.patch-title')}</summary>`,
    '',
    `${fence}diff`,
    ...lines,
    fence,
    '',
    '</details>',
  ].join('\n');
}

/** The replies to commands, in Markdown. */

import { codeSpan, fenceFor } from '#base/i18n/render';
import type { Example } from '#domain/definition/rules/rule';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import { foundIn, nothingFound, shownExample } from '#domain/definition/rules/shown-example';
import type { ReviewTranslator } from '#domain/review/render/messages';
import { type CommandName, type CommentCommand, commandSpecs, findRuleId } from './parse.ts';

/** How a command is written, with a name for what it takes. */
const usages: Readonly<Partial<Record<CommandName, string>>> = {
  explain: 'explain RULE',
  promote: 'promote ID',
  keep: 'keep ID',
  provisioned: 'provisioned CLIENT_ID',
  confirm: 'confirm DIGEST',
  rotate: 'rotate CLIENT_ID',
  revoke: 'revoke CLIENT_ID',
};

/** The marker of a reply: a second try of the same command finds it. */
export function replyMarker(comment: number): string {
  return `<!-- greffier:reply:${comment} -->`;
}

/** The list of commands. */
export function helpReply(t: ReviewTranslator): string {
  const names = Object.keys(commandSpecs) as CommandName[];
  const lines = names.map(
    (name) => `- ${t(`help.${name}`, { command: `/greffier ${usages[name] ?? name}` })}`,
  );
  return [t('reply.help'), '', ...lines].join('\n');
}

function exampleBlock(title: string, example: Example | undefined): string[] {
  if (example === undefined) return [];
  const lines = shownExample(example).split('\n');
  const fence = fenceFor(lines);
  return ['', title, '', `${fence}yaml`, ...lines, fence];
}

/** A rule's reason and examples; without a rule, the list of them all. Undefined: there is no such rule. */
export function explainReply(
  t: ReviewTranslator,
  catalogue: RuleCatalogue,
  { argument }: CommentCommand,
): string | undefined {
  if (argument === undefined) {
    const groups = Map.groupBy(catalogue.rules, ({ id }) => id.split('/')[0] ?? '');
    const lines = Array.from(
      groups.values(),
      (cards) => `- ${cards.map(({ id }) => codeSpan(id)).join(', ')}`,
    );
    return [t('reply.rules'), '', ...lines].join('\n');
  }
  const id = findRuleId(argument);
  const metadata = id === undefined ? undefined : catalogue.rule(id);
  if (metadata === undefined) return undefined;
  return [
    `**${metadata.title[t.language]}** (${codeSpan(metadata.id)})`,
    '',
    metadata.why[t.language],
    ...exampleBlock(foundIn[metadata.severity][t.language], metadata.examples.bad[0]),
    ...exampleBlock(nothingFound[t.language], metadata.examples.good[0]),
  ].join('\n');
}

/** What stands above suggestions: how many there are, and all of them as a patch. */
export function suggestionsReply(t: ReviewTranslator, count: number, patch: string): string {
  const intro = t('fix.suggested', { count });
  if (patch === '') return intro;
  const lines = patch.trimEnd().split('\n');
  const fence = fenceFor(lines);
  return [
    intro,
    '',
    '<details>',
    `<summary>${t('fix.patch-title')}</summary>`,
    '',
    `${fence}diff`,
    ...lines,
    fence,
    '',
    '</details>',
  ].join('\n');
}

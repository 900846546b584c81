/** The comment on a merged pull request: what became of each client that it brought. Without any secret. Pure. */
import { formatDay } from '#base/i18n/dates';
import type { Language } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { trusted } from '#base/i18n/translator';
import { type Freeze, onDay } from '#domain/registry/freeze';
import { faultOf } from './failures.ts';
import { translateProvisioning } from './messages.ts';
import { nextLines } from './next-steps.ts';
import type { ClientOutcome, OutcomeState } from './outcome.ts';
import { factLines } from './outcome-facts.ts';
import { maxDetailedLength, stoppedLines } from './outcome-lines.ts';
import { outcomeTranslator } from './outcome-translator.ts';

/** The first line of the comment on the merged pull request, by which it is found again. */
export const provisioningMarker = '<!-- greffier:provisioning -->';

export interface OutcomeFacts {
  readonly commit: string;
  readonly clients: readonly ClientOutcome[];
}

const stateIcons: Readonly<Record<OutcomeState, string>> = {
  created: '✅',
  updated: '✅',
  revived: '✅',
  deactivated: '✅',
  deleted: '✅',
  unchanged: '✅',
  requested: '⏳',
  declined: '⛔',
  failed: '❌',
  retrying: '⏳',
  stopped: '✋',
  guarded: '✋',
  held: '⏳',
  frozen: '⏸️',
  lost: '❌',
  unserved: 'ℹ️',
};

/** Characters: what goes beyond is named only, then counted. */
const maxNamedLength = 60_000;

export function renderOutcomeComment(facts: OutcomeFacts, language: Language): string {
  const t = outcomeTranslator(language);
  const parts = [provisioningMarker, `### ${t('title', { commit: facts.commit.slice(0, 12) })}`];
  let length = parts.join('\n\n').length;
  let left = 0;
  for (const client of facts.clients) {
    const whole = clientText(client, language);
    const part = length + whole.length > maxDetailedLength ? heading(client, language) : whole;
    if (length + part.length > maxNamedLength) left += 1;
    else parts.push(part);
    length += part.length + 2;
  }
  if (left > 0) parts.push(t('others', { count: left }));
  return `${parts.join('\n\n')}\n\n`;
}

function heading(client: ClientOutcome, language: Language): string {
  const t = outcomeTranslator(language);
  return `${stateIcons[client.state]} **${codeSpan(`${client.cell}/${client.id}`)}** : ${t(client.state)}`;
}

function clientText(client: ClientOutcome, language: Language): string {
  const lines = [...problemLines(client, language), ...factLines(client, language)];
  const next = nextLines(client, language);
  const details =
    next.length === 0
      ? []
      : [
          `<details><summary>${outcomeTranslator(language)('next')}</summary>\n\n${next.map((line) => `- ${line}`).join('\n')}\n\n</details>`,
        ];
  return [
    heading(client, language),
    ...(lines.length === 0 ? [] : [lines.map(bullet).join('\n')]),
    ...details,
  ].join('\n\n');
}

function bullet(line: string): string {
  return line.startsWith('  ') ? line : `- ${line}`;
}

function problemLines(client: ClientOutcome, language: Language): readonly string[] {
  const t = outcomeTranslator(language);
  const { state, message, step } = client;
  const lines: string[] = [];
  if (message !== undefined) {
    const reason = translateProvisioning(message, language, codeSpan);
    // Of a whole provider, whoever runs Greffier is told in an issue: who reads this has nothing to do.
    const isForOperators = state === 'retrying' && faultOf(message) === 'provider';
    lines.push(isForOperators ? t('operators-told', { reason: trusted(reason) }) : reason);
  }
  if (state === 'stopped' && step !== undefined)
    lines.push(...stoppedLines(step, client.stopped ?? 'unknown', language));
  if (state === 'guarded') lines.push(t('guarded-more'));
  if (state === 'held' && message === undefined)
    lines.push(
      client.detail === undefined ? t('held-invalid') : t('held-outside', { detail: trusted(client.detail) }),
    );
  if (state === 'frozen' && client.freeze !== undefined) lines.push(frozenText(client.freeze, language));
  if (state === 'unserved') lines.push(t('unserved-more'));
  if (state === 'requested')
    lines.push(
      client.issue === undefined
        ? t('request-elsewhere')
        : t('request', { issue: trusted(`#${client.issue}`) }),
    );
  if (state === 'declined')
    lines.push(t('declined-more', { issue: trusted(client.issue === undefined ? '' : `#${client.issue}`) }));
  if (client.unmanageable === true) lines.push(t('unmanageable'));
  if (client.mail !== undefined) lines.push(t(`mail-${client.mail}`));
  return lines;
}

/** Until when nothing is done in a cell, and why. Markdown. */
function frozenText({ until, reason }: Freeze, language: Language): string {
  const t = outcomeTranslator(language);
  return until === undefined
    ? t('frozen-unread')
    : t('frozen-more', { day: trusted(formatDay(language, onDay(until))), reason });
}

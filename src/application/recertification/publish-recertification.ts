/**
 * Where it is asked on GitHub whether services still live, and answered: on the pull request that brought a definition, or,
 * of those that no pull request brought, in one issue. The silence of all is told in another one.
 */

import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import type { TellEach } from '#application/reconciliation/outcomes/tell-each';
import type { IssueContent } from '#application/reconciliation/outcomes/topic-issue';
import type { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { formatDay } from '#base/i18n/dates';
import type { Language } from '#base/i18n/message';
import { digestOf } from '#domain/provisioning/digest';
import { limitParagraphs } from '#domain/provisioning/outcome-lines';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import type { AskedClient } from '#domain/provisioning/recertification';

/** The matters of the two issues. */
export const waitingTopic = 'recertify';
export const silentTopic = 'recertify-silent';
/** By this, and the number, what was said on a pull request is named. */
const pullTopic = 'recertify-pull ';
const pullMarker = '<!-- greffier:recertify -->';

export function recertificationIssues(
  language: Language,
  asked: readonly AskedClient[],
): readonly IssueContent[] {
  const t = outcomeTranslator(language);
  return [
    {
      topic: waitingTopic,
      title: t('recertify-title'),
      text: recertificationText(
        language,
        'recertify-lead',
        asked.filter(({ isSilent, pull }) => !isSilent && pull === undefined),
      ),
      over: t('recertify-over'),
    },
    {
      topic: silentTopic,
      title: t('recertify-silent-title'),
      text: recertificationText(
        language,
        'recertify-silent-lead',
        asked.filter(({ isSilent }) => isSilent),
      ),
      over: t('recertify-over'),
    },
  ];
}

/** Says it on the pull requests, and takes it back once it is answered. */
export async function tellPulls(
  {
    store,
    publisher,
    each,
    language,
  }: {
    readonly store: Pick<ReconcileStore, 'topics'>;
    readonly publisher: Pick<OutcomePublisher, 'comment'>;
    readonly each: TellEach;
    readonly language: Language;
  },
  asked: readonly AskedClient[],
): Promise<void> {
  const t = outcomeTranslator(language);
  const said = await store.topics.under(pullTopic);
  const byPull = Map.groupBy(asked, ({ pull }) => pull);
  const pulls = new Set([
    ...Array.from(byPull.keys()).flatMap((pull) => pull ?? []),
    ...Array.from(said).flatMap(([pull, digest]) => (digest === '' ? [] : [Number(pull)])),
  ]);
  for (const pull of pulls) {
    const text = recertificationText(language, 'recertify-pull', byPull.get(pull) ?? []);
    const digest = text === undefined ? '' : digestOf(text);
    if ((said.get(String(pull)) ?? '') === digest) continue;
    await each.tell(`${pullTopic}${pull}`, digestOf(text ?? ''), async () => {
      await publisher.comment(pull, pullMarker, `${pullMarker}\n\n${text ?? t('recertify-pull-over')}\n`);
      await store.topics.save(`${pullTopic}${pull}`, undefined, digest);
    });
  }
}

/** @returns undefined when nobody is asked */
export function recertificationText(
  language: Language,
  lead: 'recertify-lead' | 'recertify-silent-lead' | 'recertify-pull',
  asked: readonly AskedClient[],
): string | undefined {
  if (asked.length === 0) return undefined;
  const t = outcomeTranslator(language);
  const lines = asked.map(({ client, asked: at, answerBy, isSilent }) =>
    t(isSilent ? 'recertify-silent-line' : 'recertify-line', {
      client,
      date: { trusted: formatDay(language, new Date(isSilent ? at : answerBy)) },
    }),
  );
  return [t(lead), limitParagraphs(lines, language).join('\n')].join('\n\n');
}

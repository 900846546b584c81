/**
 * The mail that asks whether a service still lives. Its links lead to pages where people are asked who they are: whoever it
 * is forwarded to can do nothing by it.
 */
import { bothLanguages, type ComposedMail } from '#application/handover/compose-mail';
import { cellWords, handoverTranslator, quotePlain } from '#application/handover/messages';
import { formatDay } from '#base/i18n/dates';
import type { Language } from '#base/i18n/message';
import type { RecertificationMailFacts } from './recertification-store.ts';

export interface AnswerPlaces {
  /** The registry on the web, without a slash at the end. */
  readonly registryUrl: string;
  /** The desk's page of one's own services; absent where nobody can sign in. */
  readonly desk?: string;
}

export function composeRecertificationMail(
  facts: RecertificationMailFacts,
  { cell, id }: { readonly cell: string; readonly id: string },
  { registryUrl, desk }: AnswerPlaces,
  first: Language,
): ComposedMail {
  const { step, name, clientId, answerBy, pull, issue } = facts;
  const page =
    pull !== undefined
      ? `${registryUrl}/pull/${pull}`
      : `${registryUrl}/issues${issue === undefined ? '' : `/${issue}`}`;
  return bothLanguages(first, {
    subject: handoverTranslator(first, quotePlain)(`subject-recertify-${step}`, { name }),
    paragraphs(language, quote, link) {
      const t = handoverTranslator(language, quote);
      const date = formatDay(language, new Date(answerBy));
      return [
        t('hello'),
        t(`recertify-${step}`, { name, cell: cellWords(cell, language), clientId, date }),
        ...(desk === undefined ? [] : [t('recertify-desk'), link(desk)]),
        t('recertify-github', { command: `/greffier keep ${cell}/${id}` }),
        link(page),
        t('recertify-otherwise'),
        t('why-you'),
      ];
    },
  });
}

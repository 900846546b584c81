/** Mails to those who asked at the front desk: only when something happened that concerns them. French first, then English. */

import { bothLanguages } from '#application/handover/compose-mail';
import type { AddressedMail } from '#application/handover/outbox';
import { placeFromPath } from '#domain/definition/cell';
import { requestTranslator } from './messages.ts';
import type { RequestMailFacts } from './request-news.ts';
import type { RequestStore } from './request-store.ts';

/** @returns undefined when it cannot be told any more who asked */
export async function requestMail(
  requests: Pick<RequestStore, 'numbered' | 'applicantOf'>,
  publicUrl: string,
  { request: number, news }: RequestMailFacts,
): Promise<AddressedMail | undefined> {
  const request = await requests.numbered(number);
  const applicant = request && requests.applicantOf(request);
  if (request === undefined || applicant === undefined) return undefined;
  const service = placeFromPath(request.path)?.id ?? request.path;
  const url = `${publicUrl}/demandes/${number}`;
  return {
    to: [applicant.email],
    ...bothLanguages('fr', {
      subject: requestTranslator('fr')(`mail-subject-${news}`, { number }),
      paragraphs(language, quote, link) {
        const t = requestTranslator(language, quote);
        return [t('mail-hello'), t(`mail-${news}`, { number, service }), link(url), t('mail-why')];
      },
    }),
  };
}

/** Mails to those who asked at the front desk: only when something happened that concerns them. French first, then English. */

import { quoteHtml, quotePlain } from '#application/handover/messages';
import type { AddressedMail } from '#application/handover/outbox';
import type { Language } from '#base/i18n/message';
import type { Quote } from '#base/i18n/render';
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
  const paragraphs = (language: Language, quote: Quote, link: string) => {
    const t = requestTranslator(language, quote);
    return [t('mail-hello'), t(`mail-${news}`, { number, service }), link, t('mail-why')];
  };
  const languages = ['fr', 'en'] as const;
  const text = languages.map((language) => paragraphs(language, quotePlain, url).join('\n\n'));
  const link = `<a href="${quoteHtml(url)}">${quoteHtml(url)}</a>`;
  const html = languages.map((language) => {
    const lines = paragraphs(language, quoteHtml, link).map((line) => `<p>${line}</p>`);
    return `<div lang="${language}">\n${lines.join('\n')}\n</div>`;
  });
  return {
    to: [applicant.email],
    subject: requestTranslator('fr')(`mail-subject-${news}`, { number }),
    text: `${text.join('\n\n---\n\n')}\n`,
    html: `<!doctype html>\n<html lang="fr"><body>\n${html.join('\n<hr>\n')}\n</body></html>\n`,
  };
}

/** The words of sign-in and of requests, as HTML and as text: sentences of our own, what is foreign in them escaped. */
import {
  isRequestMessageKey,
  type RequestMessageKey,
  requestTranslator,
} from '#application/front-desk/messages';
import { quoteHtml, quotePlain } from '#application/handover/messages';
import { type Html, ownHtml } from '#base/html';
import type { Language } from '#base/i18n/message';
import { type WordValues, withTrustedHtml } from './words.ts';

export interface RequestWords {
  readonly lang: Language;
  (key: RequestMessageKey, values?: WordValues): Html;
  text(key: RequestMessageKey, values?: Readonly<Record<string, string | number>>): string;
}

export function requestWords(lang: Language): RequestWords {
  const asHtml = requestTranslator(lang, quoteHtml);
  const words = (key: RequestMessageKey, values: WordValues = {}): Html =>
    ownHtml(asHtml(key, withTrustedHtml(values)));
  return Object.assign(words, {
    lang,
    text: (key: RequestMessageKey, values: Readonly<Record<string, string | number>> = {}) =>
      requestTranslator(lang, quotePlain)(key, values),
  });
}

/** The key of a sentence that is put together from a closed set; undefined when there is no such sentence. */
export function requestMessageKey(key: string): RequestMessageKey | undefined {
  return isRequestMessageKey(key) ? key : undefined;
}

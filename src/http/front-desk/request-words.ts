/** The words of sign-in and of requests, as HTML and as text: sentences of our own, what is foreign in them escaped. */
import { type RequestMessageKey, requestTranslator } from '#application/front-desk/messages';
import { quoteHtml, quotePlain } from '#application/handover/messages';
import { Html, ownHtml } from '#base/html';
import type { Language } from '#base/i18n/message';
import { type TranslationValues, trusted } from '#base/i18n/translator';

type WordValues = Readonly<Record<string, string | number | readonly string[] | Html>>;

export interface RequestWords {
  readonly lang: Language;
  (key: RequestMessageKey, values?: WordValues): Html;
  text(key: RequestMessageKey, values?: Readonly<Record<string, string | number>>): string;
}

export function requestWords(lang: Language): RequestWords {
  const asHtml = requestTranslator(lang, quoteHtml);
  const words = (key: RequestMessageKey, values: WordValues = {}): Html =>
    ownHtml(
      asHtml(
        key,
        Object.fromEntries(
          Object.entries(values).map(([name, value]): [string, TranslationValues[string]] => [
            name,
            value instanceof Html ? trusted(String(value)) : value,
          ]),
        ),
      ),
    );
  return Object.assign(words, {
    lang,
    text: (key: RequestMessageKey, values: Readonly<Record<string, string | number>> = {}) =>
      requestTranslator(lang, quotePlain)(key, values),
  });
}

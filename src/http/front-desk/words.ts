/** The words of the front desk, from the catalogues in `templates/`: as HTML for its pages, as text for attributes. */

import { escapeHtml, Html, sentenceHtml } from '#base/html';
import { frenchSpaces } from '#base/i18n/french-spaces';
import { escapeInvisible } from '#base/i18n/invisible';
import type { Language, Values } from '#base/i18n/message';
import { type SentencesOf, type TranslationValues, translator, trusted } from '#base/i18n/translator';
import en from '#templates/front-desk.en.json' with { type: 'json' };
import fr from '#templates/front-desk.fr.json' with { type: 'json' };

export type FrontDeskKey = SentencesOf<keyof typeof fr & keyof typeof en>;

/** What stands in a sentence: foreign text, or HTML of our own. */
export type WordValues = Readonly<Record<string, Values[string] | Html>>;

export interface Words {
  readonly lang: Language;
  /** The sentence as HTML: what is foreign in it is text, with what cannot be seen made visible. */
  (key: FrontDeskKey, values?: WordValues): Html;
  /** The sentence as plain text, for attributes, titles and JSON. */
  text(key: FrontDeskKey, values?: Values): string;
}

const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { fr, en };

/** The key of a sentence that is put together from a closed set; undefined when there is no such sentence. */
export function frontDeskKey(key: string): FrontDeskKey | undefined {
  return key in fr ? (key as FrontDeskKey) : undefined;
}

/** The values as the translator takes them: what is HTML of our own is not escaped again. */
export function withTrustedHtml(values: WordValues): TranslationValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof Html ? trusted(String(value)) : value,
    ]),
  );
}

function wordsIn(lang: Language): Words {
  const sentences = Object.entries(catalogues[lang]).map(
    ([key, sentence]) =>
      [key, String(sentenceHtml(lang === 'fr' ? frenchSpaces(sentence) : sentence))] as const,
  );
  const asHtml = translator<FrontDeskKey>(Object.fromEntries(sentences), lang, (foreign) =>
    escapeHtml(escapeInvisible(foreign)),
  );
  const asText = translator<FrontDeskKey>(catalogues[lang], lang, escapeInvisible);
  const words = (key: FrontDeskKey, values: WordValues = {}): Html =>
    Html.of(asHtml(key, withTrustedHtml(values)));
  return Object.assign(words, {
    lang,
    text: (key: FrontDeskKey, values: Values = {}) => asText(key, values),
  });
}

const all: Readonly<Record<Language, Words>> = { fr: wordsIn('fr'), en: wordsIn('en') };

export function frontDeskWords(lang: Language): Words {
  return all[lang];
}

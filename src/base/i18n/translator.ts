/** Sentences from the catalogues in `templates/`, completed and quoted for one medium. */

import { frenchSpaces } from './french-spaces.ts';
import type { Language, Values } from './message.ts';
import { codeSpan, complete, type Quote, quoteInBackticks, quoteValue } from './render.ts';

/** Text that Greffier made itself: the only kind that goes into a sentence as it is. */
export interface TrustedText {
  readonly trusted: string;
}

/** Marks a text as Greffier's own. What comes from anywhere else acts where it is shown. */
export function trusted(text: string): TrustedText {
  return { trusted: text };
}

export type TranslationValues = Readonly<Record<string, Values[string] | TrustedText>>;

/** The sentences of a catalogue with these keys: those with a plural (`key#one`, `key#other`) are asked for without its form. */
export type SentencesOf<Key> = Key extends `${infer Stem}#one` | `${infer Stem}#other` ? Stem : Key;

/** The messages of one language. */
export interface Translator<Key extends string> {
  readonly language: Language;
  /**
   * Foreign strings are quoted, numbers stay, trusted text goes in as it is. A sentence with a plural (`key#one`,
   * `key#other`) takes its form from the value `count`.
   *
   * @throws when there is no such sentence or it lacks a value: a bug, which the catalogues' test catches.
   */
  (key: Key, values?: TranslationValues): string;
}

const pluralRules: Readonly<Record<Language, Intl.PluralRules>> = {
  fr: new Intl.PluralRules('fr'),
  en: new Intl.PluralRules('en'),
};

/** @param quote how foreign strings are shown in the medium */
export function translator<Key extends string>(
  catalogue: Readonly<Record<string, string>>,
  language: Language,
  quote: Quote = codeSpan,
): Translator<Key> {
  const textOf = (value: TranslationValues[string]): string =>
    typeof value === 'object' && 'trusted' in value ? value.trusted : quoteValue(value, quote);
  // A terminal's text is searched by who types plain spaces.
  const set = language === 'fr' && quote !== quoteInBackticks ? frenchSpaces : (sentence: string) => sentence;
  const t = (key: Key, values: TranslationValues = {}): string => {
    const { count } = values;
    const one = typeof count === 'number' && pluralRules[language].select(count) === 'one';
    const sentence = catalogue[key] ?? catalogue[one ? `${key}#one` : `${key}#other`];
    if (sentence === undefined) throw new Error(`No words for « ${key} » in ${language}`);
    return complete(set(sentence), values, textOf);
  };
  return Object.assign(t, { language });
}

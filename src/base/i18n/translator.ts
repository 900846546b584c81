/** Sentences from the catalogues in `templates/`, completed and quoted for one medium. */

import type { Language } from './message.ts';
import { codeSpan, interpolate, type Quote } from './render.ts';

/** Text that Greffier made itself: the only kind that goes into a sentence as it is. */
export interface TrustedText {
  readonly trusted: string;
}

export type TranslationValues = Readonly<Record<string, string | number | readonly string[] | TrustedText>>;

/**
 * The messages of one language. Foreign strings are quoted, numbers stay, trusted text goes in as it is. A sentence
 * with a plural (`key#one`, `key#other`) takes its form from the value `count`.
 *
 * @throws when there is no such sentence or it lacks a value: a bug, which the catalogues' test catches.
 */
export function translator<K extends string>(
  catalogue: Readonly<Record<string, string>>,
  language: Language,
  quote: Quote = codeSpan,
): (key: K, values?: TranslationValues) => string {
  const plural = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === 'number' && plural.select(count) === 'one' ? `${key}#one` : `${key}#other`;
    const sentence = catalogue[key] ?? catalogue[form];
    if (sentence === undefined) throw new Error(`No words for « ${key} » in ${language}`);
    return sentence.replace(/\{([a-z][A-Za-z0-9]*)\}/g, (_placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`The sentence « ${sentence} » needs a value for {${name}}`);
      return typeof value === 'object' && 'trusted' in value
        ? value.trusted
        : interpolate('{value}', { value }, quote);
    });
  };
}

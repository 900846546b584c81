/** The messages of a review besides those of the rules, in both languages, from the catalogues in `templates/`. */

import type { Language } from '#base/i18n/message';
import { codeSpan, interpolate } from '#base/i18n/render';
import en from '#templates/review.en.json' with { type: 'json' };
import fr from '#templates/review.fr.json' with { type: 'json' };

type FullKey = keyof typeof fr & keyof typeof en;
/** A sentence of the catalogue; those with a plural are named without it. */
export type ReviewMessageKey = FullKey extends infer K
  ? K extends `${infer Name}#${string}`
    ? Name
    : K
  : never;

/** Markdown of our own making: the only kind that goes into a sentence as it is. */
export interface Markdown {
  readonly markdown: string;
}

export type ReviewMessageValues = Readonly<Record<string, string | number | readonly string[] | Markdown>>;

const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { fr, en };
const plurals: Readonly<Record<Language, Intl.PluralRules>> = {
  fr: new Intl.PluralRules('fr'),
  en: new Intl.PluralRules('en'),
};

/** The messages of one language. */
export interface Translator {
  readonly language: Language;
  /**
   * A sentence in Markdown: foreign strings become code spans, numbers stay, Markdown of ours goes in as it is.
   * A sentence with a plural takes its form from `count`.
   */
  (key: ReviewMessageKey, values?: ReviewMessageValues): string;
}

export function reviewTranslator(language: Language): Translator {
  const catalogue = catalogues[language];
  const t = (key: ReviewMessageKey, values: ReviewMessageValues = {}): string => {
    const { count } = values;
    const plural =
      typeof count === 'number' && plurals[language].select(count) === 'one' ? `${key}#one` : `${key}#other`;
    const sentence = catalogue[key] ?? catalogue[plural];
    if (sentence === undefined) throw new Error(`No words for « ${key} » in ${language}`);
    return sentence.replace(/\{([a-z][A-Za-z0-9]*)\}/g, (_placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`The sentence « ${sentence} » needs a value for {${name}}`);
      if (typeof value === 'object' && 'markdown' in value) return value.markdown;
      return interpolate('{value}', { value }, codeSpan);
    });
  };
  return Object.assign(t, { language });
}

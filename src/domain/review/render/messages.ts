/** The messages of a review besides those of the rules, in both languages, from the catalogues in `templates/`. */

import type { Language } from '#base/i18n/message';
import { type Translator, translator } from '#base/i18n/translator';
import en from '#templates/review.en.json' with { type: 'json' };
import fr from '#templates/review.fr.json' with { type: 'json' };

type FullKey = keyof typeof fr & keyof typeof en;
/** A sentence of the catalogue; those with a plural are named without it. */
export type ReviewMessageKey = FullKey extends infer K
  ? K extends `${infer Name}#${string}`
    ? Name
    : K
  : never;

const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { fr, en };

export type ReviewTranslator = Translator<ReviewMessageKey>;

/** The messages of a review in one language, in Markdown: what is foreign becomes a code span. */
export function reviewTranslator(language: Language): ReviewTranslator {
  return translator(catalogues[language], language);
}

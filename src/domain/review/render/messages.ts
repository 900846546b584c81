/** The messages of a review besides those of the rules, in both languages, from the catalogues in `templates/`. */

import type { Language } from '#base/i18n/message';
import { type SentencesOf, type Translator, translator } from '#base/i18n/translator';
import en from '#templates/review.en.json' with { type: 'json' };
import fr from '#templates/review.fr.json' with { type: 'json' };

export type ReviewMessageKey = SentencesOf<keyof typeof fr & keyof typeof en>;

const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { fr, en };

export type ReviewTranslator = Translator<ReviewMessageKey>;

/** The messages of a review in one language, in Markdown: what is foreign becomes a code span. */
export function reviewTranslator(language: Language): ReviewTranslator {
  return translator(catalogues[language], language);
}

/** What people read about the request that their application sends, from the catalogues in `templates/`. */

import type { Language } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { type SentencesOf, type Translator, translator } from '#base/i18n/translator';
import { catalogueAsTyped } from '#base/invocation';
import en from '#templates/try.en.json' with { type: 'json' };
import fr from '#templates/try.fr.json' with { type: 'json' };

export type TryMessageKey = SentencesOf<keyof typeof fr & keyof typeof en>;

/** For a terminal: what is foreign stands between backticks. */
export function tryTranslator(language: Language): Translator<TryMessageKey> {
  return translator<TryMessageKey>(catalogueAsTyped(language === 'fr' ? fr : en), language, quoteInBackticks);
}

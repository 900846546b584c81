/** What people read about requests of the front desk, from the catalogues in `templates/`. */
import { quotePlain } from '#application/handover/messages';
import type { Language } from '#base/i18n/message';
import type { Quote } from '#base/i18n/render';
import { type SentencesOf, translator } from '#base/i18n/translator';
import en from '#templates/requests.en.json' with { type: 'json' };
import fr from '#templates/requests.fr.json' with { type: 'json' };

export type RequestMessageKey = SentencesOf<keyof typeof fr & keyof typeof en>;

export function isRequestMessageKey(key: string): key is RequestMessageKey {
  return key in fr;
}

export function requestTranslator(language: Language, quote: Quote = quotePlain) {
  return translator<RequestMessageKey>(language === 'fr' ? fr : en, language, quote);
}

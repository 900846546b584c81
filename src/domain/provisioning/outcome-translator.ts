/** The words of outcomes: of the comment on the merged pull request, of issues, of answers to commands. */
import type { Language } from '#base/i18n/message';
import { codeSpan, type Quote } from '#base/i18n/render';
import { type SentencesOf, translator } from '#base/i18n/translator';
import en from '#templates/provisioning.en.json' with { type: 'json' };
import fr from '#templates/provisioning.fr.json' with { type: 'json' };

export type OutcomeMessageKey = SentencesOf<keyof typeof fr & keyof typeof en>;

export function outcomeTranslator(language: Language, quote: Quote = codeSpan) {
  return translator<OutcomeMessageKey>(language === 'fr' ? fr : en, language, quote);
}

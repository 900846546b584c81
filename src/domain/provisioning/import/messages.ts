/** What is said of clients that exist already, from the catalogues in `templates/`. */
import type { Language, Message } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { type SentencesOf, type Translator, translator } from '#base/i18n/translator';
import { catalogueAsTyped } from '#base/invocation';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import en from '#templates/import.en.json' with { type: 'json' };
import fr from '#templates/import.fr.json' with { type: 'json' };

export type ImportMessageKey = SentencesOf<keyof typeof fr & keyof typeof en>;

export function importTranslator(language: Language): Translator<ImportMessageKey> {
  return translator<ImportMessageKey>(
    catalogueAsTyped(language === 'fr' ? fr : en),
    language,
    quoteInBackticks,
  );
}

/** A reason, whether a rule says it (`rule#name`) or the import itself. */
export function reasonText(message: Message, language: Language): string {
  if (message.key.includes('#')) return catalogue.translate(message, language, quoteInBackticks);
  return importTranslator(language)(message.key as ImportMessageKey, message.values);
}

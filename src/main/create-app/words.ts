/** What is said while an App is made, from the catalogues in `templates/`. */

import { escapeInvisible } from '#base/i18n/invisible';
import type { Language } from '#base/i18n/message';
import { type Quote, quoteInBackticks } from '#base/i18n/render';
import { type Translator, translator } from '#base/i18n/translator';
import { catalogueAsTyped } from '#base/invocation';
import en from '#templates/app-create.en.json' with { type: 'json' };
import fr from '#templates/app-create.fr.json' with { type: 'json' };

export type CreateAppKey = keyof typeof fr & keyof typeof en;

export function createAppTranslator(
  language: Language,
  quote: Quote = quoteInBackticks,
): Translator<CreateAppKey> {
  return translator<CreateAppKey>(catalogueAsTyped(language === 'fr' ? fr : en), language, quote);
}

/** For HTML, as text and within quoted attributes. */
export function html(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** What the App may do by a permission, in words. */
export function permissionWords(language: Language, name: string): string | undefined {
  const words: Readonly<Record<string, string>> = language === 'fr' ? fr : en;
  return words[`may-${name}`];
}

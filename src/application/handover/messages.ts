/** What applicants read about their keys, from the catalogues in `templates/`. */

import { cellNames } from '#base/config/cells';
import { escapeHtml } from '#base/html';
import { escapeInvisible } from '#base/i18n/invisible';
import type { Language } from '#base/i18n/message';
import type { Quote } from '#base/i18n/render';
import { translator } from '#base/i18n/translator';
import en from '#templates/handover.en.json' with { type: 'json' };
import fr from '#templates/handover.fr.json' with { type: 'json' };

export type HandoverMessageKey = keyof typeof fr & keyof typeof en;

export function handoverTranslator(language: Language, quote: Quote) {
  return translator<HandoverMessageKey>(language === 'fr' ? fr : en, language, quote);
}

/** A network and an environment in words. */
export function cellWords(cell: string, language: Language): string {
  const name = cellNames.find((known) => known === cell);
  return name === undefined ? cell : handoverTranslator(language, quotePlain)(`cell-${name}`);
}

/** For plain text, where nothing can act; what cannot be seen is made visible, line breaks included. */
export function quotePlain(foreign: string): string {
  return escapeInvisible(foreign);
}

/** For HTML, as text and within quoted attributes. */
export function quoteHtml(foreign: string): string {
  return escapeHtml(escapeInvisible(foreign));
}

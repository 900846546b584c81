/** What applicants read about their keys, from the catalogues in `templates/`. */

import type { Language } from '#base/i18n/message';
import { type Quote, visible } from '#base/i18n/render';
import { speaker } from '#base/i18n/translator';
import en from '#templates/handover.en.json' with { type: 'json' };
import fr from '#templates/handover.fr.json' with { type: 'json' };

export type HandoverKey = keyof typeof fr & keyof typeof en;

export function handoverWords(language: Language, quote: Quote) {
  return speaker<HandoverKey>(language === 'fr' ? fr : en, language, quote);
}

/** For plain text, where nothing can act; what cannot be seen is made visible, line breaks included. */
export function plain(foreign: string): string {
  return visible(foreign);
}

/** For HTML, as text and within quoted attributes. */
export function escaped(foreign: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return visible(foreign).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A day as people write it, in Paris time. */
export function dayIn(language: Language, at: Date): string {
  const options = { dateStyle: 'long', timeZone: 'Europe/Paris' } as const;
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', options).format(at);
}

/** A moment as people write it, in Paris time. */
export function momentIn(language: Language, at: Date): string {
  const options = { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' } as const;
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', options).format(at);
}

/** Moments as people write them, in Paris time. */
import type { Language } from './message.ts';

function formatter(language: Language, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { ...style, timeZone: 'Europe/Paris' });
}

/** Made once: that takes longer than all else that is done with it. */
let machineDay: Intl.DateTimeFormat | undefined;

/** French counts the first day of a month, and no other, by an ordinal; CLDR does not. */
function firstOfMonth(language: Language, text: string): string {
  return language === 'fr' ? text.replace(/^1 /, '1ᵉʳ ') : text;
}

/** The day that it is in Paris, for machines. @example 2026-03-02; `Invalid Date` of what is no moment */
export function parisDay(at: Date): string {
  if (Number.isNaN(+at)) return String(at);
  machineDay ??= new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Europe/Paris' });
  return machineDay.format(at);
}

/** A day that machines wrote, as people write it; undefined for what is none. @example 2026-03-02: 2 mars 2026 */
export function dayText(language: Language, written: unknown): string | undefined {
  if (typeof written !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(written)) return undefined;
  const noon = new Date(`${written}T12:00:00Z`);
  return Number.isNaN(+noon) ? undefined : formatDay(language, noon);
}

/** @example 2 mars 2026 */
export function formatDay(language: Language, at: Date): string {
  return firstOfMonth(language, formatter(language, { dateStyle: 'long' }).format(at));
}

/** @example 2 mars 2026 à 09:30 */
export function formatMoment(language: Language, at: Date): string {
  return firstOfMonth(language, formatter(language, { dateStyle: 'long', timeStyle: 'short' }).format(at));
}

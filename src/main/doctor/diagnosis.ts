/** What an installation was found to have wrong, in data: the words, and the way out of each, are in `templates/doctor.*.json`. */

import { startupErrorText } from '#base/config/startup-errors';
import type { Language, Message } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { translator } from '#base/i18n/translator';
import { catalogueAsTyped } from '#base/invocation';
import { translateProvisioning } from '#domain/provisioning/messages';
import en from '#templates/doctor.en.json' with { type: 'json' };
import fr from '#templates/doctor.fr.json' with { type: 'json' };

/** What is looked at, in the order in which one thing needs the other. */
export const areas = [
  'settings',
  'keys',
  'store',
  'github',
  'protection',
  'webhook',
  'public-url',
  'mail',
  'cells',
  'lookups',
  'clock',
] as const;
export type Area = (typeof areas)[number];

type FullKey = keyof typeof fr & keyof typeof en;
type Name<K> = K extends `${infer Before}.way` ? Before : never;
/** A finding of the catalogue: it has a sentence, and a way out under `NAME.way`. */
export type FindingName = Name<FullKey>;

export interface Diagnosis {
  readonly area: Area;
  /**
   * `ok`: it was proven to work, by what the service itself would do. `unproven`: nothing tells from here, and how one sees it
   * by oneself is said. `warning`: it works, and something should be done. `error`: it does not work.
   */
  readonly status: 'ok' | 'unproven' | 'warning' | 'error';
  readonly name?: FindingName;
  readonly values?: Message['values'];
  /** A sentence of another catalogue, which says the way out itself. */
  readonly said?: { readonly by: 'start' | 'provisioning'; readonly message: Message };
}

export function broken(area: Area, name: FindingName, values: Message['values'] = {}): Diagnosis {
  return { area, status: 'error', name, values };
}

export function doubtful(area: Area, name: FindingName, values: Message['values'] = {}): Diagnosis {
  return { area, status: 'warning', name, values };
}

export function unproven(area: Area, name: FindingName, values: Message['values'] = {}): Diagnosis {
  return { area, status: 'unproven', name, values };
}

export function fine(area: Area): Diagnosis {
  return { area, status: 'ok' };
}

/** What is wrong, and what to do about it, for a terminal; nothing more than the area's name when it is well. */
export function diagnosisText(diagnosis: Diagnosis, language: Language): { what: string; way?: string } {
  const t = translator<FullKey>(catalogueAsTyped(language === 'fr' ? fr : en), language, quoteInBackticks);
  const { area, name, values = {}, said } = diagnosis;
  if (said !== undefined)
    return {
      what:
        said.by === 'start'
          ? startupErrorText(said.message, language)
          : translateProvisioning(said.message, language, quoteInBackticks),
    };
  if (name === undefined) return { what: t(`area-${area}` as FullKey) };
  return { what: t(name as FullKey, values), way: t(`${name}.way` as FullKey, values) };
}

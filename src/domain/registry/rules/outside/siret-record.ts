/** The answers of the directory of companies that the rules’ examples are made of. */

import type { OutsideAnswers, SiretRecord } from '#domain/registry/outside-answers';

const at = '2026-11-20T09:00:00Z';

export function siretAnswer(value: SiretRecord): OutsideAnswers {
  return { siret: { ok: true, at, value } };
}

/** A public body in activity. */
export const activeMunicipality = {
  found: true,
  legalName: 'COMMUNE DE MONTFICTIF',
  ceased: false,
  administration: true,
} as const;

/**
 * The directory of companies: API Recherche d'entreprises, public and without a key. With a SIRET as the question it is
 * a direct look-up. At most 7 questions a second are allowed from one address.
 */
import { defined } from '#base/defined';
import { listAt, textAt, valueAt } from '#base/json';
import type { OutsideAnswer, SiretRecord } from '#domain/registry/outside-answers';
import { type HttpOptions, ThrottledClient } from './throttled-client.ts';

/** Milliseconds between two questions: five a second, since others may ask from the same address. */
const minIntervalMs = 200;

export type SiretLookup = (siret: string) => Promise<OutsideAnswer<SiretRecord>>;

/** @param url the origin of the service */
export function companyDirectory(url: string, options: HttpOptions): SiretLookup {
  const client = new ThrottledClient(options, minIntervalMs);
  return async (siret) => {
    const question = new URL('/search', url);
    question.search = new URLSearchParams({
      q: siret,
      minimal: 'true',
      include: 'siege,complements,matching_etablissements',
      per_page: '1',
    }).toString();
    const response = await client.request(question);
    const value = response.status === 200 ? recordOf(response.body, siret) : undefined;
    return client.answer(question, response, value);
  };
}

/** Undefined when the answer does not have the documented form. */
function recordOf(body: unknown, siret: string): SiretRecord | undefined {
  if (!Array.isArray(valueAt(body, 'results'))) return undefined;
  const siren = siret.slice(0, 9);
  const unit = listAt(body, 'results').find((one) => textAt(one, 'siren') === siren);
  if (unit === undefined) return { found: false };
  const establishment = [...listAt(unit, 'matching_etablissements'), valueAt(unit, 'siege')].find(
    (one) => textAt(one, 'siret') === siret,
  );
  const state = textAt(establishment, 'etat_administratif');
  const closedOn = textAt(establishment, 'date_fermeture');
  const legalForm = textAt(unit, 'nature_juridique');
  const administration = valueAt(unit, 'complements', 'est_administration');
  return {
    found: true,
    legalName: nameOf(unit, siren),
    ...defined({ legalForm }),
    ceased: textAt(unit, 'etat_administratif') === 'C',
    ...(state === undefined ? {} : { closed: state === 'F' }),
    ...defined({ closedOn }),
    ...(typeof administration === 'boolean' ? { administration } : {}),
  };
}

/** The legal name; the number instead where the name would be a person's, or was asked not to be spread. */
function nameOf(unit: unknown, siren: string): string {
  const person =
    valueAt(unit, 'complements', 'est_entrepreneur_individuel') === true ||
    textAt(unit, 'nature_juridique') === '1000' ||
    (textAt(unit, 'statut_diffusion') ?? 'O') !== 'O';
  return (person ? undefined : textAt(unit, 'nom_complet')) ?? `SIREN ${siren}`;
}

/**
 * The directory of companies: API Recherche d'entreprises, public and without a key. With a SIRET as the question it is
 * a direct look-up. At most 7 questions a second are allowed from one address.
 */
import type { Answer, SiretRecord } from '#domain/registry/outside-answers';
import { at, Line, listAt, type Manners, textAt } from './throttled-client.ts';

/** Milliseconds between two questions: five a second, since others may ask from the same address. */
const spacing = 200;

export type AskSiret = (siret: string) => Promise<Answer<SiretRecord>>;

/** @param url the origin of the service */
export function directoryOfCompanies(url: string, manners: Manners): AskSiret {
  const line = new Line(manners, spacing);
  return async (siret) => {
    const question = new URL('/search', url);
    question.search = new URLSearchParams({
      q: siret,
      minimal: 'true',
      include: 'siege,complements,matching_etablissements',
      per_page: '1',
    }).toString();
    const reply = await line.ask(question);
    const value = reply?.status === 200 ? recordOf(reply.body, siret) : undefined;
    return value === undefined
      ? { ok: false, reason: 'unreachable' }
      : { ok: true, value, at: new Date(manners.now()).toISOString() };
  };
}

/** Undefined when the answer does not have the documented form. */
function recordOf(body: unknown, siret: string): SiretRecord | undefined {
  if (!Array.isArray(at(body, 'results'))) return undefined;
  const siren = siret.slice(0, 9);
  const unit = listAt(body, 'results').find((one) => textAt(one, 'siren') === siren);
  if (unit === undefined) return { found: false };
  const establishment = [...listAt(unit, 'matching_etablissements'), at(unit, 'siege')].find(
    (one) => textAt(one, 'siret') === siret,
  );
  const state = textAt(establishment, 'etat_administratif');
  const closedOn = textAt(establishment, 'date_fermeture');
  const legalForm = textAt(unit, 'nature_juridique');
  const administration = at(unit, 'complements', 'est_administration');
  return {
    found: true,
    legalName: nameOf(unit, siren),
    ...(legalForm === undefined ? {} : { legalForm }),
    ceased: textAt(unit, 'etat_administratif') === 'C',
    ...(state === undefined ? {} : { closed: state === 'F' }),
    ...(closedOn === undefined ? {} : { closedOn }),
    ...(typeof administration === 'boolean' ? { administration } : {}),
  };
}

/** The legal name; the number instead where the name would be a person's, or was asked not to be spread. */
function nameOf(unit: unknown, siren: string): string {
  const person =
    at(unit, 'complements', 'est_entrepreneur_individuel') === true ||
    textAt(unit, 'nature_juridique') === '1000' ||
    (textAt(unit, 'statut_diffusion') ?? 'O') !== 'O';
  return (person ? undefined : textAt(unit, 'nom_complet')) ?? `SIREN ${siren}`;
}

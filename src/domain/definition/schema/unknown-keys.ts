/**
 * What someone meant who typed a key that the schema does not know: the nearest known key, the terms of the paper
 * form, or the right key in the wrong place.
 */
import { schemaAt } from './schema-check.ts';

/** The keys that people type from the French form, by the key they stand for (`/` for one that is nested). */
const translations: Readonly<Record<string, string>> = {
  nom: 'name',
  nom_fs: 'name',
  nom_du_fs: 'name',
  nom_du_service: 'name',
  nom_du_fournisseur_de_service: 'name',
  nom_du_fournisseur_de_services: 'name',
  title: 'name',
  titre: 'name',
  client_name: 'name',
  reseau: 'network',
  reseaux: 'network',
  networks: 'network',
  environnement: 'environment',
  env: 'environment',
  organisation: 'organization',
  etablissement: 'organization',
  organisme: 'organization',
  contact: 'contacts',
  numero_datapass: 'datapass',
  datapass_id: 'datapass',
  habilitation: 'datapass',
  description_courte: 'description',
  courte_description: 'description',
  redirect_url: 'redirect_uris',
  redirect_urls: 'redirect_uris',
  redirection: 'redirect_uris',
  redirections: 'redirect_uris',
  callback: 'redirect_uris',
  callbacks: 'redirect_uris',
  callback_url: 'redirect_uris',
  callback_urls: 'redirect_uris',
  urls_de_redirection: 'redirect_uris',
  urls_de_redirection_de_connexion: 'redirect_uris',
  url_de_redirection: 'redirect_uris',
  urls_redirection_connexion: 'redirect_uris',
  urls_connexion: 'redirect_uris',
  logout: 'post_logout_redirect_uris',
  logout_urls: 'post_logout_redirect_uris',
  logout_uris: 'post_logout_redirect_uris',
  post_logout_redirect_url: 'post_logout_redirect_uris',
  post_logout_redirect_urls: 'post_logout_redirect_uris',
  urls_de_deconnexion: 'post_logout_redirect_uris',
  urls_de_redirection_de_deconnexion: 'post_logout_redirect_uris',
  urls_redirection_deconnexion: 'post_logout_redirect_uris',
  urls_deconnexion: 'post_logout_redirect_uris',
  algorithme_id_token: 'id_token_signed_response_alg',
  id_token_alg: 'id_token_signed_response_alg',
  algorithme_userinfo: 'userinfo_signed_response_alg',
  userinfo_alg: 'userinfo_signed_response_alg',
  scopes: 'optional_scopes',
  scope: 'optional_scopes',
  scopes_optionnels: 'optional_scopes',
  scopes_non_obligatoires: 'optional_scopes',
  prive: 'private_sector',
  secteur_prive: 'private_sector',
  ouverture_prive: 'private_sector',
  ouverture_au_prive: 'private_sector',
  ip: 'ip_addresses',
  ips: 'ip_addresses',
  adresses_ip: 'ip_addresses',
  adresse_ip: 'ip_addresses',
  plages_ip: 'ip_addresses',
  plages_adresses_ip: 'ip_addresses',
  proprietaires: 'owners',
  owner: 'owners',
  'contacts/technique': 'technical',
  'contacts/techniques': 'technical',
  'contacts/tech': 'technical',
  'contacts/assistance': 'support',
  'organization/siren': 'siret',
  'optional_scopes/0/nom': 'scope',
  'optional_scopes/0/name': 'scope',
  'optional_scopes/0/motif': 'justification',
  'optional_scopes/0/raison': 'justification',
  'optional_scopes/0/reason': 'justification',
};

/** Keys that are right, but not at the root: the mapping they belong to. */
const misplaced: Readonly<Record<string, readonly [parent: string, key: string]>> = {
  siret: ['organization', 'siret'],
  technical: ['contacts', 'technical'],
  support: ['contacts', 'support'],
  email_support: ['contacts', 'support'],
  support_email: ['contacts', 'support'],
  email_du_support: ['contacts', 'support'],
  email_du_support_de_votre_application: ['contacts', 'support'],
  'organization.siret': ['organization', 'siret'],
  'contacts.technical': ['contacts', 'technical'],
  'contacts.support': ['contacts', 'support'],
};

/** Keys that Greffier never asks for: the kind of reason why. */
const neverAsked: Readonly<Record<string, 'issued' | 'looked-up' | 'fixed'>> = {
  client_id: 'issued',
  client_secret: 'issued',
  denomination: 'looked-up',
  raison_sociale: 'looked-up',
  forme_juridique: 'looked-up',
  legal_name: 'looked-up',
  grant_types: 'fixed',
  response_types: 'fixed',
  response_type: 'fixed',
  token_endpoint_auth_method: 'fixed',
  application_type: 'fixed',
  claims: 'fixed',
  acr_values: 'fixed',
};

/** What an unknown key probably stands for. */
export type KeyMeaning =
  | { readonly kind: 'rename'; readonly key: string }
  | { readonly kind: 'nest'; readonly parent: string; readonly key: string }
  /** A key of the root that stands in a mapping. */
  | { readonly kind: 'out'; readonly key: string }
  | { readonly kind: 'issued' | 'looked-up' | 'fixed' | 'unknown' };

/** Case, accents, spaces and hyphens set aside. */
function folded(key: string): string {
  return key
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** Damerau-Levenshtein distance (adjacent letters swapped count once); stops counting above `max`. */
export function distance(one: string, other: string, max: number): number {
  if (Math.abs(one.length - other.length) > max) return max + 1;
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[other.length] ?? max + 1;
}

/**
 * What a key that the schema does not know probably stands for.
 *
 * @param place the property names that lead to the mapping, `0` standing for any item
 */
export function interpretKey(key: string, place: readonly string[]): KeyMeaning {
  const known = Object.keys(schemaAt(place)?.properties ?? {});
  const wanted = folded(key.slice(0, 80));
  const prefix =
    place.length === 0 ? '' : `${place.map((part) => (/^\d+$/.test(part) ? '0' : part)).join('/')}/`;
  const exact = known.find((name) => name === wanted);
  if (exact !== undefined) return { kind: 'rename', key: exact };
  if (place.length === 0) {
    const name = [wanted, key].find((one) => Object.hasOwn(misplaced, one)) ?? '';
    const nested = Object.hasOwn(misplaced, name) ? misplaced[name] : undefined;
    if (nested !== undefined) return { kind: 'nest', parent: nested[0], key: nested[1] };
  }
  if (place.length > 0 && schemaAt([key]) !== undefined) return { kind: 'out', key };
  const reason = Object.hasOwn(neverAsked, wanted) ? neverAsked[wanted] : undefined;
  if (reason !== undefined) return { kind: reason };
  const translated = Object.hasOwn(translations, prefix + wanted) ? translations[prefix + wanted] : undefined;
  if (translated !== undefined) return { kind: 'rename', key: translated };
  let nearest: string | undefined;
  let best = Math.min(3, Math.floor(wanted.length / 3));
  for (const name of known) {
    const far = distance(wanted, name, best);
    if (far <= best && (far < best || nearest === undefined)) {
      best = far;
      nearest = name;
    }
  }
  return nearest === undefined ? { kind: 'unknown' } : { kind: 'rename', key: nearest };
}

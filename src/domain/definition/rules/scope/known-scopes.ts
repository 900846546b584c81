/** The scopes of ProConnect: granted to all, to be asked for, to be decided by a person. */

import type { PartialDefinition } from '#domain/definition/parse/partial-definition';

/** Granted to every client (ProConnect, « Données fournies par ProConnect »). */
export const defaultScopes: ReadonlySet<string> = new Set([
  'openid',
  'given_name',
  'usual_name',
  'email',
  'uid',
  'siret',
  'phone',
  'idp_id',
  'custom',
  'roles',
  'organization_label',
]);

/** Granted case by case: a justification is enough. */
export const optionalScopes: ReadonlySet<string> = new Set([
  'siren',
  'organizational_unit',
  'belonging_population',
  'chorusdt',
  'idp_acr',
]);

/** Belong to La Suite numérique. */
export const restrictedScopes: ReadonlySet<string> = new Set([
  'groups',
  'lasuite_visio',
  'lasuite_visio:rooms:list',
  'lasuite_visio:rooms:retrieve',
  'lasuite_visio:rooms:update',
  'lasuite_visio:rooms:delete',
  'lasuite_visio:rooms:create',
]);

export function hasScopes(partial: PartialDefinition): boolean {
  return partial.optionalScopes.length > 0;
}

/** What people ask for under the name it has elsewhere, and the default scopes that already give it. */
const alreadyGiven: ReadonlyMap<string, readonly string[]> = new Map([
  ['profile', ['given_name', 'usual_name']],
  ['name', ['given_name', 'usual_name']],
  ['family_name', ['usual_name']],
  ['last_name', ['usual_name']],
  ['lastname', ['usual_name']],
  ['nom', ['usual_name']],
  ['first_name', ['given_name']],
  ['firstname', ['given_name']],
  ['prenom', ['given_name']],
  ['mail', ['email']],
  ['courriel', ['email']],
  ['email_verified', ['email']],
  ['phone_number', ['phone']],
  ['telephone', ['phone']],
  ['sub', ['openid']],
  ['organization', ['organization_label', 'siret']],
  ['organisation', ['organization_label', 'siret']],
  ['organization_name', ['organization_label']],
  ['organisation_label', ['organization_label']],
  ['role', ['roles']],
  ['idp', ['idp_id']],
  ['user_id', ['uid']],
]);

/** As identifiers are compared when looking for what was meant: no accents, spaces or hyphens, lower case. */
export function folded(scope: string): string {
  return scope
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** The default scopes that already give what a scope of another name gives elsewhere; undefined when none do. */
export function givenBy(scope: string): readonly string[] | undefined {
  return alreadyGiven.get(folded(scope));
}

/** Whether nothing is left to ask for once what everyone is granted has gone. */
export function allGiven(partial: PartialDefinition): boolean {
  return partial.optionalScopes.every(
    ({ value: { scope } }) =>
      scope !== undefined && (defaultScopes.has(scope) || givenBy(scope) !== undefined),
  );
}

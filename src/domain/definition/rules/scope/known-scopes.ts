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

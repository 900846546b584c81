/** Entries made of a few words, for tests that need no text. */
import { cellNames } from '#base/config/cells';
import { pathFromPlace } from '#domain/definition/cell';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import type { Entry } from '#domain/registry/registry';

export type EntryFields = Partial<
  Pick<PartialDefinition, 'name' | 'siret' | 'datapass' | 'description' | 'network' | 'environment'>
> & {
  readonly uris?: readonly string[];
  readonly logout?: readonly string[];
  readonly scopes?: readonly string[];
  readonly contacts?: readonly string[];
  readonly owners?: readonly string[];
  readonly algorithm?: string;
  readonly userinfo?: string;
  readonly privateSector?: boolean;
  readonly blob?: string;
};

export const sirets = ['13099990700012', '20009999200014', '21999900000017'] as const;

/** @param at a cell and an id: `internet/production/agenda`. */
export function entry(at: string, fields: EntryFields = {}): Entry {
  const [network, environment, id] = at.split('/');
  const cell = cellNames.find((name) => name === `${network}/${environment}`);
  if (cell === undefined || id === undefined) throw new Error(`${at} is not a place`);
  const [net, env] = cell.split('/') as ['internet' | 'rie', 'integration' | 'production'];
  const place = { network: net, environment: env, id };
  const list = (pointer: string, items: readonly string[] = []) =>
    items.map((value, index) => ({ value, pointer: `${pointer}/${index}` }));
  const { uris, logout, scopes, contacts, owners, algorithm, userinfo, blob = '', ...plain } = fields;
  const partial: PartialDefinition = {
    path: pathFromPlace(place),
    network: net,
    environment: env,
    siret: sirets[0],
    ...plain,
    technicalContacts: list('/contacts/technical', contacts),
    redirectUris: list('/redirect_uris', uris),
    postLogoutRedirectUris: list('/post_logout_redirect_uris', logout),
    idTokenAlgorithm: algorithm ?? 'RS256',
    userinfoAlgorithm: userinfo ?? 'RS256',
    optionalScopes: (scopes ?? []).map((scope, index) => ({
      value: { scope },
      pointer: `/optional_scopes/${index}`,
    })),
    ipAddresses: [],
    owners: list('/owners', owners),
  };
  return { path: partial.path, place, blob, partial };
}

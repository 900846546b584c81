/** Makes the draft of a parsed file: whatever has the right type, whatever else is wrong. */
import { environments, networks, type Place } from './cell.ts';
import type { Draft, DraftScope, Located } from './draft.ts';
import { below } from './pointer.ts';
import { isMapping } from './shape.ts';

/** More items than the schema allows in any list are not looked at: the list is refused as a whole. */
const mostItems = 60;

/**
 * No value of a definition is longer. What is (the structure's limits or the value's own rule refuse it) is only
 * looked at so far, so that no rule takes long.
 */
const longest = 2_500;

function cut(value: string): string {
  return value.length > longest ? value.slice(0, longest) : value;
}

/** Filled key by key: spreading thirty conditions into one object takes longer than reading the file. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

const empty: Readonly<Record<string, unknown>> = {};
const noItems: readonly Located<never>[] = [];

/** Latin text without combining marks is NFC already. */
const composed = /^[ -\u02ff\n\r\t]*$/;

/** Text for people is compared as NFC, so that accents typed on a Mac are the same as others. */
function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const short = cut(value);
  return composed.test(short) ? short : short.normalize('NFC');
}

function strings(value: unknown, pointer: string): readonly Located<string>[] {
  if (!Array.isArray(value)) return noItems;
  const found: Located<string>[] = [];
  const most = Math.min(value.length, mostItems);
  for (let index = 0; index < most; index++) {
    const item: unknown = value[index];
    if (typeof item === 'string') found.push({ value: cut(item), pointer: `${pointer}/${index}` });
  }
  return found;
}

function scopes(value: unknown): readonly Located<DraftScope>[] {
  if (!Array.isArray(value)) return noItems;
  const found: Located<DraftScope>[] = [];
  const most = Math.min(value.length, mostItems);
  for (let index = 0; index < most; index++) {
    const item: unknown = value[index];
    if (!isMapping(item)) continue;
    const justification = text(item.justification);
    const scope: Writable<DraftScope> = {};
    if (typeof item.scope === 'string') scope.scope = cut(item.scope);
    if (justification !== undefined) scope.justification = justification;
    found.push({ value: scope, pointer: below('/optional_scopes', index) });
  }
  return found;
}

/**
 * The draft of a mapping.
 *
 * @param place what the path says, for what the definition itself does not say
 */
export function drafted(
  root: Readonly<Record<string, unknown>>,
  path: string,
  place: Place | undefined,
): Draft {
  const network = networks.find((known) => known === root.network) ?? place?.network;
  const environment = environments.find((known) => known === root.environment) ?? place?.environment;
  const name = text(root.name);
  const description = text(root.description);
  const organization = isMapping(root.organization) ? root.organization : empty;
  const contacts = isMapping(root.contacts) ? root.contacts : empty;
  const { siret } = organization;
  const { support } = contacts;
  const { datapass } = root;
  const idToken = root.id_token_signed_response_alg;
  const userinfo = root.userinfo_signed_response_alg;
  const draft: Writable<Draft> = {
    path,
    technicalContacts: strings(contacts.technical, '/contacts/technical'),
    redirectUris: strings(root.redirect_uris, '/redirect_uris'),
    postLogoutRedirectUris: strings(root.post_logout_redirect_uris, '/post_logout_redirect_uris'),
    optionalScopes: scopes(root.optional_scopes),
    ipAddresses: strings(root.ip_addresses, '/ip_addresses'),
    owners: strings(root.owners, '/owners'),
  };
  if (network !== undefined) draft.network = network;
  if (environment !== undefined) draft.environment = environment;
  if (name !== undefined) draft.name = name;
  if (typeof siret === 'string') draft.siret = cut(siret);
  else if (typeof siret === 'number') draft.unquotedSiret = siret;
  if (typeof datapass === 'string') draft.datapass = cut(datapass);
  else if (typeof datapass === 'number') draft.unquotedDatapass = datapass;
  if (description !== undefined) draft.description = description;
  if (typeof support === 'string')
    draft.supportContact = { value: cut(support), pointer: '/contacts/support' };
  if (typeof idToken === 'string') draft.idTokenAlgorithm = cut(idToken);
  if (typeof userinfo === 'string') draft.userinfoAlgorithm = cut(userinfo);
  if (typeof root.private_sector === 'boolean') draft.privateSector = root.private_sector;
  return draft;
}

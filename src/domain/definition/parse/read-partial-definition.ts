/** Reads the partial definition of a parsed file: whatever has the right type, whatever else is wrong. */
import { environments, networks } from '#base/config/cells';
import type { Place } from '#domain/definition/cell';
import { isMapping } from '#domain/definition/schema/schema-check';
import type { Located, PartialDefinition, PartialScope } from './partial-definition.ts';
import { childPointer } from './pointer.ts';

/** More items than the schema allows in any list are not looked at: the list is refused as a whole. */
const maxItems = 60;

/**
 * No value of a definition is longer. What is (the structure's limits or the value's own rule refuse it) is only
 * looked at so far, so that no rule takes long.
 */
const maxLength = 2_500;

function truncate(value: string): string {
  return value.length > maxLength ? value.slice(0, maxLength) : value;
}

/** An object with all of its keys, those that are not known undefined. */
type Known<T> = { readonly [K in keyof T]-?: T[K] | undefined };

const empty: Readonly<Record<string, unknown>> = {};
const noItems: readonly Located<never>[] = [];

/** Text without any of these is NFC already (UAX 15); V8 does not look for them in one of Latin letters. */
const composable = /[\u0300-\uffff]/;

/** Text for people is compared as NFC, so that accents typed on a Mac are the same as others. */
function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const short = truncate(value);
  return composable.test(short) ? short.normalize('NFC') : short;
}

function strings(value: unknown, pointer: string): readonly Located<string>[] {
  if (!Array.isArray(value)) return noItems;
  const found: Located<string>[] = [];
  const count = Math.min(value.length, maxItems);
  for (let index = 0; index < count; index++) {
    const item: unknown = value[index];
    if (typeof item === 'string') found.push({ value: truncate(item), pointer: `${pointer}/${index}` });
  }
  return found;
}

function scopes(value: unknown): readonly Located<PartialScope>[] {
  if (!Array.isArray(value)) return noItems;
  const found: Located<PartialScope>[] = [];
  const count = Math.min(value.length, maxItems);
  for (let index = 0; index < count; index++) {
    const item: unknown = value[index];
    if (!isMapping(item)) continue;
    const justification = text(item.justification);
    const scope: Known<PartialScope> = {
      scope: typeof item.scope === 'string' ? truncate(item.scope) : undefined,
      justification,
    };
    found.push({ value: scope as PartialScope, pointer: childPointer('/optional_scopes', index) });
  }
  return found;
}

/**
 * The partial definition of a mapping.
 *
 * @param place what the path says, for what the definition itself does not say
 */
export function readPartialDefinition(
  root: Readonly<Record<string, unknown>>,
  path: string,
  place: Place | undefined,
): PartialDefinition {
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
  // Every key in one order, whatever is known: objects of one form are what the rules read fast, thousands in a row.
  const partial: Known<PartialDefinition> = {
    path,
    network,
    environment,
    name,
    siret: typeof siret === 'string' ? truncate(siret) : undefined,
    unquotedSiret: typeof siret === 'number' ? siret : undefined,
    datapass: typeof datapass === 'string' ? truncate(datapass) : undefined,
    unquotedDatapass: typeof datapass === 'number' ? datapass : undefined,
    description,
    technicalContacts: strings(contacts.technical, '/contacts/technical'),
    supportContact:
      typeof support === 'string' ? { value: truncate(support), pointer: '/contacts/support' } : undefined,
    redirectUris: strings(root.redirect_uris, '/redirect_uris'),
    postLogoutRedirectUris: strings(root.post_logout_redirect_uris, '/post_logout_redirect_uris'),
    idTokenAlgorithm: typeof idToken === 'string' ? truncate(idToken) : undefined,
    userinfoAlgorithm: typeof userinfo === 'string' ? truncate(userinfo) : undefined,
    optionalScopes: scopes(root.optional_scopes),
    privateSector: typeof root.private_sector === 'boolean' ? root.private_sector : undefined,
    ipAddresses: strings(root.ip_addresses, '/ip_addresses'),
    owners: strings(root.owners, '/owners'),
  };
  return partial as PartialDefinition;
}

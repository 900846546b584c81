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

/** Latin text without combining marks is NFC already. */
const composed = /^[ -\u02ff\n\r\t]*$/;

/** Text for people is compared as NFC, so that accents typed on a Mac are the same as others. */
function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const short = cut(value);
  return composed.test(short) ? short : short.normalize('NFC');
}

function strings(value: unknown, pointer: string): readonly Located<string>[] {
  if (!Array.isArray(value)) return [];
  const found: Located<string>[] = [];
  const most = Math.min(value.length, mostItems);
  for (let index = 0; index < most; index++) {
    const item: unknown = value[index];
    if (typeof item === 'string') found.push({ value: cut(item), pointer: `${pointer}/${index}` });
  }
  return found;
}

function scopes(value: unknown): readonly Located<DraftScope>[] {
  if (!Array.isArray(value)) return [];
  const found: Located<DraftScope>[] = [];
  value.slice(0, mostItems).forEach((item, index) => {
    if (!isMapping(item)) return;
    const scope = typeof item.scope === 'string' ? cut(item.scope) : undefined;
    const justification = text(item.justification);
    found.push({
      value: { ...(scope !== undefined && { scope }), ...(justification !== undefined && { justification }) },
      pointer: below('/optional_scopes', index),
    });
  });
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
  const organization = isMapping(root.organization) ? root.organization : {};
  const contacts = isMapping(root.contacts) ? root.contacts : {};
  const siret = organization.siret;
  const datapass = root.datapass;
  const idToken = root.id_token_signed_response_alg;
  const userinfo = root.userinfo_signed_response_alg;
  const support = contacts.support;
  return {
    path,
    ...(network !== undefined && { network }),
    ...(environment !== undefined && { environment }),
    ...(name !== undefined && { name }),
    ...(typeof siret === 'string' && { siret: cut(siret) }),
    ...(typeof siret === 'number' && { unquotedSiret: siret }),
    ...(typeof datapass === 'string' && { datapass: cut(datapass) }),
    ...(typeof datapass === 'number' && { unquotedDatapass: datapass }),
    ...(description !== undefined && { description }),
    technicalContacts: strings(contacts.technical, '/contacts/technical'),
    ...(typeof support === 'string' && {
      supportContact: { value: cut(support), pointer: '/contacts/support' },
    }),
    redirectUris: strings(root.redirect_uris, '/redirect_uris'),
    postLogoutRedirectUris: strings(root.post_logout_redirect_uris, '/post_logout_redirect_uris'),
    ...(typeof idToken === 'string' && { idTokenAlgorithm: cut(idToken) }),
    ...(typeof userinfo === 'string' && { userinfoAlgorithm: cut(userinfo) }),
    optionalScopes: scopes(root.optional_scopes),
    ...(typeof root.private_sector === 'boolean' && { privateSector: root.private_sector }),
    ipAddresses: strings(root.ip_addresses, '/ip_addresses'),
    owners: strings(root.owners, '/owners'),
  };
}

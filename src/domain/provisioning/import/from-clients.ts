/**
 * Clients out of a list of their metadata: as RFC 7591 §2 and §3.2.1 name it, or by ProConnect's own fields, which differ.
 * A secret is read nowhere. Pure.
 */
import type { CellName } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import { isJsonObject } from '#base/json';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { defaultScopes } from '#domain/definition/rules/scope/known-scopes';
import { sortedUnique } from '#domain/provisioning/client-metadata';
import type { ReportedMetadata } from '#domain/provisioning/provider';
import { type ImportedClient, importMessage, yesOrNo } from './imported-client.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What no list of clients tells, and a person can in a table of their own. */
export const completionColumns = [
  'siret',
  'contacts',
  'support',
  'datapass',
  'description',
  'private_sector',
  'justification',
] as const;

/** Takes what no client tells: which establishment it is of, and the like, by client id. */
export type Completion = (clientId: string) => Readonly<Record<string, string>> | undefined;

/** @returns undefined when it is no list of clients, nor an object that holds one as `clients` */
export function readClientList(
  value: unknown,
  cell: CellName,
  completion: Completion = () => undefined,
): readonly ImportedClient[] | undefined {
  const list = Array.isArray(value) ? value : isJsonObject(value) ? value.clients : undefined;
  if (!Array.isArray(list)) return undefined;
  return list.map((one, index) =>
    isJsonObject(one)
      ? clientOf(one, index + 1, cell, completion)
      : { position: index + 1, cell, answers: {}, reasons: [importMessage('not-a-client')] },
  );
}

function clientOf(fields: Fields, position: number, cell: CellName, completion: Completion): ImportedClient {
  const reasons: Message[] = [];
  const ofProconnect = fields.key !== undefined || fields._id !== undefined;
  const clientId = textOf(fields.client_id ?? fields.key);
  if (clientId === undefined) reasons.push(importMessage('no-client-id'));
  const more = clientId === undefined ? undefined : completion(clientId);
  const list = (key: string): readonly string[] => {
    const value = fields[key];
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    reasons.push(importMessage('not-a-list', { key }));
    return [];
  };
  // Without one of them ProConnect ignores the whole client: it lets nobody in today.
  for (const key of ['redirect_uris', 'post_logout_redirect_uris'])
    if (ofProconnect && !Array.isArray(fields[key])) reasons.push(importMessage('ignored-client', { key }));
  const [network, environment] = cell.split('/') as ['internet', 'integration'];
  const scopes = scopesOf(fields);
  const optional = scopes?.filter((scope) => !defaultScopes.has(scope)) ?? [];
  const open = privateSectorOf(fields);
  const name = textOf(fields.client_name ?? fields.name);
  const contacts = list(fields.contacts === undefined ? 'collaborators' : 'contacts');
  const idToken = textOf(fields.id_token_signed_response_alg);
  const userinfo = textOf(fields.userinfo_signed_response_alg) ?? 'none';
  const addresses = list('ip_addresses');
  const justifications = more?.justification;
  const told = more?.private_sector;
  const privateSector = told === undefined ? open : yesOrNo(told);
  if (told !== undefined && privateSector === undefined)
    reasons.push(importMessage('yes-or-no', { key: 'private_sector', value: told }));
  const answers: FormAnswers = {
    version: 1,
    ...(name === undefined ? {} : { name }),
    network,
    environment,
    ...(more?.siret === undefined ? {} : { organization: { siret: more.siret } }),
    ...(more?.datapass === undefined ? {} : { datapass: more.datapass }),
    ...(more?.description === undefined ? {} : { description: more.description }),
    contacts: {
      technical:
        more?.contacts === undefined ? contacts : more.contacts.split(/[\s,;]+/).filter((one) => one !== ''),
      ...(more?.support === undefined ? {} : { support: more.support }),
    },
    redirect_uris: list('redirect_uris'),
    post_logout_redirect_uris: list('post_logout_redirect_uris'),
    ...(idToken === undefined ? {} : { id_token_signed_response_alg: idToken as 'RS256' }),
    userinfo_signed_response_alg: userinfo as 'RS256',
    ...(optional.length === 0
      ? {}
      : { optional_scopes: optional.map((scope) => ({ scope, justification: justifications ?? '' })) }),
    ...(privateSector === undefined ? {} : { private_sector: privateSector }),
    ...(addresses.length === 0 ? {} : { ip_addresses: addresses }),
  } as FormAnswers;
  const metadata: ReportedMetadata = {
    ...(name === undefined ? {} : { client_name: name }),
    redirect_uris: sortedUnique(answers.redirect_uris ?? []),
    post_logout_redirect_uris: sortedUnique(answers.post_logout_redirect_uris ?? []),
    ...(idToken === undefined ? {} : { id_token_signed_response_alg: idToken }),
    userinfo_signed_response_alg: userinfo,
    ...(scopes === undefined ? {} : { scopes: sortedUnique(scopes) }),
    ...(open === undefined ? {} : { private_sector: open }),
    ...(addresses.length === 0 ? {} : { ip_addresses: sortedUnique(addresses) }),
    ...(contacts.length === 0 ? {} : { contacts: sortedUnique(contacts) }),
    active: fields.active === undefined ? !ofProconnect : fields.active === true,
  };
  const uri = textOf(fields.registration_client_uri);
  const token = textOf(fields.registration_access_token);
  const handle = textOf(fields._id);
  const unkept = uri === undefined || token === undefined ? [] : unkeptOf(fields);
  if (unkept.length > 0) reasons.push(importMessage('unkept', { fields: unkept }));
  return {
    position,
    cell,
    ...(clientId === undefined ? {} : { clientId }),
    ...(handle === undefined ? {} : { handle }),
    answers,
    metadata,
    ...(uri === undefined || token === undefined ? {} : { management: { uri, token } }),
    ...(unkept.length === 0 ? {} : { unkept }),
    reasons,
  };
}

/** What the clients that Greffier makes are (RFC 7591 §2, OpenID Connect Registration §2), by member; all else is another kind. */
const ours: Readonly<Record<string, readonly unknown[]>> = {
  application_type: ['web'],
  token_endpoint_auth_method: ['client_secret_post', 'client_secret_basic'],
  // Of some servers every client may also ask for nothing.
  response_types: ['code', 'none'],
  grant_types: ['authorization_code', 'refresh_token'],
  subject_type: ['public'],
};
/** Keys of the client's own, and what is only done with them. */
const ofOwnKeys = /^jwks(?:_uri)?$|_encrypted_response_(?:alg|enc)$|^request_object_|^tls_client_auth_/;

const noKeys = new Set(['{}', '{"keys":[]}']);

function unkeptOf(fields: Fields): readonly string[] {
  return Object.keys(fields).filter((key) => {
    const value = fields[key];
    const isSaid = ![null, '', false].includes(value as null) && !noKeys.has(JSON.stringify(value));
    if (!Object.hasOwn(ours, key)) return ofOwnKeys.test(key) && isSaid;
    return isSaid && !(Array.isArray(value) ? value : [value]).every((one) => ours[key]?.includes(one));
  });
}

/** A list at ProConnect, words in one text by RFC 7591; undefined where nothing is told of them. */
function scopesOf({ scopes, scope }: Fields): readonly string[] | undefined {
  if (Array.isArray(scopes)) return scopes.filter((one) => typeof one === 'string');
  if (typeof scope === 'string') return scope.split(/\s+/).filter((one) => one !== '');
  return undefined;
}

/** `type`: `private` also lets private-sector staff in, `public` does not. */
function privateSectorOf({ type, private_sector }: Fields): boolean | undefined {
  if (typeof private_sector === 'boolean') return private_sector;
  return type === 'private' ? true : type === 'public' ? false : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Clients on the wire of ProConnect's partner API: exactly seven fields can be set, and fewer read. */

import { isJsonObject, parseJson } from '#base/json';
import { sortedUnique } from '#domain/provisioning/client-metadata';
import type { ActualClient, ClientMetadata } from '#domain/provisioning/provider';

/**
 * The whole state, on every call: the API completes nothing, a client without one of the lists or without `active` is
 * ignored by ProConnect, and collaborators that are left out are removed.
 */
export function partnerBody(wanted: ClientMetadata, collaborators: readonly string[]): string {
  return JSON.stringify({
    name: wanted.client_name,
    redirect_uris: wanted.redirect_uris,
    post_logout_redirect_uris: wanted.post_logout_redirect_uris,
    id_token_signed_response_alg: wanted.id_token_signed_response_alg,
    userinfo_signed_response_alg:
      wanted.userinfo_signed_response_alg === 'none' ? null : wanted.userinfo_signed_response_alg,
    collaborators: sortedUnique(collaborators),
    active: wanted.active,
  });
}

export interface PartnerClient extends ActualClient {
  /** Everyone who can see the client and its keys, our own addresses included. */
  readonly collaborators: readonly string[];
  /** What can be set of it besides, as it stands. */
  readonly state: Readonly<Record<string, unknown>>;
}

const settable = [
  'name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'active',
];

/**
 * Picks what may be known out of a response, which holds the secret in clear: nothing else of it goes any further.
 *
 * @param isOwnAddress the addresses that are Greffier's and no contact's
 * @returns undefined when it is not a client
 */
export function partnerClient(
  body: unknown,
  isOwnAddress: (address: string) => boolean,
): PartnerClient | undefined {
  if (!isJsonObject(body) || typeof body._id !== 'string' || typeof body.key !== 'string') return undefined;
  const idToken = textOf(body.id_token_signed_response_alg);
  const collaborators = strings(body.collaborators);
  const createdAt = typeof body.createdAt === 'string' ? Date.parse(body.createdAt) : Number.NaN;
  return {
    handle: body._id,
    clientId: body.key,
    collaborators,
    state: Object.fromEntries(Object.entries(body).filter(([name]) => settable.includes(name))),
    ...(Number.isNaN(createdAt) ? {} : { createdAt }),
    metadata: {
      client_name: typeof body.name === 'string' ? body.name : '',
      redirect_uris: strings(body.redirect_uris),
      post_logout_redirect_uris: strings(body.post_logout_redirect_uris),
      ...(idToken === undefined ? {} : { id_token_signed_response_alg: idToken }),
      // Of this API, absence means plain JSON: it completes nothing, and leaves out what it was never given.
      userinfo_signed_response_alg: textOf(body.userinfo_signed_response_alg) ?? 'none',
      contacts: sortedUnique(collaborators.filter((address) => !isOwnAddress(address))),
      // ProConnect ignores a client that lacks one of these, so that nobody can sign in through it.
      active:
        body.active === true &&
        idToken !== undefined &&
        Array.isArray(body.redirect_uris) &&
        Array.isArray(body.post_logout_redirect_uris),
    },
  };
}

/** What a 422 complains of: of values of the definition, each with its key, or of what Greffier says by itself. */
export interface PartnerProblems {
  readonly definition: readonly string[];
  readonly own: readonly string[];
}

/** Fields of the API that say what a definition says, by the definition's keys. */
const definitionKeys: Readonly<Record<string, string>> = {
  name: 'name',
  redirect_uris: 'redirect_uris',
  post_logout_redirect_uris: 'post_logout_redirect_uris',
  id_token_signed_response_alg: 'id_token_signed_response_alg',
  userinfo_signed_response_alg: 'userinfo_signed_response_alg',
  collaborators: 'contacts.technical',
};

/**
 * A text is about the call itself: the address that asks, the id, the list of collaborators. An issue of a list has a
 * path: that of a field of the definition, or of what Greffier adds (its own addresses, `active`, the form of the body).
 *
 * @param sent the body of the call; undefined where there was none
 */
export function partnerProblems(
  body: unknown,
  sent?: string,
  isOwnAddress: (address: string) => boolean = () => false,
): PartnerProblems {
  const detail = isJsonObject(body) ? body.detail : undefined;
  if (typeof detail === 'string') return { definition: [], own: [detail] };
  const definition: string[] = [];
  const own: string[] = [];
  for (const issue of Array.isArray(detail) ? detail.filter(isJsonObject) : []) {
    const path = Array.isArray(issue.path) ? issue.path.map(String) : [];
    const [field = '', ...place] = path;
    const key = Object.hasOwn(definitionKeys, field) ? definitionKeys[field] : undefined;
    const isOwn = key === undefined || (field === 'collaborators' && isOwnAt(sent, place, isOwnAddress));
    const where = isOwn ? path : [key, ...place];
    const words = [where.join('.'), String(issue.message ?? issue.code ?? '')].filter((part) => part !== '');
    (isOwn ? own : definition).push(words.join(': '));
  }
  return { definition, own };
}

/** Whether a place among the collaborators that were sent is an address of Greffier's own. */
function isOwnAt(
  sent: string | undefined,
  [index]: readonly string[],
  isOwnAddress: (address: string) => boolean,
): boolean {
  const body = sent === undefined ? undefined : parseJson(sent);
  const address = isJsonObject(body) ? strings(body.collaborators)[Number(index)] : undefined;
  return address !== undefined && isOwnAddress(address);
}

/** `detail` everywhere but for the 403, which says `error`. */
export function partnerDetail(body: unknown): string {
  if (!isJsonObject(body)) return '';
  const detail = body.detail ?? body.error;
  return typeof detail === 'string' ? detail : '';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

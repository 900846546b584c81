/** What an OpenID provider says of itself (OpenID Connect Discovery 1.0 §3 and §4). */

import { refusal } from '#domain/provisioning/messages';
import type { ClientMetadata, Outcome } from '#domain/provisioning/provider';
import {
  busy,
  exchange,
  type Fetch,
  isRecord,
  isSafeAddress,
  isToldInGoodFaith,
} from '#infrastructure/identity-providers/http';
import { type AuthMethod, listOf, type Terms } from './wire-format.ts';

export interface Discovery {
  readonly issuer: string;
  readonly authorizationEndpoint: URL;
  readonly registrationEndpoint?: URL;
  readonly idTokenAlgorithms: readonly string[];
  /** Undefined when the provider does not say that it signs userinfo. */
  readonly userinfoAlgorithms: readonly string[];
  /** Undefined when the provider does not list its scopes. */
  readonly scopes?: readonly string[];
  readonly authMethods: readonly string[];
  /** Asking for refresh tokens where they are not offered makes some servers refuse the whole client. */
  readonly refreshTokens: boolean;
}

/** Where the description of an issuer stands: the well-known path comes after the issuer's own path. */
export function discoveryUrl(issuer: string): URL {
  return new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
}

export async function discover(fetcher: Fetch, issuer: string): Promise<Outcome<Discovery>> {
  const url = discoveryUrl(issuer);
  const answer = await exchange(fetcher, { url, method: 'GET' });
  if (!answer.ok) return answer;
  const later = busy(url, answer.value);
  if (later !== undefined) return later;
  const { status, body } = answer.value;
  const authorization = isRecord(body) ? addressOf(body.authorization_endpoint) : undefined;
  const registration = isRecord(body) ? addressOf(body.registration_endpoint) : undefined;
  if (status !== 200 || !isRecord(body) || authorization === undefined)
    return refusal('discovery-missing', { url: url.href, status });
  // §4.3: they must be equal, or another provider could pass for this one.
  if (body.issuer !== issuer)
    return refusal('discovery-issuer', { url: url.href, issuer: String(body.issuer) });
  for (const told of [authorization, registration]) {
    if (told === undefined || isToldInGoodFaith(told, url)) continue;
    if (!isSafeAddress(told)) return refusal('insecure-address', { url: told.origin });
    return refusal('address-elsewhere', { host: url.host, url: told.href });
  }
  const scopes = listOf(body.scopes_supported);
  return {
    ok: true,
    value: {
      issuer,
      authorizationEndpoint: authorization,
      ...(registration === undefined ? {} : { registrationEndpoint: registration }),
      idTokenAlgorithms: listOf(body.id_token_signing_alg_values_supported) ?? [],
      userinfoAlgorithms: listOf(body.userinfo_signing_alg_values_supported) ?? [],
      ...(scopes === undefined ? {} : { scopes }),
      authMethods: listOf(body.token_endpoint_auth_methods_supported) ?? ['client_secret_basic'],
      refreshTokens: (listOf(body.grant_types_supported) ?? []).includes('refresh_token'),
    },
  };
}

function addressOf(value: unknown): URL | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

/** The ways in which a client may show its secret, as ProConnect wants it first. */
const authMethods: readonly AuthMethod[] = ['client_secret_post', 'client_secret_basic'];

/**
 * How the client is to show its secret: as it does already, as ProConnect wants it, or else as the provider accepts.
 *
 * @returns undefined when the provider offers neither way.
 */
function authMethodOf(discovery: Discovery, before: string | undefined): AuthMethod | undefined {
  const offered = authMethods.filter((method) => discovery.authMethods.includes(method));
  return offered.find((method) => method === before) ?? offered[0];
}

/**
 * Refuses an algorithm that the provider does not announce, even where it would accept it silently.
 *
 * @param before how an existing client shows its secret: changing it would break the application
 */
export function offers(discovery: Discovery, wanted: ClientMetadata, before?: string): Outcome<Terms> {
  const { issuer } = discovery;
  const idToken = wanted.id_token_signed_response_alg;
  if (!discovery.idTokenAlgorithms.includes(idToken))
    return refusal('algorithm-not-offered', {
      issuer,
      algorithm: idToken,
      field: 'id_token_signed_response_alg',
      offered: discovery.idTokenAlgorithms,
    });
  const userinfo = wanted.userinfo_signed_response_alg;
  if (userinfo !== 'none' && !discovery.userinfoAlgorithms.includes(userinfo))
    return refusal('algorithm-not-offered', {
      issuer,
      algorithm: userinfo,
      field: 'userinfo_signed_response_alg',
      offered: ['none', ...discovery.userinfoAlgorithms],
    });
  const method = authMethodOf(discovery, before);
  return method === undefined
    ? refusal('method-not-offered', { issuer, offered: discovery.authMethods })
    : { ok: true, value: { method, refreshTokens: discovery.refreshTokens } };
}

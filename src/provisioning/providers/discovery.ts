/** What an OpenID provider says of itself (OpenID Connect Discovery 1.0 §3 and §4). */
import { busy, exchange, type Fetch, isRecord } from '../exchange.ts';
import type { ClientMetadata, Outcome } from '../provider.ts';
import { refusal } from '../words.ts';
import { type AuthMethod, listOf, type Terms } from './registration-wire.ts';

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
  if (status !== 200 || !isRecord(body) || authorization === undefined)
    return refusal('discovery-missing', { url: url.href, status });
  // §4.3: they must be equal, or another provider could pass for this one.
  if (body.issuer !== issuer)
    return refusal('discovery-issuer', { url: url.href, issuer: String(body.issuer) });
  const registration = addressOf(body.registration_endpoint);
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

/**
 * How the client is to show its secret: as ProConnect does where that is possible.
 *
 * @returns undefined when the provider offers neither way.
 */
export function authMethodOf(discovery: Discovery): AuthMethod | undefined {
  if (discovery.authMethods.includes('client_secret_post')) return 'client_secret_post';
  return discovery.authMethods.includes('client_secret_basic') ? 'client_secret_basic' : undefined;
}

/** Refuses an algorithm that the provider does not announce, even where it would accept it silently. */
export function offers(discovery: Discovery, wanted: ClientMetadata): Outcome<Terms> {
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
  const method = authMethodOf(discovery);
  return method === undefined
    ? refusal('method-not-offered', { issuer, offered: discovery.authMethods })
    : { ok: true, value: { method, refreshTokens: discovery.refreshTokens } };
}

/** The discovery document of an OpenID provider (OpenID Connect Discovery 1.0 §3 and §4). */

import { isJsonObject } from '#base/json';
import { failure } from '#domain/provisioning/failures';
import { openidConfigurationUrl } from '#domain/provisioning/issuer';
import type { ClientMetadata, ProviderResult } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import {
  failureIfUnavailable,
  isSecureEndpoint,
  isTrustedEndpoint,
  sendRequest,
} from '#infrastructure/identity-providers/http';
import { type AuthMethod, listOf, type RegistrationTerms } from './wire-format.ts';

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

export async function discover(fetcher: Fetch, issuer: string): Promise<ProviderResult<Discovery>> {
  const url = new URL(openidConfigurationUrl(issuer));
  const response = await sendRequest(fetcher, { url, method: 'GET', secrets: [] });
  if (!response.ok) return response;
  const later = failureIfUnavailable(url, response.value);
  if (later !== undefined) return later;
  const { status, body } = response.value;
  if (status >= 300 && status < 400) return failure('redirected', { host: url.host, status });
  const authorization = isJsonObject(body) ? addressOf(body.authorization_endpoint) : undefined;
  const registration = isJsonObject(body) ? addressOf(body.registration_endpoint) : undefined;
  if (status !== 200 || !isJsonObject(body) || authorization === undefined)
    return failure('discovery-missing', { url: url.href, status });
  // §4.3: they must be equal, or another provider could pass for this one.
  if (body.issuer !== issuer)
    return failure('discovery-issuer', { url: url.href, issuer: String(body.issuer) });
  for (const endpoint of [authorization, registration]) {
    if (endpoint === undefined || isTrustedEndpoint(endpoint, url)) continue;
    if (!isSecureEndpoint(endpoint)) return failure('insecure-address', { url: endpoint.origin });
    return failure('address-elsewhere', { host: url.host, url: endpoint.origin });
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
export function negotiateTerms(
  discovery: Discovery,
  wanted: ClientMetadata,
  before?: string,
): ProviderResult<RegistrationTerms> {
  const { issuer } = discovery;
  const idToken = wanted.id_token_signed_response_alg;
  if (!discovery.idTokenAlgorithms.includes(idToken))
    return failure('algorithm-not-offered', {
      issuer,
      algorithm: idToken,
      field: 'id_token_signed_response_alg',
      offered: discovery.idTokenAlgorithms,
    });
  const userinfo = wanted.userinfo_signed_response_alg;
  if (userinfo !== 'none' && !discovery.userinfoAlgorithms.includes(userinfo))
    return failure('algorithm-not-offered', {
      issuer,
      algorithm: userinfo,
      field: 'userinfo_signed_response_alg',
      offered: ['none', ...discovery.userinfoAlgorithms],
    });
  const method = authMethodOf(discovery, before);
  return method === undefined
    ? failure('method-not-offered', { issuer, offered: discovery.authMethods })
    : { ok: true, value: { method, refreshTokens: discovery.refreshTokens } };
}

/**
 * Would a registration server take a client from us? Asked without registering one: by a request that no server may grant,
 * since its values contradict each other and the standards. What tells is who refuses: a server that looks at the token first
 * (RFC 7591 §3.1, RFC 6750 §3.1) says 401 to one that is worth nothing, and speaks of the values only to who may register. Whether
 * it is such a server, the same request with another token shows.
 *
 * A server that grants it all the same has made a client: it is removed at once, and told when it could not be.
 */
import { randomBytes } from 'node:crypto';
import { Secret } from '#base/config/secret';
import { isJsonObject, textAt } from '#base/json';
import { dormantHost } from '#domain/definition/dormant-host';
import { failure } from '#domain/provisioning/failures';
import type { ProviderResult } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { type HttpResponse, isTrustedEndpoint, sendRequest } from '#infrastructure/identity-providers/http';
import { registrationRefusal } from './answers.ts';
import { discover } from './discovery.ts';
import { bearer } from './management.ts';

export type RegistrationAccess =
  | { readonly kind: 'proven' }
  /** The server judges the values before the token, or takes any token, or answers something else. */
  | { readonly kind: 'unproven'; readonly status: number }
  /** It made a client, which could not be removed. */
  | { readonly kind: 'left-behind'; readonly clientId: string };

/** Each of them is refused by some server: a fragment (OpenID Connect Registration §2), both kinds of keys (RFC 7591 §2), unknown words. */
const contradictory = {
  client_name: 'Greffier doctor',
  redirect_uris: [`http://${dormantHost}/#fragment`, 'not an address'],
  application_type: 'greffier-none',
  subject_type: 'greffier-none',
  response_types: ['greffier-none'],
  grant_types: ['greffier-none'],
  token_endpoint_auth_method: 'greffier-none',
  id_token_signed_response_alg: 'greffier-none',
  jwks_uri: `https://${dormantHost}/jwks`,
  jwks: { keys: [] },
};

/** What RFC 7591 §3.2.2 has a server say of values. */
const aboutValues = new Set([
  'invalid_client_metadata',
  'invalid_redirect_uri',
  'invalid_software_statement',
  'unapproved_software_statement',
]);

export async function probeRegistrationAccess(
  fetcher: Fetch,
  issuer: string,
  initialAccessToken: Secret | undefined,
): Promise<ProviderResult<RegistrationAccess>> {
  const discovery = await discover(fetcher, issuer);
  if (!discovery.ok) return discovery;
  const url = discovery.value.registrationEndpoint;
  if (url === undefined) return failure('discovery-registration', { issuer });
  const token = initialAccessToken?.reveal();
  const ours = await ask(fetcher, url, token);
  if (!ours.ok) return ours;
  const { status } = ours.value;
  if (status === 200 || status === 201) return removed(fetcher, url, ours.value);
  if (!speaksOfValues(ours.value)) {
    const refusal = registrationRefusal(url, ours.value, issuer);
    // What else it may say of a request that nobody makes says nothing of us.
    const isSaid = status !== 400 || refusal.message.key === 'provisioning#initial-token-refused';
    return isSaid ? refusal : { ok: true, value: { kind: 'unproven', status } };
  }
  const other = await ask(fetcher, url, randomBytes(24).toString('base64url'));
  if (!other.ok) return other;
  if (other.value.status === 200 || other.value.status === 201) return removed(fetcher, url, other.value);
  const refusesOther =
    registrationRefusal(url, other.value, issuer).message.key === 'provisioning#initial-token-refused';
  return { ok: true, value: refusesOther ? { kind: 'proven' } : { kind: 'unproven', status } };
}

function ask(fetcher: Fetch, url: URL, token: string | undefined): Promise<ProviderResult<HttpResponse>> {
  return sendRequest(fetcher, {
    url,
    method: 'POST',
    secrets: token === undefined ? [] : [token],
    headers: { 'content-type': 'application/json', ...bearer(token) },
    body: JSON.stringify(contradictory),
  });
}

function speaksOfValues({ status, body }: HttpResponse): boolean {
  return status === 400 && aboutValues.has(textAt(body, 'error') ?? '');
}

/** Removes a client that was made against all expectation (RFC 7592 §2.3). */
async function removed(
  fetcher: Fetch,
  at: URL,
  { status, body }: HttpResponse,
): Promise<ProviderResult<RegistrationAccess>> {
  const clientId = textAt(body, 'client_id');
  if (clientId === undefined) return { ok: true, value: { kind: 'unproven', status } };
  const leftBehind = { ok: true, value: { kind: 'left-behind', clientId } } as const;
  const address = secretAt(body, 'registration_client_uri');
  const token = secretAt(body, 'registration_access_token');
  if (address === undefined || token === undefined || !URL.canParse(address)) return leftBehind;
  const url = new URL(address);
  if (!isTrustedEndpoint(url, at)) return leftBehind;
  const answer = await sendRequest(fetcher, {
    url,
    method: 'DELETE',
    secrets: [token],
    headers: bearer(token),
  });
  const isGone = answer.ok && (answer.value.status === 204 || answer.value.status === 200);
  // It made one of values that mean nothing: that it looked at the token is not told by that.
  return isGone ? { ok: true, value: { kind: 'unproven', status } } : leftBehind;
}

/** What `sendRequest` seals of an answer. */
function secretAt(body: unknown, name: string): string | undefined {
  const value = isJsonObject(body) ? body[name] : undefined;
  return value instanceof Secret ? String(value.reveal()) : undefined;
}

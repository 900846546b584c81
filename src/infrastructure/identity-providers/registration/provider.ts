/**
 * Any OpenID provider with dynamic registration (RFC 7591) and management (RFC 7592).
 *
 * One definition, one client, for ever, on a protocol that can neither list clients nor find one again: a
 * registration whose answer is lost leaves a client that nobody can name. So a client is made in two steps.
 *
 * 1. `create` reserves: it registers a dormant client with none of the definition's values. If the answer is lost,
 *    what stays behind can let nobody in (its only redirect URI does not resolve, its secret reached nobody) and
 *    is not the definition's client; another reservation may follow.
 * 2. Once the reservation is on durable storage, `update` gives that very client the definition's values.
 *
 * Whatever is interrupted, one client at most ever carries the definition's redirect URIs. Servers that honour
 * `Idempotency-Key` do not even keep the abandoned reservation.
 *
 * A server may replace the registration access token when a client is updated (RFC 7592 §3). If that very answer
 * is lost the client is `locked`: it works, and can no longer be managed. The protocol has no way out of this but
 * the operator of the server, and the message says so.
 */

import { Secret } from '#base/config/secret';
import { isJsonObject } from '#base/json';
import { governedFields, sameFieldValue, sortedUnique } from '#domain/provisioning/client-metadata';
import {
  lostFailure,
  permanentFailure,
  provisioningMessage,
  retryableFailure,
} from '#domain/provisioning/messages';
import {
  type ActualClient,
  type ClientMetadata,
  type ClientRef,
  type IssuedClient,
  type Provider,
  type ProviderResult,
  type ReadResult,
  type RecordedClient,
  type Sealed,
  sealingPurpose,
  secretMarkOf,
  type Vault,
} from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import {
  failureIfUnavailable,
  isSecureEndpoint,
  isTrustedEndpoint,
  sendRequest,
} from '#infrastructure/identity-providers/http';
import { type Discovery, discover, negotiateTerms } from './discovery.ts';
import { fromWire, reservation, toWire } from './wire-format.ts';

export interface RegistrationOptions {
  readonly cell: Provider['cell'];
  readonly issuer: string;
  /** RFC 7591 §3; absent where registration is open. */
  readonly initialAccessToken?: string;
  readonly vault: Vault;
  readonly fetch: Fetch;
}

/** Milliseconds for which a provider's discovery document is cached. */
const discoveryMaxAgeMs = 5 * 60_000;

/** The means of management: where, and with which token. */
interface Management {
  readonly uri: string;
  readonly token: string;
}

export function registrationProvider(options: RegistrationOptions): Provider {
  const { cell, issuer, vault, fetch } = options;
  const knownTokens = options.initialAccessToken === undefined ? [] : [options.initialAccessToken];
  const getDiscovery = cachedDiscovery(() => discover(fetch, issuer));

  function openManagement(ref: ClientRef, client: RecordedClient): ProviderResult<Management> {
    const opened =
      client.management === undefined
        ? undefined
        : vault.open(client.management, sealingPurpose(ref, 'management'));
    const management = opened === undefined ? undefined : managementOf(JSON.parse(opened));
    return management === undefined
      ? permanentFailure('management-unreadable', { clientId: client.clientId })
      : { ok: true, value: management };
  }

  /** Reads a registration response, and seals its secrets before anything else can see them. */
  function parseIssued(
    ref: ClientRef,
    body: unknown,
    { url, status }: { readonly url: URL; readonly status: number },
    before?: Management,
  ): ProviderResult<IssuedClient> {
    if (!isJsonObject(body) || typeof body.client_id !== 'string')
      return permanentFailure('not-json', { host: url.host, status });
    const uri = secretOf(body.registration_client_uri) ?? before?.uri;
    const token = secretOf(body.registration_access_token) ?? before?.token;
    const secret = secretOf(body.client_secret);
    const method = body.token_endpoint_auth_method;
    if (uri !== undefined && !(URL.canParse(uri) && isTrustedEndpoint(new URL(uri), new URL(issuer))))
      return permanentFailure('address-elsewhere', { host: new URL(issuer).host, url: originOf(uri) });
    const issued: IssuedClient = {
      kind: 'issued',
      handle: body.client_id,
      clientId: body.client_id,
      metadata: fromWire(body),
      ...(typeof method === 'string' ? { method } : {}),
      ...(secret !== undefined && secret !== ''
        ? {
            secret: vault.seal(secret, sealingPurpose(ref, 'client-secret')),
            secretMark: secretMarkOf(body.client_id, secret),
          }
        : {}),
      ...(uri !== undefined && token !== undefined
        ? { management: vault.seal(JSON.stringify({ uri, token }), sealingPurpose(ref, 'management')) }
        : {}),
    };
    return { ok: true, value: issued };
  }

  /** The same, of a client that is known: an answer about any other is not believed, nor is its secret kept. */
  function parseIssuedFor(
    ref: ClientRef,
    client: RecordedClient,
    body: unknown,
    { management, url, status }: { management: Management; url: URL; status: number },
  ): ProviderResult<IssuedClient> {
    const { clientId } = client;
    if (isJsonObject(body) && typeof body.client_id === 'string' && body.client_id !== clientId)
      return permanentFailure('another-client', { host: url.host, clientId });
    return parseIssued(ref, body, { url, status }, management);
  }

  async function create(ref: ClientRef, wanted: ClientMetadata): Promise<ProviderResult<IssuedClient>> {
    const discovery = await getDiscovery();
    if (!discovery.ok) return discovery;
    const url = discovery.value.registrationEndpoint;
    if (url === undefined) return permanentFailure('discovery-registration', { issuer });
    const terms = negotiateTerms(discovery.value, wanted);
    if (!terms.ok) return terms;
    const response = await sendRequest(fetch, {
      secrets: knownTokens,
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // Quoted: a structured field string. Ignored by servers that do not know it.
        'idempotency-key': `"greffier/${ref.cell}/${ref.id}"`,
        ...bearer(options.initialAccessToken),
      },
      body: JSON.stringify(reservation(cell, ref.id, terms.value.method)),
    });
    if (!response.ok) return response;
    const { status, body } = response.value;
    if (status === 401 || status === 403) return permanentFailure('initial-token-refused', { issuer });
    // RFC 7591 §3.2.1 says 201; some servers say 200.
    if (status !== 200 && status !== 201)
      return failureIfUnavailable(url, response.value) ?? errorResponse(url, status, body);
    const issued = parseIssued(ref, body, { url, status });
    if (!issued.ok) return issued;
    if (issued.value.management === undefined) return permanentFailure('management-missing', { issuer });
    return { ok: true, value: { ...issued.value, metadata: { active: false } } };
  }

  /** The client as it is today (RFC 7592 §2.1), with its secret; undefined when it is not shown to us. */
  async function fetchClient(
    ref: ClientRef,
    client: RecordedClient,
  ): Promise<ProviderResult<IssuedClient | undefined>> {
    const management = openManagement(ref, client);
    if (!management.ok) return management;
    const url = new URL(management.value.uri);
    const response = await sendRequest(fetch, {
      secrets: knownTokens,
      url,
      method: 'GET',
      headers: bearer(management.value.token),
    });
    if (!response.ok) return response;
    const { status, body } = response.value;
    // 401 is the answer both for a token that is no longer good and for a client that is gone.
    if (status === 401 || status === 403 || status === 404) return { ok: true, value: undefined };
    if (status !== 200)
      return (
        failureIfUnavailable(url, response.value) ?? permanentFailure('not-json', { host: url.host, status })
      );
    return parseIssuedFor(ref, client, body, { management: management.value, url, status });
  }

  async function read(ref: ClientRef, client: RecordedClient): Promise<ProviderResult<ReadResult>> {
    const fetched = await fetchClient(ref, client);
    if (!fetched.ok) return fetched;
    const issued = fetched.value;
    if (issued === undefined) {
      const message = provisioningMessage('management-refused', { clientId: client.clientId });
      return { ok: true, value: { kind: 'hidden', message } };
    }
    const discovery = await getDiscovery();
    if (!discovery.ok) return discovery;
    const actual: ActualClient = {
      handle: issued.handle,
      clientId: issued.clientId,
      metadata: {
        ...issued.metadata,
        ...comparableScopes(discovery.value, issued.metadata.scopes, client.metadata.scopes),
      },
      ...grantedPart(issued.metadata.scopes),
      ...(issued.method === undefined ? {} : { method: issued.method }),
    };
    return { ok: true, value: { kind: 'found', client: actual, ...managementPart(issued) } };
  }

  async function update(
    ref: ClientRef,
    client: RecordedClient,
    wanted: ClientMetadata,
  ): Promise<ProviderResult<IssuedClient>> {
    const management = openManagement(ref, client);
    if (!management.ok) return management;
    const discovery = await getDiscovery();
    if (!discovery.ok) return discovery;
    const terms = negotiateTerms(discovery.value, wanted, client.method);
    if (!terms.ok) return terms;
    const asked = { ...wanted, scopes: supportedScopes(discovery.value, wanted.scopes) };
    const url = new URL(management.value.uri);
    const response = await sendRequest(fetch, {
      secrets: knownTokens,
      url,
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...bearer(management.value.token) },
      body: JSON.stringify({ client_id: client.clientId, ...toWire(asked, terms.value) }),
    });
    if (!response.ok) return response;
    const { status, body } = response.value;
    if (status === 401 || status === 403 || status === 404)
      return lostFailure('management-refused', { clientId: client.clientId });
    if (status !== 200 && status !== 201)
      return failureIfUnavailable(url, response.value) ?? errorResponse(url, status, body);
    const answered = parseIssuedFor(ref, client, body, { management: management.value, url, status });
    if (!answered.ok) return answered;
    const issued = answered.value;
    const scopes = comparableScopes(discovery.value, issued.metadata.scopes, wanted.scopes);
    const metadata = { ...wanted, ...issued.metadata, ...scopes };
    const returned = { method: terms.value.method, ...issued };
    return {
      ok: true,
      value: { ...returned, metadata, ...grantedPart(issued.metadata.scopes ?? asked.scopes) },
    };
  }

  return {
    kind: 'registration',
    cell,
    governedFields: governedFields.registration,
    // No `find`: the protocol cannot search, and see above for what replaces it.
    read,
    create,
    update,
    async reissue(ref, client) {
      const fetched = await fetchClient(ref, client);
      if (!fetched.ok) return fetched;
      const { value } = fetched;
      if (value === undefined) return lostFailure('management-refused', { clientId: client.clientId });
      return value.secret === undefined
        ? permanentFailure('secret-not-told', { clientId: client.clientId })
        : { ok: true, value };
    },
    async remove(ref, client) {
      const management = openManagement(ref, client);
      if (!management.ok) return management;
      const url = new URL(management.value.uri);
      const response = await sendRequest(fetch, {
        secrets: knownTokens,
        url,
        method: 'DELETE',
        headers: bearer(management.value.token),
      });
      if (!response.ok) return response;
      const { status, body } = response.value;
      // RFC 7592 §2.3: the token dies with the client, so that a repeated deletion is answered with 401.
      if (status === 204 || status === 200 || status === 401 || status === 404)
        return { ok: true, value: { kind: 'removed' } };
      return failureIfUnavailable(url, response.value) ?? errorResponse(url, status, body);
    },
  };
}

/** Asks again every few minutes, and at once after a failure. */
function cachedDiscovery(
  ask: () => Promise<ProviderResult<Discovery>>,
): () => Promise<ProviderResult<Discovery>> {
  let last: { readonly at: number; readonly result: ProviderResult<Discovery> } | undefined;
  return async () => {
    if (last === undefined || !last.result.ok || Date.now() - last.at > discoveryMaxAgeMs)
      last = { at: Date.now(), result: await ask() };
    return last.result;
  };
}

/** The wanted scopes that the provider knows, or all of them when it does not say which it knows. */
function supportedScopes(discovery: Discovery, wanted: readonly string[]): readonly string[] {
  const known = discovery.scopes;
  return sortedUnique(known === undefined ? wanted : wanted.filter((scope) => known.includes(scope)));
}

/**
 * The scopes to compare with the definition: those that were wanted, when the provider grants all of them that it
 * knows; else exactly what it grants.
 */
function comparableScopes(
  discovery: Discovery,
  returned: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): { scopes?: readonly string[] } {
  if (returned === undefined) return {};
  return {
    scopes:
      wanted !== undefined && sameFieldValue(returned, supportedScopes(discovery, wanted))
        ? wanted
        : returned,
  };
}

function grantedPart(scopes: readonly string[] | undefined): { granted?: readonly string[] } {
  return scopes === undefined ? {} : { granted: scopes };
}

function managementPart(issued: IssuedClient): { management?: Sealed } {
  return issued.management === undefined ? {} : { management: issued.management };
}

/** What an answer names a secret: see `redaction.ts`. */
function secretOf(value: unknown): string | undefined {
  return value instanceof Secret ? String(value.reveal()) : undefined;
}

/** An address as far as it may be shown: a path or a query may hold a key. */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : '';
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function managementOf(value: unknown): Management | undefined {
  if (!isJsonObject(value)) return undefined;
  const { uri, token } = value;
  if (typeof uri !== 'string' || typeof token !== 'string' || !URL.canParse(uri)) return undefined;
  return isSecureEndpoint(new URL(uri)) ? { uri, token } : undefined;
}

/** RFC 7591 §3.2.2: a code and a description. */
function errorResponse(url: URL, status: number, body: unknown): ProviderResult<never> {
  const code = isJsonObject(body) && typeof body.error === 'string' ? body.error : '';
  const description =
    isJsonObject(body) && typeof body.error_description === 'string' ? body.error_description : '';
  const error = [code, description].filter((part) => part !== '').join(': ');
  if (status === 400) return permanentFailure('metadata-refused', { error });
  return status === 408 || status === 425
    ? retryableFailure('server-error', { host: url.host, status })
    : permanentFailure('unexpected', { host: url.host, status, error });
}

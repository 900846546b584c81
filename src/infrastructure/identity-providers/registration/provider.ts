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
 * A server may replace the registration access token with any answer (RFC 7592 §3): see `management.ts`. If that very
 * answer is lost the client is `locked`: it works, and can no longer be managed. The protocol has no way out of this but
 * the operator of the server, and the message says so.
 */

import { governedFields, sameFieldValue, sortedUnique } from '#domain/provisioning/client-metadata';
import { failure, lostFailure } from '#domain/provisioning/failures';
import { provisioningMessage } from '#domain/provisioning/messages';
import type {
  ActualClient,
  ClientMetadata,
  ClientRef,
  CreationAttempt,
  IssuedClient,
  Keep,
  Provider,
  ProviderResult,
  RecordedClient,
  Vault,
} from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { sendRequest } from '#infrastructure/identity-providers/http';
import { isRefusedToken, refusalOf, registrationRefusal } from './answers.ts';
import { type Discovery, discover, negotiateTerms } from './discovery.ts';
import { bearer, ClientManagement, type ManagedAnswer } from './management.ts';
import { dormantUri, isSecretMethod, reservation, toWire } from './wire-format.ts';

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

export function registrationProvider(options: RegistrationOptions): Provider {
  const { cell, issuer, vault, fetch } = options;
  const secrets = options.initialAccessToken === undefined ? [] : [options.initialAccessToken];
  const getDiscovery = cachedDiscovery(() => discover(fetch, issuer));
  const management = new ClientManagement({ issuer, vault, fetch, secrets });

  async function create(
    ref: ClientRef,
    wanted: ClientMetadata,
    attempt: CreationAttempt,
  ): Promise<ProviderResult<IssuedClient>> {
    const discovery = await getDiscovery();
    if (!discovery.ok) return discovery;
    const url = discovery.value.registrationEndpoint;
    if (url === undefined) return failure('discovery-registration', { issuer });
    const terms = negotiateTerms(discovery.value, wanted);
    if (!terms.ok) return terms;
    const response = await sendRequest(fetch, {
      secrets,
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // Quoted: a structured field string. Ignored by servers that do not know it.
        'idempotency-key': JSON.stringify(attempt.key),
        ...bearer(options.initialAccessToken),
      },
      body: JSON.stringify(reservation(cell, ref.id, terms.value.method)),
    });
    if (!response.ok) return response;
    const { status } = response.value;
    // RFC 7591 §3.2.1 says 201; some servers say 200.
    if (status !== 200 && status !== 201) return registrationRefusal(url, response.value, issuer);
    const issued = management.parse(ref, response.value, url);
    if (!issued.ok) return issued;
    if (issued.value.management === undefined) return failure('management-missing', { issuer });
    // What was asked for is a client with a secret: without one there is nothing to hand over.
    if (issued.value.secret === undefined || !isSecretMethod(issued.value.method))
      return failure('secret-missing', { issuer });
    return { ok: true, value: { ...issued.value, metadata: { active: false } } };
  }

  /** The client as it is today (RFC 7592 §2.1), with its secret; undefined when it is not shown to us. */
  async function fetchClient(
    ref: ClientRef,
    client: RecordedClient,
    keep: Keep,
  ): Promise<ProviderResult<IssuedClient | undefined>> {
    const answer = await management.request(ref, client, { method: 'GET', keep });
    if (!answer.ok) return answer;
    const { response, url } = answer.value;
    if (isRefusedToken(response)) return { ok: true, value: undefined };
    if (response.status !== 200) return refusalOf(url, response);
    return management.parseKnown(ref, client, answer.value);
  }

  /** Puts the whole state (RFC 7592 §2.2). */
  async function put(
    ref: ClientRef,
    client: RecordedClient,
    state: Readonly<Record<string, unknown>>,
    keep: Keep,
  ): Promise<ProviderResult<ManagedAnswer>> {
    const body = JSON.stringify({ client_id: client.clientId, ...state });
    return management.request(ref, client, { method: 'PUT', body, keep });
  }

  async function update(
    ref: ClientRef,
    client: RecordedClient,
    wanted: ClientMetadata,
    keep: Keep,
  ): Promise<ProviderResult<IssuedClient>> {
    const discovery = await getDiscovery();
    if (!discovery.ok) return discovery;
    const terms = negotiateTerms(discovery.value, wanted, client.method);
    if (!terms.ok) return terms;
    const asked = { ...wanted, scopes: supportedScopes(discovery.value, wanted.scopes) };
    const state = toWire(asked, terms.value);
    let answer = await put(ref, client, state, keep);
    if (!answer.ok) return answer;
    // Servers have refused, or failed on, any update that names scopes. What they grant then is theirs to say.
    if (mayBeScopes(answer.value)) {
      const { scope: _, ...others } = state;
      const second = await put(ref, client, others, keep);
      if (second.ok && isDone(second.value)) answer = second;
    }
    const { response, url } = answer.value;
    if (isRefusedToken(response)) return lostFailure('management-refused', { clientId: client.clientId });
    if (!isDone(answer.value)) return refusalOf(url, response);
    const answered = management.parseKnown(ref, client, answer.value);
    if (!answered.ok) return answered;
    const issued = answered.value;
    const { scopes: told } = issued.metadata;
    // An application that was told one way to show its secret may find the other one working, but none without a secret.
    if (!isSecretMethod(issued.method))
      return failure('metadata-changed', { fields: ['token_endpoint_auth_method'] });
    return {
      ok: true,
      value: {
        method: terms.value.method,
        ...issued,
        metadata: { ...issued.metadata, ...comparableScopes(discovery.value, told, wanted.scopes) },
        ...grantedPart(told),
      },
    };
  }

  return {
    kind: 'registration',
    cell,
    governedFields: governedFields.registration,
    dormantUri,
    // No `find`: the protocol cannot search, and see above for what replaces it.
    async read(ref, client, keep) {
      const fetched = await fetchClient(ref, client, keep);
      if (!fetched.ok) return fetched;
      const issued = fetched.value;
      if (issued === undefined) {
        const message = provisioningMessage('management-refused', { clientId: client.clientId });
        return { ok: true, value: { kind: 'hidden', message } };
      }
      const discovery = await getDiscovery();
      if (!discovery.ok) return discovery;
      const { scopes } = issued.metadata;
      const actual: ActualClient = {
        handle: issued.handle,
        clientId: issued.clientId,
        metadata: {
          ...issued.metadata,
          ...comparableScopes(discovery.value, scopes, client.metadata.scopes),
        },
        ...grantedPart(scopes),
        ...(issued.method === undefined ? {} : { method: issued.method }),
      };
      return { ok: true, value: { kind: 'found', client: actual } };
    },
    create,
    update,
    async check(wanted, before) {
      const discovery = await getDiscovery();
      if (!discovery.ok) return discovery;
      if (before === undefined && discovery.value.registrationEndpoint === undefined)
        return failure('discovery-registration', { issuer });
      const terms = negotiateTerms(discovery.value, wanted, before?.method);
      return terms.ok ? { ok: true, value: undefined } : terms;
    },
    async reissue(ref, client, keep) {
      const fetched = await fetchClient(ref, client, keep);
      if (!fetched.ok) return fetched;
      const { value } = fetched;
      if (value === undefined) return lostFailure('management-refused', { clientId: client.clientId });
      return value.secret === undefined
        ? failure('secret-not-told', { clientId: client.clientId })
        : { ok: true, value };
    },
    async remove(ref, client, keep) {
      const answer = await management.request(ref, client, { method: 'DELETE', keep });
      if (!answer.ok) return answer;
      const { response, url } = answer.value;
      if (response.status === 204 || response.status === 200) return { ok: true, value: { kind: 'removed' } };
      // RFC 7592 §2.3: the token dies with the client. It may also have died alone.
      if (isRefusedToken(response)) return lostFailure('management-refused', { clientId: client.clientId });
      return refusalOf(url, response);
    },
  };
}

function isDone({ response }: ManagedAnswer): boolean {
  return response.status === 200 || response.status === 201;
}

/** Whether an update may have been refused for the scopes that it names: by a policy, or by a mistake of the server's. */
function mayBeScopes({ response }: ManagedAnswer): boolean {
  const { status } = response;
  return status === 500 || (status === 403 && !isRefusedToken(response));
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

/**
 * Any OpenID provider with dynamic registration (RFC 7591) and management (RFC 7592).
 *
 * One definition, one client, for ever, on a protocol that can neither list clients nor find one again: a
 * registration whose answer is lost leaves a client that nobody can name. So a client is made in two strides.
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
 * the operator of the server, and the words say so.
 */

import { asSet, governedBy, sameValue } from '#domain/provisioning/client-metadata';
import { gone, hitch, refusal, sentence } from '#domain/provisioning/messages';
import {
  type ActualClient,
  type ClientMetadata,
  type HeldClient,
  type Issued,
  type Outcome,
  type Provider,
  purposeOf,
  type Sealed,
  type Sighting,
  type Subject,
  secretMarkOf,
  type Vault,
} from '#domain/provisioning/provider';
import {
  busy,
  exchange,
  type Fetch,
  isRecord,
  isSafeAddress,
  isToldInGoodFaith,
} from '#infrastructure/identity-providers/http';
import { type Discovery, discover, offers } from './discovery.ts';
import { fromWire, reservation, toWire } from './wire-format.ts';

export interface RegistrationOptions {
  readonly cell: Provider['cell'];
  readonly issuer: string;
  /** RFC 7591 §3; absent where registration is open. */
  readonly initialAccessToken?: string;
  readonly vault: Vault;
  readonly fetch: Fetch;
}

/** Milliseconds for which a provider's description of itself is believed. */
const discoveryAge = 5 * 60_000;

/** The means of management: where, and with which token. */
interface Management {
  readonly uri: string;
  readonly token: string;
}

export function registrationProvider(options: RegistrationOptions): Provider {
  const { cell, issuer, vault, fetch } = options;
  const description = remembered(() => discover(fetch, issuer));

  function manage(subject: Subject, client: HeldClient): Outcome<Management> {
    const opened =
      client.management === undefined
        ? undefined
        : vault.open(client.management, purposeOf(subject, 'management'));
    const management = opened === undefined ? undefined : managementOf(JSON.parse(opened));
    return management === undefined
      ? refusal('management-unreadable', { clientId: client.clientId })
      : { ok: true, value: management };
  }

  /** Reads a registration response, and seals its secrets before anything else can see them. */
  function issuedOf(
    subject: Subject,
    body: unknown,
    { url, status }: { readonly url: URL; readonly status: number },
    before?: Management,
  ): Outcome<Issued> {
    if (!isRecord(body) || typeof body.client_id !== 'string')
      return refusal('not-json', { host: url.host, status });
    const uri = body.registration_client_uri ?? before?.uri;
    const token = body.registration_access_token ?? before?.token;
    const secret = body.client_secret;
    const method = body.token_endpoint_auth_method;
    if (typeof uri === 'string' && !(URL.canParse(uri) && isToldInGoodFaith(new URL(uri), new URL(issuer))))
      return refusal('address-elsewhere', { host: new URL(issuer).host, url: uri });
    const issued: Issued = {
      kind: 'issued',
      handle: body.client_id,
      clientId: body.client_id,
      metadata: fromWire(body),
      ...(typeof method === 'string' ? { method } : {}),
      ...(typeof secret === 'string' && secret !== ''
        ? {
            secret: vault.seal(secret, purposeOf(subject, 'client-secret')),
            secretMark: secretMarkOf(body.client_id, secret),
          }
        : {}),
      ...(typeof uri === 'string' && typeof token === 'string'
        ? { management: vault.seal(JSON.stringify({ uri, token }), purposeOf(subject, 'management')) }
        : {}),
    };
    return { ok: true, value: issued };
  }

  /** The same, of a client that is known: an answer about any other is not believed, nor is its secret kept. */
  function issuedAgain(
    subject: Subject,
    client: HeldClient,
    body: unknown,
    { management, url, status }: { management: Management; url: URL; status: number },
  ): Outcome<Issued> {
    const { clientId } = client;
    if (isRecord(body) && typeof body.client_id === 'string' && body.client_id !== clientId)
      return refusal('another-client', { host: url.host, clientId });
    return issuedOf(subject, body, { url, status }, management);
  }

  async function create(subject: Subject, wanted: ClientMetadata): Promise<Outcome<Issued>> {
    const discovery = await description();
    if (!discovery.ok) return discovery;
    const url = discovery.value.registrationEndpoint;
    if (url === undefined) return refusal('discovery-registration', { issuer });
    const terms = offers(discovery.value, wanted);
    if (!terms.ok) return terms;
    const answer = await exchange(fetch, {
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // Quoted: a structured field string. Ignored by servers that do not know it.
        'idempotency-key': `"greffier/${subject.cell}/${subject.id}"`,
        ...bearer(options.initialAccessToken),
      },
      body: JSON.stringify(reservation(cell, subject.id, terms.value.method)),
    });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status === 401 || status === 403) return refusal('initial-token-refused', { issuer });
    // RFC 7591 §3.2.1 says 201; some servers say 200.
    if (status !== 200 && status !== 201)
      return busy(url, answer.value) ?? refused(url, status, body, options.initialAccessToken);
    const issued = issuedOf(subject, body, { url, status });
    if (!issued.ok) return issued;
    if (issued.value.management === undefined) return refusal('management-missing', { issuer });
    return { ok: true, value: { ...issued.value, metadata: { active: false } } };
  }

  /** The client as it is today (RFC 7592 §2.1), with its secret; undefined when it is not shown to us. */
  async function fetchClient(subject: Subject, client: HeldClient): Promise<Outcome<Issued | undefined>> {
    const management = manage(subject, client);
    if (!management.ok) return management;
    const url = new URL(management.value.uri);
    const answer = await exchange(fetch, { url, method: 'GET', headers: bearer(management.value.token) });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    // 401 is the answer both for a token that is no longer good and for a client that is gone.
    if (status === 401 || status === 403 || status === 404) return { ok: true, value: undefined };
    if (status !== 200) return busy(url, answer.value) ?? refusal('not-json', { host: url.host, status });
    return issuedAgain(subject, client, body, { management: management.value, url, status });
  }

  async function read(subject: Subject, client: HeldClient): Promise<Outcome<Sighting>> {
    const fetched = await fetchClient(subject, client);
    if (!fetched.ok) return fetched;
    const issued = fetched.value;
    if (issued === undefined) {
      const message = sentence('management-refused', { clientId: client.clientId });
      return { ok: true, value: { kind: 'hidden', message } };
    }
    const discovery = await description();
    if (!discovery.ok) return discovery;
    const seen: ActualClient = {
      handle: issued.handle,
      clientId: issued.clientId,
      metadata: {
        ...issued.metadata,
        ...asAsked(discovery.value, issued.metadata.scopes, client.metadata.scopes),
      },
      ...grants(issued.metadata.scopes),
      ...(issued.method === undefined ? {} : { method: issued.method }),
    };
    return { ok: true, value: { kind: 'here', client: seen, ...renewed(issued) } };
  }

  async function update(
    subject: Subject,
    client: HeldClient,
    wanted: ClientMetadata,
  ): Promise<Outcome<Issued>> {
    const management = manage(subject, client);
    if (!management.ok) return management;
    const discovery = await description();
    if (!discovery.ok) return discovery;
    const terms = offers(discovery.value, wanted, client.method);
    if (!terms.ok) return terms;
    const asked = { ...wanted, scopes: grantable(discovery.value, wanted.scopes) };
    const url = new URL(management.value.uri);
    const answer = await exchange(fetch, {
      url,
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...bearer(management.value.token) },
      body: JSON.stringify({ client_id: client.clientId, ...toWire(asked, terms.value) }),
    });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status === 401 || status === 403 || status === 404)
      return gone('management-refused', { clientId: client.clientId });
    if (status !== 200 && status !== 201)
      return busy(url, answer.value) ?? refused(url, status, body, management.value.token);
    const answered = issuedAgain(subject, client, body, { management: management.value, url, status });
    if (!answered.ok) return answered;
    const issued = answered.value;
    const scopes = asAsked(discovery.value, issued.metadata.scopes, wanted.scopes);
    const metadata = { ...wanted, ...issued.metadata, ...scopes };
    const told = { method: terms.value.method, ...issued };
    return { ok: true, value: { ...told, metadata, ...grants(issued.metadata.scopes ?? asked.scopes) } };
  }

  return {
    kind: 'registration',
    cell,
    governs: governedBy.registration,
    // No `find`: the protocol has no way to look, and see above for what stands in its place.
    read,
    create,
    update,
    async reissue(subject, client) {
      const fetched = await fetchClient(subject, client);
      if (!fetched.ok) return fetched;
      const { value } = fetched;
      if (value === undefined) return gone('management-refused', { clientId: client.clientId });
      return value.secret === undefined
        ? refusal('secret-not-told', { clientId: client.clientId })
        : { ok: true, value };
    },
    async remove(subject, client) {
      const management = manage(subject, client);
      if (!management.ok) return management;
      const url = new URL(management.value.uri);
      const answer = await exchange(fetch, {
        url,
        method: 'DELETE',
        headers: bearer(management.value.token),
      });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      // RFC 7592 §2.3: the token dies with the client, so that a repeated deletion is answered with 401.
      if (status === 204 || status === 200 || status === 401 || status === 404)
        return { ok: true, value: { kind: 'removed' } };
      return busy(url, answer.value) ?? refused(url, status, body, management.value.token);
    },
  };
}

/** Asks again every few minutes, and at once after a failure. */
function remembered(ask: () => Promise<Outcome<Discovery>>): () => Promise<Outcome<Discovery>> {
  let last: { readonly at: number; readonly answer: Outcome<Discovery> } | undefined;
  return async () => {
    if (last === undefined || !last.answer.ok || Date.now() - last.at > discoveryAge)
      last = { at: Date.now(), answer: await ask() };
    return last.answer;
  };
}

/** The wanted scopes that the provider knows, or all of them when it does not say which it knows. */
function grantable(discovery: Discovery, wanted: readonly string[]): readonly string[] {
  const known = discovery.scopes;
  return asSet(known === undefined ? wanted : wanted.filter((scope) => known.includes(scope)));
}

/**
 * The scopes to compare with the definition: those that were wanted, when the provider grants all of them that it
 * knows; else exactly what it grants.
 */
function asAsked(
  discovery: Discovery,
  told: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): { scopes?: readonly string[] } {
  if (told === undefined) return {};
  return { scopes: wanted !== undefined && sameValue(told, grantable(discovery, wanted)) ? wanted : told };
}

function grants(scopes: readonly string[] | undefined): { granted?: readonly string[] } {
  return scopes === undefined ? {} : { granted: scopes };
}

function renewed(issued: Issued): { management?: Sealed } {
  return issued.management === undefined ? {} : { management: issued.management };
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function managementOf(value: unknown): Management | undefined {
  if (!isRecord(value)) return undefined;
  const { uri, token } = value;
  if (typeof uri !== 'string' || typeof token !== 'string' || !URL.canParse(uri)) return undefined;
  return isSafeAddress(new URL(uri)) ? { uri, token } : undefined;
}

/** RFC 7591 §3.2.2: a code and a description, shown unless the server repeats our token in it. */
function refused(url: URL, status: number, body: unknown, token: string | undefined): Outcome<never> {
  const code = isRecord(body) && typeof body.error === 'string' ? body.error : '';
  const description =
    isRecord(body) && typeof body.error_description === 'string' ? body.error_description : '';
  const told = [code, description].filter((part) => part !== '').join(': ');
  const error = token !== undefined && told.includes(token) ? String(status) : told;
  if (status === 400) return refusal('metadata-refused', { error });
  return status === 408 || status === 425
    ? hitch('server-error', { host: url.host, status })
    : refusal('unexpected', { host: url.host, status, error });
}

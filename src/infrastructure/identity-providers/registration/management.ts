/**
 * Requests to the address at which one client is managed (RFC 7592 §2), and what every answer to them brings.
 *
 * A server may give a new registration token, address or secret with any answer, also with one to a read (§2.1, §3), and
 * the former token is worth nothing from then on. So there is one way to ask: what an answer renews is kept before
 * anything else is made of it.
 *
 * The address by which a client was managed so far is believed as long as it answers: servers have told addresses where
 * nothing is. One that is told besides is remembered, and asked when the former answers no more.
 */
import { Secret } from '#base/config/secret';
import { defined } from '#base/defined';
import { isJsonObject } from '#base/json';
import { failure } from '#domain/provisioning/failures';
import {
  type ClientRef,
  type IssuedClient,
  type Keep,
  type ProviderResult,
  type RecordedClient,
  type Renewed,
  sealingPurpose,
  secretMarkOf,
  type Vault,
} from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import {
  type HttpRequest,
  type HttpResponse,
  isSecureEndpoint,
  isTrustedEndpoint,
  sendRequest,
} from '#infrastructure/identity-providers/http';
import { isRefusedToken } from './answers.ts';
import { fromWire } from './wire-format.ts';

/** The means of management: where, and with which token. */
interface Management {
  readonly uri: string;
  readonly token: string;
  /** An address that was told since, and is not known to answer. */
  readonly told?: string;
}

export interface ManagementDeps {
  readonly issuer: string;
  readonly vault: Vault;
  readonly fetch: Fetch;
  /** What the server knows of us, and could repeat. */
  readonly secrets: readonly string[];
}

/** An answer to a request about a client. */
export interface ManagedAnswer {
  readonly url: URL;
  readonly response: HttpResponse;
}

export class ClientManagement {
  readonly #deps: ManagementDeps;

  constructor(deps: ManagementDeps) {
    this.#deps = deps;
  }

  /** Asks, and keeps what the answer renews. Any answer is a success, whatever its status. */
  async request(
    ref: ClientRef,
    client: RecordedClient,
    { keep, ...asked }: Pick<HttpRequest, 'method' | 'body'> & { readonly keep: Keep },
  ): Promise<ProviderResult<ManagedAnswer>> {
    const management = this.#open(ref, client);
    if (!management.ok) return management;
    const { uri, told, token } = management.value;
    const first = await this.#send(uri, token, asked);
    if (!first.ok) return first;
    if (told !== undefined && hasNothing(first.value.response)) {
      const second = await this.#send(told, token, asked);
      if (second.ok && isSuccess(second.value.response))
        return this.#kept(ref, client, { uri: told, token }, second.value, keep);
    }
    return this.#kept(ref, client, management.value, first.value, keep);
  }

  /** Reads a registration response (RFC 7591 §3.2.1), and seals its secrets before anything else can see them. */
  parse(ref: ClientRef, response: HttpResponse, url: URL, before?: Management): ProviderResult<IssuedClient> {
    const { body, status } = response;
    if (!isJsonObject(body) || typeof body.client_id !== 'string')
      return failure('not-json', { host: url.host, status });
    const uri = secretOf(body.registration_client_uri);
    if (uri !== undefined && !this.#isTrusted(uri))
      return failure('address-elsewhere', { host: new URL(this.#deps.issuer).host, url: originOf(uri) });
    const method = body.token_endpoint_auth_method;
    return {
      ok: true,
      value: {
        kind: 'issued',
        handle: body.client_id,
        clientId: body.client_id,
        metadata: fromWire(body),
        ...(typeof method === 'string' ? { method } : {}),
        ...this.#renewed(ref, body, before),
      },
    };
  }

  /** What an answer about a known client says of it. */
  parseKnown(
    ref: ClientRef,
    client: RecordedClient,
    { response, url }: ManagedAnswer,
  ): ProviderResult<IssuedClient> {
    const { clientId } = client;
    if (isOfAnother(response.body, clientId)) return failure('another-client', { host: url.host, clientId });
    const management = this.#open(ref, client);
    return management.ok ? this.parse(ref, response, url, management.value) : management;
  }

  async #kept(
    ref: ClientRef,
    client: RecordedClient,
    used: Management,
    answer: ManagedAnswer,
    keep: Keep,
  ): Promise<ProviderResult<ManagedAnswer>> {
    const { body } = answer.response;
    // An answer about any other client is not believed, nor is its secret kept; an error gives nothing.
    if (isSuccess(answer.response) && isJsonObject(body) && !isOfAnother(body, client.clientId)) {
      const renewed = this.#renewed(ref, { client_id: client.clientId, ...body }, used);
      if (Object.keys(renewed).length > 0) await keep(renewed);
    }
    return { ok: true, value: answer };
  }

  /** What is new in an answer, sealed. */
  #renewed(ref: ClientRef, body: Readonly<Record<string, unknown>>, before: Management | undefined): Renewed {
    const secret = secretOf(body.client_secret) ?? '';
    const named = secretOf(body.registration_client_uri);
    const told = named !== undefined && this.#isTrusted(named) ? named : undefined;
    const token = secretOf(body.registration_access_token) ?? before?.token;
    const uri = before?.uri ?? told;
    const management: Management | undefined =
      uri === undefined || token === undefined
        ? undefined
        : defined({ uri, token, told: told === uri ? undefined : (told ?? before?.told) });
    const isNew = JSON.stringify(management) !== JSON.stringify(before);
    const { vault } = this.#deps;
    return defined({
      secret: secret === '' ? undefined : vault.seal(secret, sealingPurpose(ref, 'client-secret')),
      secretMark: secret === '' ? undefined : secretMarkOf(String(body.client_id), secret),
      management:
        management && isNew
          ? vault.seal(JSON.stringify(management), sealingPurpose(ref, 'management'))
          : undefined,
    });
  }

  #open(ref: ClientRef, client: RecordedClient): ProviderResult<Management> {
    const opened =
      client.management === undefined
        ? undefined
        : this.#deps.vault.open(client.management, sealingPurpose(ref, 'management'));
    const management = opened === undefined ? undefined : managementOf(JSON.parse(opened));
    return management === undefined
      ? failure('management-unreadable', { clientId: client.clientId })
      : { ok: true, value: management };
  }

  async #send(
    uri: string,
    token: string,
    asked: Pick<HttpRequest, 'method' | 'body'>,
  ): Promise<ProviderResult<ManagedAnswer>> {
    const url = new URL(uri);
    const response = await sendRequest(this.#deps.fetch, {
      ...asked,
      url,
      secrets: this.#deps.secrets,
      headers: {
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...bearer(token),
      },
    });
    return response.ok ? { ok: true, value: { url, response: response.value } } : response;
  }

  #isTrusted(address: string): boolean {
    return URL.canParse(address) && isTrustedEndpoint(new URL(address), new URL(this.#deps.issuer));
  }
}

export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** Whether nothing is at an address, or nothing that knows our token. */
function hasNothing(response: HttpResponse): boolean {
  return response.status === 404 || response.status === 410 || isRefusedToken(response);
}

function isOfAnother(body: unknown, clientId: string): boolean {
  return isJsonObject(body) && typeof body.client_id === 'string' && body.client_id !== clientId;
}

/** What an answer names a secret: see `redaction.ts`. */
function secretOf(value: unknown): string | undefined {
  return value instanceof Secret ? String(value.reveal()) : undefined;
}

/** An address as far as it may be shown: a path or a query may hold a key. */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : '';
}

function managementOf(value: unknown): Management | undefined {
  if (!isJsonObject(value)) return undefined;
  const { uri, token, told } = value;
  if (typeof uri !== 'string' || typeof token !== 'string' || !isUsable(uri)) return undefined;
  // In this order: what is new is found by comparing.
  return { uri, token, ...(typeof told === 'string' && isUsable(told) ? { told } : {}) };
}

function isUsable(address: string): boolean {
  return URL.canParse(address) && isSecureEndpoint(new URL(address));
}

/**
 * One HTTP exchange with an identity provider: bounded in time and size, never redirected (a redirect would carry
 * tokens elsewhere), and with every failure as a value.
 */

import { parseJson } from '#base/json';
import { LeaseLost } from '#base/lease-lost';
import { isLoopbackHost } from '#base/loopback';
import { networkFault } from '#base/network-fault';
import { failure } from '#domain/provisioning/failures';
import type { ProviderFailure, ProviderResult } from '#domain/provisioning/provider';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { readJsonList } from '#infrastructure/http-client/json-list';
import { retryAfterSeconds } from '#infrastructure/http-client/retry-after';
import { type AnswerContext, secretsIn, withoutSecrets } from './redaction.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What the server knows of us, or gave, and could repeat without being sent it. What is sent is known anyway. */
  readonly secrets: readonly string[];
  /** What is asked for is a list, which may be long: it is read item by item, each of them redacted by itself. */
  readonly list?: true;
}

export interface HttpResponse {
  readonly status: number;
  /**
   * Undefined when there was no body, or it was not JSON. What is named a secret in it is a `Secret`, and no other text
   * holds one: see `redaction.ts`.
   */
  readonly body: unknown;
  /** Seconds, from `Retry-After`. */
  readonly after?: number;
}

const requestTimeoutMs = 15_000;
/** A long list takes a server longer. */
const listTimeoutMs = 60_000;
/** Bytes of an answer that are read; a client is a hundredth of it. */
export const maxBodyBytes = 1024 * 1024;
/** Megabytes of a list that are read: thirty thousand clients. */
const maxListMegabytes = 64;
/** Seconds; a longer `Retry-After` is taken for a day. */
const maxRetryAfter = 86_400;

/** https, or the machine itself (where tests and the demo live). */
export function isSecureEndpoint(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/**
 * Whether an address that a server announced may be asked: one of its own origin, or another name over https.
 * Never a bare IP address or this machine: a server that was taken over could have Greffier call addresses that only
 * Greffier can reach. Of a name, the certificate has to agree.
 *
 * @param source the address, chosen by the operator, of the server that announced it
 */
export function isTrustedEndpoint(url: URL, source: URL): boolean {
  if (url.origin === source.origin) return true;
  const bare = /^[\d.]+$/.test(url.hostname) || url.hostname.startsWith('[');
  return url.protocol === 'https:' && !bare && !isLoopback(url) && url.username === '' && url.password === '';
}

function isLoopback(url: URL): boolean {
  // The dot at the end of a full name (RFC 1034 §3.1) changes nothing to where it leads.
  return isLoopbackHost(url.hostname.replace(/\.$/, ''));
}

/**
 * Sends one request. Any answer is a success, whatever its status; only a lost answer is a failure, and it is worded
 * `answer-lost` when the request may have had an effect.
 */
export async function sendRequest(
  fetcher: Fetch,
  request: HttpRequest,
): Promise<ProviderResult<HttpResponse>> {
  const lost = (reason: string) =>
    failure(request.method === 'GET' ? 'unreachable' : 'answer-lost', {
      host: request.url.host,
      reason,
    });
  if (!isSecureEndpoint(request.url)) return failure('insecure-address', { url: request.url.origin });
  try {
    const response = await fetcher(request.url, {
      method: request.method,
      headers: { accept: 'application/json', 'user-agent': 'Greffier', ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(request.list === true ? listTimeoutMs : requestTimeoutMs),
    });
    const body = await (request.list === true ? readList : readOne)(response, request);
    // What was not read to its end says nothing: least of all that something is not in it.
    if ('failed' in body)
      return body.failed === 'list-too-long'
        ? failure('list-too-long', { host: request.url.host, megabytes: maxListMegabytes })
        : lost(body.failed);
    const after = retryAfterSeconds(response.headers.get('retry-after'), Date.now());
    return {
      ok: true,
      value: {
        status: response.status,
        body: body.read,
        ...(after === undefined ? {} : { after: Math.min(after, maxRetryAfter) }),
      },
    };
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const fault = networkFault(error);
    // Behind a certificate that is not believed, nothing was sent.
    if (fault?.startsWith('certificate-') === true || (fault !== undefined && request.method === 'GET'))
      return failure(fault, { host: request.url.host });
    return lost(fault ?? reasonOf(error));
  }
}

type ReadBody = { readonly read: unknown } | { readonly failed: 'too-long' | 'list-too-long' | 'cut-off' };

async function readOne(response: Response, request: HttpRequest): Promise<ReadBody> {
  const text = await readBoundedText(response.body, maxBodyBytes);
  if (text === undefined) return { failed: 'too-long' };
  return { read: withoutSecrets(parseJson(text), answerContext(request, response.ok)) };
}

async function readList(response: Response, request: HttpRequest): Promise<ReadBody> {
  const context = answerContext(request, response.ok);
  const items: unknown[] = [];
  const limits = { maxBytes: maxListMegabytes * 1024 * 1024, maxItemBytes: maxBodyBytes };
  const read = await readJsonList(response.body, limits, (text) => {
    const item = parseJson(text);
    items.push(withoutSecrets(item, context));
    return item !== undefined;
  });
  switch (read.kind) {
    case 'list':
      return { read: items };
    case 'other':
      return { read: withoutSecrets(parseJson(read.text), context) };
    case 'malformed':
      return { read: undefined };
    case 'too-long':
      return { failed: 'list-too-long' };
    case 'cut-off':
      return { failed: 'cut-off' };
  }
}

/** Headers that anyone may read; every other one is taken for a secret. */
const openHeaders = new Set(['accept', 'content-type', 'user-agent', 'x-timestamp']);

function answerContext(request: HttpRequest, isSuccess: boolean): AnswerContext {
  const sealed = Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    openHeaders.has(name.toLowerCase()) ? [] : [value.replace(/^(?:Bearer|Basic|DPoP) /i, '')],
  );
  const ofBody = secretsIn(parseJson(request.body ?? ''));
  const secrets = [...sealed, ...ofBody, ...request.secrets].filter((secret) => secret !== '');
  const sent = `${request.method} ${request.url.href}\n${request.body ?? ''}`;
  return {
    isError: !isSuccess,
    secrets,
    sent: secrets.reduce((text, one) => text.replaceAll(one, ' '), sent),
  };
}

/** The system's code (`ECONNRESET`…) where there is one: never the request, which may hold a token. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return error.name;
}

/** The statuses that mean "later" for any server. */
export function failureIfUnavailable(url: URL, response: HttpResponse): ProviderFailure | undefined {
  const values = { host: url.host, status: response.status };
  if (response.status === 429 || response.status === 503) return failure('too-busy', values, response.after);
  if (response.status >= 500) return failure('server-error', values, response.after);
  return undefined;
}

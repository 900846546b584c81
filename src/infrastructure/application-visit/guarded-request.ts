/**
 * One request to an application that a person named: to the very address that was looked at (the name is asked once, and
 * the connection made to the answer), never to a private one unless that was asked for, bounded in time and size, and
 * without following anything.
 */
import { lookup as lookUp } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import ipaddr from 'ipaddr.js';

/** Of a page; a sign-in page is a hundredth of it. */
export const maxPageBytes = 2_000_000;
const requestSeconds = 15;

export interface GuardedRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Guard {
  /** Whether addresses of this machine and of private networks may be asked. */
  readonly allowPrivate: boolean;
  /** Who says what a name means; the system when absent. */
  readonly resolve?: (hostname: string) => Promise<readonly { address: string; family: number }[]>;
  /** Trusted besides the usual authorities (PEM). */
  readonly ca?: string;
}

export interface PageAnswer {
  readonly url: URL;
  readonly status: number;
  readonly location?: string;
  readonly cookies: readonly string[];
  readonly isHtml: boolean;
  readonly text: string;
}

/** Why there is no answer: a sentence of `templates/try.*.json`, and its values. */
export interface VisitFailure {
  readonly message:
    | 'bad-address'
    | 'private-address'
    | 'not-resolved'
    | 'unreachable'
    | 'certificate'
    | 'too-long'
    | 'too-slow';
  readonly values: Readonly<Record<string, string | number>>;
}

export type Guarded<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & VisitFailure);

function failed(
  message: VisitFailure['message'],
  values: VisitFailure['values'],
): { ok: false } & VisitFailure {
  return { ok: false, message, values };
}

/** Of IPv6, all that IANA gives to networks of the Internet (« IPv6 Global Unicast Address Assignments »). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether anyone on the Internet has this address: everything else is some network's own (IANA's registries). */
function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(globalUnicast);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The address to connect to, once for all: what the name means a moment later counts for nothing. */
async function pinnedAddress(
  url: URL,
  { allowPrivate, resolve }: Guard,
): Promise<Guarded<{ address: string; family: number }>> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    const answers = ipaddr.isValid(host)
      ? [{ address: host, family: host.includes(':') ? 6 : 4 }]
      : await (resolve ?? ((name) => lookUp(name, { all: true })))(host);
    const hidden = allowPrivate ? undefined : answers.find(({ address }) => !isPublicAddress(address));
    if (hidden !== undefined) return failed('private-address', { host, address: hidden.address });
    const [first] = answers;
    return first === undefined
      ? failed('not-resolved', { host, reason: 'ENODATA' })
      : { ok: true, value: first };
  } catch (error) {
    return failed('not-resolved', { host, reason: codeOf(error) });
  }
}

/** Sends it, and reads the answer as text. Any status is an answer. */
export async function guardedRequest(wanted: GuardedRequest, guard: Guard): Promise<Guarded<PageAnswer>> {
  const { url, method = 'GET', headers = {}, body } = wanted;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return failed('bad-address', { url: url.href });
  const pinned = await pinnedAddress(url, guard);
  if (!pinned.ok) return pinned;
  const { address, family } = pinned.value;
  const lookup: LookupFunction = (_name, options, done) =>
    options.all === true ? done(null, [{ address, family }]) : done(null, address, family);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const outgoing = send(
      url,
      {
        method,
        lookup,
        agent: false,
        signal: AbortSignal.timeout(requestSeconds * 1000),
        ...(guard.ca === undefined ? {} : { ca: guard.ca }),
        headers: {
          accept: 'text/html,application/xhtml+xml,application/json;q=0.9',
          'accept-language': 'fr,en;q=0.5',
          'accept-encoding': 'identity',
          'user-agent': 'Mozilla/5.0 (compatible; Greffier try)',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxPageBytes) {
            resolve(failed('too-long', { url: url.href, bytes: maxPageBytes }));
            outgoing.destroy();
          } else chunks.push(chunk);
        });
        answer.on('error', (error) => resolve(failureOf(error, url)));
        answer.on('end', () => {
          const text = decoded(Buffer.concat(chunks), answer.headers['content-encoding']);
          if (text === undefined) return resolve(failed('too-long', { url: url.href, bytes: maxPageBytes }));
          const { location } = answer.headers;
          resolve({
            ok: true,
            value: {
              url,
              status: answer.statusCode ?? 0,
              ...(location === undefined ? {} : { location }),
              cookies: answer.headers['set-cookie'] ?? [],
              isHtml: /html/i.test(answer.headers['content-type'] ?? 'text/html'),
              text,
            },
          });
        });
      },
    );
    outgoing.on('error', (error) => resolve(failureOf(error, url)));
    outgoing.end(body);
  });
}

/** Some servers compress whatever one accepts. What unfolds beyond the limit is not read. */
function decoded(bytes: Buffer, encoding: string | undefined): string | undefined {
  const limit = { maxOutputLength: maxPageBytes };
  try {
    if (encoding === 'gzip') return gunzipSync(bytes, limit).toString('utf8');
    if (encoding === 'deflate') return inflateSync(bytes, limit).toString('utf8');
    if (encoding === 'br') return brotliDecompressSync(bytes, limit).toString('utf8');
    return bytes.toString('utf8');
  } catch {
    return undefined;
  }
}

function failureOf(error: Error, url: URL): { ok: false } & VisitFailure {
  const reason = codeOf(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return failed('too-slow', { url: url.href, seconds: requestSeconds });
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(reason))
    return failed('certificate', { host: url.host, reason });
  return failed('unreachable', { url: url.href, reason });
}

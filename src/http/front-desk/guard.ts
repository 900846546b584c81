/** What stands before every POST of the desk: how many, where from, how long. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { parseJson } from '#base/json';
import { BodyReader } from '#http/request-body';
import type { HttpEnv } from '#http/response';

/** Bytes. */
const maxFormBytes = 256 * 1024;
const perMinute = 30;
const minuteMs = 60_000;
/** Clients that are remembered: more at once, and the one that was heard of longest ago is forgotten. */
const maxClients = 20_000;

/** Lets each client do something thirty times in any minute. Each process counts for itself. */
export class RateLimit {
  /** When each client came, in the order in which they were last heard of. */
  readonly #times = new Map<string, number[]>();

  allows(client: string, now: number): boolean {
    const times = (this.#times.get(client) ?? []).filter((time) => now - time < minuteMs);
    const allowed = times.length < perMinute;
    if (allowed) times.push(now);
    this.#times.delete(client);
    this.#times.set(client, times);
    if (this.#times.size > maxClients) {
      const [oldest] = this.#times.keys();
      if (oldest !== undefined) this.#times.delete(oldest);
    }
    return allowed;
  }
}

/**
 * Who is counted: the address at the other end; when that is a proxy of the same machine or network, the last address of
 * `X-Forwarded-For`, which is the one that the proxy itself wrote. Of IPv6 the network, since a client has all of it.
 */
export function clientOf(request: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const peer = plainAddress(request.socket.remoteAddress ?? '');
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  const behindProxy = forwarded !== undefined && isIP(forwarded) !== 0 && isNear(peer);
  return network(behindProxy ? plainAddress(forwarded) : peer);
}

function plainAddress(address: string): string {
  return isIP(address) === 0 ? address : ipaddr.process(address).toString();
}

function isNear(address: string): boolean {
  if (isIP(address) === 0) return false;
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(
    ipaddr.process(address).range(),
  );
}

function network(address: string): string {
  return isIP(address) === 6 ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString() : address;
}

/** Browsers say with every POST which page it comes from: only the desk's own are listened to. */
export function isOwnOrigin(context: Context<HttpEnv>, origin: string): boolean {
  return (
    context.req.header('origin') === origin &&
    (context.req.header('sec-fetch-site') ?? 'same-origin') === 'same-origin'
  );
}

/** Of all forms together, however slowly they come: anybody may send one. */
const bodies = new BodyReader({ one: maxFormBytes, held: 16 * 1024 * 1024 });

/** `long`: there is more than may be. `busy`: too many forms are coming at once, and this one is the oldest. */
export type ReadForm =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly trouble: 'long' | 'busy' };

export async function readFormText(request: IncomingMessage): Promise<ReadForm> {
  const read = await bodies.read(request);
  if (!read.ok) return { ok: false, trouble: read.status === 413 ? 'long' : 'busy' };
  const text = read.body.toString('utf8');
  read.release();
  return { ok: true, text };
}

/** At most this many controls are read: the form has some fifty. */
const maxControls = 400;

/**
 * How a body is read, by its type: as browsers send forms, and JSON of the same names where programs ask.
 *
 * @returns undefined for another type; what it gives is undefined when the body is not what its type says
 */
export function formReader(
  type: string,
  jsonToo: boolean,
): ((text: string) => Readonly<Record<string, string>> | undefined) | undefined {
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return formValues;
  return jsonToo && /^application\/json\b/i.test(type) ? jsonValues : undefined;
}

/** A list is its items, one a line; what is no value of a form is left out. */
function jsonValues(text: string): Readonly<Record<string, string>> | undefined {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const values = Object.entries(parsed)
    .slice(0, maxControls)
    .flatMap(([name, value]): [string, string][] => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      return items.every((item) => ['string', 'number', 'boolean'].includes(typeof item))
        ? [[name, items.map(String).join('\n')]]
        : [];
    });
  return Object.fromEntries(values);
}

/** What a form sent, by the names of its controls; the last of several that share one. */
function formValues(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  // A box and its reason may share a name: the reason says more.
  for (const [name, value] of [...new URLSearchParams(text)].slice(0, maxControls))
    if (!(value === 'on' && (values[name] ?? '') !== '')) values[name] = value;
  return values;
}

/**
 * The addresses of a draft, each read once for all the rules that speak of it.
 *
 * When what stands there is not a URL but what was meant is certain (`app.gouv.fr/cb`), the other rules judge
 * what was meant, so that everything wrong is said at once.
 */
import type { Draft, Located } from '#domain/definition/parse/partial-definition';
import { type Fault, faultOf } from './fault.ts';
import { type Host, hostOf } from './host.ts';

export type List = 'login' | 'logout';

/** The parts of an http(s) URL that rules look at, in the form of the WHATWG URL Standard. */
export interface Parts {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  /** With its `?`; empty when there is none, or an empty one. */
  readonly search: string;
  readonly hash: string;
  readonly credentials: boolean;
  /** The URL under its canonical form, without user information. */
  readonly href: string;
  /** The same, but a bare domain stays one: adding its slash would hide that the path is missing. */
  readonly written: string;
}

export interface Address {
  readonly list: List;
  readonly pointer: string;
  /** As written. */
  readonly text: string;
  /** As written, without the password that it may hold: the only form to show. */
  readonly shown: string;
  /** Why it is not an http(s) URL, and what was meant. */
  readonly fault?: Fault;
  /** What stands there, or what was meant; absent when neither is known. */
  readonly url?: Parts;
  readonly host?: Host;
  /** Written in the canonical form, on an ordinary host: most rules have nothing to say of it. */
  readonly usual: boolean;
}

/** Characters that nobody sees have a rule of their own, on the text. */
const invisible = /[\p{Cf}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u;

/** Longer ones are refused for their length, and not looked at. */
const longest = 2048;

/** A URL in canonical form, without anything to say about its writing: the great majority. */
const plain =
  /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(:[1-9]\d{1,4})?(\/[A-Za-z0-9_~$&()+,=:@/-]*(?:\.[A-Za-z0-9_~$&()+,=:@-][A-Za-z0-9_~$&()+,=:@/-]*)*)(\?[A-Za-z0-9._~$&()+,=:@/?-]+)?$/;

function plainParts(text: string): Parts | undefined {
  const match = plain.exec(text);
  // A second `://` is often a second URL, which the plain form would take for a path.
  if (match === null || text.includes('/.') || text.includes('xn--') || text.includes('://', 8))
    return undefined;
  const [, hostname = '', port = '', pathname = '/', search = ''] = match;
  if (port !== '' && (port === ':443' || Number(port.slice(1)) > 65_535)) return undefined;
  return {
    secure: true,
    hostname,
    port: port.slice(1),
    pathname,
    search,
    hash: '',
    credentials: false,
    href: text,
    written: text,
  };
}

/** Nothing but a host, with or without a scheme, and no slash to end it. */
export function isBareDomain(text: string): boolean {
  return /^\s*(?:[a-z]+:[\\/]*)?[^/?#\\]+$/i.test(text);
}

/** The parts of an http(s) URL; undefined when the WHATWG URL Standard does not read it, or as something else. */
export function partsOf(text: string): Parts | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  const credentials = url.username !== '' || url.password !== '';
  url.username = '';
  url.password = '';
  // A final dot means the same host to DNS, and another one to browsers and to an exact comparison.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const { hostname, port, pathname, search, hash, href } = url;
  const secure = url.protocol === 'https:';
  const written = isBareDomain(text) ? href.replace(/\/$/, '') : href;
  return { secure, hostname, port, pathname, search, hash, credentials, href, written };
}

function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(/(\/\/)[^/?#\s]*@/, '$1…@') : text;
}

function addressOf({ value, pointer }: Located<string>, list: List, draft: Draft): Address | undefined {
  const fast = value.length > longest ? undefined : plainParts(value);
  if (fast !== undefined) {
    const host = hostOf(fast.hostname);
    // A `$` may start a variable that nobody replaced.
    const usual = host.kind === 'ordinary' && !value.includes('$');
    return { list, pointer, text: value, shown: value, url: fast, host, usual };
  }
  if (value === '' || value.length > longest || invisible.test(value)) return undefined;
  const shown = withoutCredentials(value);
  const fault = faultOf(value, draft.environment);
  const url =
    fault === undefined ? partsOf(value) : fault.meant === undefined ? undefined : partsOf(fault.meant);
  return {
    list,
    pointer,
    text: value,
    shown,
    ...(fault === undefined ? {} : { fault }),
    ...(url === undefined ? {} : { url, host: hostOf(url.hostname) }),
    usual: false,
  };
}

interface Known {
  readonly draft: Draft;
  readonly all: readonly Address[];
  readonly unusual: readonly Address[];
}

/** Of the draft that was asked about last: rules look at one draft after the other. */
let known: Known | undefined;

function knownOf(draft: Draft): Known {
  if (known?.draft === draft) return known;
  const all = allOf(draft);
  known = { draft, all, unusual: all.filter(({ usual }) => !usual) };
  return known;
}

/** Every address of the draft, login ones first. */
export function addressesOf(draft: Draft): readonly Address[] {
  return knownOf(draft).all;
}

/** Those that are not `usual`: none in nearly every definition. */
export function unusualAddressesOf(draft: Draft): readonly Address[] {
  return knownOf(draft).unusual;
}

/** Whether any address is not `usual`. */
export function hasUnusual(draft: Draft): boolean {
  return knownOf(draft).unusual.length > 0;
}

function allOf(draft: Draft): readonly Address[] {
  const addresses: Address[] = [];
  for (const uri of draft.redirectUris) {
    const address = addressOf(uri, 'login', draft);
    if (address !== undefined) addresses.push(address);
  }
  for (const uri of draft.postLogoutRedirectUris) {
    const address = addressOf(uri, 'logout', draft);
    if (address !== undefined) addresses.push(address);
  }
  return addresses;
}

/** Browsers of this machine only: `http` is accepted there in integration. */
export function isLoopback(address: Address): boolean {
  return address.host?.kind === 'loopback';
}

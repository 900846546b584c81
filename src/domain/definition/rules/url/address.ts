/**
 * The addresses of a partial definition, each read once for all the rules on it.
 *
 * When what stands there is not a URL but what was meant is certain (`app.gouv.fr/cb`), the other rules check
 * what was meant, so that everything wrong is reported at once.
 */
import type { Located, PartialDefinition } from '#domain/definition/parse/partial-definition';
import { type UrlFault, urlFaultOf } from './fault.ts';
import { type ClassifiedHost, classifyHost } from './host.ts';
import { withoutNeedlessEncoding } from './percent.ts';
import { isRewriter } from './rewritten.ts';

export type UriList = 'login' | 'logout';

/** The parts of an http(s) URL that rules look at, in the form of the WHATWG URL Standard. */
export interface UrlParts {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  /** With its `?`; empty when there is none, or an empty one. */
  readonly search: string;
  readonly hash: string;
  readonly credentials: boolean;
  /** The URL under its canonical form, without user information, and without needless encoding. */
  readonly href: string;
  /** The same, but a bare domain stays one: adding its slash would hide that the path is missing. */
  readonly written: string;
}

export interface UrlAddress {
  readonly list: UriList;
  readonly pointer: string;
  /** As written. */
  readonly text: string;
  /** As written, without the password that it may hold: the only form to show. */
  readonly shown: string;
  /** Why it is not an http(s) URL, and what was meant. */
  readonly fault?: UrlFault;
  /** What stands there, or what was meant; absent when neither is known. */
  readonly url?: UrlParts;
  readonly host?: ClassifiedHost;
  /** Written in the canonical form, on an ordinary host: most rules have nothing to report of it. */
  readonly usual: boolean;
}

/** Characters that nobody sees have a rule of their own, on the text. */
const invisible = /[\p{Cf}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u;

/** Longer ones are refused for their length, and not looked at. */
const maxLength = 2048;

/** A URL in canonical form, without anything wrong with its writing: the great majority. */
const plain =
  /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(:[1-9]\d{1,4})?(\/[A-Za-z0-9_~$&()+,=:@/-]*(?:\.[A-Za-z0-9_~$&()+,=:@-][A-Za-z0-9_~$&()+,=:@/-]*)*)(\?[A-Za-z0-9._~$&()+,=:@/?-]+)?$/;

/** What may be more than a URL: a pattern (`/:id`), a hidden folder, a second URL, a domain with accents. */
const more = /\/[.:]|xn--|:\/\/(?<!^https:\/\/)/;
const sentenceEnd = /[.,:)]$/;
const longLabel = /[^.]{64}/;
/** What an answer of ProConnect has in its query (OpenID Connect Core 1.0 §3.1.2.5 and §3.1.2.6). */
const answerParameter = /[?&](?:code|state|error|error_description|iss|session_state|id_token)=/;

function plainParts(text: string): UrlParts | undefined {
  const match = plain.exec(text);
  // What may be more than a URL, or end with a sentence, is left to the careful reading.
  if (match === null || more.test(text) || sentenceEnd.test(text)) return undefined;
  const hostname = match[1] ?? '';
  const port = match[2] ?? '';
  const pathname = match[3] ?? '/';
  const search = match[4] ?? '';
  if (hostname.length > 63 && longLabel.test(hostname)) return undefined;
  if (search !== '' && answerParameter.test(search)) return undefined;
  if ((search !== '' || hostname.includes('safelinks')) && isRewriter(hostname)) return undefined;
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
export function parseUrl(text: string): UrlParts | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  const credentials = url.username !== '' || url.password !== '';
  url.username = '';
  url.password = '';
  // A final dot means the same host to DNS, and another one to browsers and to an exact comparison.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const { hostname, port, hash } = url;
  const secure = url.protocol === 'https:';
  const [pathname, search, href] = [url.pathname, url.search, url.href].map(withoutNeedlessEncoding) as [
    string,
    string,
    string,
  ];
  const written = isBareDomain(text) ? href.replace(/\/$/, '') : href;
  return { secure, hostname, port, pathname, search, hash, credentials, href, written };
}

function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(/(\/\/)[^/?#\s]*@/, '$1…@') : text;
}

function addressOf(
  { value, pointer }: Located<string>,
  list: UriList,
  partial: PartialDefinition,
): UrlAddress | undefined {
  const fast = value.length > maxLength ? undefined : plainParts(value);
  if (fast !== undefined) {
    const host = classifyHost(fast.hostname);
    // A `$` may start a variable that nobody replaced.
    const usual = host.kind === 'ordinary' && !value.includes('$');
    return { list, pointer, text: value, shown: value, url: fast, host, usual };
  }
  if (value === '' || value.length > maxLength || invisible.test(value)) return undefined;
  const shown = withoutCredentials(value);
  const fault = urlFaultOf(value, partial.environment);
  const url =
    fault === undefined ? parseUrl(value) : fault.meant === undefined ? undefined : parseUrl(fault.meant);
  return {
    list,
    pointer,
    text: value,
    shown,
    ...(fault === undefined ? {} : { fault }),
    ...(url === undefined ? {} : { url, host: classifyHost(url.hostname) }),
    usual: false,
  };
}

interface Known {
  readonly partial: PartialDefinition;
  readonly all: readonly UrlAddress[];
  readonly unusual: readonly UrlAddress[];
}

/** Of the partial definition that was read last: rules read one after the other. */
let known: Known | undefined;

function knownOf(partial: PartialDefinition): Known {
  if (known?.partial === partial) return known;
  const all = allOf(partial);
  known = { partial, all, unusual: all.filter(({ usual }) => !usual) };
  return known;
}

/** Every address of the partial definition, login ones first. */
export function addressesOf(partial: PartialDefinition): readonly UrlAddress[] {
  return knownOf(partial).all;
}

/** Those that are not `usual`: none in nearly every definition. */
export function unusualAddressesOf(partial: PartialDefinition): readonly UrlAddress[] {
  return knownOf(partial).unusual;
}

/** Whether any address is not `usual`. */
export function hasUnusualAddress(partial: PartialDefinition): boolean {
  return knownOf(partial).unusual.length > 0;
}

function allOf(partial: PartialDefinition): readonly UrlAddress[] {
  const addresses: UrlAddress[] = [];
  for (const uri of partial.redirectUris) {
    const address = addressOf(uri, 'login', partial);
    if (address !== undefined) addresses.push(address);
  }
  for (const uri of partial.postLogoutRedirectUris) {
    const address = addressOf(uri, 'logout', partial);
    if (address !== undefined) addresses.push(address);
  }
  return addresses;
}

/** Browsers of this machine only: `http` is accepted there in integration. */
export function isLoopbackAddress(address: UrlAddress): boolean {
  return address.host?.kind === 'loopback';
}

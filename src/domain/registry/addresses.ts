/** Hosts of redirect addresses, as the registry compares them. */
import { getDomain } from 'tldts';

/** The host of a web address, lower case and in punycode, without its port; undefined when there is none. */
export function hostOfUrl(address: string): string | undefined {
  // Parsing costs as much as reading the rest of a file: an ordinary host is taken as it stands.
  const simple = ordinaryHost(address);
  if (simple !== undefined) return simple;
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  return url.hostname === '' ? undefined : url.hostname;
}

const port = /^:\d{1,5}(?:[/?#]|$)/;

/** The host of an address of lower-case letters, digits, dots and hyphens, up to its path; undefined for others. */
function ordinaryHost(address: string): string | undefined {
  const start = address.startsWith('https://') ? 8 : address.startsWith('http://') ? 7 : -1;
  if (start === -1) return undefined;
  let end = start;
  let code = address.charCodeAt(end);
  while ((code >= 97 && code <= 122) || (code >= 45 && code <= 57 && code !== 47))
    code = address.charCodeAt(++end);
  const last = address.charCodeAt(end - 1);
  // A port, the path, the query or the fragment follows, or nothing.
  if (end < address.length && code !== 47 && code !== 63 && code !== 35 && !port.test(address.slice(end)))
    return undefined;
  if (end === start || last < 97 || last > 122) return undefined;
  const host = address.slice(start, end);
  return host.includes('xn--') ? undefined : host;
}

/**
 * The part of a host that someone registered, by the public suffix list with its private section (one tenant of a
 * shared host is not another); the host itself where there is no such part (an IP address, an inner name).
 */
export function registrableDomain(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}

/** Hosts of redirect addresses, as the registry compares them. */
import { getDomain } from 'tldts';

/** The host of a web address, lower case and in punycode, without its port; undefined when there is none. */
export function hostOf(address: string): string | undefined {
  const simple = /^https?:\/\/([a-z0-9.-]+)(?::\d{1,5})?(?:[/?#]|$)/.exec(address)?.[1];
  // Parsing costs as much as reading the rest of a file: an ordinary host is taken as it stands.
  if (simple !== undefined && /[a-z]$/.test(simple) && !simple.includes('xn--')) return simple;
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  return url.hostname === '' ? undefined : url.hostname;
}

/** This machine: `localhost`, what ends in `.localhost` (RFC 6761 §6.3), 127.0.0.0/8 and `[::1]`. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  );
}

/**
 * The part of a host that someone registered, by the public suffix list with its private section (one tenant of a
 * shared host is not another); the host itself where there is no such part (an IP address, an inner name).
 */
export function registrableDomain(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}

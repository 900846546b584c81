/** What names this machine itself, whichever machine that is. Pure. */

/** The name, which names below it share (RFC 6761 §6.3). */
export const loopbackName = 'localhost';

/** The addresses, in CIDR notation (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export const loopbackNetworks = ['127.0.0.0/8', '::1'] as const;

/**
 * Whether a host is this machine: `localhost`, what ends in `.localhost`, 127.0.0.0/8 and `[::1]`.
 *
 * @param host as the WHATWG URL Standard writes it: lower case, IPv4 in four decimal parts, IPv6 short and in brackets
 */
export function isLoopbackHost(host: string): boolean {
  return (
    host === loopbackName ||
    host.endsWith(`.${loopbackName}`) ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  );
}

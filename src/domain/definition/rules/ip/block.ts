/** Strict reading of IP addresses and CIDR blocks (RFC 4632, RFC 4291), and the ranges that rules know. */
import ipaddr from 'ipaddr.js';
import { loopbackNetworks } from '#base/loopback';

/** An address (the widest prefix) or a block. */
export interface Block {
  readonly kind: 'ipv4' | 'ipv6';
  /** Bytes of the address as written, host bits included. */
  readonly bytes: readonly number[];
  readonly prefix: number;
  readonly text: string;
}

const ipv6 = /^[0-9a-f:]+(?::\d+\.\d+\.\d+\.\d+)?$/i;

/** The four bytes of an address in decimal, without leading zeros; undefined for anything else. */
function ipv4Bytes(address: string): readonly number[] | undefined {
  const bytes: number[] = [];
  let byte = -1;
  for (let at = 0; at < address.length; at += 1) {
    const digit = address.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      if (byte === 0) return undefined;
      byte = byte === -1 ? digit : byte * 10 + digit;
      if (byte > 255) return undefined;
    } else if (digit === -2 && byte !== -1) {
      bytes.push(byte);
      byte = -1;
    } else return undefined;
  }
  bytes.push(byte);
  return byte !== -1 && bytes.length === 4 ? bytes : undefined;
}

function bytesOf(address: string): { kind: Block['kind']; bytes: readonly number[] } | undefined {
  const bytes = ipv4Bytes(address);
  if (bytes !== undefined) return { kind: 'ipv4', bytes };
  // ipaddr.js also reads zones, octal and shortened IPv4: only what the pattern lets through is handed to it.
  if (!address.includes(':') || !ipv6.test(address) || !ipaddr.IPv6.isValid(address)) return undefined;
  return { kind: 'ipv6', bytes: ipaddr.IPv6.parse(address).toByteArray() };
}

/** Reads an address or a CIDR block; undefined when it is neither, in the plain decimal form. */
export function blockOf(text: string): Block | undefined {
  const slash = text.indexOf('/');
  const read = bytesOf(slash < 0 ? text : text.slice(0, slash));
  if (read === undefined) return undefined;
  const width = read.bytes.length * 8;
  if (slash < 0) return { ...read, prefix: width, text };
  const mask = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(mask) || Number(mask) > width) return undefined;
  return { ...read, prefix: Number(mask), text };
}

/** The bytes with the bits beyond the prefix cleared. */
function networkBytes(block: Block): number[] {
  return block.bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, block.prefix - index * 8));
    return byte & (0xff << (8 - kept));
  });
}

export function hasHostBits(block: Block): boolean {
  if (block.prefix === block.bytes.length * 8) return false;
  return networkBytes(block).some((byte, index) => byte !== block.bytes[index]);
}

/** The block that holds the addresses from `first` to `last` (IPv4) and no other; undefined when none does. */
export function sameBlock(first: string, last: string): string | undefined {
  const [from, to] = [blockOf(first), blockOf(last)];
  if (from?.kind !== 'ipv4' || to?.kind !== 'ipv4') return undefined;
  const number = (block: Block) => block.bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const count = number(to) - number(from) + 1;
  const bits = Math.log2(count);
  return count > 0 && Number.isInteger(bits) && number(from) % count === 0
    ? `${first}/${32 - bits}`
    : undefined;
}

/** More lines than this are not proposed. */
const maxProposed = 12;

/**
 * What says the same as the addresses from `first` to `last` (IPv4): each of them when they are few, else the blocks that
 * hold them and no other; undefined when that would be too many lines.
 */
export function linesOfRange(
  first: string,
  last: string,
): { readonly kind: 'addresses' | 'blocks'; readonly items: readonly string[] } | undefined {
  const [from, to] = [numberOf(first), numberOf(last)];
  if (from === undefined || to === undefined || to <= from) return undefined;
  const addresses = to - from < maxProposed;
  const items: string[] = [];
  for (let at = from; at <= to; ) {
    if (items.length === maxProposed) return undefined;
    let size = 1;
    while (!addresses && at % (size * 2) === 0 && at + size * 2 - 1 <= to) size *= 2;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(at / 2 ** shift) % 256);
    items.push(`${bytes.join('.')}${size === 1 ? '' : `/${32 - Math.log2(size)}`}`);
    at += size;
  }
  return { kind: addresses ? 'addresses' : 'blocks', items };
}

/** An IPv4 address as a number. */
function numberOf(address: string): number | undefined {
  return ipv4Bytes(address)?.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The block that a network administrator would write: `10.1.2.3/24` becomes `10.1.2.0/24`. */
export function networkOf(block: Block): string {
  const address = ipaddr.fromByteArray(networkBytes(block)).toString();
  return `${address}/${block.prefix}`;
}

/** Every address of `inner` is one of `outer`. */
export function contains(outer: Block, inner: Block): boolean {
  if (outer.kind !== inner.kind || outer.prefix > inner.prefix) return false;
  for (let index = 0, left = outer.prefix; left > 0; index += 1, left -= 8) {
    const mask = left >= 8 ? 0xff : 0xff << (8 - left);
    if ((((outer.bytes[index] ?? 0) ^ (inner.bytes[index] ?? 0)) & mask & 0xff) !== 0) return false;
  }
  return true;
}

export function overlaps(one: Block, other: Block): boolean {
  return contains(one, other) || contains(other, one);
}

function blocks(...texts: readonly string[]): readonly Block[] {
  return texts.flatMap((text) => blockOf(text) ?? []);
}

/** ProConnect's own addresses (ProConnect, « Référentiel des adresses IP »). */
export const proconnectAddresses = blocks(
  '145.242.17.167',
  '185.24.185.30',
  '145.242.17.174',
  '185.24.185.31',
  '100.67.22.39',
  '100.67.23.118',
  '100.67.22.110',
  '100.67.23.114',
);

/** Addresses that stand in examples everywhere: public name servers. */
export const sampleAddresses = blocks(
  '1.1.1.1',
  '1.0.0.1',
  '1.2.3.4',
  '8.8.8.8',
  '8.8.4.4',
  '9.9.9.9',
  '208.67.222.222',
);

export const loopbackBlocks = blocks(...loopbackNetworks);
/** Kept for documentation (RFC 5737, RFC 3849, RFC 9637). */
export const documentationBlocks = blocks(
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '3fff::/20',
);
/** "This network", link-local, multicast, future use and broadcast (RFC 6890): nothing calls from there. */
export const unusableBlocks = blocks(
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::',
  'fe80::/10',
  'ff00::/8',
  '100::/64',
);
/** What networks of the State use on the RIE: private space, and the shared space of RFC 6598. */
export const rieBlocks = blocks('10.0.0.0/8', '172.16.0.0/12', '100.64.0.0/10', 'fc00::/7');
/** Private, and reused inside nearly every building. */
export const officeBlocks = blocks('192.168.0.0/16');

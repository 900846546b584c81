/**
 * Keys under which definitions meet: two that have a key in common claim the same thing.
 *
 * A key is kept as a 32-bit number, so that the index of a large registry stays small. Different keys may share a
 * number: whoever finds a meeting compares the claims themselves.
 */
import { placeOf } from '../definition/cell.ts';
import { hostOf, isLoopback } from './addresses.ts';
import type { Claims } from './claims.ts';
import { nameKey, skeletonKey } from './likeness.ts';

/** What can be met over; addresses, names and looks within a cell, hosts and DataPass across all of them. */
export const meetingKinds = ['uri', 'host', 'name', 'look', 'datapass'] as const;
export type MeetingKind = (typeof meetingKinds)[number];

/** `net` and `env` in two bits; 0 where the cell does not matter. */
function cellMark(path: string): number {
  const place = placeOf(path);
  if (place === undefined) return 0;
  return 1 + (place.network === 'rie' ? 2 : 0) + (place.environment === 'production' ? 1 : 0);
}

/** FNV-1a over UTF-16 code units, with a last mix so that the kind can take the low bits. */
export function meetingNumber(kind: MeetingKind, path: string, key: string): number {
  const within = kind === 'host' || kind === 'datapass' ? 0 : cellMark(path);
  let mixed = Math.imul(0x811c9dc5 ^ within, 0x01000193);
  for (let at = 0; at < key.length; at += 1) mixed = Math.imul(mixed ^ key.charCodeAt(at), 0x01000193);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  mixed ^= mixed >>> 13;
  return (mixed << 3) | meetingKinds.indexOf(kind);
}

/** The kind of a number that `meetingNumber` made. */
export function kindOfNumber(number: number): MeetingKind | undefined {
  return meetingKinds[number & 7];
}

/** Redirect addresses that lead to this machine belong to nobody. */
export function isShared(uri: string): boolean {
  const host = hostOf(uri);
  return host === undefined || isLoopback(host);
}

/** The addresses that only one definition of a cell may have, without repetition. */
export function claimedUris(claims: Claims): readonly string[] {
  const uris = claims.redirectUris.filter((uri) => uri !== null && !isShared(uri));
  return [...new Set(uris)] as string[];
}

/** The hosts that sign-ins are sent back to, without repetition. */
export function claimedHosts(claims: Claims): readonly string[] {
  const hosts = new Set<string>();
  for (const uri of claims.redirectUris) {
    const host = uri === null ? undefined : hostOf(uri);
    if (host !== undefined && !isLoopback(host)) hosts.add(host);
  }
  return [...hosts];
}

/** Everything that a definition can be met over. */
export function* keysOf(claims: Claims): Generator<readonly [MeetingKind, string]> {
  for (const uri of claimedUris(claims)) yield ['uri', uri];
  for (const host of claimedHosts(claims)) yield ['host', host];
  if (claims.name !== undefined) {
    yield ['name', nameKey(claims.name)];
    const look = skeletonKey(claims.name);
    if (look !== '') yield ['look', look];
  }
  if (claims.datapass !== undefined) yield ['datapass', claims.datapass];
}

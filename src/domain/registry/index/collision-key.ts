/**
 * Keys under which definitions meet: two that have a key in common claim the same thing.
 *
 * A key is kept as a 32-bit number, so that the index of a large registry stays small. Different keys may share a
 * number: whoever finds a meeting compares the claims themselves.
 */
import { placeOf } from '#domain/definition/cell';
import { hostOf, isLoopback } from '#domain/registry/addresses';
import type { Claims } from '#domain/registry/claims';
import { nameKey, skeletonKey } from '#domain/registry/name-similarity';

/** What can be met over; addresses, names and looks within a cell, hosts and DataPass across all of them. */
export const meetingKinds = ['uri', 'host', 'name', 'look', 'datapass'] as const;
export type MeetingKind = (typeof meetingKinds)[number];

/** The cell of a path as a small number; 0 for a path that no definition can have. */
export function cellMark(path: string): number {
  const place = placeOf(path);
  if (place === undefined) return 0;
  return 1 + (place.network === 'rie' ? 2 : 0) + (place.environment === 'production' ? 1 : 0);
}

/** FNV-1a over UTF-16 code units, with a last mix so that all bits are worth the same; 32 bits. */
export function keyHash(seed: number, key: string): number {
  let mixed = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  for (let at = 0; at < key.length; at += 1) mixed = Math.imul(mixed ^ key.charCodeAt(at), 0x01000193);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

/**
 * The hash under which definitions meet over a key.
 *
 * @param cell of `cellMark`; without effect on hosts and DataPass, which are met across cells.
 */
export function meetingHash(kind: MeetingKind, cell: number, key: string): number {
  return keyHash(kind === 'host' || kind === 'datapass' ? 0 : cell, key);
}

/** The same with its kind in the lowest bits. */
export function meetingNumber(kind: MeetingKind, cell: number, key: string): number {
  return (meetingHash(kind, cell, key) << 3) | meetingKinds.indexOf(kind);
}

/** The kind of a number that `meetingNumber` made. */
export function kindOfNumber(number: number): MeetingKind | undefined {
  return meetingKinds[number & 7];
}

/** Everything that a definition can be met over, each thing once. */
export interface Keys {
  /** Redirect addresses that only one definition of a cell may have: those that do not lead to this machine. */
  readonly uri: readonly string[];
  /** The hosts of these addresses. */
  readonly host: readonly string[];
  readonly name: readonly string[];
  readonly look: readonly string[];
  readonly datapass: readonly string[];
}

const none: readonly string[] = [];

export function keysOf({ redirectUris, name, datapass }: Claims): Keys {
  const uri: string[] = [];
  const host: string[] = [];
  for (const one of redirectUris) {
    const its = one === null ? undefined : hostOf(one);
    if (one === null || its === undefined || isLoopback(its)) continue;
    if (!uri.includes(one)) uri.push(one);
    if (!host.includes(its)) host.push(its);
  }
  const look = name === undefined ? '' : skeletonKey(name);
  return {
    uri,
    host,
    name: name === undefined ? none : [nameKey(name)],
    look: look === '' ? none : [look],
    datapass: datapass === undefined ? none : [datapass],
  };
}

/** The numbers of all keys of a definition. */
export function numbersOf(keys: Keys, cell: number): readonly number[] {
  const numbers: number[] = [];
  for (const kind of meetingKinds) for (const key of keys[kind]) numbers.push(meetingNumber(kind, cell, key));
  return numbers;
}

/** The algorithms and scopes as a number. */
export function traitsOf({ idTokenAlgorithm = '', userinfoAlgorithm = '', scopes }: Claims): number {
  const sorted = scopes.length > 1 ? [...scopes].sort() : scopes;
  return keyHash(0, `${idTokenAlgorithm} ${userinfoAlgorithm} ${sorted.join(' ')}`);
}

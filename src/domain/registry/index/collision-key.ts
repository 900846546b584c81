/**
 * Exists only for speed, and for memory: the claims themselves would do as keys.
 *
 * Keys under which definitions collide: two that have a key in common claim the same thing.
 *
 * A key is kept as a 32-bit number, so that the index of a large registry stays small. Different keys may share a
 * number: whoever finds two in one bucket compares the claims themselves.
 */

import { isLoopbackHost } from '#base/loopback';
import { placeFromPath } from '#domain/definition/cell';
import { placeOf } from '#domain/definition/rules/judging';
import { hostOfUrl } from '#domain/registry/addresses';
import type { Claims } from '#domain/registry/claims';
import { nameKey, skeletonKey } from '#domain/registry/name-similarity';

/** What definitions can have in common: addresses, names and skeletons within a cell, hosts and DataPass across cells. */
export const collisionKinds = ['uri', 'host', 'name', 'skeleton', 'datapass'] as const;
export type CollisionKind = (typeof collisionKinds)[number];

/** The cell of a path as a small number; 0 for a path that no definition can have. */
export function cellNumber(path: string): number {
  const place = placeFromPath(path);
  if (place === undefined) return 0;
  return 1 + (place.network === 'rie' ? 2 : 0) + (place.environment === 'production' ? 1 : 0);
}

/**
 * FNV-1a over UTF-16 code units, two at a time (nearly all are of one byte), with a last mix so that all bits are worth the
 * same; 32 bits.
 */
export function hashOf(seed: number, key: string): number {
  let mixed = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  const even = key.length & ~1;
  for (let at = 0; at < even; at += 2)
    mixed = Math.imul(mixed ^ key.charCodeAt(at) ^ (key.charCodeAt(at + 1) << 8), 0x01000193);
  if (even < key.length) mixed = Math.imul(mixed ^ key.charCodeAt(even), 0x01000193);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

/**
 * The hash of a key.
 *
 * @param cell of `cellNumber`; without effect on hosts and DataPass, which are compared across cells.
 */
export function collisionHash(kind: CollisionKind, cell: number, key: string): number {
  return hashOf(kind === 'host' || kind === 'datapass' ? 0 : cell, key);
}

/** The hash with its kind in the lowest bits: the bucket of an index. */
export function bucketNumber(kind: CollisionKind, cell: number, key: string): number {
  return (collisionHash(kind, cell, key) << 3) | collisionKinds.indexOf(kind);
}

/** The kind of a number that `bucketNumber` made. */
export function kindOfBucket(number: number): CollisionKind | undefined {
  return collisionKinds[number & 7];
}

/** Everything over which a definition can collide with others, each key once. */
export interface CollisionKeys {
  /** Redirect addresses that only one definition of a cell may have: those that do not lead to this machine. */
  readonly uri: readonly string[];
  /** The hosts of these addresses. */
  readonly host: readonly string[];
  readonly name: readonly string[];
  readonly skeleton: readonly string[];
  readonly datapass: readonly string[];
  /** Why there are none, when Greffier failed to tell them: such a definition is looked at whatever it claims. */
  readonly unread?: string;
}

const none: readonly string[] = [];

/** Never throws: an index of a whole registry is not to fail for one of its definitions. */
export function collisionKeysOf(claims: Claims): CollisionKeys {
  const unread = (why: string) => ({
    uri: none,
    host: none,
    name: none,
    skeleton: none,
    datapass: none,
    unread: why,
  });
  if (claims.unread !== undefined) return unread(claims.unread);
  try {
    return readKeys(claims);
  } catch (problem) {
    return unread(placeOf(problem));
  }
}

function readKeys({ redirectUris, name, datapass }: Claims): CollisionKeys {
  const uri: string[] = [];
  const host: string[] = [];
  for (const redirectUri of redirectUris) {
    const hostname = redirectUri === null ? undefined : hostOfUrl(redirectUri);
    if (redirectUri === null || hostname === undefined || isLoopbackHost(hostname)) continue;
    if (!uri.includes(redirectUri)) uri.push(redirectUri);
    if (!host.includes(hostname)) host.push(hostname);
  }
  const skeleton = name === undefined ? '' : skeletonKey(name);
  return {
    uri,
    host,
    name: name === undefined ? none : [nameKey(name)],
    skeleton: skeleton === '' ? none : [skeleton],
    datapass: datapass === undefined ? none : [datapass],
  };
}

/** The numbers of all keys of a definition. */
export function bucketNumbersOf(keys: CollisionKeys, cell: number): readonly number[] {
  const numbers: number[] = [];
  for (const kind of collisionKinds)
    for (const key of keys[kind]) numbers.push(bucketNumber(kind, cell, key));
  return numbers;
}

/** The algorithms and scopes as a number. */
export function scopesAndAlgorithmsHash({
  idTokenAlgorithm = '',
  userinfoAlgorithm = '',
  scopes,
}: Claims): number {
  const sorted = scopes.length > 1 ? [...scopes].sort() : scopes;
  return hashOf(0, `${idTokenAlgorithm} ${userinfoAlgorithm} ${sorted.join(' ')}`);
}

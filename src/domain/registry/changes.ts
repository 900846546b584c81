/** What a pull request or a push does to definitions, one by one. */
import { hostOfUrl } from './addresses.ts';
import { sirenOf } from './claims.ts';
import type { Entry } from './registry.ts';

/** Plain JSON. `path` is where the definition stands after the change, or stood when it is removed. */
export type Change =
  | { readonly kind: 'added'; readonly path: string; readonly after: Entry }
  | { readonly kind: 'modified'; readonly path: string; readonly before: Entry; readonly after: Entry }
  | { readonly kind: 'removed'; readonly path: string; readonly before: Entry }
  | {
      /** A new path is a new client: the one at `from` is removed, one at `path` is created. */
      readonly kind: 'renamed';
      readonly path: string;
      readonly from: string;
      readonly before: Entry;
      readonly after: Entry;
    };

/** Two definitions are one under two paths when they have at least this share of their values in common. */
const minSimilarity = 0.5;

/**
 * Compares two states, or only the files that are known to differ between them.
 *
 * A definition that is gone and one that is new are a rename when they are the same blob, or when they are of the
 * same organization and say mostly the same.
 *
 * @returns sorted by path; definitions that did not change are left out.
 */
export function changesBetween(before: Iterable<Entry>, after: Iterable<Entry>): readonly Change[] {
  const removed = new Map(Array.from(before, (entry) => [entry.path, entry]));
  const added: Entry[] = [];
  const changes: Change[] = [];
  for (const entry of after) {
    const old = removed.get(entry.path);
    removed.delete(entry.path);
    if (old === undefined) added.push(entry);
    else if (!isSameText(old, entry))
      changes.push({ kind: 'modified', path: entry.path, before: old, after: entry });
  }
  const renamed = new Map(
    renames([...removed.values()], added).map((pair) => [pair.after.path, pair.before]),
  );
  for (const entry of added) {
    const from = renamed.get(entry.path);
    if (from === undefined) {
      changes.push({ kind: 'added', path: entry.path, after: entry });
    } else {
      removed.delete(from.path);
      changes.push({ kind: 'renamed', path: entry.path, from: from.path, before: from, after: entry });
    }
  }
  for (const entry of removed.values()) changes.push({ kind: 'removed', path: entry.path, before: entry });
  return changes.sort((a, b) => comparePaths(a.path, b.path));
}

/** Blob ids where both are known; else what could be read of the two. */
function isSameText(one: Entry, other: Entry): boolean {
  if (one.blob !== '' && other.blob !== '') return one.blob === other.blob;
  return JSON.stringify([one.partial, one.definition]) === JSON.stringify([other.partial, other.definition]);
}

interface RenamePair {
  readonly before: Entry;
  readonly after: Entry;
  /** From 0 to 1; 2 for the same text. */
  readonly similarity: number;
}

/** Comparing every pair of more than this would take minutes; only identical texts are then found. */
const maxPairs = 250_000;

/** The most similar first; each side is used once. */
function renames(removed: readonly Entry[], added: readonly Entry[]): readonly RenamePair[] {
  const used = new Set<Entry>();
  const take = (pairs: readonly RenamePair[]): readonly RenamePair[] =>
    pairs.filter(({ before, after }) => {
      if (used.has(before) || used.has(after)) return false;
      used.add(before).add(after);
      return true;
    });
  const same = take(identical(removed, added));
  const unpaired = (entries: readonly Entry[]) => entries.filter((entry) => !used.has(entry));
  return [...same, ...take(similar(unpaired(removed), unpaired(added)))];
}

function identical(removed: readonly Entry[], added: readonly Entry[]): readonly RenamePair[] {
  const byBlob = Map.groupBy(
    removed.filter(({ blob }) => blob !== ''),
    ({ blob }) => blob,
  );
  return added.flatMap((after) =>
    (byBlob.get(after.blob) ?? []).map((before) => ({ before, after, similarity: 2 })),
  );
}

function similar(removed: readonly Entry[], added: readonly Entry[]): readonly RenamePair[] {
  if (removed.length * added.length > maxPairs) return [];
  const traits = new Map([...removed, ...added].map((entry) => [entry, traitsOf(entry)]));
  const pairs: RenamePair[] = [];
  for (const before of removed) {
    const siren = sirenOf(before.partial?.siret);
    if (siren === undefined) continue;
    for (const after of added) {
      if (siren !== sirenOf(after.partial?.siret)) continue;
      const share = shareOf(traits.get(before) ?? new Set(), traits.get(after) ?? new Set());
      const similarity = before.place.id === after.place.id ? Math.max(minSimilarity, share) : share;
      if (similarity >= minSimilarity) pairs.push({ before, after, similarity });
    }
  }
  return pairs.sort(
    (a, b) =>
      b.similarity - a.similarity ||
      comparePaths(a.before.path, b.before.path) ||
      comparePaths(a.after.path, b.after.path),
  );
}

function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The part of two sets that is common to them. */
function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const all = one.union(other).size;
  return all === 0 ? 0 : one.intersection(other).size / all;
}

/** What distinguishes one service from another of the same organization. */
function traitsOf({ partial }: Entry): Set<string> {
  if (partial === undefined) return new Set();
  const uris = [...partial.redirectUris, ...partial.postLogoutRedirectUris].map(({ value }) => value);
  return new Set([
    `name ${partial.name ?? ''}`,
    `description ${partial.description ?? ''}`,
    `datapass ${partial.datapass ?? ''}`,
    ...partial.technicalContacts.map(({ value }) => `contact ${value}`),
    ...uris.map((uri) => `uri ${uri}`),
    ...uris.map((uri) => `host ${hostOfUrl(uri) ?? uri}`),
  ]);
}

/** What a pull request or a push does to definitions, one by one. */
import { hostOf } from './addresses.ts';
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

/** At least this share of what two definitions say is the same when one is the other under a new path. */
const alike = 0.5;

/**
 * Compares two states, or only the files that are known to differ between them.
 *
 * A definition that is gone and one that is new are a rename when they are the same blob, or when they are of the
 * same organization and say mostly the same.
 *
 * @returns sorted by path; definitions that did not change are left out.
 */
export function changesBetween(before: Iterable<Entry>, after: Iterable<Entry>): readonly Change[] {
  const gone = new Map(Array.from(before, (entry) => [entry.path, entry]));
  const come: Entry[] = [];
  const changes: Change[] = [];
  for (const entry of after) {
    const old = gone.get(entry.path);
    gone.delete(entry.path);
    if (old === undefined) come.push(entry);
    else if (!isSameText(old, entry))
      changes.push({ kind: 'modified', path: entry.path, before: old, after: entry });
  }
  const renamed = new Map(renames([...gone.values()], come).map((pair) => [pair.after.path, pair.before]));
  for (const entry of come) {
    const from = renamed.get(entry.path);
    if (from === undefined) {
      changes.push({ kind: 'added', path: entry.path, after: entry });
    } else {
      gone.delete(from.path);
      changes.push({ kind: 'renamed', path: entry.path, from: from.path, before: from, after: entry });
    }
  }
  for (const entry of gone.values()) changes.push({ kind: 'removed', path: entry.path, before: entry });
  return changes.sort((a, b) => order(a.path, b.path));
}

/** Blob ids where both are known; else what could be read of the two. */
function isSameText(one: Entry, other: Entry): boolean {
  if (one.blob !== '' && other.blob !== '') return one.blob === other.blob;
  return JSON.stringify([one.draft, one.definition]) === JSON.stringify([other.draft, other.definition]);
}

interface Pair {
  readonly before: Entry;
  readonly after: Entry;
  /** From 0 to 1; 2 for the same text. */
  readonly likeness: number;
}

/** Comparing every pair of more than this would take minutes; only identical texts are then told from the rest. */
const mostPairs = 250_000;

/** The most alike first; each side is used once. */
function renames(gone: readonly Entry[], come: readonly Entry[]): readonly Pair[] {
  const used = new Set<Entry>();
  const take = (pairs: readonly Pair[]): readonly Pair[] =>
    pairs.filter(({ before, after }) => {
      if (used.has(before) || used.has(after)) return false;
      used.add(before).add(after);
      return true;
    });
  const same = take(identical(gone, come));
  const left = (entries: readonly Entry[]) => entries.filter((entry) => !used.has(entry));
  return [...same, ...take(similar(left(gone), left(come)))];
}

function identical(gone: readonly Entry[], come: readonly Entry[]): readonly Pair[] {
  const byBlob = Map.groupBy(
    gone.filter(({ blob }) => blob !== ''),
    ({ blob }) => blob,
  );
  return come.flatMap((after) =>
    (byBlob.get(after.blob) ?? []).map((before) => ({ before, after, likeness: 2 })),
  );
}

function similar(gone: readonly Entry[], come: readonly Entry[]): readonly Pair[] {
  if (gone.length * come.length > mostPairs) return [];
  const traits = new Map([...gone, ...come].map((entry) => [entry, traitsOf(entry)]));
  const pairs: Pair[] = [];
  for (const before of gone) {
    const siren = sirenOf(before.draft?.siret);
    if (siren === undefined) continue;
    for (const after of come) {
      if (siren !== sirenOf(after.draft?.siret)) continue;
      const share = shareOf(traits.get(before) ?? new Set(), traits.get(after) ?? new Set());
      const likeness = before.place.id === after.place.id ? Math.max(alike, share) : share;
      if (likeness >= alike) pairs.push({ before, after, likeness });
    }
  }
  return pairs.sort(
    (a, b) =>
      b.likeness - a.likeness || order(a.before.path, b.before.path) || order(a.after.path, b.after.path),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The part of two sets that is common to them. */
function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const all = one.union(other).size;
  return all === 0 ? 0 : one.intersection(other).size / all;
}

/** What tells one service from another of the same organization. */
function traitsOf({ draft }: Entry): Set<string> {
  if (draft === undefined) return new Set();
  const uris = [...draft.redirectUris, ...draft.postLogoutRedirectUris].map(({ value }) => value);
  return new Set([
    `name ${draft.name ?? ''}`,
    `description ${draft.description ?? ''}`,
    `datapass ${draft.datapass ?? ''}`,
    ...draft.technicalContacts.map(({ value }) => `contact ${value}`),
    ...uris.map((uri) => `uri ${uri}`),
    ...uris.map((uri) => `host ${hostOf(uri) ?? uri}`),
  ]);
}

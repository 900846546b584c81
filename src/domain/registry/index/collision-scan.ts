/**
 * Exists only for speed: with every definition indexed, the outcome is the same.
 *
 * Scans a whole registry without keeping it: which definitions could have something in common, as hashes. Nearly
 * all have nothing; only those that do are worth an index (see `Registry`) and a comparison of their claims.
 */
import { cellNames } from '#base/config/cells';
import { type Claims, sirenOf } from '#domain/registry/claims';
import { mayImitate } from '#domain/registry/name-similarity';
import {
  type CollisionKind,
  cellNumber,
  collisionHash,
  collisionKeysOf,
  collisionKinds,
  hashOf,
  scopesAndAlgorithmsHash,
} from './collision-key.ts';
import { nearSkeletons } from './near-names.ts';

/** With numbers of 32 bits above them, slots are exact in a double. */
const maxSlots = 2 ** 21;
const hashes = 2 ** 32;

/** The definitions that share one hash, as far as `couldCollide` needs them. */
export interface SharedSlots {
  readonly slots: readonly number[];
  /** Whether they are of several organizations. */
  readonly mixed: boolean;
}

/**
 * Whether a rule could have something to say of definitions that share a hash.
 *
 * @param isReadable whether the organization of a slot is known.
 */
export function couldCollide(
  kind: CollisionKind | undefined,
  { slots, mixed }: SharedSlots,
  pathOf: (slot: number) => string,
  isReadable: (slot: number) => boolean,
): boolean {
  if (kind === 'host') return mixed;
  if (kind !== 'datapass' || slots.length > cellNames.length || mixed) return true;
  // One service has one DataPass in all of its cells: the usual case, which no rule has anything to say of.
  const ids = new Set(slots.map((slot) => idOf(pathOf(slot))));
  return ids.size > 1 || !slots.every(isReadable);
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What a scan found. */
export interface ScanResult {
  /** Every path that a rule could have something to say of, sorted. */
  readonly candidates: readonly string[];
  /** The candidates and what must be known to evaluate them, sorted: the result is the same as among all. */
  readonly context: readonly string[];
}

/** Which slots share a key: few bytes for each, and sorted once at the end. */
class PostingList {
  /** A hash of the key above, the slot below: both together are exact in a double. */
  #entries: Float64Array;
  #used = 0;
  /** So many there are: a power of two. */
  readonly #slots: number;
  /** The bits of a key's look for which slots leave room. */
  readonly #looks: number;

  /** @param definitions how many there will be at most: few have more than two keys of one kind */
  constructor(slots: number, definitions: number) {
    this.#slots = slots;
    this.#looks = maxSlots / slots - 1;
    // What is never written takes no memory.
    this.#entries = new Float64Array(2 * definitions + 16);
  }

  /** @param hash of 32 bits; where slots leave room, some more of the key tell apart what has the same one */
  add(key: string, hash: number, slot: number): void {
    if (this.#used === this.#entries.length) {
      const grown = new Float64Array(2 * this.#used);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    const more = lookOf(key) & this.#looks;
    this.#entries[this.#used++] = (more * hashes + (hash >>> 0)) * this.#slots + slot;
  }

  /** The slots of each hash that several have. */
  *shared(): Generator<readonly number[]> {
    const entries = this.#entries.subarray(0, this.#used).sort();
    for (let at = 0; at < entries.length; ) {
      const beyond = (Math.floor((entries[at] ?? 0) / this.#slots) + 1) * this.#slots;
      let end = at + 1;
      while (end < entries.length && (entries[end] ?? 0) < beyond) end++;
      if (end > at + 1) yield Array.from(entries.subarray(at, end), (entry) => entry % this.#slots);
      at = end;
    }
  }
}

/** A number of a key's length and of some of its characters: those that most often tell two keys apart. */
function lookOf(key: string): number {
  const { length } = key;
  const look = key.charCodeAt(length >> 2) * 5 + key.charCodeAt(length >> 1) * 3 + key.charCodeAt(length - 1);
  return look + length * 7;
}

/** Definitions are added once each, in any order; some two hundred bytes are kept of one. */
export class CollisionScan {
  readonly #paths: string[] = [];
  readonly #cells: number[] = [];
  /** As numbers; -1 for none. */
  readonly #sirens: number[] = [];
  readonly #skeletons: string[] = [];
  readonly #scopesAndAlgorithms: number[] = [];
  /** Those of which it cannot be told what they claim. */
  readonly #unread: number[] = [];
  readonly #slots: number;
  readonly #postings: readonly { readonly kind: CollisionKind; readonly postings: PostingList }[];
  /** The definitions of one service in both environments of a network. */
  readonly #counterparts: PostingList;

  /** @param definitions how many there will be at most */
  constructor(definitions: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, definitions)));
    if (slots > maxSlots) throw new Error(`A registry has at most ${maxSlots} definitions`);
    this.#slots = slots;
    this.#postings = collisionKinds.map((kind) => ({ kind, postings: new PostingList(slots, definitions) }));
    this.#counterparts = new PostingList(slots, definitions);
  }

  add(claims: Claims): void {
    const slot = this.#paths.length;
    if (slot >= this.#slots) throw new Error(`More than ${this.#slots} definitions`);
    const { path } = claims;
    const cell = cellNumber(path);
    const keys = collisionKeysOf(claims);
    const siren = sirenOf(claims.siret);
    if (keys.unread !== undefined) this.#unread.push(slot);
    this.#paths.push(path);
    this.#cells.push(cell);
    this.#sirens.push(siren === undefined ? -1 : Number(siren));
    this.#skeletons.push(keys.skeleton[0] ?? '');
    this.#scopesAndAlgorithms.push(scopesAndAlgorithmsHash(claims));
    this.#postings.forEach(({ kind, postings }) => {
      keys[kind].forEach((key) => {
        postings.add(key, collisionHash(kind, cell, key), slot);
      });
    });
    const id = idOf(path);
    this.#counterparts.add(id, hashOf(cell > 2 ? 1 : 0, id), slot);
  }

  result(): ScanResult {
    const candidates = new Set<number>(this.#unread);
    for (const { kind, postings } of this.#postings)
      for (const slots of postings.shared())
        if (this.#couldCollide(kind, slots)) for (const slot of slots) candidates.add(slot);
    const counterparts = [...this.#counterparts.shared()];
    for (const [first = 0, ...others] of counterparts)
      if (others.some((slot) => this.#scopesAndAlgorithms[slot] !== this.#scopesAndAlgorithms[first]))
        for (const slot of [first, ...others]) candidates.add(slot);
    const near = this.#nearSkeletons();
    for (let slot = 0; slot < this.#paths.length; slot++) {
      const skeleton = this.#skeletons[slot] ?? '';
      if (skeleton === '' || candidates.has(slot)) continue;
      if (near.get(this.#cells[slot] ?? 0)?.has(skeleton) === true || mayImitate(skeleton))
        candidates.add(slot);
    }
    const context = new Set(candidates);
    for (const pair of counterparts)
      if (pair.some((slot) => candidates.has(slot))) for (const slot of pair) context.add(slot);
    return { candidates: this.#pathsOf(candidates), context: this.#pathsOf(context) };
  }

  #couldCollide(kind: CollisionKind, slots: readonly number[]): boolean {
    const sirens = new Set(slots.map((slot) => this.#sirens[slot] ?? -1));
    sirens.delete(-1);
    return couldCollide(
      kind,
      { slots, mixed: sirens.size > 1 },
      (slot) => this.#paths[slot] ?? '',
      (slot) => this.#sirens[slot] !== -1,
    );
  }

  #nearSkeletons(): ReadonlyMap<number, ReadonlyMap<string, readonly string[]>> {
    const byCell = new Map<number, Set<string>>();
    this.#skeletons.forEach((skeleton, slot) => {
      if (skeleton === '') return;
      const cell = this.#cells[slot] ?? 0;
      const known = byCell.get(cell);
      if (known === undefined) byCell.set(cell, new Set([skeleton]));
      else known.add(skeleton);
    });
    const near = nearSkeletons(Array.from(byCell.values(), (skeletons) => [...skeletons]));
    return new Map(Array.from(byCell.keys(), (cell, index) => [cell, near[index] ?? new Map()] as const));
  }

  #pathsOf(slots: ReadonlySet<number>): readonly string[] {
    return Array.from(slots, (slot) => this.#paths[slot] ?? '').sort();
  }
}

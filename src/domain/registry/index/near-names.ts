/**
 * Exists only for speed: comparing each skeleton with each other finds the same.
 *
 * Finds, among many skeletons (`skeletonKey`), those that one letter tells apart, in a time proportional to their
 * number: two texts are one edit apart when they become equal once one letter is left out of one or both.
 */
import { isOneEditApart } from '#domain/registry/name-similarity';

/** Shorter names differ by one letter as a matter of course ("RDV", "RDP"). */
const minLetters = 8;
/** No name that is accepted is longer; what is not accepted is not compared. */
const maxLength = 400;

/** A skeleton is letters, a space, and the numbers of the name. @returns how many letters; 0 when too few, or too many */
function lettersIn(skeleton: string): number {
  const end = skeleton.indexOf(' ');
  return end < minLetters || skeleton.length > maxLength ? 0 : end;
}

/** Whether one letter tells two skeletons apart and their numbers do not. */
export function areNearSkeletons(one: string, other: string): boolean {
  const difference = one.length - other.length;
  if (difference > 1 || difference < -1 || one === other) return false;
  const a = lettersIn(one);
  const b = lettersIn(other);
  if (a === 0 || b === 0) return false;
  return one.slice(a) === other.slice(b) && isOneEditApart(one.slice(0, a), other.slice(0, b));
}

/** Which skeletons are near each one that has any, in order. */
export type Neighbours = ReadonlyMap<string, readonly string[]>;

/** Compares the skeletons of several sets, each by itself, one set after the other in the memory of the largest. */
export function nearSkeletons(sets: readonly (readonly string[])[]): readonly Neighbours[] {
  const table = new NearTable(Math.max(0, ...sets.map(placesOf)));
  return sets.map((skeletons) => {
    table.begin(skeletons);
    skeletons.forEach((skeleton, owner) => {
      const letters = lettersIn(skeleton);
      if (letters > 0) table.put(owner, hashesWithout(letters, skeleton));
    });
    return new Map(Array.from(table.near, ([skeleton, others]) => [skeleton, [...others].sort()] as const));
  });
}

/** How many hashes these skeletons have at most. */
function placesOf(skeletons: readonly string[]): number {
  return skeletons.reduce((sum, skeleton) => sum + 1 + lettersIn(skeleton), 0);
}

/** A chained table in typed arrays: heads by bucket, then for each place its skeleton and the next place. */
class NearTable {
  near = new Map<string, Set<string>>();
  #skeletons: readonly string[] = [];
  readonly #heads: Int32Array;
  readonly #nexts: Int32Array;
  readonly #hashes: Int32Array;
  readonly #owners: Int32Array;
  #free = 0;

  constructor(places: number) {
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, places))));
    this.#nexts = new Int32Array(places);
    this.#hashes = new Int32Array(places);
    this.#owners = new Int32Array(places);
  }

  /** Forgets what was put there, and that it was near: other skeletons come. */
  begin(skeletons: readonly string[]): void {
    this.near = new Map();
    this.#skeletons = skeletons;
    this.#heads.fill(-1);
    this.#free = 0;
  }

  /** Puts a skeleton at the places of the first `hashes`, and links it to the near ones among those that are there. */
  put(owner: number, count: number): void {
    const heads = this.#heads;
    const nexts = this.#nexts;
    const known = this.#hashes;
    const owners = this.#owners;
    for (let index = 0; index < count; index += 1) {
      const hash = hashes[index] ?? 0;
      const bucket = hash & (heads.length - 1);
      for (let at = heads[bucket] ?? -1; at !== -1; at = nexts[at] ?? -1)
        if (known[at] === hash && owners[at] !== owner) this.#compare(owner, owners[at] ?? 0);
      const free = this.#free++;
      known[free] = hash;
      owners[free] = owner;
      nexts[free] = heads[bucket] ?? -1;
      heads[bucket] = free;
    }
  }

  #compare(one: number, other: number): void {
    const a = this.#skeletons[one] ?? '';
    const b = this.#skeletons[other] ?? '';
    if (!areNearSkeletons(a, b)) return;
    link(this.near, a, b);
    link(this.near, b, a);
  }
}

function link(near: Map<string, Set<string>>, from: string, to: string): void {
  const others = near.get(from);
  if (others === undefined) near.set(from, new Set([to]));
  else others.add(to);
}

const base = 0x01000193;
const powers = new Int32Array(maxLength + 1).fill(1);
for (let at = 1; at < powers.length; at += 1) powers[at] = Math.imul(powers[at - 1] ?? 1, base);
const after = new Int32Array(powers.length + 1);

/** Those of one skeleton, until the next one's are made. */
const hashes = new Int32Array(maxLength + 1);

/**
 * Makes polynomial `hashes` of a skeleton, whole and with each of its letters left out, each in constant time.
 *
 * @returns how many
 */
function hashesWithout(letters: number, skeleton: string): number {
  const { length } = skeleton;
  after[length] = 0;
  for (let at = length - 1; at >= 0; at -= 1)
    after[at] = (Math.imul(skeleton.charCodeAt(at), powers[length - 1 - at] ?? 1) + (after[at + 1] ?? 0)) | 0;
  hashes[0] = scattered(after[0] ?? 0);
  let count = 1;
  let before = 0;
  let previous = -1;
  for (let at = 0; at < letters; at += 1) {
    const code = skeleton.charCodeAt(at);
    // Leaving out either of two equal letters gives the same text.
    if (code !== previous)
      hashes[count++] = scattered(
        (Math.imul(before, powers[length - at - 1] ?? 1) + (after[at + 1] ?? 0)) | 0,
      );
    before = (Math.imul(before, base) + code) | 0;
    previous = code;
  }
  return count;
}

function scattered(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 15);
}

/**
 * Finds, among many looks (`skeletonKey`), those that one letter tells apart, in a time proportional to their
 * number: two texts are one edit apart when they become equal once one letter is left out of one or both.
 */
import { oneEdit } from '#domain/registry/name-similarity';

/** Shorter names differ by one letter as a matter of course ("RDV", "RDP"). */
const longEnough = 8;
/** No name that is accepted is longer; what is not accepted is not compared. */
const tooLong = 400;

/** A look is letters, a space, and the numbers of the name; undefined when the letters are too few, or too many. */
function lettersOf(look: string): string | undefined {
  const end = look.indexOf(' ');
  return end < longEnough || look.length > tooLong ? undefined : look.slice(0, end);
}

/** Whether one letter tells two looks apart and their numbers do not. */
export function areNear(one: string, other: string): boolean {
  const difference = one.length - other.length;
  if (difference > 1 || difference < -1 || one === other) return false;
  const a = lettersOf(one);
  const b = lettersOf(other);
  if (a === undefined || b === undefined) return false;
  return one.slice(a.length) === other.slice(b.length) && oneEdit(a, b);
}

/** The looks near each look that has any, in order. */
export function nearLooks(looks: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const table = new NearTable(looks);
  for (const [owner, look] of looks.entries()) {
    const letters = lettersOf(look);
    if (letters !== undefined) table.put(owner, hashesWithout(letters.length, look));
  }
  return new Map(Array.from(table.near, ([look, others]) => [look, [...others].sort()] as const));
}

/** A chained table in typed arrays: heads by bucket, then for each place the look it stands for and the next place. */
class NearTable {
  readonly near = new Map<string, Set<string>>();
  readonly #looks: readonly string[];
  readonly #heads: Int32Array;
  readonly #nexts: Int32Array;
  readonly #hashes: Int32Array;
  readonly #owners: Int32Array;
  #free = 0;

  constructor(looks: readonly string[]) {
    const places = looks.reduce((sum, look) => sum + 1 + (lettersOf(look)?.length ?? 0), 0);
    this.#looks = looks;
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, places * 2)))).fill(-1);
    this.#nexts = new Int32Array(places);
    this.#hashes = new Int32Array(places);
    this.#owners = new Int32Array(places);
  }

  /** Puts a look at the places of its hashes, and notes those that are near among the ones that stand there. */
  put(owner: number, found: Int32Array): void {
    const heads = this.#heads;
    const nexts = this.#nexts;
    const hashes = this.#hashes;
    const owners = this.#owners;
    for (let index = 0; index < found.length; index += 1) {
      const hash = found[index] ?? 0;
      const bucket = hash & (heads.length - 1);
      for (let at = heads[bucket] ?? -1; at !== -1; at = nexts[at] ?? -1)
        if (hashes[at] === hash && owners[at] !== owner) this.#compare(owner, owners[at] ?? 0);
      const free = this.#free++;
      hashes[free] = hash;
      owners[free] = owner;
      nexts[free] = heads[bucket] ?? -1;
      heads[bucket] = free;
    }
  }

  #compare(one: number, other: number): void {
    const a = this.#looks[one] ?? '';
    const b = this.#looks[other] ?? '';
    if (!areNear(a, b)) return;
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
const powers = new Int32Array(tooLong + 1).fill(1);
for (let at = 1; at < powers.length; at += 1) powers[at] = Math.imul(powers[at - 1] ?? 1, base);
const after = new Int32Array(powers.length + 1);

const hashes = new Int32Array(tooLong + 1);

/**
 * Polynomial hashes of a look, whole and with each of its letters left out, each in constant time. They are only
 * valid until the next call.
 */
function hashesWithout(letters: number, look: string): Int32Array {
  const { length } = look;
  after[length] = 0;
  for (let at = length - 1; at >= 0; at -= 1)
    after[at] = (Math.imul(look.charCodeAt(at), powers[length - 1 - at] ?? 1) + (after[at + 1] ?? 0)) | 0;
  hashes[0] = scattered(after[0] ?? 0);
  let count = 1;
  let before = 0;
  let previous = -1;
  for (let at = 0; at < letters; at += 1) {
    const code = look.charCodeAt(at);
    // Leaving out either of two equal letters gives the same text.
    if (code !== previous)
      hashes[count++] = scattered(
        (Math.imul(before, powers[length - at - 1] ?? 1) + (after[at + 1] ?? 0)) | 0,
      );
    before = (Math.imul(before, base) + code) | 0;
    previous = code;
  }
  return hashes.subarray(0, count);
}

function scattered(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 15);
}

/**
 * Finds, among many looks (`skeletonKey`), those that one letter tells apart, in a time proportional to their
 * number: two texts are one edit apart when they become equal once one letter is left out of one or both.
 */
import { oneEdit } from './likeness.ts';

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
  const near = new Map<string, Set<string>>();
  const places = looks.reduce((sum, look) => sum + 1 + (lettersOf(look)?.length ?? 0), 0);
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, places * 2)));
  // Chained table in typed arrays: heads by bucket, then for each place the look it stands for and the next place.
  const heads = new Int32Array(buckets).fill(-1);
  const nexts = new Int32Array(places);
  const hashes = new Int32Array(places);
  const owners = new Int32Array(places);
  let free = 0;
  const put = (hash: number, owner: number, look: string): void => {
    const bucket = hash & (buckets - 1);
    for (let at = heads[bucket] ?? -1; at !== -1; at = nexts[at] ?? -1) {
      const other = looks[owners[at] ?? 0];
      if (hashes[at] !== hash || owners[at] === owner || other === undefined || !areNear(look, other))
        continue;
      link(near, look, other);
      link(near, other, look);
    }
    hashes[free] = hash;
    owners[free] = owner;
    nexts[free] = heads[bucket] ?? -1;
    heads[bucket] = free;
    free += 1;
  };
  for (const [owner, look] of looks.entries()) {
    const letters = lettersOf(look);
    if (letters === undefined) continue;
    eachHashWithout(letters.length, look, (hash) => put(hash, owner, look));
  }
  return new Map(Array.from(near, ([look, others]) => [look, [...others].sort()] as const));
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

/** Polynomial hashes of a look, whole and with each of its letters left out, each in constant time. */
function eachHashWithout(letters: number, look: string, tell: (hash: number) => void): void {
  const { length } = look;
  after[length] = 0;
  for (let at = length - 1; at >= 0; at -= 1)
    after[at] = (Math.imul(look.charCodeAt(at), powers[length - 1 - at] ?? 1) + (after[at + 1] ?? 0)) | 0;
  tell(scattered(after[0] ?? 0));
  let before = 0;
  for (let at = 0; at < letters; at += 1) {
    // Leaving out either of two equal letters gives the same text.
    if (at === 0 || look[at] !== look[at - 1])
      tell(scattered((Math.imul(before, powers[length - at - 1] ?? 1) + (after[at + 1] ?? 0)) | 0));
    before = (Math.imul(before, base) + look.charCodeAt(at)) | 0;
  }
}

function scattered(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 15);
}

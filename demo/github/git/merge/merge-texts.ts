/** Merging two versions of a text line by line (diff3), conflicting exactly where `git merge` does. */
import { splitLines } from '#demo/github/git/diff';
import { type LineChange, lineChanges } from './line-changes.ts';

/** Git takes a file for binary when there is a NUL in its first 8,000 bytes, and never merges it. */
const isBinary = (bytes: Buffer): boolean => bytes.subarray(0, 8_000).includes(0);

/** The merge of two versions of a file whose common ancestor is `base`; undefined when they conflict. */
export function mergeTexts(base: Buffer, ours: Buffer, theirs: Buffer): Buffer | undefined {
  if ([base, ours, theirs].some(isBinary)) return undefined;
  // Latin 1 has a character for every byte: what is not UTF-8 comes out as it went in.
  const lines = (bytes: Buffer) => splitLines(bytes.toString('latin1'));
  const [origin, left, right] = [lines(base), lines(ours), lines(theirs)];
  const [ourChanges, theirChanges] = [lineChanges(origin, left), lineChanges(origin, right)];
  if (ourChanges.length === 0) return theirs;
  if (theirChanges.length === 0) return ours;
  const regions = mergeRegions(ourChanges, theirChanges, right.length - origin.length, {
    same: (a, b) => sameLines(left, a.newFrom, right, b.newFrom, a.newLength),
    ourGrowth: left.length - origin.length,
  });
  const merged: string[] = [];
  let copied = 0;
  for (const { taken, ours: mine, theirs: other } of regions) {
    if (taken === 'conflict') {
      const equal =
        mine.length === other.length &&
        mine.length > 0 &&
        sameLines(left, mine.from, right, other.from, mine.length);
      // Both sides wrote the same lines, if in other words than the same change: nothing to decide.
      if (!equal) return undefined;
    } else if (taken === 'theirs') {
      merged.push(...left.slice(copied, mine.from), ...right.slice(other.from, other.from + other.length));
      copied = mine.from + mine.length;
    }
  }
  merged.push(...left.slice(copied));
  return Buffer.from(merged.join(''), 'latin1');
}

function sameLines(
  a: readonly string[],
  fromA: number,
  b: readonly string[],
  fromB: number,
  count: number,
): boolean {
  for (let at = 0; at < count; at++) if (a[fromA + at] !== b[fromB + at]) return false;
  return true;
}

/** A part of the text that at least one side changed: where it is in the versions of both sides. */
interface Region {
  taken: 'ours' | 'theirs' | 'conflict';
  ours: { from: number; length: number };
  theirs: { from: number; length: number };
}

interface MergeOptions {
  readonly same: (ours: LineChange, theirs: LineChange) => boolean;
  /** How many lines our version has more than the ancestor. */
  readonly ourGrowth: number;
}

function mergeRegions(
  ours: readonly LineChange[],
  theirs: readonly LineChange[],
  theirGrowth: number,
  { same, ourGrowth }: MergeOptions,
): Region[] {
  const regions: Region[] = [];
  const add = (region: Region) => {
    const last = regions.at(-1);
    const touches =
      last !== undefined &&
      (region.ours.from <= last.ours.from + last.ours.length ||
        region.theirs.from <= last.theirs.from + last.theirs.length);
    if (!touches) regions.push(region);
    else {
      if (last.taken !== region.taken) last.taken = 'conflict';
      last.ours.length = region.ours.from + region.ours.length - last.ours.from;
      last.theirs.length = region.theirs.from + region.theirs.length - last.theirs.from;
    }
  };
  /** Where a line of the ancestor is on the side that does not change it, by that side's next change. */
  const shifted = (line: number, next: LineChange | undefined, growth: number) =>
    line + (next === undefined ? growth : next.newFrom - next.from);
  for (let [i, j] = [0, 0]; ; ) {
    const [a, b] = [ours[i], theirs[j]];
    if (a !== undefined && (b === undefined || a.from + a.length < b.from)) {
      add({
        taken: 'ours',
        ours: { from: a.newFrom, length: a.newLength },
        theirs: { from: shifted(a.from, b, theirGrowth), length: a.length },
      });
      i++;
    } else if (b !== undefined && (a === undefined || b.from + b.length < a.from)) {
      add({
        taken: 'theirs',
        ours: { from: shifted(b.from, a, ourGrowth), length: b.length },
        theirs: { from: b.newFrom, length: b.newLength },
      });
      j++;
    } else if (a !== undefined && b !== undefined) {
      const identical =
        a.from === b.from && a.length === b.length && a.newLength === b.newLength && same(a, b);
      if (!identical) add(overlap(a, b));
      const [endA, endB] = [a.from + a.length, b.from + b.length];
      if (endA >= endB) j++;
      if (endB >= endA) i++;
    } else return regions;
  }
}

/** The region that two changes cover together, each side widened to the lines that only the other one changed. */
function overlap(a: LineChange, b: LineChange): Region {
  const start = Math.min(a.from, b.from);
  const end = Math.max(a.from + a.length, b.from + b.length);
  const widened = ({ from, length, newFrom, newLength }: LineChange) => ({
    from: newFrom - (from - start),
    length: newLength + (from - start) + (end - from - length),
  });
  return { taken: 'conflict', ours: widened(a), theirs: widened(b) };
}

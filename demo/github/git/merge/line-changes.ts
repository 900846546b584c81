/**
 * Which lines differ between two texts, as `git merge` sees them: the histogram algorithm (the longest run of common
 * lines around the rarest of them, then the same on both sides of it), after which each group of changed lines slides
 * to where it touches a change of the other text, or else down as far as it goes. Where a change is said to be decides
 * whether two changes touch, hence whether a merge conflicts: the usual shortest difference would not do.
 */
import { steps } from '#demo/github/git/diff';

/** Lines of the first text (`from`, `length`) that become lines of the second. */
export interface LineChange {
  readonly from: number;
  readonly length: number;
  readonly newFrom: number;
  readonly newLength: number;
}

/** A line that occurs more often than this in the first text is no good place to start from. */
const mostOccurrences = 64;

/** The changes from one text to another, in order. Equal lines are the same string. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  const left = new Side(before);
  const right = new Side(after);
  markChanges(left, right, { start: 0, end: before.length }, { start: 0, end: after.length });
  settle(left, right);
  settle(right, left);
  const found: LineChange[] = [];
  for (let from = 0, newFrom = 0; from < before.length || newFrom < after.length; ) {
    let [length, newLength] = [0, 0];
    while (left.isChanged(from + length)) length++;
    while (right.isChanged(newFrom + newLength)) newLength++;
    if (length + newLength > 0) found.push({ from, length, newFrom, newLength });
    from += length + 1;
    newFrom += newLength + 1;
  }
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** One text: its lines, and which of them are not in the other. */
class Side {
  readonly lines: readonly string[];
  readonly #changed: Uint8Array;

  constructor(lines: readonly string[]) {
    this.lines = lines;
    this.#changed = new Uint8Array(lines.length);
  }

  isChanged(at: number): boolean {
    return this.#changed[at] === 1;
  }

  mark(at: number, changed: boolean): void {
    this.#changed[at] = changed ? 1 : 0;
  }

  markAll({ start, end }: Range): void {
    this.#changed.fill(1, start, end);
  }
}

function markChanges(left: Side, right: Side, inLeft: Range, inRight: Range): void {
  const pending = [{ inLeft, inRight }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { inLeft: l, inRight: r } = next;
    if (l.start >= l.end || r.start >= r.end) {
      left.markAll(l);
      right.markAll(r);
      continue;
    }
    const common = rarestCommonRun(left.lines, right.lines, l, r);
    if (common === 'too frequent') markByShortestWay(left, right, l, r);
    else if (common === undefined) {
      left.markAll(l);
      right.markAll(r);
    } else {
      const { from, newFrom, length } = common;
      pending.push(
        { inLeft: { start: l.start, end: from }, inRight: { start: r.start, end: newFrom } },
        { inLeft: { start: from + length, end: l.end }, inRight: { start: newFrom + length, end: r.end } },
      );
    }
  }
}

interface CommonRun {
  readonly from: number;
  readonly newFrom: number;
  readonly length: number;
}

/** The run of common lines that holds the rarest line, the longest of several; undefined without a common line. */
function rarestCommonRun(
  left: readonly string[],
  right: readonly string[],
  inLeft: Range,
  inRight: Range,
): CommonRun | 'too frequent' | undefined {
  const places = new Map<string, number[]>();
  for (let at = inLeft.start; at < inLeft.end; at++) {
    const line = left[at] ?? '';
    const known = places.get(line);
    if (known === undefined) places.set(line, [at]);
    else known.push(at);
  }
  const countAt = (at: number) => places.get(left[at] ?? '')?.length ?? 0;
  let best: CommonRun | undefined;
  let fewest = mostOccurrences + 1;
  let anyCommon = false;
  for (let at = inRight.start; at < inRight.end; ) {
    let next = at + 1;
    const occurrences = places.get(right[at] ?? '') ?? [];
    if (occurrences.length > 0) anyCommon = true;
    if (occurrences.length > fewest) {
      at = next;
      continue;
    }
    let past = -1;
    for (const place of occurrences) {
      if (place <= past) continue;
      let [start, newStart, end, newEnd] = [place, at, place + 1, at + 1];
      let count = occurrences.length;
      while (start > inLeft.start && newStart > inRight.start && left[start - 1] === right[newStart - 1]) {
        start--;
        newStart--;
        if (count > 1) count = Math.min(count, countAt(start));
      }
      while (end < inLeft.end && newEnd < inRight.end && left[end] === right[newEnd]) {
        if (count > 1) count = Math.min(count, countAt(end));
        end++;
        newEnd++;
      }
      next = Math.max(next, newEnd);
      if (end - start > (best?.length ?? 1) || count < fewest) {
        best = { from: start, newFrom: newStart, length: end - start };
        fewest = count;
      }
      past = end - 1;
    }
    at = next;
  }
  return anyCommon && fewest > mostOccurrences ? 'too frequent' : best;
}

/** For texts of hardly more than a few lines over and over. Git's own way to shorten long searches is not followed. */
function markByShortestWay(left: Side, right: Side, inLeft: Range, inRight: Range): void {
  let [at, newAt] = [inLeft.start, inRight.start];
  for (const { kind } of steps(
    left.lines.slice(inLeft.start, inLeft.end),
    right.lines.slice(inRight.start, inRight.end),
  )) {
    if (kind === '-') left.mark(at, true);
    else if (kind === '+') right.mark(newAt, true);
    if (kind !== '+') at++;
    if (kind !== '-') newAt++;
  }
}

/** The lines between two unchanged ones that are changed, possibly none. */
class Group {
  readonly #side: Side;
  start = 0;
  end = 0;

  constructor(side: Side) {
    this.#side = side;
    this.#growDown();
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  /** Goes to the group after the next unchanged line; false at the end of the text. */
  next(): boolean {
    if (this.end >= this.#side.lines.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.#growDown();
    return true;
  }

  previous(): void {
    this.end = this.start - 1;
    this.start = this.end;
    this.#growUp();
  }

  slideUp(): boolean {
    const { lines } = this.#side;
    if (this.start === 0 || lines[this.start - 1] !== lines[this.end - 1]) return false;
    this.#side.mark(--this.start, true);
    this.#side.mark(--this.end, false);
    this.#growUp();
    return true;
  }

  slideDown(): boolean {
    const { lines } = this.#side;
    if (this.end >= lines.length || lines[this.start] !== lines[this.end]) return false;
    this.#side.mark(this.start++, false);
    this.#side.mark(this.end++, true);
    this.#growDown();
    return true;
  }

  #growDown(): void {
    while (this.#side.isChanged(this.end)) this.end++;
  }

  #growUp(): void {
    while (this.start > 0 && this.#side.isChanged(this.start - 1)) this.start--;
  }
}

/** Slides every group of changed lines of a side, merging those that meet; `other` is walked in step. */
function settle(side: Side, other: Side): void {
  const group = new Group(side);
  const beside = new Group(other);
  do {
    if (group.isEmpty) continue;
    let size: number;
    let highest: number;
    let aligned: boolean;
    do {
      size = group.end - group.start;
      while (group.slideUp()) beside.previous();
      highest = group.end;
      aligned = !beside.isEmpty;
      while (group.slideDown()) {
        beside.next();
        if (!beside.isEmpty) aligned = true;
      }
    } while (size !== group.end - group.start);
    if (group.end === highest || !aligned) continue;
    while (beside.isEmpty && group.slideUp()) beside.previous();
  } while (group.next() && beside.next());
}

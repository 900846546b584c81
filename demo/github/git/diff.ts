/** The difference between two texts, line by line, as a unified diff. */

type Step = { readonly kind: ' ' | '-' | '+'; readonly line: string };

/** Beyond this many differing lines the whole text is said to be replaced: nobody reads such a diff. */
const mostDifferences = 2_000;

/** Lines with their ends; the last one may have none. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The shortest way from one text to the other (E. Myers, « An O(ND) difference algorithm », 1986). */
export function steps(before: readonly string[], after: readonly string[]): Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const keep = (line: string): Step => ({ kind: ' ', line });
  return [
    ...before.slice(0, start).map(keep),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(keep),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Step[] {
  const trace: Map<number, number>[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  const most = Math.min(before.length + after.length, mostDifferences);
  for (let distance = 0; distance <= most; distance++) {
    trace.push(new Map(furthest));
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const down = furthest.get(diagonal + 1) ?? -1;
      const right = furthest.get(diagonal - 1) ?? -1;
      let x = diagonal === -distance || (diagonal !== distance && right < down) ? down : right + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(before, after, trace);
    }
  }
  return [
    ...before.map((line): Step => ({ kind: '-', line })),
    ...after.map((line): Step => ({ kind: '+', line })),
  ];
}

function walkBack(before: readonly string[], after: readonly string[], trace: Map<number, number>[]): Step[] {
  const found: Step[] = [];
  let x = before.length;
  let y = after.length;
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const furthest = trace[distance] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = furthest.get(diagonal + 1) ?? -1;
    const right = furthest.get(diagonal - 1) ?? -1;
    const cameDown = diagonal === -distance || (diagonal !== distance && right < down);
    const fromX = distance === 0 ? 0 : cameDown ? down : right;
    const fromY = distance === 0 ? 0 : fromX - (cameDown ? diagonal + 1 : diagonal - 1);
    while (x > fromX && y > fromY && before[x - 1] === after[y - 1]) {
      found.push({ kind: ' ', line: before[x - 1] ?? '' });
      x--;
      y--;
    }
    if (distance === 0) break;
    if (cameDown) found.push({ kind: '+', line: after[--y] ?? '' });
    else found.push({ kind: '-', line: before[--x] ?? '' });
  }
  return found.reverse();
}

export interface TextDiff {
  /** Hunks with three lines of context, without file headers, as GitHub gives it; empty for equal texts. */
  readonly patch: string;
  readonly additions: number;
  readonly deletions: number;
}

export function diffTexts(before: string, after: string): TextDiff {
  const path = steps(splitLines(before), splitLines(after));
  const changed = path.flatMap((step, index) => (step.kind === ' ' ? [] : [index]));
  const hunks: string[] = [];
  for (let at = 0; at < changed.length; ) {
    const first = changed[at] ?? 0;
    let last = first;
    while (at < changed.length && (changed[at] ?? 0) - last <= 6) last = changed[at++] ?? last;
    hunks.push(hunk(path, Math.max(0, first - 3), Math.min(path.length, last + 4)));
  }
  return {
    patch: hunks.join('\n'),
    additions: path.filter((step) => step.kind === '+').length,
    deletions: path.filter((step) => step.kind === '-').length,
  };
}

function hunk(path: readonly Step[], from: number, to: number): string {
  const count = (steps: readonly Step[], without: '-' | '+') =>
    steps.filter((step) => step.kind !== without).length;
  const inside = path.slice(from, to);
  const range = (without: '-' | '+') => {
    const length = count(inside, without);
    const start = count(path.slice(0, from), without) + (length === 0 ? 0 : 1);
    return length === 1 ? `${start}` : `${start},${length}`;
  };
  const lines = inside.map(({ kind, line }) =>
    line.endsWith('\n') ? `${kind}${line.slice(0, -1)}` : `${kind}${line}\n\\ No newline at end of file`,
  );
  return `@@ -${range('+')} +${range('-')} @@\n${lines.join('\n')}`;
}

/** The lines of one side that a patch shows: their numbers, and how far below the patch's first line they are. */
export function linesShown(patch: string, side: 'LEFT' | 'RIGHT'): ReadonlyMap<number, number> {
  const shown = new Map<number, number>();
  let next = 0;
  for (const [position, line] of patch.split('\n').entries()) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (start !== null) next = Number(side === 'LEFT' ? start[1] : start[2]);
    else if (line.startsWith(' ') || line.startsWith(side === 'LEFT' ? '-' : '+'))
      shown.set(next++, position);
  }
  return shown;
}

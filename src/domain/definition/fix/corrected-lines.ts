/** What the fixes of a file do to its lines: as a diff to look at, and as a suggestion to apply. */

import { escapeInvisible } from '#base/i18n/invisible';
import { fenceFor } from '#base/i18n/render';
import type { Edit, Finding, Position } from '#domain/definition/finding';
import { withoutSecrets } from '#domain/definition/parse/secret-scan';
import { applyEdits } from './apply-edits.ts';

/** Whole lines that fixes replace by others. Lines count from 1; text without line ends. */
export interface CorrectedLines {
  readonly first: number;
  readonly last: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.column <= other.column);
}

/** The edits of these findings that can be made together: of two that overlap, the first finding's stays. */
export function compatibleEdits(findings: readonly Finding[]): Edit[] {
  const kept: Edit[] = [];
  for (const { fix } of findings) {
    if (fix === undefined) continue;
    const clear = fix.edits.every((edit) =>
      kept.every(
        ({ range }) =>
          (isBefore(range.end, edit.range.start) || isBefore(edit.range.end, range.start)) &&
          // Two insertions at one place have no order.
          !(range.start.line === edit.range.start.line && range.start.column === edit.range.start.column),
      ),
    );
    if (clear) kept.push(...fix.edits);
  }
  return kept.toSorted((a, b) => (isBefore(a.range.start, b.range.start) ? -1 : 1));
}

/** Lines end with LF or CRLF. */
function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/\r$/, ''));
}

/** Groups edits whose lines touch, and says what becomes of these lines. */
export function correctedLines(text: string, edits: readonly Edit[]): CorrectedLines[] {
  const groups: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const first = edit.range.start.line;
    // An edit that ends before the first character of a line takes the whole line above, and nothing of this one.
    const last =
      edit.range.end.column === 1 && edit.range.end.line > first
        ? edit.range.end.line - 1
        : edit.range.end.line;
    const group = groups.at(-1);
    if (group !== undefined && first <= group.last) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else groups.push({ first, last, edits: [edit] });
  }
  const lines = linesOf(text);
  const total = lines.length;
  return groups.map(({ first, last, edits: own }) => {
    const corrected = linesOf(applyEdits(text, own));
    const after = corrected.slice(first - 1, corrected.length - (total - last));
    return { first, last, before: lines.slice(first - 1, last), after };
  });
}

/** Longer lines are cut: a diff is to be read. */
const maxLineLength = 300;

/** A line as it may be shown: without secrets, invisible characters named, cut when it is long. */
export function shown(line: string): string {
  const safe = withoutSecrets(line);
  const whole = Array.from(safe);
  return escapeInvisible(whole.length > maxLineLength ? `${whole.slice(0, maxLineLength).join('')}…` : safe);
}

/** The change as a fenced diff, in Markdown. Invisible characters are shown. */
export function diffBlock({ before, after }: CorrectedLines): string {
  const rows = [...before.map((line) => `- ${shown(line)}`), ...after.map((line) => `+ ${shown(line)}`)];
  const fence = fenceFor(rows);
  return [`${fence}diff`, ...rows, fence].join('\n');
}

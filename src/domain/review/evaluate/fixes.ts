/** The certain corrections of a review: as whole texts, as suggestions on lines of the diff, and as a patch. */

import { escapeInvisible } from '#base/i18n/render';
import type { Edit } from '#domain/definition/finding';
import {
  applyEdits,
  type CorrectedLines,
  compatibleEdits,
  correctedLines,
  fenceFor,
} from '#domain/definition/fix/corrected-lines';
import type { FileFact } from '#domain/review/facts/facts';
import type { ReviewedFile } from './reviewed-file.ts';

/** A file with all its certain corrections made. */
export interface FixedFile {
  readonly path: string;
  readonly text: string;
  readonly fixes: number;
}

/** A comment on lines of the diff that a click applies. */
export interface Suggestion {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Markdown. */
  readonly body: string;
}

function editsFor(file: ReviewedFile): Edit[] {
  return file.text === undefined ? [] : compatibleEdits(file.findings);
}

export function fixedFiles(files: readonly ReviewedFile[]): FixedFile[] {
  return files.flatMap((file) => {
    const edits = editsFor(file);
    if (file.text === undefined || edits.length === 0) return [];
    const fixes = file.findings.filter(({ fix }) => fix !== undefined).length;
    return [{ path: file.path, text: applyEdits(file.text, edits), fixes }];
  });
}

/** Whether every character of the lines can be seen: others are never repeated. */
function isPlain(lines: readonly string[]): boolean {
  return lines.every((line) => line === escapeInvisible(line));
}

/** One suggestion for each group of lines that the diff shows. */
export function suggestions(files: readonly ReviewedFile[], diff: readonly FileFact[]): Suggestion[] {
  const rangesInDiff = new Map(diff.map((file) => [file.path, file.changedLines ?? []]));
  return files.flatMap((file) => {
    const ranges = rangesInDiff.get(file.path) ?? [];
    return correctedLines(file.text ?? '', editsFor(file))
      .filter(({ first, last }) => ranges.some(([from, to]) => from <= first && last <= to))
      .filter(({ after }) => isPlain(after))
      .map(({ first, last, after }) => {
        const fence = fenceFor(after);
        return { path: file.path, first, last, body: [`${fence}suggestion`, ...after, fence].join('\n') };
      });
  });
}

/** Unchanged lines around a change, as `git diff` shows them. */
const context = 3;

interface Hunk {
  readonly groups: CorrectedLines[];
  readonly from: number;
  to: number;
}

function hunksOf(groups: readonly CorrectedLines[], total: number): Hunk[] {
  const hunks: Hunk[] = [];
  for (const group of groups) {
    const to = Math.min(total, group.last + context);
    const hunk = hunks.at(-1);
    if (hunk !== undefined && group.first - context <= hunk.to + 1) {
      hunk.groups.push(group);
      hunk.to = to;
    } else hunks.push({ groups: [group], from: Math.max(1, group.first - context), to });
  }
  return hunks;
}

function fileDiff(file: ReviewedFile): string[] {
  const { text = '', path } = file;
  const lines = text.split('\n');
  // A text that ends with an end of line has no line after it.
  if (lines.at(-1) === '') lines.pop();
  let shift = 0;
  const out: string[] = [];
  for (const { groups, from, to } of hunksOf(correctedLines(text, editsFor(file)), lines.length)) {
    const rows: string[] = [];
    let at = from;
    for (const { first, last, after } of groups) {
      rows.push(...lines.slice(at - 1, first - 1).map((line) => ` ${line}`));
      rows.push(...lines.slice(first - 1, last).map((line) => `-${line}`));
      const end = text.includes('\r\n') ? '\r' : '';
      rows.push(...after.map((line) => `+${line}${end}`));
      at = last + 1;
    }
    rows.push(...lines.slice(at - 1, to).map((line) => ` ${line}`));
    const added = rows.filter((row) => !row.startsWith('-')).length;
    const kept = rows.filter((row) => !row.startsWith('+')).length;
    if (isPlain(rows.map((row) => row.replace(/\r$/, ''))))
      out.push(`@@ -${from},${kept} +${from + shift},${added} @@`, ...rows);
    shift += added - kept;
  }
  return out.length === 0 ? [] : [`--- a/${path}`, `+++ b/${path}`, ...out];
}

/** A patch that `git apply` takes; empty when there is nothing that can be shown. */
export function patchOf(files: readonly ReviewedFile[]): string {
  const rows = files.filter(({ path }) => path === escapeInvisible(path)).flatMap(fileDiff);
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
}

/** The certain corrections of a review: as whole texts, as suggestions on lines of the diff, and as a patch. */

import { visible } from '#base/i18n/render';
import type { Edit } from '#domain/definition/finding';
import {
  applyEdits,
  editsOf,
  fenceFor,
  type MendedLines,
  mendedLines,
} from '#domain/definition/fix/corrected-lines';
import type { FileFact } from '#domain/review/facts/facts';
import type { Subject } from './reviewed-file.ts';

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

function editsFor(subject: Subject): Edit[] {
  return subject.text === undefined ? [] : editsOf(subject.findings);
}

export function fixedFiles(subjects: readonly Subject[]): FixedFile[] {
  return subjects.flatMap((subject) => {
    const edits = editsFor(subject);
    if (subject.text === undefined || edits.length === 0) return [];
    const fixes = subject.findings.filter(({ fix }) => fix !== undefined).length;
    return [{ path: subject.path, text: applyEdits(subject.text, edits), fixes }];
  });
}

/** Whether every character of the lines can be seen: others are never repeated. */
function plain(lines: readonly string[]): boolean {
  return lines.every((line) => line === visible(line));
}

/** One suggestion for each group of lines that the diff shows. */
export function suggestions(subjects: readonly Subject[], files: readonly FileFact[]): Suggestion[] {
  const shown = new Map(files.map((file) => [file.path, file.changedLines ?? []]));
  return subjects.flatMap((subject) => {
    const ranges = shown.get(subject.path) ?? [];
    return mendedLines(subject.text ?? '', editsFor(subject))
      .filter(({ first, last }) => ranges.some(([from, to]) => from <= first && last <= to))
      .filter(({ after }) => plain(after))
      .map(({ first, last, after }) => {
        const fence = fenceFor(after);
        return { path: subject.path, first, last, body: [`${fence}suggestion`, ...after, fence].join('\n') };
      });
  });
}

/** Unchanged lines around a change, as `git diff` shows them. */
const context = 3;

interface Hunk {
  readonly groups: MendedLines[];
  readonly from: number;
  to: number;
}

function hunksOf(groups: readonly MendedLines[], total: number): Hunk[] {
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

function fileDiff(subject: Subject): string[] {
  const { text = '', path } = subject;
  const lines = text.split('\n');
  // A text that ends with an end of line has no line after it.
  if (lines.at(-1) === '') lines.pop();
  let shift = 0;
  const out: string[] = [];
  for (const { groups, from, to } of hunksOf(mendedLines(text, editsFor(subject)), lines.length)) {
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
    if (plain(rows.map((row) => row.replace(/\r$/, ''))))
      out.push(`@@ -${from},${kept} +${from + shift},${added} @@`, ...rows);
    shift += added - kept;
  }
  return out.length === 0 ? [] : [`--- a/${path}`, `+++ b/${path}`, ...out];
}

/** A patch that `git apply` takes; empty when there is nothing that can be shown. */
export function patchOf(subjects: readonly Subject[]): string {
  const rows = subjects.filter(({ path }) => path === visible(path)).flatMap(fileDiff);
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
}

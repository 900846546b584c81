/** The certain corrections of a review: as whole texts, as suggestions on lines of the diff, and as a patch. */

import { diffArrays, structuredPatch } from 'diff';
import { escapeInvisible } from '#base/i18n/invisible';
import { fenceFor } from '#base/i18n/render';
import { applyFixes } from '#domain/definition/fix/fixes';
import { withoutSecrets } from '#domain/definition/parse/secret-scan';
import type { FileFact } from '#domain/review/facts/facts';
import type { ReviewedFile } from './reviewed-file.ts';

/** A file with all its certain corrections made: the text that `greffier fix` gives. */
export interface FixedFile {
  readonly path: string;
  readonly before: string;
  readonly text: string;
  readonly fixes: number;
  /** The lines of `before` on which a secret stands: they are never repeated. */
  readonly secretLines: ReadonlySet<number>;
}

/** A comment on lines of the diff that a click applies. */
export interface Suggestion {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Markdown. */
  readonly body: string;
}

/** The files that have certain corrections, with all of them made; none that the branch does not hold as it is judged. */
export function fixedFiles(files: readonly ReviewedFile[]): FixedFile[] {
  return files.flatMap(({ path, text: before, merged, findings }) => {
    if (before === undefined || merged === true) return [];
    const { text, applied } = applyFixes(path, before);
    if (applied.length === 0) return [];
    return [{ path, before, text, fixes: applied.length, secretLines: secretLinesOf(findings) }];
  });
}

function secretLinesOf(findings: ReviewedFile['findings']): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { rule, range } of findings)
    if (rule === 'file/secret')
      for (let line = range.start.line; line <= range.end.line; line += 1) lines.add(line);
  return lines;
}

/** Whether the lines may be repeated: every character can be seen, and none is of a secret. */
function isPlain(lines: readonly string[]): boolean {
  return lines.every((line) => line === escapeInvisible(line) && line === withoutSecrets(line));
}

/** Lines (from 1) that become others. */
interface ChangedLines {
  readonly first: number;
  readonly last: number;
  readonly after: readonly string[];
}

function withoutLineEnds(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/\r$/, ''));
}

/** `key:` or the dash of an item, with what stands before it. */
const beginning = /^\s*(?:[\w.-]+:|-\s)/;

/** Whether lines stand for others one to one, so that each can be taken by itself. */
function areTheSameKeys(before: readonly string[], after: readonly string[]): boolean {
  return (
    before.length === after.length &&
    before.every((line, index) => {
      const key = beginning.exec(line)?.[0];
      return key !== undefined && key === beginning.exec(after[index] ?? '')?.[0];
    })
  );
}

/** What differs, by groups of neighbouring lines. Lines that are only added come with the line above or below. */
function changedLines({ before, text }: FixedFile): ChangedLines[] {
  const old = withoutLineEnds(before);
  const groups: ChangedLines[] = [];
  let line = 1;
  let removed = 0;
  let added: string[] = [];
  const close = () => {
    const first = line - removed;
    const replaced = old.slice(first - 1, line - 1);
    if (removed > 0 && areTheSameKeys(replaced, added))
      for (const [index, after] of added.entries())
        groups.push({ first: first + index, last: first + index, after: [after] });
    else if (removed > 0) groups.push({ first, last: line - 1, after: added });
    else if (added.length > 0 && first > 1)
      groups.push({ first: first - 1, last: first - 1, after: [old[first - 2] ?? '', ...added] });
    else if (added.length > 0) groups.push({ first: 1, last: 1, after: [...added, old[0] ?? ''] });
    removed = 0;
    added = [];
  };
  for (const part of diffArrays(old, withoutLineEnds(text))) {
    if (part.added) added = [...added, ...part.value];
    else {
      if (!part.removed) close();
      line += part.value.length;
      if (part.removed) removed += part.value.length;
    }
  }
  close();
  return groups;
}

/** One suggestion for each group of lines that the diff of the pull request shows. */
export function suggestions(fixed: readonly FixedFile[], diff: readonly FileFact[]): Suggestion[] {
  const rangesInDiff = new Map(diff.map((file) => [file.path, file.changedLines ?? []]));
  return fixed.flatMap((file) => {
    const ranges = rangesInDiff.get(file.path) ?? [];
    return changedLines(file)
      .filter(({ first, last }) => ranges.some(([from, to]) => from <= first && last <= to))
      .filter(({ first, last, after }) => isPlain(after) && !holdsSecret(file, first, last))
      .map(({ first, last, after }) => {
        const fence = fenceFor(after);
        return { path: file.path, first, last, body: [`${fence}suggestion`, ...after, fence].join('\n') };
      });
  });
}

function holdsSecret({ secretLines }: FixedFile, first: number, last: number): boolean {
  return [...secretLines].some((line) => first <= line && line <= last);
}

/** Unchanged lines around a change, as `git diff` shows them. */
const contextLines = 3;

function fileDiff(file: FixedFile): string[] {
  const { path, before, text } = file;
  const { hunks } = structuredPatch(path, path, before, text, undefined, undefined, {
    context: contextLines,
  });
  const rows = hunks
    .filter(({ lines }) => isPlain(lines.map((row) => row.replace(/\r$/, ''))))
    .filter(({ oldStart, oldLines }) => !holdsSecret(file, oldStart, oldStart + oldLines - 1))
    .flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines,
    ]);
  return rows.length === 0 ? [] : [`--- a/${path}`, `+++ b/${path}`, ...rows];
}

/** A patch that `git apply` takes; empty when there is nothing that can be shown. */
export function patchOf(fixed: readonly FixedFile[]): string {
  const rows = fixed.filter(({ path }) => path === escapeInvisible(path)).flatMap(fileDiff);
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
}

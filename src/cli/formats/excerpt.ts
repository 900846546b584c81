/** The part of a line that shows what a finding is about, safe to print. */

import { escapeInvisible } from '#base/i18n/invisible';
import type { Finding, Range } from '#domain/definition/finding';
import { Lines } from '#domain/definition/parse/lines';
import { withoutSecrets } from '#domain/definition/parse/secret-scan';

/** The line on which a finding starts as it may be shown; undefined when it cannot be read. */
export type ShownLines = (finding: Finding) => string | undefined;

/** @param textOf the text of a file of the registry; undefined when it cannot be read */
export function shownLines(textOf: (path: string) => string | undefined): ShownLines {
  let shown: { readonly path: string; readonly lines: Lines | undefined } | undefined;
  return ({ path, range }) => {
    if (shown?.path !== path) {
      const text = textOf(path);
      shown = { path, lines: text === undefined ? undefined : new Lines(withoutSecrets(text)) };
    }
    return shown.lines?.textOf(range.start.line);
  };
}

export interface Excerpt {
  /** Line number, from 1. */
  readonly number: number;
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/**
 * The line of a finding with what is marked; a long line is cut around it.
 *
 * @param line where the range starts
 * @param width most characters to show
 * @returns undefined when there is nothing to show: the finding is on the whole file, or the line is empty
 */
export function excerptOf(line: string, range: Range, width: number): Excerpt | undefined {
  const from = range.start.column - 1;
  const to = range.end.line === range.start.line ? range.end.column - 1 : line.length;
  if (line.trim() === '' || from > line.length || (from === 0 && to === 0)) return undefined;
  const available = Math.max(20, width);
  const marked = line.slice(from, Math.min(to, from + available));
  const left = Math.max(0, available - marked.length);
  const leadStart = from <= left ? 0 : from - Math.floor(left / 2);
  const tailEnd = Math.min(line.length, Math.max(to, from) + Math.max(0, left - (from - leadStart)));
  return {
    number: range.start.line,
    before: escapeInvisible((leadStart > 0 ? '…' : '') + line.slice(leadStart, from)),
    marked: escapeInvisible(marked) + (marked.length < to - from ? '…' : ''),
    after: escapeInvisible(line.slice(Math.max(to, from), tailEnd)) + (tailEnd < line.length ? '…' : ''),
  };
}

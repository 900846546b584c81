/** Applies edits to a text. */
import type { Edit } from '#domain/definition/finding';
import { Lines } from '#domain/definition/parse/lines';

/** The text with the edits made, in whatever order they are given. They must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = new Lines(text);
  const spans = edits
    .map(({ range, text: replacement }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      replacement,
    }))
    .sort((one, other) => one.start - other.start || one.end - other.end);
  let result = '';
  let at = 0;
  for (const { start, end, replacement } of spans) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

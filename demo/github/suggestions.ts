/** Suggestions in comments on lines (docs.github.com, « Incorporating feedback in your pull request »). */
import { splitLines } from './git/diff.ts';
import type { Repository, ReviewComment } from './state.ts';

/** The text that a comment suggests in place of its lines; undefined when it suggests none. */
export function parseSuggestion(body: string): string | undefined {
  const found = /^(`{3,}|~{3,})suggestion[^\n]*\n([\s\S]*?)^\1[ \t]*$/m.exec(body.replaceAll('\r\n', '\n'));
  return found?.[2];
}

/** The files of a commit with the suggestions applied, and how many were. */
export function applySuggestions(
  of: Repository,
  commit: string,
  comments: readonly ReviewComment[],
): { readonly changes: Readonly<Record<string, string>>; readonly count: number } {
  const changes: Record<string, string> = {};
  let count = 0;
  for (const [path, onFile] of Map.groupBy(comments, (comment) => comment.path)) {
    const lines = splitLines(of.git.textAt(commit, path) ?? '');
    // From the bottom up: what is replaced moves nothing above it.
    const fromBelow = onFile.toSorted((a, b) => (b.line ?? 0) - (a.line ?? 0));
    for (const { body, line, startLine } of fromBelow) {
      const text = parseSuggestion(body);
      if (text === undefined || line === null) continue;
      const first = (startLine ?? line) - 1;
      lines.splice(first, line - first, ...splitLines(text));
      changes[path] = lines.join('');
      count++;
    }
  }
  return { changes, count };
}

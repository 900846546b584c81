/** Links to files and lines: by commit, so that they keep showing what was reviewed. */
import { urlPart } from '#base/url-part';
import type { Range } from '#domain/definition/finding';
import type { ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import type { PullFacts, RepositoryFacts } from '#domain/review/facts/facts';
import type { ReviewTranslator } from './messages.ts';

/** A path as part of a URL, harmless inside a Markdown link whatever it holds. */
function encodedPath(path: string): string {
  return path
    .split('/')
    .map((part) =>
      urlPart(part).replace(/[!'()*~_]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}

/** The first and last line of a range; an end before the first character of a line is the end of the line above. */
export function linesOfRange({ start, end }: Range): { first: number; last: number } {
  return { first: start.line, last: end.column === 1 && end.line > start.line ? end.line - 1 : end.line };
}

/** Where people see a file of a commit. */
function fileUrl(repository: RepositoryFacts, commit: string, path: string): string {
  return `${repository.url}/blob/${commit}/${encodedPath(path)}`;
}

interface LinkContext {
  readonly t: ReviewTranslator;
  readonly repository: RepositoryFacts;
  readonly pull: PullFacts;
}

/**
 * `[Ligne 12](…)`, for a place in what was judged; `[Fichier retiré](…)` for a file that goes away, as it is at the base: it
 * has no line at the head to point to.
 */
export function placeLink(
  { t, repository, pull }: LinkContext,
  { kind, path }: Pick<ReviewedFile, 'kind' | 'path'>,
  range: Range | undefined,
): string {
  if (kind === 'removed') return `[${t('place.removed')}](${fileUrl(repository, pull.base, path)})`;
  const url = fileUrl(repository, pull.testMerge ?? pull.head, path);
  if (range === undefined) return `[${t('place.file')}](${url})`;
  const { first, last } = linesOfRange(range);
  return first === last
    ? `[${t('place.line', { line: first })}](${url}#L${first})`
    : `[${t('place.lines', { first, last })}](${url}#L${first}-L${last})`;
}

/** `[abc1234](…)`. */
export function commitLink(repository: RepositoryFacts, commit: string): string {
  return `[\`${commit.slice(0, 7)}\`](${repository.url}/commit/${commit})`;
}

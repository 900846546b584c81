/** Whether the settings let Greffier merge a pull request without anyone. */
import { placeFromPath } from '#domain/definition/cell';
import type { Settings } from '#domain/registry/settings';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import type { Review } from './evaluate.ts';
import { pathsOf } from './sides.ts';

/** Definitions of integration, and no other file: not the settings, nor what people read. */
export function mergesByItself(
  review: Review,
  { files, pull }: Pick<PullRequestFacts, 'files' | 'pull'>,
  settings: Settings,
): boolean {
  const paths = files.flatMap(pathsOf);
  return (
    settings.automaticMerge.integration &&
    review.outcome === 'judged' &&
    review.conclusion === 'success' &&
    !pull.draft &&
    paths.length > 0 &&
    paths.every((path) => placeFromPath(path)?.environment === 'integration')
  );
}

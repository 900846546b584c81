import type { ReviewDeps } from '#application/mirror/deps';
import { defined } from '#base/defined';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { fullNameOf } from '#infrastructure/github/client/repository-client';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import type { HeadMoved, MergeResult } from './merge-result.ts';

/** The facts that need no definition. */
export function factsWithoutDefinitions(
  deps: Pick<ReviewDeps, 'repository'>,
  pull: PullReading,
  base: string,
  settings: string | null,
  result: Exclude<MergeResult, HeadMoved> | undefined,
  applicant: PullRequestFacts['pull']['applicant'],
): PullRequestFacts {
  const testMerge = result !== undefined && 'result' in result ? result.result : undefined;
  const unknownResult = result !== undefined && 'unknown' in result ? result.unknown : undefined;
  return {
    version: 1,
    repository: { fullName: fullNameOf(deps.repository), url: pull.repositoryUrl },
    pull: {
      number: pull.number,
      author: pull.author,
      ...defined({ applicant }),
      head: pull.head,
      base,
      draft: pull.draft,
      open: pull.open,
      fork: pull.fork,
      intoDefaultBranch: pull.baseRef === pull.defaultBranch,
      ...defined({ testMerge: testMerge === pull.head ? undefined : testMerge, unknownResult }),
    },
    files: [],
    filesComplete: true,
    blobs: {},
    baseBlobs: {},
    settings,
    neighbours: [],
    openClaims: [],
    outside: {},
    reviews: [],
  };
}

/** Judges the commit that a merge queue has made of several pull requests: its check says whether all may go in. */

import type { ReviewDeps } from '#application/mirror/deps';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { buildEffects } from '#domain/review/render/build-effects';
import {
  compareCommits,
  type PullReading,
  personOf,
  readRepository,
} from '#infrastructure/github/read/pull-request';
import { publishReview } from '#infrastructure/github/write/review-output';
import { collectFacts } from './collect-facts.ts';

/**
 * Approvals were asked of each pull request before it entered the queue, so only errors hold a group back.
 *
 * @returns undefined when it was judged; else why it cannot be now.
 */
export async function reviewMergeGroup(
  deps: ReviewDeps,
  head: string,
  base: string,
): Promise<string | undefined> {
  const onto = (await deps.mirror.commit()) ?? base;
  const comparison = await compareCommits(deps.repository, onto, head);
  if (comparison === undefined) return 'the commit of the merge group is not there yet';
  const { defaultBranch, url } = await readRepository(deps.repository);
  const group: PullReading = {
    number: 0,
    author: personOf(null),
    head,
    headRef: '',
    headRepository: deps.repo,
    baseRef: defaultBranch,
    base: onto,
    defaultBranch,
    draft: false,
    open: true,
    merged: false,
    changedFiles: comparison.files.length,
    labels: [],
    comments: 0,
    maintainerCanModify: false,
    updatedAt: '',
    repositoryUrl: url,
  };
  const known = { comparison: { ...comparison, base: onto, head } };
  const collected = await collectFacts(deps, group, known, { people: false });
  if ('retryReason' in collected) return collected.retryReason;
  const conclusion = collected.review.conclusion === 'failure' ? 'failure' : 'success';
  const review = {
    ...collected.review,
    conclusion,
    approvals: { ...collected.review.approvals, missing: [] },
  } as const;
  const { check } = buildEffects(review, collected.facts, collected.settings, catalogue);
  await publishReview(
    deps.repository,
    { check, comment: 'keep', labels: 'keep' },
    {},
    // The commit has a check of ours only if this very work was begun before.
    { number: 0, labels: [], existing: [], unsure: true },
    { appId: deps.appId, savePublished: async () => undefined, saveLabels: async () => undefined },
  );
  return undefined;
}

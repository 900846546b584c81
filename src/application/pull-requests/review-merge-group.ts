/** Judges the commit that a merge queue has made of several pull requests: its check says whether all may go in. */

import type { ReviewDeps } from '#application/mirror/deps';
import { defined } from '#base/defined';
import { isDefinitionPath } from '#domain/definition/definition-path';
import { settingsPath } from '#domain/registry/settings';
import type { CheckEffect } from '#domain/review/effects';
import type { Review } from '#domain/review/evaluate/evaluate';
import { pathsOf } from '#domain/review/evaluate/sides';
import type { FileFact } from '#domain/review/facts/facts';
import { compareCommits } from '#infrastructure/github/read/comparison';
import { type PullReading, personOf } from '#infrastructure/github/read/pull-request';
import { readRepository } from '#infrastructure/github/read/repository';
import type { Refusal } from '#infrastructure/github/write/refusals';
import { publishReview } from '#infrastructure/github/write/review-output';
import { type CollectedFacts, collectFacts } from './collect-facts.ts';
import { isLasting } from './fault.ts';
import { effectsOf, unjudged } from './unjudged.ts';

/**
 * Whether each definition is left by the group as an open pull request leaves it whose own verdict is that it can be
 * merged: what people had to decide was decided there, on the very same content.
 */
function isDecided(files: readonly FileFact[], agreed: readonly FileFact[]): boolean {
  const nameOf = ({ path, previousPath, status, blob }: FileFact) =>
    JSON.stringify([path, previousPath, status, blob]);
  const known = new Set(agreed.map(nameOf));
  return files
    .filter((file) => pathsOf(file).some((path) => isDefinitionPath(path) || path === settingsPath))
    .every((file) => known.has(nameOf(file)));
}

export interface MergeGroupOptions {
  /** Which try it is, from 1: what keeps it from being judged is said once it does not pass. */
  readonly attempt?: number;
  readonly onRefusal?: (refusal: Refusal) => void;
  readonly onReview?: (review: Review) => void;
}

/**
 * A group is judged as what it would make of the default branch. A queue lets a pull request in by the checks that are
 * required, which need not be Greffier's: what needs people is looked up, never taken for granted.
 *
 * @returns undefined when it was judged; else why it cannot be now.
 * @throws whatever keeps it from being judged; where that does not pass by itself, its check says so by then, and fails
 */
export async function reviewMergeGroup(
  deps: ReviewDeps,
  head: string,
  base: string,
  options: MergeGroupOptions = {},
): Promise<string | undefined> {
  const { defaultBranch, url } = await readRepository(deps.repository);
  const group: PullReading = {
    number: 0,
    author: personOf(null),
    head,
    headRef: '',
    fork: false,
    baseRef: defaultBranch,
    base,
    defaultBranch,
    draft: false,
    open: true,
    merged: false,
    changedFiles: 0,
    labels: [],
    comments: 0,
    maintainerCanModify: false,
    createdAt: '',
    updatedAt: '',
    repositoryUrl: url,
  };
  let check: CheckEffect;
  try {
    const judged = await judge(deps, group);
    if (typeof judged === 'string') return judged;
    options.onReview?.(judged.review);
    check = effectsOf(judged).check;
  } catch (problem) {
    if (isLasting(problem, options.attempt ?? 1)) {
      const failed = effectsOf(await unjudged(deps, group, undefined));
      await publish(deps, failed.check, options).catch(() => undefined);
    }
    throw problem;
  }
  await publish(deps, check, options);
  return undefined;
}

/** @returns why it cannot be judged now, where it cannot */
async function judge(deps: ReviewDeps, pull: PullReading): Promise<CollectedFacts | string> {
  const { head, base } = pull;
  const onto = (await deps.mirror.commit()) ?? base;
  const comparison = await compareCommits(deps.repository, onto, head);
  if (comparison === undefined) return 'the commit of the merge group is not there yet';
  if (comparison.mergeBase !== onto) return 'the merge group is not on top of the default branch';
  const group = { ...pull, base: onto, changedFiles: comparison.files.length };
  const known = { comparison: { ...comparison, base: onto, head, result: head } };
  const collected = await collectFacts(deps, group, known, { people: false });
  if ('retryReason' in collected) return collected.retryReason;
  await deps.store.saveBlobs(collected.fresh ?? new Map());
  const { review: alone } = collected;
  const agreed = await deps.store.mergeableFiles(deps.repo);
  const decided = alone.conclusion === 'action_required' && isDecided(collected.facts.files, agreed);
  return decided
    ? {
        ...collected,
        review: { ...alone, conclusion: 'success', approvals: { ...alone.approvals, missing: [] } },
      }
    : collected;
}

async function publish(deps: ReviewDeps, check: CheckEffect, options: MergeGroupOptions): Promise<void> {
  await publishReview(
    deps.repository,
    { check, comment: 'keep', labels: 'keep' },
    {},
    // The commit has a check of ours only if this very work was begun before.
    { number: 0, labels: [], existing: [], unsure: true },
    {
      appId: deps.appId,
      savePublished: async () => undefined,
      saveLabels: async () => undefined,
      ...defined({ onRefusal: options.onRefusal }),
    },
  );
}

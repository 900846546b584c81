/**
 * Publishes effects by comparing them with what is already there: what is equal is not written, what was begun
 * before a crash is found again, and nothing is ever doubled.
 */
import type { Effects } from '#domain/review/effects';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import {
  outputDigest,
  type PresentOutput,
  type PublishedReview,
  type PublishOptions,
} from './published-review.ts';
import { refusalStatus } from './refusals.ts';
import { publishCheck } from './review-check.ts';
import { publishComment } from './review-comment.ts';
import { publishLabels } from './review-labels.ts';

/**
 * Makes GitHub show the effects: the check first, since it is what holds a merge back, then the labels and the
 * comment. Each by itself: one that GitHub refuses silences no other, and is not tried again as it is.
 *
 * @param before what was published last, as `remember` was last given it.
 * @returns what is published now.
 * @throws what may pass, at once
 */
export async function publishReview(
  repository: RepositoryClient,
  effects: Effects,
  before: PublishedReview,
  present: PresentOutput,
  given: PublishOptions,
): Promise<PublishedReview> {
  let published = before;
  const options: PublishOptions = {
    ...given,
    // What was begun when it was refused stays known.
    savePublished(saved) {
      published = saved;
      return given.savePublished(saved);
    },
  };
  const say = async (what: string, content: unknown, work: () => Promise<PublishedReview>): Promise<void> => {
    const digest = outputDigest(content);
    if (published.refused?.[what] === digest && options.again !== true) return;
    const { [what]: former, ...others } = published.refused ?? {};
    try {
      published = await work();
      if (former === undefined) return;
      published = { ...published, refused: others };
    } catch (problem) {
      const status = refusalStatus(problem);
      if (status === undefined) throw problem;
      published = { ...published, refused: { ...others, [what]: digest } };
      if (former !== digest) options.onRefusal?.({ what, status });
    }
    await options.savePublished(published);
  };
  const { check, labels, comment } = effects;
  if (options.keepOtherCheck !== true) {
    await say('check', check, () => publishCheck(repository, check, published, present, options));
    if (published.refused?.check === undefined) await options.onCheck?.();
  }
  if (labels !== 'keep')
    await say('labels', labels, async () => {
      await publishLabels(repository, labels, present, options);
      return published;
    });
  if (comment !== 'keep')
    await say('comment', comment, () => publishComment(repository, comment, published, present, options));
  return published;
}

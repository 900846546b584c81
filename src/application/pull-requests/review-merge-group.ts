/** Judges the commit that a merge queue has made of several pull requests: its check says whether all may go in. */

import type { ReviewRoom } from '#application/mirror/deps';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { effectsOf } from '#domain/review/render/build-effects';
import {
  compare,
  type PullReading,
  personOf,
  readRepository,
} from '#infrastructure/github/read/pull-request';
import { publish } from '#infrastructure/github/write/review-output';
import { gather } from './collect-facts.ts';

/**
 * Approvals were asked of each pull request before it entered the queue, so only errors hold a group back.
 *
 * @returns undefined when it was judged; else why it cannot be now.
 */
export async function judgeGroup(room: ReviewRoom, head: string, base: string): Promise<string | undefined> {
  const onto = (await room.mirror.commit()) ?? base;
  const comparison = await compare(room.gate, onto, head);
  if (comparison === undefined) return 'the commit of the merge group is not there yet';
  const { defaultBranch, url } = await readRepository(room.gate);
  const group: PullReading = {
    number: 0,
    author: personOf(null),
    head,
    headRef: '',
    headRepository: room.repo,
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
  const gathered = await gather(room, group, known, { people: false });
  if ('moving' in gathered) return gathered.moving;
  const conclusion = gathered.review.conclusion === 'failure' ? 'failure' : 'success';
  const review = {
    ...gathered.review,
    conclusion,
    approvals: { ...gathered.review.approvals, missing: [] },
  } as const;
  const { check } = effectsOf(review, gathered.facts, gathered.settings, catalogue);
  await publish(
    room.gate,
    { check, comment: 'keep', labels: 'keep' },
    {},
    // The commit has a check of ours only if this very work was begun before.
    { number: 0, labels: [], existing: [], unsure: true },
    { appId: room.appId, remember: async () => undefined, rememberLabels: async () => undefined },
  );
  return undefined;
}

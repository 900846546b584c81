/**
 * The merge queue (docs.github.com, « Managing a merge queue »): each pull request gets a group, a branch on which it
 * is merged over the base branch and all pull requests before it in the queue, to be checked before it is merged.
 */
import { ApiError } from '#demo/github/api-error';
import type { Account, MergeGroup, MergeMethod, PullRequest, Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { updateReference } from './branches.ts';
import { closeNamedIssues } from './closing-words.ts';
import { emitIssueEvent } from './issues.ts';
import { markMerged, mergeOnto } from './merging.ts';

const refOf = (branch: string) => `refs/heads/${branch}`;

/** Puts a pull request at the end of the queue of its base branch. */
export function addToMergeQueue(
  store: GitHubStore,
  of: Repository,
  one: PullRequest,
  by: Account,
  method: MergeMethod = 'merge',
): MergeGroup {
  if (one.state === 'closed' || one.pull.draft) throw new ApiError(405, 'Pull Request is not mergeable');
  const queued = queueOf(of, one.pull.baseRef).find(({ pull }) => pull === one);
  return queued ?? build(store, of, one, by, method);
}

/** Takes a group out of the queue, merged or not. Those before it are merged with it, those behind built anew. */
export function removeFromMergeQueue(
  store: GitHubStore,
  of: Repository,
  group: MergeGroup,
  by: Account,
  reason: 'merged' | 'invalidated' | 'dequeued',
): void {
  const queue = queueOf(of, group.pull.pull.baseRef);
  const place = queue.indexOf(group);
  if (place === -1) return;
  const isUpToDate = queue[0]?.baseSha === of.git.branch(group.pull.pull.baseRef);
  if (reason === 'merged' && isUpToDate) {
    for (const ready of queue.slice(0, place + 1)) {
      markMerged(store, ready.pull, by, ready.commits);
      updateReference(store, of, ready.baseRef, ready.headSha, by, 'merge_queue_merge');
      emitIssueEvent(store, of, ready.pull, 'closed', by);
      closeNamedIssues(store, of, ready.pull, by);
      destroy(store, of, ready, by, 'merged');
    }
    return;
  }
  // The base branch moved by another way than the queue: nothing merges as it was checked.
  const stale = queue.slice(isUpToDate ? place : 0);
  for (const one of stale) destroy(store, of, one, by, one === group && isUpToDate ? reason : 'invalidated');
  for (const one of stale) if (one !== group || !isUpToDate) rebuild(store, of, one, by);
}

/** The groups of a base branch, the first to be merged first. */
function queueOf(of: Repository, branch: string): readonly MergeGroup[] {
  return of.mergeQueue.filter(({ baseRef }) => baseRef === refOf(branch));
}

function rebuild(store: GitHubStore, of: Repository, { pull, method }: MergeGroup, by: Account): void {
  try {
    build(store, of, pull, by, method);
  } catch (error) {
    // What no longer merges leaves the queue.
    if (!(error instanceof ApiError)) throw error;
  }
}

function build(
  store: GitHubStore,
  of: Repository,
  one: PullRequest,
  by: Account,
  method: MergeMethod,
): MergeGroup {
  const { baseRef } = one.pull;
  const baseSha = queueOf(of, baseRef).at(-1)?.headSha ?? of.git.branch(baseRef);
  if (baseSha === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  const commits = mergeOnto(store, of, one, by, baseSha, { method });
  const group: MergeGroup = {
    ref: refOf(`gh-readonly-queue/${baseRef}/pr-${one.number}-${baseSha}`),
    headSha: commits.at(-1) ?? baseSha,
    baseSha,
    baseRef: refOf(baseRef),
    commits,
    pull: one,
    method,
  };
  of.mergeQueue.push(group);
  updateReference(store, of, group.ref, group.headSha, by);
  emitMergeGroupEvent(store, of, group, 'checks_requested', by);
  return group;
}

function destroy(
  store: GitHubStore,
  of: Repository,
  group: MergeGroup,
  by: Account,
  reason: 'merged' | 'invalidated' | 'dequeued',
): void {
  of.mergeQueue.splice(of.mergeQueue.indexOf(group), 1);
  emitMergeGroupEvent(store, of, group, 'destroyed', by, { reason });
  updateReference(store, of, group.ref, undefined, by);
}

function emitMergeGroupEvent(
  store: GitHubStore,
  of: Repository,
  group: MergeGroup,
  action: string,
  by: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const commit = of.git.objects.commit(group.headSha);
  store.emitWebhook('merge_group', action, of, by, {
    ...more,
    merge_group: {
      head_sha: group.headSha,
      head_ref: group.ref,
      base_sha: group.baseSha,
      base_ref: group.baseRef,
      head_commit: {
        id: group.headSha,
        tree_id: commit?.tree ?? '',
        message: commit?.message ?? '',
        timestamp: (commit?.committer.date ?? store.now()).toISOString(),
        author: { name: commit?.author.name ?? '', email: commit?.author.email ?? '' },
        committer: { name: commit?.committer.name ?? '', email: commit?.committer.email ?? '' },
      },
    },
  });
}

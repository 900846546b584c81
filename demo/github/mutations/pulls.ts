/** What people and the App do with pull requests, told as webhooks. */

import { linesShown } from '#demo/github/git/diff';
import { invalid, Refusal } from '#demo/github/refusal';
import { changesSinceFork } from '#demo/github/shapes/git';
import { pullRequest, review, reviewComment, testMerge } from '#demo/github/shapes/pull';
import { openPullRequests } from '#demo/github/shapes/repository';
import type { Account, PullRequest, Repository, Review, ReviewComment } from '#demo/github/state';
import type { World } from '#demo/github/world';
import { moveReference } from './branches.ts';
import { nextNumber, tellOfIssue } from './issues.ts';

export interface Opening {
  readonly title: string;
  readonly body: string | null;
  /** `branch`, or `owner:branch` for a fork. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

export function openPullRequest(world: World, of: Repository, by: Account, opening: Opening): PullRequest {
  const [owner, branch] = opening.head.includes(':')
    ? opening.head.split(':')
    : [of.owner.login, opening.head];
  const headRepository =
    owner === of.owner.login
      ? of
      : [...world.repositories.values()].find((one) => one.parent === of && one.owner.login === owner);
  const headSha = branch === undefined ? undefined : headRepository?.git.branch(branch);
  if (headRepository === undefined || branch === undefined || headSha === undefined)
    throw invalid('PullRequest', 'head', 'invalid');
  const baseSha = of.git.branch(opening.base);
  if (baseSha === undefined) throw invalid('PullRequest', 'base', 'invalid');
  const same = openPullRequests(of).some(
    ({ pull }) =>
      pull.headRepository === headRepository && pull.headRef === branch && pull.baseRef === opening.base,
  );
  if (same)
    throw invalid('PullRequest', 'base', 'custom', `A pull request already exists for ${owner}:${branch}.`);
  if (of.git.commitsBetween(baseSha, headSha).length === 0)
    throw invalid('PullRequest', 'base', 'custom', `No commits between ${opening.base} and ${branch}`);
  const created: PullRequest = {
    id: world.nextId(),
    number: nextNumber(of),
    author: by,
    createdAt: world.now(),
    updatedAt: world.now(),
    comments: [],
    reactions: [],
    labels: new Set(),
    title: opening.title,
    body: opening.body,
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
    pull: {
      headRepository,
      headRef: branch,
      headSha,
      baseRef: opening.base,
      baseSha,
      draft: opening.draft,
      reviews: [],
      reviewComments: [],
    },
  };
  of.issues.set(created.number, created);
  of.git.refs.set(`refs/pull/${created.number}/head`, headSha);
  tellOfIssue(world, of, created, 'opened', by);
  return created;
}

export function changeBase(world: World, of: Repository, one: PullRequest, base: string, by: Account): void {
  const sha = of.git.branch(base);
  if (sha === undefined) throw invalid('PullRequest', 'base', 'invalid');
  const from = { ref: one.pull.baseRef, sha: one.pull.baseSha };
  if (from.ref === base) return;
  one.pull.baseRef = base;
  one.pull.baseSha = sha;
  one.updatedAt = world.now();
  tellOfIssue(world, of, one, 'edited', by, {
    changes: { base: { ref: { from: from.ref }, sha: { from: from.sha } } },
  });
}

export function setDraft(world: World, of: Repository, one: PullRequest, draft: boolean, by: Account): void {
  if (one.pull.draft === draft) return;
  one.pull.draft = draft;
  one.updatedAt = world.now();
  tellOfIssue(world, of, one, draft ? 'converted_to_draft' : 'ready_for_review', by);
}

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

export interface LineComment {
  readonly path: string;
  readonly body: string;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly side: 'LEFT' | 'RIGHT';
}

const stateOf = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export function submitReview(
  world: World,
  of: Repository,
  on: PullRequest,
  by: Account,
  event: ReviewEvent,
  body = '',
  options: { readonly commit?: string | undefined; readonly comments?: readonly LineComment[] } = {},
): Review {
  if (by === on.author && event !== 'COMMENT') {
    const doing = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new Refusal(422, 'Unprocessable Entity', { errors: [`Can not ${doing} your own pull request`] });
  }
  for (const line of options.comments ?? []) checkLine(of, on, line);
  const created: Review = {
    id: world.nextId(),
    author: by,
    commit: options.commit ?? on.pull.headSha,
    submittedAt: world.now(),
    state: stateOf[event],
    body,
  };
  on.pull.reviews.push(created);
  on.updatedAt = world.now();
  tellOfReview(world, of, on, created, 'submitted', by);
  for (const line of options.comments ?? []) addLineComment(world, of, on, by, line, created);
  return created;
}

export function dismissReview(world: World, of: Repository, on: PullRequest, one: Review, by: Account): void {
  if (one.state !== 'APPROVED' && one.state !== 'CHANGES_REQUESTED')
    throw new Refusal(422, 'Can not dismiss a commented pull request review');
  one.state = 'DISMISSED';
  tellOfReview(world, of, on, one, 'dismissed', by);
}

function tellOfReview(
  world: World,
  of: Repository,
  on: PullRequest,
  one: Review,
  action: string,
  by: Account,
): void {
  // Webhooks write the state in lower case, the REST API in upper case.
  const told = review(world, of, on, one);
  world.tell('pull_request_review', action, of, by, {
    review: { ...told, state: told.state.toLowerCase() },
    pull_request: pullRequest(world, of, on),
  });
}

export function addLineComment(
  world: World,
  of: Repository,
  on: PullRequest,
  by: Account,
  line: LineComment,
  review: Review | undefined,
  inReplyTo?: number,
): ReviewComment {
  checkLine(of, on, line);
  const created: ReviewComment = {
    id: world.nextId(),
    author: by,
    createdAt: world.now(),
    updatedAt: world.now(),
    reactions: [],
    review: review?.id ?? null,
    commit: on.pull.headSha,
    ...line,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
  };
  on.pull.reviewComments.push(created);
  world.tell('pull_request_review_comment', 'created', of, by, {
    comment: reviewComment(world, of, on, created),
    pull_request: pullRequest(world, of, on),
  });
  return created;
}

/** A comment goes on a line that the diff shows, and nowhere else. */
function checkLine(of: Repository, on: PullRequest, { path, line, startLine, side }: LineComment): void {
  const file = changesSinceFork(of, on.pull.baseSha, on.pull.headSha).find((one) => one.path === path);
  if (file === undefined)
    throw new Refusal(422, 'Unprocessable Entity', { errors: ['Path could not be resolved'] });
  const shown = linesShown(file.patch ?? '', side);
  for (const wanted of [startLine, line])
    if (wanted !== null && !shown.has(wanted))
      throw new Refusal(422, 'Unprocessable Entity', { errors: ['Line could not be resolved'] });
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Merges, pinned to a head when `sha` is given. Answers the commit that the base branch is at afterwards. */
export function merge(
  world: World,
  of: Repository,
  one: PullRequest,
  by: Account,
  method: MergeMethod = 'merge',
  sha?: string,
  title?: string,
  message?: string,
): string {
  if (one.pull.merged !== undefined || one.state === 'closed' || one.pull.draft)
    throw new Refusal(405, 'Pull Request is not mergeable');
  if (sha !== undefined && sha !== one.pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  const tested = testMerge(of, one);
  const tree = tested === undefined ? undefined : of.git.objects.commit(tested)?.tree;
  const base = of.git.branch(one.pull.baseRef);
  if (tree === undefined || base === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
  const commit = (parents: readonly string[], text: string) =>
    of.git.objects.writeCommit({
      tree,
      parents,
      author: world.signature(by),
      committer: world.signature(by),
      message: text,
    });
  const head = `${one.pull.headRepository.owner.login}/${one.pull.headRef}`;
  const merged =
    method === 'merge'
      ? commit(
          [base, one.pull.headSha],
          `${title ?? `Merge pull request #${one.number} from ${head}`}\n\n${message ?? one.title}`,
        )
      : commit([base], [title ?? `${one.title} (#${one.number})`, message].filter(Boolean).join('\n\n'));
  one.pull.merged = { sha: merged, at: world.now(), by };
  one.state = 'closed';
  one.closedAt = world.now();
  one.closedBy = by;
  one.updatedAt = world.now();
  moveReference(world, of, `refs/heads/${one.pull.baseRef}`, merged, by);
  tellOfIssue(world, of, one, 'closed', by);
  return merged;
}

/** Puts a pull request in the merge queue: a group commit over the base, on a branch of its own, to be checked. */
export function queueForMerge(world: World, of: Repository, one: PullRequest, by: Account): MergeGroup {
  const sha = testMerge(of, one);
  const base = of.git.branch(one.pull.baseRef);
  if (sha === undefined || base === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
  const ref = `refs/heads/gh-readonly-queue/${one.pull.baseRef}/pr-${one.number}-${base}`;
  const group: MergeGroup = {
    ref,
    headSha: sha,
    baseSha: base,
    baseRef: `refs/heads/${one.pull.baseRef}`,
    pull: one,
  };
  moveReference(world, of, ref, sha, by);
  tellOfGroup(world, of, group, 'checks_requested', by);
  return group;
}

export interface MergeGroup {
  readonly ref: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly pull: PullRequest;
}

/** Takes a group out of the queue, merged or not. */
export function leaveQueue(
  world: World,
  of: Repository,
  group: MergeGroup,
  by: Account,
  reason: 'merged' | 'invalidated' | 'dequeued',
): void {
  if (reason === 'merged') {
    const { pull: one } = group;
    one.pull.merged = { sha: group.headSha, at: world.now(), by };
    one.state = 'closed';
    one.closedAt = world.now();
    one.closedBy = by;
    moveReference(world, of, group.baseRef, group.headSha, by);
    tellOfIssue(world, of, one, 'closed', by);
  }
  tellOfGroup(world, of, group, 'destroyed', by, { reason });
  moveReference(world, of, group.ref, undefined, by);
}

function tellOfGroup(
  world: World,
  of: Repository,
  group: MergeGroup,
  action: string,
  by: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const commit = of.git.objects.commit(group.headSha);
  world.tell('merge_group', action, of, by, {
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
        timestamp: (commit?.committer.date ?? world.now()).toISOString(),
        author: { name: commit?.author.name ?? '', email: commit?.author.email ?? '' },
        committer: { name: commit?.committer.name ?? '', email: commit?.committer.email ?? '' },
      },
    },
  });
}

/** What people and the App do with pull requests, with the webhooks that follow. */

import { ApiError, validationFailed } from '#demo/github/api-error';
import { linesShown } from '#demo/github/git/diff';
import { changesSinceFork } from '#demo/github/serializers/git';
import { serializePullRequest, serializeReview, serializeReviewComment } from '#demo/github/serializers/pull';
import { openPullRequests } from '#demo/github/serializers/repository';
import {
  type Account,
  fullName,
  type PullRequest,
  type PullRequestReview,
  type Repository,
  type ReviewComment,
} from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { startTestMerge } from '#demo/github/test-merges';
import { emitIssueEvent, nextNumber } from './issues.ts';

export interface NewPullRequest {
  readonly title: string;
  readonly body: string | null;
  /** `branch`, or `owner:branch` for a fork. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

export function createPullRequest(
  store: GitHubStore,
  of: Repository,
  by: Account,
  wanted: NewPullRequest,
): PullRequest {
  const [owner, branch] = wanted.head.includes(':') ? wanted.head.split(':') : [of.owner.login, wanted.head];
  const headRepository =
    owner === of.owner.login
      ? of
      : [...store.repositories.values()].find((one) => one.parent === of && one.owner.login === owner);
  const headSha = branch === undefined ? undefined : headRepository?.git.branch(branch);
  if (headRepository === undefined || branch === undefined || headSha === undefined)
    throw validationFailed('PullRequest', 'head', 'invalid');
  const baseSha = of.git.branch(wanted.base);
  if (baseSha === undefined) throw validationFailed('PullRequest', 'base', 'invalid');
  const same = openPullRequests(of).some(
    ({ pull }) =>
      pull.headRepository === headRepository && pull.headRef === branch && pull.baseRef === wanted.base,
  );
  if (same)
    throw validationFailed(
      'PullRequest',
      'base',
      'custom',
      `A pull request already exists for ${owner}:${branch}.`,
    );
  if (of.git.commitsBetween(baseSha, headSha).length === 0)
    throw validationFailed(
      'PullRequest',
      'base',
      'custom',
      `No commits between ${wanted.base} and ${branch}`,
    );
  const created: PullRequest = {
    id: store.nextId(),
    number: nextNumber(of),
    author: by,
    createdAt: store.now(),
    updatedAt: store.now(),
    comments: [],
    reactions: [],
    labels: new Set(),
    title: wanted.title,
    body: wanted.body,
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
    pull: {
      headRepository,
      headRef: branch,
      headSha,
      baseRef: wanted.base,
      baseSha,
      draft: wanted.draft,
      reviews: [],
      requestedReviewers: new Set(),
      requestedTeams: new Set(),
      reviewComments: [],
    },
  };
  of.issues.set(created.number, created);
  of.git.refs.set(`refs/pull/${created.number}/head`, headSha);
  emitIssueEvent(store, of, created, 'opened', by);
  startTestMerge(store, of, created);
  return created;
}

export function changeBase(
  store: GitHubStore,
  of: Repository,
  one: PullRequest,
  base: string,
  by: Account,
): void {
  const sha = of.git.branch(base);
  if (sha === undefined) throw validationFailed('PullRequest', 'base', 'invalid');
  const from = { ref: one.pull.baseRef, sha: one.pull.baseSha };
  if (from.ref === base) return;
  one.pull.baseRef = base;
  one.pull.baseSha = sha;
  one.updatedAt = store.now();
  emitIssueEvent(store, of, one, 'edited', by, {
    changes: { base: { ref: { from: from.ref }, sha: { from: from.sha } } },
  });
  startTestMerge(store, of, one);
}

export function setDraft(
  store: GitHubStore,
  of: Repository,
  one: PullRequest,
  draft: boolean,
  by: Account,
): void {
  if (one.pull.draft === draft) return;
  one.pull.draft = draft;
  one.updatedAt = store.now();
  emitIssueEvent(store, of, one, draft ? 'converted_to_draft' : 'ready_for_review', by);
}

/** Asks for reviews: all that were named, or none where one of them may not be asked. */
export function requestReviews(
  store: GitHubStore,
  of: Repository,
  on: PullRequest,
  logins: readonly string[],
  slugs: readonly string[],
): void {
  const refuse = (message: string) => new ApiError(422, message);
  const people = logins.map((login) => store.accounts.get(login.toLowerCase()));
  if (people.includes(on.author)) throw refuse('Review cannot be requested from pull request author.');
  const teams = store.teams.get(of.owner.login) ?? [];
  const known = people.filter((one) => one !== undefined && of.collaborators.has(one.login));
  if (known.length < logins.length || !slugs.every((slug) => teams.some((team) => team.slug === slug)))
    throw refuse(
      `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${fullName(of)} repository.`,
    );
  for (const one of known) if (one !== undefined) on.pull.requestedReviewers.add(one);
  for (const slug of slugs) on.pull.requestedTeams.add(slug);
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
  store: GitHubStore,
  of: Repository,
  on: PullRequest,
  by: Account,
  event: ReviewEvent,
  body = '',
  options: { readonly commit?: string | undefined; readonly comments?: readonly LineComment[] } = {},
): PullRequestReview {
  if (by === on.author && event !== 'COMMENT') {
    const doing = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new ApiError(422, 'Unprocessable Entity', { errors: [`Can not ${doing} your own pull request`] });
  }
  for (const line of options.comments ?? []) checkLine(of, on, line);
  const created: PullRequestReview = {
    id: store.nextId(),
    author: by,
    commit: options.commit ?? on.pull.headSha,
    submittedAt: store.now(),
    state: stateOf[event],
    body,
  };
  on.pull.reviews.push(created);
  on.updatedAt = store.now();
  emitReviewEvent(store, of, on, created, 'submitted', by);
  for (const line of options.comments ?? []) addLineComment(store, of, on, by, line, created);
  return created;
}

export function dismissReview(
  store: GitHubStore,
  of: Repository,
  on: PullRequest,
  one: PullRequestReview,
  by: Account,
): void {
  if (one.state !== 'APPROVED' && one.state !== 'CHANGES_REQUESTED')
    throw new ApiError(422, 'Can not dismiss a commented pull request review');
  one.state = 'DISMISSED';
  emitReviewEvent(store, of, on, one, 'dismissed', by);
}

function emitReviewEvent(
  store: GitHubStore,
  of: Repository,
  on: PullRequest,
  one: PullRequestReview,
  action: string,
  by: Account,
): void {
  // Webhooks write the state in lower case, the REST API in upper case.
  const serialized = serializeReview(store, of, on, one);
  store.emitWebhook('pull_request_review', action, of, by, {
    review: { ...serialized, state: serialized.state.toLowerCase() },
    pull_request: serializePullRequest(store, of, on),
  });
}

export function addLineComment(
  store: GitHubStore,
  of: Repository,
  on: PullRequest,
  by: Account,
  line: LineComment,
  review: PullRequestReview | undefined,
  inReplyTo?: number,
): ReviewComment {
  checkLine(of, on, line);
  const created: ReviewComment = {
    id: store.nextId(),
    author: by,
    createdAt: store.now(),
    updatedAt: store.now(),
    reactions: [],
    review: review?.id ?? null,
    commit: on.pull.headSha,
    ...line,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
  };
  on.pull.reviewComments.push(created);
  store.emitWebhook('pull_request_review_comment', 'created', of, by, {
    comment: serializeReviewComment(store, of, on, created),
    pull_request: serializePullRequest(store, of, on),
  });
  return created;
}

/** A comment goes on a line that the diff shows, and nowhere else. */
function checkLine(of: Repository, on: PullRequest, { path, line, startLine, side }: LineComment): void {
  const file = changesSinceFork(of, on.pull.baseSha, on.pull.headSha).find((one) => one.path === path);
  if (file === undefined)
    throw new ApiError(422, 'Unprocessable Entity', { errors: ['Path could not be resolved'] });
  const shown = linesShown(file.patch ?? '', side);
  for (const wanted of [startLine, line])
    if (wanted !== null && !shown.has(wanted))
      throw new ApiError(422, 'Unprocessable Entity', { errors: ['Line could not be resolved'] });
}

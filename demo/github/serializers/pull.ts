/** Pull requests, reviews and comments on lines as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import { linesShown } from '#demo/github/git/diff';
import { mergeViolations } from '#demo/github/rules';
import {
  fullName,
  type PullRequest,
  type PullRequestReview,
  type Repository,
  type ReviewComment,
} from '#demo/github/state';
import { knownMergeability } from '#demo/github/test-merges';
import { authorAssociation, nodeId, serializeAccount, serializeReactionCounts } from './account.ts';
import type { SerializerContext } from './context.ts';
import { changesSinceFork } from './git.ts';
import { serializeLabels, serializeRepository } from './repository.ts';

type Schemas = components['schemas'];

function side(context: SerializerContext, of: Repository, ref: string, sha: string) {
  return {
    label: `${of.owner.login}:${ref}`,
    ref,
    sha,
    user: serializeAccount(context, of.owner),
    repo: serializeRepository(context, of),
  };
}

/** A pull request as lists give it. */
export function serializePullRequest(
  context: SerializerContext,
  of: Repository,
  one: PullRequest,
): Schemas['pull-request-simple'] {
  const url = `${context.api}/repos/${fullName(of)}/pulls/${one.number}`;
  const issueUrl = `${context.api}/repos/${fullName(of)}/issues/${one.number}`;
  const html = `${context.html}/${fullName(of)}/pull/${one.number}`;
  const statuses = `${context.api}/repos/${fullName(of)}/statuses/${one.pull.headSha}`;
  const { pull } = one;
  return {
    url,
    id: one.id,
    node_id: nodeId('PullRequest', one.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number: one.number,
    state: one.state,
    locked: false,
    title: one.title,
    user: serializeAccount(context, one.author),
    body: one.body,
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    closed_at: one.closedAt?.toISOString() ?? null,
    merged_at: pull.merged?.at.toISOString() ?? null,
    merge_commit_sha: pull.merged?.sha ?? pull.testMerge?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [...pull.requestedReviewers].map((one) => serializeAccount(context, one)),
    requested_teams: [],
    labels: serializeLabels(context, of, one.labels).map((label) => ({
      ...label,
      description: label.description ?? '',
    })),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${context.api}/repos/${fullName(of)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(context, pull.headRepository, pull.headRef, pull.headSha),
    base: side(context, of, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${context.api}/repos/${fullName(of)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: authorAssociation(of, one.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

function mergeableState(
  context: SerializerContext,
  of: Repository,
  one: PullRequest,
  mergeable: boolean | null,
): string {
  if (mergeable === null) return 'unknown';
  if (!mergeable) return 'dirty';
  if (one.pull.draft) return 'draft';
  return mergeViolations(context, of, one).length > 0 ? 'blocked' : 'clean';
}

/** A pull request as `GET /repos/{owner}/{repo}/pulls/{pull_number}` and webhooks give it. */
export function serializeFullPullRequest(
  context: SerializerContext,
  of: Repository,
  one: PullRequest,
): Schemas['pull-request'] {
  const { pull } = one;
  const files = changesSinceFork(of, pull.baseSha, pull.headSha);
  const known = knownMergeability(of, one);
  const mergeable = known?.mergeable ?? null;
  return {
    ...serializePullRequest(context, of, one),
    state: one.state,
    user: serializeAccount(context, one.author),
    head: side(context, pull.headRepository, pull.headRef, pull.headSha),
    base: side(context, of, pull.baseRef, pull.baseSha),
    merged: pull.merged !== undefined,
    mergeable,
    rebaseable: known?.rebaseable ?? null,
    mergeable_state: mergeableState(context, of, one, mergeable),
    merged_by: pull.merged === undefined ? null : serializeAccount(context, pull.merged.by),
    comments: one.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: pull.headRepository !== of,
    commits: of.git.commitsBetween(pull.baseSha, pull.headSha).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

export function serializeReview(
  context: SerializerContext,
  of: Repository,
  on: PullRequest,
  one: PullRequestReview,
): Schemas['pull-request-review'] {
  const url = `${context.api}/repos/${fullName(of)}/pulls/${on.number}`;
  const html = `${context.html}/${fullName(of)}/pull/${on.number}#pullrequestreview-${one.id}`;
  return {
    id: one.id,
    node_id: nodeId('PullRequestReview', one.id),
    user: serializeAccount(context, one.author),
    body: one.body,
    state: one.state,
    html_url: html,
    pull_request_url: url,
    author_association: authorAssociation(of, one.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: one.submittedAt.toISOString(),
    commit_id: one.commit,
  };
}

export function serializeReviewComment(
  context: SerializerContext,
  of: Repository,
  on: PullRequest,
  one: ReviewComment,
): Schemas['pull-request-review-comment'] {
  const url = `${context.api}/repos/${fullName(of)}/pulls/comments/${one.id}`;
  const pullUrl = `${context.api}/repos/${fullName(of)}/pulls/${on.number}`;
  const html = `${context.html}/${fullName(of)}/pull/${on.number}#discussion_r${one.id}`;
  const file = changesSinceFork(of, on.pull.baseSha, on.pull.headSha).find(({ path }) => path === one.path);
  const position = one.line === null ? undefined : linesShown(file?.patch ?? '', one.side).get(one.line);
  return {
    url,
    id: one.id,
    node_id: nodeId('PullRequestReviewComment', one.id),
    pull_request_review_id: one.review,
    diff_hunk: file?.patch ?? '',
    position: position ?? 1,
    original_position: position ?? 1,
    path: one.path,
    commit_id: one.commit,
    original_commit_id: one.commit,
    user: serializeAccount(context, one.author),
    body: one.body,
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    html_url: html,
    pull_request_url: pullUrl,
    author_association: authorAssociation(of, one.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    start_line: one.startLine,
    original_start_line: one.startLine,
    start_side: one.startLine === null ? null : one.side,
    ...(one.line === null ? {} : { line: one.line, original_line: one.line }),
    side: one.side,
    subject_type: one.line === null ? 'file' : 'line',
    reactions: serializeReactionCounts(`${url}/reactions`, one.reactions),
    ...(one.inReplyTo === undefined ? {} : { in_reply_to_id: one.inReplyTo }),
  };
}

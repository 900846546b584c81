/** Pull requests, their files, reviews and comments on lines. */

import { type Call, created, noContent, ok, onRepository, type Route } from '#demo/github/call';
import {
  type Body,
  boundedText,
  choice,
  flag,
  optionalNumber,
  optionalText,
  records,
  text,
} from '#demo/github/fields';
import { editIssue, react } from '#demo/github/mutations/issues';
import {
  addLineComment,
  changeBase,
  dismissReview,
  type LineComment,
  merge,
  openPullRequest,
  submitReview,
} from '#demo/github/mutations/pulls';
import { malformed, notFound, Refusal } from '#demo/github/refusal';
import { changedFile, changesSinceFork, commit } from '#demo/github/shapes/git';
import { fullPullRequest, pullRequest, review, reviewComment } from '#demo/github/shapes/pull';
import {
  isPullRequest,
  type PullRequest,
  type Repository,
  type ReviewComment,
  reactionContents,
} from '#demo/github/state';

/** GitHub lists at most so many files of a pull request, however they are asked for. */
const mostFiles = 3_000;

export const pullRoutes: readonly Route[] = [
  onRepository('GET /pulls', ['pull_requests:read'], (call) => {
    const state = call.query('state') ?? 'open';
    const [head, base] = [call.query('head'), call.query('base')];
    const oldestFirst = call.query('direction') === 'asc';
    const found = [...call.repository.issues.values()]
      .filter(isPullRequest)
      .filter((one) => state === 'all' || one.state === state)
      .filter((one) => base === undefined || one.pull.baseRef === base)
      .filter(
        ({ pull }) => head === undefined || head === `${pull.headRepository.owner.login}:${pull.headRef}`,
      )
      .toSorted((a, b) => (oldestFirst ? a.number - b.number : b.number - a.number));
    return call.list(found, (one) => pullRequest(call.world, call.repository, one));
  }),
  onRepository(
    'POST /pulls',
    ['pull_requests:write'],
    (call) => {
      const opened = openPullRequest(call.world, call.repository, call.account, {
        title: text(call.body, 'title'),
        body: boundedText(call.body, 'body') ?? null,
        head: text(call.body, 'head'),
        base: text(call.body, 'base'),
        draft: flag(call.body, 'draft') ?? false,
      });
      return created(fullPullRequest(call.world, call.repository, opened));
    },
    'read',
  ),
  onRepository('GET /pulls/{pull_number}', ['pull_requests:read'], (call) =>
    ok(fullPullRequest(call.world, call.repository, call.pull)),
  ),
  onRepository('PATCH /pulls/{pull_number}', ['pull_requests:write'], (call) => {
    const base = optionalText(call.body, 'base');
    if (base !== undefined) changeBase(call.world, call.repository, call.pull, base, call.account);
    editIssue(
      call.world,
      call.repository,
      call.pull,
      {
        title: optionalText(call.body, 'title'),
        body: boundedText(call.body, 'body'),
        state: choice(call.body, 'state', ['open', 'closed']),
      },
      call.account,
    );
    return ok(fullPullRequest(call.world, call.repository, call.pull));
  }),
  onRepository('GET /pulls/{pull_number}/files', ['pull_requests:read'], (call) => {
    const { pull } = call.pull;
    const files = changesSinceFork(call.repository, pull.baseSha, pull.headSha).slice(0, mostFiles);
    return call.list(files, (file) => changedFile(call.world, call.repository, pull.headSha, file));
  }),
  onRepository('GET /pulls/{pull_number}/commits', ['pull_requests:read'], (call) => {
    const { pull } = call.pull;
    // 250 at most.
    const commits = call.repository.git.commitsBetween(pull.baseSha, pull.headSha).slice(0, 250);
    return call.list(commits, ({ sha }) => commit(call.world, call.repository, sha));
  }),
  onRepository('PUT /pulls/{pull_number}/merge', ['contents:write'], (call) => {
    const sha = merge(
      call.world,
      call.repository,
      call.pull,
      call.account,
      choice(call.body, 'merge_method', ['merge', 'squash', 'rebase']),
      optionalText(call.body, 'sha'),
      optionalText(call.body, 'commit_title'),
      optionalText(call.body, 'commit_message'),
    );
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  }),
  onRepository('GET /pulls/{pull_number}/merge', ['contents:read'], (call) => {
    if (call.pull.pull.merged === undefined) throw notFound();
    return noContent;
  }),
  onRepository('GET /pulls/{pull_number}/reviews', ['pull_requests:read'], (call) =>
    call.list(call.pull.pull.reviews, (one) => review(call.world, call.repository, call.pull, one)),
  ),
  onRepository(
    'POST /pulls/{pull_number}/reviews',
    ['pull_requests:write'],
    (call) => {
      const event = choice(call.body, 'event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);
      if (event === undefined) throw malformed('Pending reviews are not kept here: say an "event".');
      const submitted = submitReview(
        call.world,
        call.repository,
        call.pull,
        call.account,
        event,
        boundedText(call.body, 'body') ?? '',
        {
          commit: optionalText(call.body, 'commit_id'),
          comments: (records(call.body, 'comments') ?? []).map(lineComment),
        },
      );
      return ok(review(call.world, call.repository, call.pull, submitted));
    },
    'read',
  ),
  onRepository('PUT /pulls/{pull_number}/reviews/{review_id}/dismissals', ['pull_requests:write'], (call) => {
    const found = call.pull.pull.reviews.find(({ id }) => id === call.number('review_id'));
    if (found === undefined) throw notFound();
    text(call.body, 'message');
    dismissReview(call.world, call.repository, call.pull, found, call.account);
    return ok(review(call.world, call.repository, call.pull, found));
  }),
  onRepository('GET /pulls/{pull_number}/comments', ['pull_requests:read'], (call) =>
    call.list(call.pull.pull.reviewComments, (one) =>
      reviewComment(call.world, call.repository, call.pull, one),
    ),
  ),
  onRepository(
    'POST /pulls/{pull_number}/comments',
    ['pull_requests:write'],
    (call) => {
      if (text(call.body, 'commit_id') !== call.pull.pull.headSha)
        throw new Refusal(422, 'Unprocessable Entity', {
          errors: ['commit_id is not part of the pull request'],
        });
      const added = addLineComment(
        call.world,
        call.repository,
        call.pull,
        call.account,
        lineComment(call.body),
        undefined,
        optionalNumber(call.body, 'in_reply_to'),
      );
      return created(reviewComment(call.world, call.repository, call.pull, added));
    },
    'read',
  ),
  onRepository('PATCH /pulls/comments/{comment_id}', ['pull_requests:write'], (call) => {
    const { pull, comment } = lineCommentNumbered(call);
    comment.body = text({ body: boundedText(call.body, 'body') }, 'body');
    comment.updatedAt = call.world.now();
    return ok(reviewComment(call.world, call.repository, pull, comment));
  }),
  onRepository('DELETE /pulls/comments/{comment_id}', ['pull_requests:write'], (call) => {
    const { pull, comment } = lineCommentNumbered(call);
    pull.pull.reviewComments.splice(pull.pull.reviewComments.indexOf(comment), 1);
    return noContent;
  }),
  onRepository(
    'POST /pulls/comments/{comment_id}/reactions',
    ['pull_requests:write'],
    (call) => {
      const { comment } = lineCommentNumbered(call);
      const content = choice(call.body, 'content', reactionContents);
      if (content === undefined) throw malformed('"content" wasn\'t supplied.');
      const { shape, isNew } = react(call.world, comment.reactions, content, call.account);
      return { status: isNew ? 201 : 200, body: shape };
    },
    'read',
  ),
];

function lineComment(body: Body): LineComment {
  return {
    path: text(body, 'path'),
    body: text({ body: boundedText(body, 'body') }, 'body'),
    line: optionalNumber(body, 'line') ?? null,
    startLine: optionalNumber(body, 'start_line') ?? null,
    side: choice(body, 'side', ['LEFT', 'RIGHT']) ?? 'RIGHT',
  };
}

function lineCommentNumbered(call: Call): { pull: PullRequest; comment: ReviewComment } {
  const of: Repository = call.repository;
  for (const pull of [...of.issues.values()].filter(isPullRequest)) {
    const comment = pull.pull.reviewComments.find(({ id }) => id === call.number('comment_id'));
    if (comment !== undefined) return { pull, comment };
  }
  throw notFound();
}

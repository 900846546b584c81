/** Pull requests, their files, reviews and comments on lines. */

import { type ApiCall, created, noContent, ok, type Route, repositoryRoute } from '#demo/github/api-call';
import { ApiError, invalidRequest, notFound } from '#demo/github/api-error';
import {
  boundedText,
  type JsonBody,
  optionalBoolean,
  optionalChoice,
  optionalNumber,
  optionalRecords,
  optionalText,
  optionalTexts,
  requiredText,
} from '#demo/github/body-fields';
import { createReaction, updateIssue } from '#demo/github/mutations/issues';
import { performMerge } from '#demo/github/mutations/merging';
import {
  addLineComment,
  changeBase,
  createPullRequest,
  dismissReview,
  type LineComment,
  requestReviews,
  submitReview,
} from '#demo/github/mutations/pulls';
import { changesSinceFork, serializeChangedFile, serializeCommit } from '#demo/github/serializers/git';
import {
  serializeFullPullRequest,
  serializePullRequest,
  serializeReview,
  serializeReviewComment,
} from '#demo/github/serializers/pull';
import {
  isPullRequest,
  type PullRequest,
  type Repository,
  type ReviewComment,
  reactionContents,
} from '#demo/github/state';
import { requestTestMerge } from '#demo/github/test-merges';

/** GitHub lists at most so many files of a pull request, however they are asked for. */
const maxFiles = 3_000;

export const pullRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls', ['pull_requests:read'], (call) => {
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
    return call.list(found, (one) => serializePullRequest(call.store, call.repository, one));
  }),
  repositoryRoute(
    'POST /pulls',
    ['pull_requests:write'],
    (call) => {
      const opened = createPullRequest(call.store, call.repository, call.account, {
        title: requiredText(call.body, 'title'),
        body: boundedText(call.body, 'body') ?? null,
        head: requiredText(call.body, 'head'),
        base: requiredText(call.body, 'base'),
        draft: optionalBoolean(call.body, 'draft') ?? false,
      });
      return created(serializeFullPullRequest(call.store, call.repository, opened));
    },
    'read',
  ),
  repositoryRoute('GET /pulls/{pull_number}', ['pull_requests:read'], (call) => {
    requestTestMerge(call.store, call.repository, call.pull);
    return ok(serializeFullPullRequest(call.store, call.repository, call.pull));
  }),
  repositoryRoute('PATCH /pulls/{pull_number}', ['pull_requests:write'], (call) => {
    const base = optionalText(call.body, 'base');
    if (base !== undefined) changeBase(call.store, call.repository, call.pull, base, call.account);
    updateIssue(
      call.store,
      call.repository,
      call.pull,
      {
        title: optionalText(call.body, 'title'),
        body: boundedText(call.body, 'body'),
        state: optionalChoice(call.body, 'state', ['open', 'closed']),
      },
      call.account,
    );
    return ok(serializeFullPullRequest(call.store, call.repository, call.pull));
  }),
  repositoryRoute('GET /pulls/{pull_number}/files', ['pull_requests:read'], (call) => {
    const { pull } = call.pull;
    const files = changesSinceFork(call.repository, pull.baseSha, pull.headSha).slice(0, maxFiles);
    return call.list(files, (file) => serializeChangedFile(call.store, call.repository, pull.headSha, file));
  }),
  repositoryRoute('GET /pulls/{pull_number}/commits', ['pull_requests:read'], (call) => {
    const { pull } = call.pull;
    // 250 at most.
    const commits = call.repository.git.commitsBetween(pull.baseSha, pull.headSha).slice(0, 250);
    return call.list(commits, ({ sha }) => serializeCommit(call.store, call.repository, sha));
  }),
  repositoryRoute('PUT /pulls/{pull_number}/merge', ['contents:write'], (call) => {
    const sha = performMerge(call.store, call.repository, call.pull, call.account, {
      method: optionalChoice(call.body, 'merge_method', ['merge', 'squash', 'rebase']),
      sha: optionalText(call.body, 'sha'),
      title: optionalText(call.body, 'commit_title'),
      message: optionalText(call.body, 'commit_message'),
    });
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  }),
  repositoryRoute('GET /pulls/{pull_number}/merge', ['contents:read'], (call) => {
    if (call.pull.pull.merged === undefined) throw notFound();
    return noContent;
  }),
  repositoryRoute('GET /pulls/{pull_number}/reviews', ['pull_requests:read'], (call) =>
    call.list(call.pull.pull.reviews, (one) => serializeReview(call.store, call.repository, call.pull, one)),
  ),
  repositoryRoute(
    'POST /pulls/{pull_number}/reviews',
    ['pull_requests:write'],
    (call) => {
      const event = optionalChoice(call.body, 'event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);
      if (event === undefined) throw invalidRequest('Pending reviews are not kept here: say an "event".');
      const submitted = submitReview(
        call.store,
        call.repository,
        call.pull,
        call.account,
        event,
        boundedText(call.body, 'body') ?? '',
        {
          commit: optionalText(call.body, 'commit_id'),
          comments: (optionalRecords(call.body, 'comments') ?? []).map(lineComment),
        },
      );
      return ok(serializeReview(call.store, call.repository, call.pull, submitted));
    },
    'read',
  ),
  repositoryRoute('POST /pulls/{pull_number}/requested_reviewers', ['pull_requests:write'], (call) => {
    const { store, repository, pull, body } = call;
    const teams = optionalTexts(body, 'team_reviewers') ?? [];
    requestReviews(store, repository, pull, optionalTexts(body, 'reviewers') ?? [], teams);
    return created(serializePullRequest(store, repository, pull));
  }),
  repositoryRoute(
    'PUT /pulls/{pull_number}/reviews/{review_id}/dismissals',
    ['pull_requests:write'],
    (call) => {
      const found = call.pull.pull.reviews.find(({ id }) => id === call.number('review_id'));
      if (found === undefined) throw notFound();
      requiredText(call.body, 'message');
      dismissReview(call.store, call.repository, call.pull, found, call.account);
      return ok(serializeReview(call.store, call.repository, call.pull, found));
    },
  ),
  repositoryRoute('GET /pulls/{pull_number}/comments', ['pull_requests:read'], (call) =>
    call.list(call.pull.pull.reviewComments, (one) =>
      serializeReviewComment(call.store, call.repository, call.pull, one),
    ),
  ),
  repositoryRoute(
    'POST /pulls/{pull_number}/comments',
    ['pull_requests:write'],
    (call) => {
      if (requiredText(call.body, 'commit_id') !== call.pull.pull.headSha)
        throw new ApiError(422, 'Unprocessable Entity', {
          errors: ['commit_id is not part of the pull request'],
        });
      const added = addLineComment(
        call.store,
        call.repository,
        call.pull,
        call.account,
        lineComment(call.body),
        undefined,
        optionalNumber(call.body, 'in_reply_to'),
      );
      return created(serializeReviewComment(call.store, call.repository, call.pull, added));
    },
    'read',
  ),
  repositoryRoute('PATCH /pulls/comments/{comment_id}', ['pull_requests:write'], (call) => {
    const { pull, comment } = lineCommentNumbered(call);
    comment.body = requiredText({ body: boundedText(call.body, 'body') }, 'body');
    comment.updatedAt = call.store.now();
    return ok(serializeReviewComment(call.store, call.repository, pull, comment));
  }),
  repositoryRoute('DELETE /pulls/comments/{comment_id}', ['pull_requests:write'], (call) => {
    const { pull, comment } = lineCommentNumbered(call);
    pull.pull.reviewComments.splice(pull.pull.reviewComments.indexOf(comment), 1);
    return noContent;
  }),
  repositoryRoute(
    'POST /pulls/comments/{comment_id}/reactions',
    ['pull_requests:write'],
    (call) => {
      const { comment } = lineCommentNumbered(call);
      const content = optionalChoice(call.body, 'content', reactionContents);
      if (content === undefined) throw invalidRequest('"content" wasn\'t supplied.');
      const { shape, isNew } = createReaction(call.store, comment.reactions, content, call.account);
      return { status: isNew ? 201 : 200, body: shape };
    },
    'read',
  ),
];

function lineComment(body: JsonBody): LineComment {
  return {
    path: requiredText(body, 'path'),
    body: requiredText({ body: boundedText(body, 'body') }, 'body'),
    line: optionalNumber(body, 'line') ?? null,
    startLine: optionalNumber(body, 'start_line') ?? null,
    side: optionalChoice(body, 'side', ['LEFT', 'RIGHT']) ?? 'RIGHT',
  };
}

function lineCommentNumbered(call: ApiCall): { pull: PullRequest; comment: ReviewComment } {
  const of: Repository = call.repository;
  for (const pull of [...of.issues.values()].filter(isPullRequest)) {
    const comment = pull.pull.reviewComments.find(({ id }) => id === call.number('comment_id'));
    if (comment !== undefined) return { pull, comment };
  }
  throw notFound();
}

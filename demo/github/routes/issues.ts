/** Issues, comments, labels and reactions. */

import {
  type ApiCall,
  type ApiResponse,
  created,
  noContent,
  ok,
  type Route,
  repositoryRoute,
} from '#demo/github/api-call';
import { ApiError, invalidRequest, notFound } from '#demo/github/api-error';
import { notAccessibleByIntegration } from '#demo/github/auth';
import {
  boundedText,
  optionalChoice,
  optionalText,
  optionalTexts,
  requiredText,
} from '#demo/github/body-fields';
import {
  addComment,
  createIssue,
  createLabel,
  createReaction,
  deleteComment,
  editComment,
  removeLabel,
  setLabels,
  updateIssue,
} from '#demo/github/mutations/issues';
import { serializeReaction } from '#demo/github/serializers/account';
import { serializeComment, serializeIssue } from '#demo/github/serializers/issue';
import { serializeLabel, serializeLabels } from '#demo/github/serializers/repository';
import { type Comment, type Issue, type RepositoryLabel, reactionContents } from '#demo/github/state';

/** Comments and labels of a pull request: one permission or the other will do. */
const read = ['issues:read', 'pull_requests:read'] as const;
const write = ['issues:write', 'pull_requests:write'] as const;

export const issueRoutes: readonly Route[] = [
  repositoryRoute('GET /issues', read, (call) => {
    const state = call.query('state') ?? 'open';
    const wanted = call.query('labels')?.split(',') ?? [];
    const creator = call.query('creator');
    const found = [...call.repository.issues.values()]
      .filter((one) => state === 'all' || one.state === state)
      .filter((one) => wanted.every((name) => one.labels.has(name)))
      .filter((one) => creator === undefined || one.author.login === creator)
      .toSorted((a, b) => b.number - a.number);
    return call.list(found, (one) => serializeIssue(call.store, call.repository, one));
  }),
  repositoryRoute(
    'POST /issues',
    ['issues:write'],
    (call) => {
      const { title } = call.body;
      const opened = createIssue(
        call.store,
        call.repository,
        call.account,
        typeof title === 'number' ? String(title) : requiredText(call.body, 'title'),
        boundedText(call.body, 'body') ?? null,
        labelNames(call) ?? [],
      );
      return created(serializeIssue(call.store, call.repository, opened));
    },
    'read',
  ),
  repositoryRoute('GET /issues/{issue_number}', read, (call) =>
    ok(serializeIssue(call.store, call.repository, call.issue)),
  ),
  repositoryRoute('PATCH /issues/{issue_number}', write, (call) => {
    requireWriteAccess(call, call.issue);
    updateIssue(
      call.store,
      call.repository,
      call.issue,
      {
        title: optionalText(call.body, 'title'),
        body: boundedText(call.body, 'body'),
        state: optionalChoice(call.body, 'state', ['open', 'closed']),
        stateReason: optionalChoice(call.body, 'state_reason', ['completed', 'not_planned', 'reopened']),
      },
      call.account,
    );
    const labels = labelNames(call);
    if (labels !== undefined) setLabels(call.store, call.repository, call.issue, labels, call.account);
    return ok(serializeIssue(call.store, call.repository, call.issue));
  }),
  repositoryRoute('GET /issues/{issue_number}/comments', read, (call) => {
    const since = Date.parse(call.query('since') ?? '');
    const listed = call.issue.comments.filter(
      ({ updatedAt }) => Number.isNaN(since) || Math.floor(+updatedAt / 1000) * 1000 >= since,
    );
    return call.list(listed, (one) => serializeComment(call.store, call.repository, call.issue, one));
  }),
  repositoryRoute(
    'POST /issues/{issue_number}/comments',
    write,
    (call) => {
      const added = addComment(call.store, call.repository, call.issue, bodyOf(call), call.account);
      return created(serializeComment(call.store, call.repository, call.issue, added));
    },
    'read',
  ),
  repositoryRoute('GET /issues/comments', read, (call) => {
    const all = [...call.repository.issues.values()].flatMap((on) => on.comments.map((one) => ({ on, one })));
    return call.list(all, ({ on, one }) => serializeComment(call.store, call.repository, on, one));
  }),
  repositoryRoute('GET /issues/comments/{comment_id}', read, (call) => {
    const { on, one } = commentNumbered(call);
    return ok(serializeComment(call.store, call.repository, on, one));
  }),
  repositoryRoute(
    'PATCH /issues/comments/{comment_id}',
    write,
    (call) => {
      const { on, one } = commentNumbered(call);
      requireAuthorOrWriter(call, one);
      editComment(call.store, call.repository, on, one, bodyOf(call), call.account);
      return ok(serializeComment(call.store, call.repository, on, one));
    },
    'read',
  ),
  repositoryRoute(
    'DELETE /issues/comments/{comment_id}',
    write,
    (call) => {
      const { on, one } = commentNumbered(call);
      requireAuthorOrWriter(call, one);
      deleteComment(call.store, call.repository, on, one, call.account);
      return noContent;
    },
    'read',
  ),
  repositoryRoute('GET /issues/comments/{comment_id}/reactions', read, (call) =>
    call.list(commentNumbered(call).one.reactions, (given) => serializeReaction(call.store, given)),
  ),
  repositoryRoute(
    'POST /issues/comments/{comment_id}/reactions',
    write,
    (call) => reactTo(call, commentNumbered(call).one.reactions),
    'read',
  ),
  repositoryRoute('GET /issues/{issue_number}/reactions', read, (call) =>
    call.list(call.issue.reactions, (given) => serializeReaction(call.store, given)),
  ),
  repositoryRoute(
    'POST /issues/{issue_number}/reactions',
    write,
    (call) => reactTo(call, call.issue.reactions),
    'read',
  ),
  repositoryRoute('GET /labels', read, (call) =>
    call.list([...call.repository.labels.values()], (one) =>
      serializeLabel(call.store, call.repository, one),
    ),
  ),
  repositoryRoute('POST /labels', write, (call) => {
    const made = createLabel(
      call.store,
      call.repository,
      requiredText(call.body, 'name'),
      optionalText(call.body, 'color') ?? 'ededed',
      optionalText(call.body, 'description') ?? null,
    );
    return created(serializeLabel(call.store, call.repository, made));
  }),
  repositoryRoute('GET /labels/{name}', read, (call) =>
    ok(serializeLabel(call.store, call.repository, labelNamed(call))),
  ),
  repositoryRoute('PATCH /labels/{name}', write, (call) => {
    const found = labelNamed(call);
    found.color = optionalText(call.body, 'color') ?? found.color;
    found.description = optionalText(call.body, 'description') ?? found.description;
    return ok(serializeLabel(call.store, call.repository, found));
  }),
  repositoryRoute('DELETE /labels/{name}', write, (call) => {
    const found = labelNamed(call);
    for (const one of call.repository.issues.values()) one.labels.delete(found.name);
    call.repository.labels.delete(found.name.toLowerCase());
    return noContent;
  }),
  repositoryRoute('GET /issues/{issue_number}/labels', read, (call) =>
    call.list(serializeLabels(call.store, call.repository, call.issue.labels), (one) => one),
  ),
  repositoryRoute('POST /issues/{issue_number}/labels', write, (call) =>
    labelled(call, [...call.issue.labels, ...(labelNames(call) ?? [])]),
  ),
  repositoryRoute('PUT /issues/{issue_number}/labels', write, (call) =>
    labelled(call, labelNames(call) ?? []),
  ),
  repositoryRoute('DELETE /issues/{issue_number}/labels', write, (call) => {
    setLabels(call.store, call.repository, call.issue, [], call.account);
    return noContent;
  }),
  repositoryRoute('DELETE /issues/{issue_number}/labels/{name}', write, (call) => {
    if (!removeLabel(call.store, call.repository, call.issue, call.param('name'), call.account))
      throw new ApiError(404, 'Label does not exist');
    return ok(serializeLabels(call.store, call.repository, call.issue.labels));
  }),
];

/** A comment's text, which GitHub wants, and wants short enough. */
function bodyOf(call: ApiCall): string {
  const body = requiredText({ body: boundedText(call.body, 'body') }, 'body');
  if (body.trim() === '') throw invalidRequest('"body" is blank.');
  return body;
}

function labelNames(call: ApiCall): string[] | undefined {
  const { labels } = call.body;
  if (!Array.isArray(labels)) return undefined;
  const named = labels.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'name' in one ? one.name : one,
  );
  return optionalTexts({ labels: named }, 'labels');
}

function labelled(call: ApiCall, names: readonly string[]): ApiResponse {
  // A hundred labels at most on one issue.
  if (new Set(names).size > 100) throw invalidRequest('No more than 100 labels are allowed.');
  setLabels(call.store, call.repository, call.issue, names, call.account);
  return ok(serializeLabels(call.store, call.repository, call.issue.labels));
}

function labelNamed(call: ApiCall): RepositoryLabel {
  const found = call.repository.labels.get(call.param('name').toLowerCase());
  if (found === undefined) throw notFound();
  return found;
}

function commentNumbered(call: ApiCall): { readonly on: Issue; readonly one: Comment } {
  for (const on of call.repository.issues.values()) {
    const one = on.comments.find(({ id }) => id === call.number('comment_id'));
    if (one !== undefined) return { on, one };
  }
  throw notFound();
}

function reactTo(call: ApiCall, to: Comment['reactions']): ApiResponse {
  const content = optionalChoice(call.body, 'content', reactionContents);
  if (content === undefined) throw invalidRequest('"content" wasn\'t supplied.');
  const { shape, isNew } = createReaction(call.store, to, content, call.account);
  return { status: isNew ? 201 : 200, body: shape };
}

function requireAuthorOrWriter(call: ApiCall, one: Comment): void {
  if (
    call.caller.kind === 'user' &&
    one.author !== call.account &&
    !call.store.may(call.account, 'write', call.repository)
  )
    throw new ApiError(403, 'Must have admin rights to Repository.');
}

/** A plain issue needs the permission for issues; a pull request takes either. */
function requireWriteAccess(call: ApiCall, one: Issue): void {
  if (
    call.caller.kind === 'installation' &&
    one.pull === undefined &&
    call.caller.permissions.issues !== 'write'
  )
    throw notAccessibleByIntegration();
}

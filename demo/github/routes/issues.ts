/** Issues, comments, labels and reactions. */

import { notIntegration } from '#demo/github/auth';
import { type Answer, type Call, created, noContent, ok, onRepository, type Route } from '#demo/github/call';
import { boundedText, choice, optionalText, text, texts } from '#demo/github/fields';
import {
  addComment,
  createLabel,
  deleteComment,
  editComment,
  editIssue,
  openIssue,
  react,
  removeLabel,
  setLabels,
} from '#demo/github/mutations/issues';
import { malformed, notFound, Refusal } from '#demo/github/refusal';
import { reaction } from '#demo/github/shapes/account';
import { comment, issue } from '#demo/github/shapes/issue';
import { label, labelsOf } from '#demo/github/shapes/repository';
import { type Comment, type Issue, type Label, reactionContents } from '#demo/github/state';

/** Comments and labels of a pull request: one permission or the other will do. */
const read = ['issues:read', 'pull_requests:read'] as const;
const write = ['issues:write', 'pull_requests:write'] as const;

export const issueRoutes: readonly Route[] = [
  onRepository('GET /issues', read, (call) => {
    const state = call.query('state') ?? 'open';
    const wanted = call.query('labels')?.split(',') ?? [];
    const creator = call.query('creator');
    const found = [...call.repository.issues.values()]
      .filter((one) => state === 'all' || one.state === state)
      .filter((one) => wanted.every((name) => one.labels.has(name)))
      .filter((one) => creator === undefined || one.author.login === creator)
      .toSorted((a, b) => b.number - a.number);
    return call.list(found, (one) => issue(call.world, call.repository, one));
  }),
  onRepository(
    'POST /issues',
    ['issues:write'],
    (call) => {
      const { title } = call.body;
      const opened = openIssue(
        call.world,
        call.repository,
        call.account,
        typeof title === 'number' ? String(title) : text(call.body, 'title'),
        boundedText(call.body, 'body') ?? null,
        labelNames(call) ?? [],
      );
      return created(issue(call.world, call.repository, opened));
    },
    'read',
  ),
  onRepository('GET /issues/{issue_number}', read, (call) =>
    ok(issue(call.world, call.repository, call.issue)),
  ),
  onRepository('PATCH /issues/{issue_number}', write, (call) => {
    onlyWithRightTo(call, call.issue);
    editIssue(
      call.world,
      call.repository,
      call.issue,
      {
        title: optionalText(call.body, 'title'),
        body: boundedText(call.body, 'body'),
        state: choice(call.body, 'state', ['open', 'closed']),
        stateReason: choice(call.body, 'state_reason', ['completed', 'not_planned', 'reopened']),
      },
      call.account,
    );
    const labels = labelNames(call);
    if (labels !== undefined) setLabels(call.world, call.repository, call.issue, labels, call.account);
    return ok(issue(call.world, call.repository, call.issue));
  }),
  onRepository('GET /issues/{issue_number}/comments', read, (call) =>
    call.list(call.issue.comments, (one) => comment(call.world, call.repository, call.issue, one)),
  ),
  onRepository(
    'POST /issues/{issue_number}/comments',
    write,
    (call) => {
      const added = addComment(call.world, call.repository, call.issue, bodyOf(call), call.account);
      return created(comment(call.world, call.repository, call.issue, added));
    },
    'read',
  ),
  onRepository('GET /issues/comments', read, (call) => {
    const all = [...call.repository.issues.values()].flatMap((on) => on.comments.map((one) => ({ on, one })));
    return call.list(all, ({ on, one }) => comment(call.world, call.repository, on, one));
  }),
  onRepository('GET /issues/comments/{comment_id}', read, (call) => {
    const { on, one } = commentNumbered(call);
    return ok(comment(call.world, call.repository, on, one));
  }),
  onRepository(
    'PATCH /issues/comments/{comment_id}',
    write,
    (call) => {
      const { on, one } = commentNumbered(call);
      onlyAuthorOrWriter(call, one);
      editComment(call.world, call.repository, on, one, bodyOf(call), call.account);
      return ok(comment(call.world, call.repository, on, one));
    },
    'read',
  ),
  onRepository(
    'DELETE /issues/comments/{comment_id}',
    write,
    (call) => {
      const { on, one } = commentNumbered(call);
      onlyAuthorOrWriter(call, one);
      deleteComment(call.world, call.repository, on, one, call.account);
      return noContent;
    },
    'read',
  ),
  onRepository('GET /issues/comments/{comment_id}/reactions', read, (call) =>
    call.list(commentNumbered(call).one.reactions, (given) => reaction(call.world, given)),
  ),
  onRepository(
    'POST /issues/comments/{comment_id}/reactions',
    write,
    (call) => reactTo(call, commentNumbered(call).one.reactions),
    'read',
  ),
  onRepository('GET /issues/{issue_number}/reactions', read, (call) =>
    call.list(call.issue.reactions, (given) => reaction(call.world, given)),
  ),
  onRepository(
    'POST /issues/{issue_number}/reactions',
    write,
    (call) => reactTo(call, call.issue.reactions),
    'read',
  ),
  onRepository('GET /labels', read, (call) =>
    call.list([...call.repository.labels.values()], (one) => label(call.world, call.repository, one)),
  ),
  onRepository('POST /labels', write, (call) => {
    const made = createLabel(
      call.world,
      call.repository,
      text(call.body, 'name'),
      optionalText(call.body, 'color') ?? 'ededed',
      optionalText(call.body, 'description') ?? null,
    );
    return created(label(call.world, call.repository, made));
  }),
  onRepository('GET /labels/{name}', read, (call) =>
    ok(label(call.world, call.repository, labelNamed(call))),
  ),
  onRepository('PATCH /labels/{name}', write, (call) => {
    const found = labelNamed(call);
    found.color = optionalText(call.body, 'color') ?? found.color;
    found.description = optionalText(call.body, 'description') ?? found.description;
    return ok(label(call.world, call.repository, found));
  }),
  onRepository('DELETE /labels/{name}', write, (call) => {
    const found = labelNamed(call);
    for (const one of call.repository.issues.values()) one.labels.delete(found.name);
    call.repository.labels.delete(found.name.toLowerCase());
    return noContent;
  }),
  onRepository('GET /issues/{issue_number}/labels', read, (call) =>
    call.list(labelsOf(call.world, call.repository, call.issue.labels), (one) => one),
  ),
  onRepository('POST /issues/{issue_number}/labels', write, (call) =>
    labelled(call, [...call.issue.labels, ...(labelNames(call) ?? [])]),
  ),
  onRepository('PUT /issues/{issue_number}/labels', write, (call) => labelled(call, labelNames(call) ?? [])),
  onRepository('DELETE /issues/{issue_number}/labels', write, (call) => {
    setLabels(call.world, call.repository, call.issue, [], call.account);
    return noContent;
  }),
  onRepository('DELETE /issues/{issue_number}/labels/{name}', write, (call) => {
    if (!removeLabel(call.world, call.repository, call.issue, call.param('name'), call.account))
      throw new Refusal(404, 'Label does not exist');
    return ok(labelsOf(call.world, call.repository, call.issue.labels));
  }),
];

/** A comment's text, which GitHub wants, and wants short enough. */
function bodyOf(call: Call): string {
  const body = text({ body: boundedText(call.body, 'body') }, 'body');
  if (body.trim() === '') throw malformed('"body" is blank.');
  return body;
}

function labelNames(call: Call): string[] | undefined {
  const { labels } = call.body;
  if (!Array.isArray(labels)) return undefined;
  const named = labels.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'name' in one ? one.name : one,
  );
  return texts({ labels: named }, 'labels');
}

function labelled(call: Call, names: readonly string[]): Answer {
  // A hundred labels at most on one issue.
  if (new Set(names).size > 100) throw malformed('No more than 100 labels are allowed.');
  setLabels(call.world, call.repository, call.issue, names, call.account);
  return ok(labelsOf(call.world, call.repository, call.issue.labels));
}

function labelNamed(call: Call): Label {
  const found = call.repository.labels.get(call.param('name').toLowerCase());
  if (found === undefined) throw notFound();
  return found;
}

function commentNumbered(call: Call): { readonly on: Issue; readonly one: Comment } {
  for (const on of call.repository.issues.values()) {
    const one = on.comments.find(({ id }) => id === call.number('comment_id'));
    if (one !== undefined) return { on, one };
  }
  throw notFound();
}

function reactTo(call: Call, to: Comment['reactions']): Answer {
  const content = choice(call.body, 'content', reactionContents);
  if (content === undefined) throw malformed('"content" wasn\'t supplied.');
  const { shape, isNew } = react(call.world, to, content, call.account);
  return { status: isNew ? 201 : 200, body: shape };
}

function onlyAuthorOrWriter(call: Call, one: Comment): void {
  if (
    call.actor.kind === 'user' &&
    one.author !== call.account &&
    !call.world.may(call.account, 'write', call.repository)
  )
    throw new Refusal(403, 'Must have admin rights to Repository.');
}

/** A plain issue needs the permission for issues; a pull request takes either. */
function onlyWithRightTo(call: Call, one: Issue): void {
  if (
    call.actor.kind === 'installation' &&
    one.pull === undefined &&
    call.actor.permissions.issues !== 'write'
  )
    throw notIntegration();
}

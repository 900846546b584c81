/** What people and the App do with issues, comments, labels and reactions, with the webhooks that follow. */

import { validationFailed } from '#demo/github/api-error';
import { serializeAccount, serializeReaction } from '#demo/github/serializers/account';
import { serializeComment, serializeIssue } from '#demo/github/serializers/issue';
import { serializeFullPullRequest } from '#demo/github/serializers/pull';
import { serializeLabel } from '#demo/github/serializers/repository';
import {
  type Account,
  type Comment,
  type Issue,
  isPullRequest,
  type Reaction,
  type ReactionContent,
  type Repository,
  type RepositoryLabel,
} from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';

export function nextNumber(of: Repository): number {
  return Math.max(0, ...of.issues.keys()) + 1;
}

export function createIssue(
  store: GitHubStore,
  of: Repository,
  by: Account,
  title: string,
  body: string | null,
  labels: readonly string[] = [],
): Issue {
  const created: Issue = {
    id: store.nextId(),
    number: nextNumber(of),
    author: by,
    createdAt: store.now(),
    updatedAt: store.now(),
    comments: [],
    reactions: [],
    labels: new Set(labels.map((name) => ensureLabel(store, of, name).name)),
    title,
    body,
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
  };
  of.issues.set(created.number, created);
  emitIssueEvent(store, of, created, 'opened', by);
  return created;
}

export interface IssueEdit {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly stateReason?: 'completed' | 'not_planned' | 'reopened' | undefined;
}

/** Edits, closes or reopens an issue or a pull request. */
export function updateIssue(
  store: GitHubStore,
  of: Repository,
  one: Issue,
  edit: IssueEdit,
  by: Account,
): void {
  const changes: Record<string, { from: string | null }> = {};
  if (edit.title !== undefined && edit.title !== one.title) {
    changes.title = { from: one.title };
    one.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== one.body) {
    changes.body = { from: one.body };
    one.body = edit.body;
  }
  one.updatedAt = store.now();
  if (Object.keys(changes).length > 0) emitIssueEvent(store, of, one, 'edited', by, { changes });
  if (edit.state === 'closed' && one.state === 'open') {
    one.state = 'closed';
    one.stateReason = edit.stateReason ?? 'completed';
    one.closedAt = store.now();
    one.closedBy = by;
    emitIssueEvent(store, of, one, 'closed', by);
  } else if (edit.state === 'open' && one.state === 'closed') {
    if (one.pull?.merged !== undefined)
      throw validationFailed(
        'PullRequest',
        'state',
        'invalid',
        'state cannot be changed. The pull request has been merged.',
      );
    one.state = 'open';
    one.stateReason = 'reopened';
    one.closedAt = null;
    one.closedBy = null;
    emitIssueEvent(store, of, one, 'reopened', by);
  }
}

/** Tells of a change to an issue, or to a pull request under its own event. */
export function emitIssueEvent(
  store: GitHubStore,
  of: Repository,
  one: Issue,
  action: string,
  by: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  if (isPullRequest(one))
    store.emitWebhook('pull_request', action, of, by, {
      number: one.number,
      pull_request: serializeFullPullRequest(store, of, one),
      ...more,
    });
  else store.emitWebhook('issues', action, of, by, { issue: serializeIssue(store, of, one), ...more });
}

export function addComment(
  store: GitHubStore,
  of: Repository,
  on: Issue,
  body: string,
  by: Account,
): Comment {
  const created: Comment = {
    id: store.nextId(),
    author: by,
    createdAt: store.now(),
    updatedAt: store.now(),
    reactions: [],
    body,
  };
  on.comments.push(created);
  on.updatedAt = store.now();
  store.emitWebhook('issue_comment', 'created', of, by, {
    issue: serializeIssue(store, of, on),
    comment: serializeComment(store, of, on, created),
  });
  return created;
}

export function editComment(
  store: GitHubStore,
  of: Repository,
  on: Issue,
  one: Comment,
  body: string,
  by: Account,
): void {
  const from = one.body;
  one.body = body;
  one.updatedAt = store.now();
  store.emitWebhook('issue_comment', 'edited', of, by, {
    changes: { body: { from } },
    issue: serializeIssue(store, of, on),
    comment: serializeComment(store, of, on, one),
  });
}

export function deleteComment(
  store: GitHubStore,
  of: Repository,
  on: Issue,
  one: Comment,
  by: Account,
): void {
  on.comments.splice(on.comments.indexOf(one), 1);
  store.emitWebhook('issue_comment', 'deleted', of, by, {
    issue: serializeIssue(store, of, on),
    comment: serializeComment(store, of, on, one),
  });
}

/** The repository's label of that name; created grey when it is missing, as GitHub does when one is put on an issue. */
export function ensureLabel(store: GitHubStore, of: Repository, name: string): RepositoryLabel {
  return of.labels.get(name.toLowerCase()) ?? createLabel(store, of, name, 'ededed', null);
}

export function createLabel(
  store: GitHubStore,
  of: Repository,
  name: string,
  color: string,
  description: string | null,
): RepositoryLabel {
  if (of.labels.has(name.toLowerCase())) throw validationFailed('Label', 'name', 'already_exists');
  if (!/^[0-9a-f]{6}$/i.test(color)) throw validationFailed('Label', 'color', 'invalid');
  if ((description ?? '').length > 100)
    throw validationFailed(
      'Label',
      'description',
      'invalid',
      'description is too long (maximum is 100 characters)',
    );
  const created: RepositoryLabel = { id: store.nextId(), name, color: color.toLowerCase(), description };
  of.labels.set(name.toLowerCase(), created);
  return created;
}

/** Makes the labels of an issue exactly these. */
export function setLabels(
  store: GitHubStore,
  of: Repository,
  on: Issue,
  names: readonly string[],
  by: Account,
): void {
  const wanted = names.map((name) => ensureLabel(store, of, name));
  for (const present of [...on.labels])
    if (!wanted.some(({ name }) => name === present)) removeLabel(store, of, on, present, by);
  for (const one of wanted) {
    if (on.labels.has(one.name)) continue;
    on.labels.add(one.name);
    on.updatedAt = store.now();
    emitIssueEvent(store, of, on, 'labeled', by, { label: serializeLabel(store, of, one) });
  }
}

/** Takes a label off an issue; false when it was not on it. */
export function removeLabel(
  store: GitHubStore,
  of: Repository,
  on: Issue,
  name: string,
  by: Account,
): boolean {
  const known = of.labels.get(name.toLowerCase());
  if (known === undefined || !on.labels.delete(known.name)) return false;
  on.updatedAt = store.now();
  emitIssueEvent(store, of, on, 'unlabeled', by, { label: serializeLabel(store, of, known) });
  return true;
}

/** Reacts to something; the same reaction of the same account is there once. */
export function createReaction(
  store: GitHubStore,
  to: readonly Reaction[] & { push(given: Reaction): number },
  content: ReactionContent,
  by: Account,
): { readonly shape: ReturnType<typeof serializeReaction>; readonly isNew: boolean } {
  const present = to.find((one) => one.user === by && one.content === content);
  const given = present ?? { id: store.nextId(), content, user: by, createdAt: store.now() };
  if (present === undefined) to.push(given);
  return {
    shape: { ...serializeReaction(store, given), user: serializeAccount(store, by) },
    isNew: present === undefined,
  };
}

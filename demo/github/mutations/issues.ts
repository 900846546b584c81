/** What people and the App do with issues, comments, labels and reactions, told as webhooks. */

import { invalid } from '#demo/github/refusal';
import { account, reaction } from '#demo/github/shapes/account';
import { comment, issue } from '#demo/github/shapes/issue';
import { fullPullRequest } from '#demo/github/shapes/pull';
import { label } from '#demo/github/shapes/repository';
import {
  type Account,
  type Comment,
  type Issue,
  isPullRequest,
  type Label,
  type Reaction,
  type ReactionContent,
  type Repository,
} from '#demo/github/state';
import type { World } from '#demo/github/world';

export function nextNumber(of: Repository): number {
  return Math.max(0, ...of.issues.keys()) + 1;
}

export function openIssue(
  world: World,
  of: Repository,
  by: Account,
  title: string,
  body: string | null,
  labels: readonly string[] = [],
): Issue {
  const created: Issue = {
    id: world.nextId(),
    number: nextNumber(of),
    author: by,
    createdAt: world.now(),
    updatedAt: world.now(),
    comments: [],
    reactions: [],
    labels: new Set(labels.map((name) => ensureLabel(world, of, name).name)),
    title,
    body,
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
  };
  of.issues.set(created.number, created);
  tellOfIssue(world, of, created, 'opened', by);
  return created;
}

export interface IssueEdit {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly stateReason?: 'completed' | 'not_planned' | 'reopened' | undefined;
}

/** Edits, closes or reopens an issue or a pull request. */
export function editIssue(world: World, of: Repository, one: Issue, edit: IssueEdit, by: Account): void {
  const changes: Record<string, { from: string | null }> = {};
  if (edit.title !== undefined && edit.title !== one.title) {
    changes.title = { from: one.title };
    one.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== one.body) {
    changes.body = { from: one.body };
    one.body = edit.body;
  }
  one.updatedAt = world.now();
  if (Object.keys(changes).length > 0) tellOfIssue(world, of, one, 'edited', by, { changes });
  if (edit.state === 'closed' && one.state === 'open') {
    one.state = 'closed';
    one.stateReason = edit.stateReason ?? 'completed';
    one.closedAt = world.now();
    one.closedBy = by;
    tellOfIssue(world, of, one, 'closed', by);
  } else if (edit.state === 'open' && one.state === 'closed') {
    if (one.pull?.merged !== undefined)
      throw invalid(
        'PullRequest',
        'state',
        'invalid',
        'state cannot be changed. The pull request has been merged.',
      );
    one.state = 'open';
    one.stateReason = 'reopened';
    one.closedAt = null;
    one.closedBy = null;
    tellOfIssue(world, of, one, 'reopened', by);
  }
}

/** Tells of a change to an issue, or to a pull request under its own event. */
export function tellOfIssue(
  world: World,
  of: Repository,
  one: Issue,
  action: string,
  by: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  if (isPullRequest(one))
    world.tell('pull_request', action, of, by, {
      number: one.number,
      pull_request: fullPullRequest(world, of, one),
      ...more,
    });
  else world.tell('issues', action, of, by, { issue: issue(world, of, one), ...more });
}

export function addComment(world: World, of: Repository, on: Issue, body: string, by: Account): Comment {
  const created: Comment = {
    id: world.nextId(),
    author: by,
    createdAt: world.now(),
    updatedAt: world.now(),
    reactions: [],
    body,
  };
  on.comments.push(created);
  on.updatedAt = world.now();
  world.tell('issue_comment', 'created', of, by, {
    issue: issue(world, of, on),
    comment: comment(world, of, on, created),
  });
  return created;
}

export function editComment(
  world: World,
  of: Repository,
  on: Issue,
  one: Comment,
  body: string,
  by: Account,
): void {
  const from = one.body;
  one.body = body;
  one.updatedAt = world.now();
  world.tell('issue_comment', 'edited', of, by, {
    changes: { body: { from } },
    issue: issue(world, of, on),
    comment: comment(world, of, on, one),
  });
}

export function deleteComment(world: World, of: Repository, on: Issue, one: Comment, by: Account): void {
  on.comments.splice(on.comments.indexOf(one), 1);
  world.tell('issue_comment', 'deleted', of, by, {
    issue: issue(world, of, on),
    comment: comment(world, of, on, one),
  });
}

/** The repository's label of that name; created grey when it is missing, as GitHub does when one is put on an issue. */
export function ensureLabel(world: World, of: Repository, name: string): Label {
  return of.labels.get(name.toLowerCase()) ?? createLabel(world, of, name, 'ededed', null);
}

export function createLabel(
  world: World,
  of: Repository,
  name: string,
  color: string,
  description: string | null,
): Label {
  if (of.labels.has(name.toLowerCase())) throw invalid('Label', 'name', 'already_exists');
  if (!/^[0-9a-f]{6}$/i.test(color)) throw invalid('Label', 'color', 'invalid');
  if ((description ?? '').length > 100)
    throw invalid('Label', 'description', 'invalid', 'description is too long (maximum is 100 characters)');
  const created: Label = { id: world.nextId(), name, color: color.toLowerCase(), description };
  of.labels.set(name.toLowerCase(), created);
  return created;
}

/** Makes the labels of an issue exactly these. */
export function setLabels(
  world: World,
  of: Repository,
  on: Issue,
  names: readonly string[],
  by: Account,
): void {
  const wanted = names.map((name) => ensureLabel(world, of, name));
  for (const present of [...on.labels])
    if (!wanted.some(({ name }) => name === present)) removeLabel(world, of, on, present, by);
  for (const one of wanted) {
    if (on.labels.has(one.name)) continue;
    on.labels.add(one.name);
    on.updatedAt = world.now();
    tellOfIssue(world, of, on, 'labeled', by, { label: label(world, of, one) });
  }
}

/** Takes a label off an issue; false when it was not on it. */
export function removeLabel(world: World, of: Repository, on: Issue, name: string, by: Account): boolean {
  const known = of.labels.get(name.toLowerCase());
  if (known === undefined || !on.labels.delete(known.name)) return false;
  on.updatedAt = world.now();
  tellOfIssue(world, of, on, 'unlabeled', by, { label: label(world, of, known) });
  return true;
}

/** Reacts to something; the same reaction of the same account is there once. */
export function react(
  world: World,
  to: readonly Reaction[] & { push(given: Reaction): number },
  content: ReactionContent,
  by: Account,
): { readonly shape: ReturnType<typeof reaction>; readonly isNew: boolean } {
  const present = to.find((one) => one.user === by && one.content === content);
  const given = present ?? { id: world.nextId(), content, user: by, createdAt: world.now() };
  if (present === undefined) to.push(given);
  return { shape: { ...reaction(world, given), user: account(world, by) }, isNew: present === undefined };
}

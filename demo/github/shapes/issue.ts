/** Issues and their comments as GitHub's REST API tells them. */
import type { components } from '@octokit/openapi-types';
import { type Comment, fullName, type Issue, type Repository } from '#demo/github/state';
import type { Addresses } from '#demo/github/world';
import { account, association, nodeId, reactionCounts } from './account.ts';
import { integration } from './app.ts';
import { labelsOf } from './repository.ts';

type Schemas = components['schemas'];

const appOf = (at: Addresses, author: { readonly login: string }) =>
  author.login === at.app.bot.login ? integration(at, at.app) : null;

export function issue(at: Addresses, of: Repository, one: Issue): Schemas['issue'] {
  const url = `${at.api}/repos/${fullName(of)}/issues/${one.number}`;
  const html = `${at.html}/${fullName(of)}/${one.pull === undefined ? 'issues' : 'pull'}/${one.number}`;
  const pullUrl = `${at.api}/repos/${fullName(of)}/pulls/${one.number}`;
  return {
    url,
    repository_url: `${at.api}/repos/${fullName(of)}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: one.id,
    node_id: nodeId('Issue', one.id),
    number: one.number,
    title: one.title,
    user: account(at, one.author),
    labels: labelsOf(at, of, one.labels),
    state: one.state,
    state_reason: one.stateReason,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: one.comments.length,
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    closed_at: one.closedAt?.toISOString() ?? null,
    closed_by: one.closedBy === null ? null : account(at, one.closedBy),
    author_association: association(of, one.author),
    active_lock_reason: null,
    body: one.body,
    reactions: reactionCounts(`${url}/reactions`, one.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: appOf(at, one.author),
    ...(one.pull === undefined
      ? {}
      : {
          draft: one.pull.draft,
          pull_request: {
            url: pullUrl,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: one.pull.merged?.at.toISOString() ?? null,
          },
        }),
  };
}

export function comment(at: Addresses, of: Repository, on: Issue, one: Comment): Schemas['issue-comment'] {
  const url = `${at.api}/repos/${fullName(of)}/issues/comments/${one.id}`;
  return {
    url,
    html_url: `${at.html}/${fullName(of)}/${on.pull === undefined ? 'issues' : 'pull'}/${on.number}#issuecomment-${one.id}`,
    issue_url: `${at.api}/repos/${fullName(of)}/issues/${on.number}`,
    id: one.id,
    node_id: nodeId('IssueComment', one.id),
    user: account(at, one.author),
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    body: one.body,
    author_association: association(of, one.author),
    reactions: reactionCounts(`${url}/reactions`, one.reactions),
    performed_via_github_app: appOf(at, one.author),
  };
}

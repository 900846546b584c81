/** Issues and their comments as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import { type Comment, fullName, type Issue, type Repository } from '#demo/github/state';
import { authorAssociation, nodeId, serializeAccount, serializeReactionCounts } from './account.ts';
import { serializeApp } from './app.ts';
import type { SerializerContext } from './context.ts';
import { serializeLabels } from './repository.ts';

type Schemas = components['schemas'];

const appOf = (context: SerializerContext, author: { readonly login: string }) =>
  author.login === context.app.bot.login ? serializeApp(context, context.app) : null;

export function serializeIssue(context: SerializerContext, of: Repository, one: Issue): Schemas['issue'] {
  const url = `${context.api}/repos/${fullName(of)}/issues/${one.number}`;
  const html = `${context.html}/${fullName(of)}/${one.pull === undefined ? 'issues' : 'pull'}/${one.number}`;
  const pullUrl = `${context.api}/repos/${fullName(of)}/pulls/${one.number}`;
  return {
    url,
    repository_url: `${context.api}/repos/${fullName(of)}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: one.id,
    node_id: nodeId('Issue', one.id),
    number: one.number,
    title: one.title,
    user: serializeAccount(context, one.author),
    labels: serializeLabels(context, of, one.labels),
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
    closed_by: one.closedBy === null ? null : serializeAccount(context, one.closedBy),
    author_association: authorAssociation(of, one.author),
    active_lock_reason: null,
    body: one.body,
    reactions: serializeReactionCounts(`${url}/reactions`, one.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: appOf(context, one.author),
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

export function serializeComment(
  context: SerializerContext,
  of: Repository,
  on: Issue,
  one: Comment,
): Schemas['issue-comment'] {
  const url = `${context.api}/repos/${fullName(of)}/issues/comments/${one.id}`;
  return {
    url,
    html_url: `${context.html}/${fullName(of)}/${on.pull === undefined ? 'issues' : 'pull'}/${on.number}#issuecomment-${one.id}`,
    issue_url: `${context.api}/repos/${fullName(of)}/issues/${on.number}`,
    id: one.id,
    node_id: nodeId('IssueComment', one.id),
    user: serializeAccount(context, one.author),
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    body: one.body,
    author_association: authorAssociation(of, one.author),
    reactions: serializeReactionCounts(`${url}/reactions`, one.reactions),
    performed_via_github_app: appOf(context, one.author),
  };
}

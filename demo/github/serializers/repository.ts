/** Repositories and labels as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import {
  fullName,
  isPullRequest,
  type Repository,
  type RepositoryLabel,
  type Role,
} from '#demo/github/state';
import { nodeId, serializeAccount, serializeOrganization } from './account.ts';
import type { SerializerContext } from './context.ts';

type Schemas = components['schemas'];

/** What every form of a repository holds. */
function core(context: SerializerContext, of: Repository) {
  const url = `${context.api}/repos/${fullName(of)}`;
  const html = `${context.html}/${fullName(of)}`;
  const openIssues = [...of.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    id: of.id,
    node_id: nodeId('Repository', of.id),
    name: of.name,
    full_name: fullName(of),
    owner: serializeAccount(context, of.owner),
    private: of.private,
    html_url: html,
    description: null,
    fork: of.parent !== undefined,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
    clone_url: `${html}.git`,
    git_url: `${html.replace(/^https?/, 'git')}.git`,
    ssh_url: `git@${new URL(context.html).hostname}:${fullName(of)}.git`,
    svn_url: html,
    homepage: null,
    language: null,
    mirror_url: null,
    license: null,
    default_branch: of.defaultBranch,
    visibility: of.private ? 'private' : 'public',
    forks: 0,
    forks_count: 0,
    open_issues: openIssues,
    open_issues_count: openIssues,
    watchers: 0,
    watchers_count: 0,
    stargazers_count: 0,
    size: 1,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_downloads: true,
    archived: false,
    disabled: false,
    is_template: false,
    web_commit_signoff_required: false,
    allow_forking: true,
    topics: [],
    pushed_at: of.pushedAt.toISOString(),
    created_at: of.createdAt.toISOString(),
    updated_at: of.pushedAt.toISOString(),
  };
}

export function serializeRepository(context: SerializerContext, of: Repository): Schemas['repository'] {
  return core(context, of);
}

export function serializeMinimalRepository(
  context: SerializerContext,
  of: Repository,
): Schemas['minimal-repository'] {
  const { license: _license, ...rest } = core(context, of);
  return rest;
}

export function serializeFullRepository(
  context: SerializerContext,
  of: Repository,
  role?: Role,
): Schemas['full-repository'] {
  return {
    ...core(context, of),
    allow_merge_commit: of.mergeMethods.has('merge'),
    allow_squash_merge: of.mergeMethods.has('squash'),
    allow_rebase_merge: of.mergeMethods.has('rebase'),
    network_count: 0,
    subscribers_count: 0,
    ...(of.parent === undefined
      ? {}
      : { parent: serializeRepository(context, of.parent), source: serializeRepository(context, of.parent) }),
    ...(of.owner.type === 'Organization' ? { organization: serializeAccount(context, of.owner) } : {}),
    ...(role === undefined ? {} : { permissions: serializePermissions(role) }),
  };
}

/** The five cumulative permissions that a role stands for. */
export function serializePermissions(role: Role) {
  const order: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];
  const rank = order.indexOf(role);
  return { admin: rank >= 4, maintain: rank >= 3, push: rank >= 2, triage: rank >= 1, pull: true };
}

/** `repository` and, when an organization owns it, `organization`: what every webhook carries. */
export function webhookRepositoryFields(context: SerializerContext, of: Repository) {
  return {
    repository: core(context, of),
    ...(of.owner.type === 'Organization' ? { organization: serializeOrganization(context, of.owner) } : {}),
  };
}

export function serializeLabel(
  context: SerializerContext,
  of: Repository,
  one: RepositoryLabel,
): Schemas['label'] {
  return {
    id: one.id,
    node_id: nodeId('Label', one.id),
    url: `${context.api}/repos/${fullName(of)}/labels/${encodeURIComponent(one.name)}`,
    name: one.name,
    color: one.color,
    default: false,
    description: one.description,
  };
}

/** The labels of an issue that still exist in the repository. */
export function serializeLabels(
  context: SerializerContext,
  of: Repository,
  names: Iterable<string>,
): Schemas['label'][] {
  return [...names].flatMap((name) => {
    const known = of.labels.get(name.toLowerCase());
    return known === undefined ? [] : [serializeLabel(context, of, known)];
  });
}

export function openPullRequests(of: Repository) {
  return [...of.issues.values()].filter(isPullRequest).filter((pull) => pull.state === 'open');
}

/** Accounts, teams and reactions as GitHub's REST API gives them. */
import type { components } from '@octokit/openapi-types';
import type { Account, Reaction, Repository, Team } from '#demo/github/state';
import type { SerializerContext } from './context.ts';

type Schemas = components['schemas'];

/** GitHub's opaque global ids; here readable ones. */
export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

export function serializeAccount(context: SerializerContext, who: Account): Schemas['simple-user'] {
  const url = `${context.api}/users/${encodeURIComponent(who.login)}`;
  return {
    login: who.login,
    id: who.id,
    node_id: nodeId(who.type, who.id),
    avatar_url: `${context.html}/avatars/${who.id}`,
    gravatar_id: '',
    url,
    html_url: `${context.html}/${who.type === 'Bot' ? `apps/${who.login.replace('[bot]', '')}` : who.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: who.type,
    site_admin: false,
    user_view_type: 'public',
  };
}

export function serializeOrganization(
  context: SerializerContext,
  who: Account,
): Schemas['organization-simple'] {
  const url = `${context.api}/orgs/${who.login}`;
  return {
    login: who.login,
    id: who.id,
    node_id: nodeId('Organization', who.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${context.html}/avatars/${who.id}`,
    description: null,
  };
}

export function serializePublicUser(context: SerializerContext, who: Account): Schemas['public-user'] {
  return {
    ...serializeAccount(context, who),
    name: who.name,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: new Date(0).toISOString(),
    updated_at: new Date(0).toISOString(),
  };
}

/** How the author of something stands to the repository it is in. */
export function authorAssociation(repository: Repository, who: Account): Schemas['author-association'] {
  if (repository.owner.login === who.login) return 'OWNER';
  return repository.collaborators.has(who.login) ? 'COLLABORATOR' : 'NONE';
}

export function serializeReaction(context: SerializerContext, given: Reaction): Schemas['reaction'] {
  return {
    id: given.id,
    node_id: nodeId('Reaction', given.id),
    user: serializeAccount(context, given.user),
    content: given.content,
    created_at: given.createdAt.toISOString(),
  };
}

export function serializeReactionCounts(url: string, given: readonly Reaction[]): Schemas['reaction-rollup'] {
  const count = (content: Reaction['content']) => given.filter((one) => one.content === content).length;
  return {
    url,
    total_count: given.length,
    '+1': count('+1'),
    '-1': count('-1'),
    laugh: count('laugh'),
    confused: count('confused'),
    heart: count('heart'),
    hooray: count('hooray'),
    eyes: count('eyes'),
    rocket: count('rocket'),
  };
}

export function serializeTeamMembership(
  context: SerializerContext,
  organizationLogin: string,
  team: Team,
  who: Account,
): Schemas['team-membership'] {
  return {
    url: `${context.api}/orgs/${organizationLogin}/teams/${team.slug}/memberships/${who.login}`,
    role: 'member',
    state: 'active',
  };
}

/** The teams that a registry's settings name, `organization/team`: by a name that GitHub changes when theirs is changed. */
import { exactId } from '#infrastructure/github/client/exact-id';
import { type RepositoryClient, statusOf } from '#infrastructure/github/client/repository-client';

/** A team as the settings name it, and the number of the one that is meant; undefined while it was not looked up. */
export interface KnownTeam {
  readonly name: string;
  readonly id: string | undefined;
}

/**
 * `missing`: nobody shows a team of this name, which was renamed or is secret to the App; `unseen`: the App was not granted
 * `members`, or is not installed on the organization; `another`: it is not the one that is meant.
 */
export type TeamState = 'there' | 'missing' | 'unseen' | 'another';

export type FoundTeam =
  | { readonly state: 'there'; readonly id: string }
  | { readonly state: Exclude<TeamState, 'there'> };

export async function readTeam(repository: RepositoryClient, { name, id }: KnownTeam): Promise<FoundTeam> {
  const [org = '', slug = ''] = name.split('/');
  const shown = await answered(
    repository.client.request('GET /orgs/{org}/teams/{team_slug}', { org, team_slug: slug }),
  );
  if (typeof shown === 'string') return { state: shown };
  const found = String(exactId(shown.data.id));
  return id === undefined || id === found ? { state: 'there', id: found } : { state: 'another' };
}

/** Whether someone is an active member; undefined when GitHub does not say, since it does not show the team that is meant. */
export async function isTeamMember(
  repository: RepositoryClient,
  team: KnownTeam,
  login: string,
): Promise<boolean | undefined> {
  const [org = '', slug = ''] = team.name.split('/');
  const shown = await answered(
    repository.client.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org,
      team_slug: slug,
      username: login,
    }),
  );
  // The same answer for who is no member and for a team that is not there; and the name may be that of another team.
  if (shown === 'unseen' || (await readTeam(repository, team)).state !== 'there') return undefined;
  return shown !== 'missing' && shown.data.state === 'active';
}

async function answered<T>(answer: Promise<T>): Promise<T | 'missing' | 'unseen'> {
  try {
    return await answer;
  } catch (problem) {
    const status = statusOf(problem);
    if (status === 404) return 'missing';
    if (status === 403) return 'unseen';
    throw problem;
  }
}

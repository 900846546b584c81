/** The teams that a registry's settings name, `organization/team`: by a name that GitHub changes when theirs is changed. */
import { type RepositoryClient, statusOf } from '#infrastructure/github/client/repository-client';

/**
 * `missing`: nobody shows a team of this name, which was renamed or is secret to the App; `unseen`: the App was not granted
 * `members`, or is not installed on the organization.
 */
export type TeamState = 'there' | 'missing' | 'unseen';

export async function readTeam(repository: RepositoryClient, team: string): Promise<TeamState> {
  const [org = '', slug = ''] = team.split('/');
  const shown = await answered(
    repository.client.request('GET /orgs/{org}/teams/{team_slug}', { org, team_slug: slug }),
  );
  return typeof shown === 'string' ? shown : 'there';
}

/** Whether someone is an active member; undefined when GitHub does not say, since it does not show the team. */
export async function isTeamMember(
  repository: RepositoryClient,
  team: string,
  login: string,
): Promise<boolean | undefined> {
  const [org = '', slug = ''] = team.split('/');
  const shown = await answered(
    repository.client.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org,
      team_slug: slug,
      username: login,
    }),
  );
  if (typeof shown !== 'string') return shown.data.state === 'active';
  // The same answer for who is no member and for a team that is not there.
  return shown === 'missing' && (await readTeam(repository, team)) === 'there' ? false : undefined;
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

/** Asks people and teams for their review of a pull request. */
import {
  fullNameOf,
  type RepositoryClient,
  repoParams,
} from '#infrastructure/github/client/repository-client';
import { refusalStatus } from './refusals.ts';

/**
 * All together, and each by itself where GitHub refuses one of them: whoever is no collaborator keeps nobody else from
 * being asked.
 *
 * @param reviewers `organization/team`, or a login
 * @returns those whom GitHub does not let be asked
 */
export async function requestReviewers(
  repository: RepositoryClient,
  number: number,
  reviewers: readonly string[],
): Promise<readonly string[]> {
  const [owner = ''] = fullNameOf(repository).split('/');
  const isElsewhere = (name: string) => {
    const [organization = '', team] = name.split('/');
    return team !== undefined && organization.toLowerCase() !== owner.toLowerCase();
  };
  const elsewhere = reviewers.filter(isElsewhere);
  const asked = reviewers.filter((name) => !isElsewhere(name));
  if (asked.length === 0 || (await request(repository, number, asked))) return elsewhere;
  const refused: string[] = [];
  for (const name of asked) if (!(await request(repository, number, [name]))) refused.push(name);
  return [...elsewhere, ...refused];
}

async function request(
  repository: RepositoryClient,
  number: number,
  names: readonly string[],
): Promise<boolean> {
  try {
    await repository.client.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
      ...repoParams(repository),
      pull_number: number,
      reviewers: names.filter((name) => !name.includes('/')),
      team_reviewers: names.flatMap((name) => name.split('/')[1] ?? []),
    });
    return true;
  } catch (problem) {
    if (refusalStatus(problem) === undefined) throw problem;
    return false;
  }
}

/** What GitHub says of the repository itself, and to which commits its branches point. */
import {
  EmptyRepository,
  mustBeServed,
  mustBeShown,
  type RepositoryClient,
  RepositoryMoved,
  repoParams,
  statusOf,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** What is worth knowing of a repository itself. */
export interface RepositoryReading {
  readonly defaultBranch: string;
  /** In the order of preference; all of them where GitHub does not say. */
  readonly mergeMethods: readonly MergeMethod[];
  /** Where people see it, without a trailing slash. */
  readonly url: string;
}

/** @throws RepositoryMoved when it is called otherwise, or is not shown */
export async function readRepository(repository: RepositoryClient): Promise<RepositoryReading> {
  const answer = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}', repoParams(repository)),
  );
  if (answer === undefined) throw new RepositoryMoved(repository, undefined);
  const { data } = answer;
  mustBeServed(repository, data);
  const mergeMethods: MergeMethod[] = [];
  if (data.allow_merge_commit !== false) mergeMethods.push('merge');
  if (data.allow_squash_merge !== false) mergeMethods.push('squash');
  if (data.allow_rebase_merge !== false) mergeMethods.push('rebase');
  return { defaultBranch: data.default_branch, url: data.html_url.replace(/\/$/, ''), mergeMethods };
}

/** Resolves a branch that must be there to the commit it points to now. @throws UnknownAnswer when it is not shown, EmptyRepository when there is no commit yet */
export async function resolveBranch(repository: RepositoryClient, branch: string): Promise<string> {
  const answer = await mustBeShown(
    `the branch ${branch}`,
    repository.client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
      ...repoParams(repository),
      ref: `heads/${branch}`,
    }),
  ).catch((problem: unknown) => {
    throw statusOf(problem) === 409 ? new EmptyRepository('GitHub has no commit of it') : problem;
  });
  return answer.data.object.sha;
}

/** The commit of a repository's default branch. @throws RepositoryMoved when the repository is called otherwise */
export async function defaultBranchHead(repository: RepositoryClient): Promise<string> {
  const { defaultBranch } = await readRepository(repository);
  return resolveBranch(repository, defaultBranch);
}

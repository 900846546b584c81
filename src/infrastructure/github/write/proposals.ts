/** A change that the App proposes itself: a commit, a branch of its own, a pull request. Each is looked for before it is made. */
import {
  type RepositoryClient,
  repoParams,
  statusOf,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { compareCommits } from '#infrastructure/github/read/comparison';
import { readCommitTree } from '#infrastructure/github/read/stored-objects';
import { githubBody } from './github-body.ts';

/** One file of a commit: its whole text, or null to remove it. */
export interface ProposedFile {
  readonly path: string;
  readonly text: string | null;
}

/**
 * Makes a commit that no branch has yet; one that never gets there harms nobody. Its author is the App: none is named.
 *
 * @param parents what it holds besides the file is that of the last one
 * @returns its id
 */
export async function makeCommit(
  repository: RepositoryClient,
  parents: readonly [string, ...string[]],
  { path, text }: ProposedFile,
  message: string,
): Promise<string> {
  const tree = await repository.client.request('POST /repos/{owner}/{repo}/git/trees', {
    ...repoParams(repository),
    base_tree: await readCommitTree(repository, parents.at(-1) ?? parents[0]),
    tree: [
      {
        path,
        mode: '100644',
        type: 'blob',
        ...(text === null ? { sha: null } : { content: text }),
      },
    ],
  });
  const commit = await repository.client.request('POST /repos/{owner}/{repo}/git/commits', {
    ...repoParams(repository),
    message,
    tree: tree.data.sha,
    parents: [...parents],
  });
  return commit.data.sha;
}

/** Where a branch is; undefined when GitHub shows none. */
export async function branchHead(repository: RepositoryClient, branch: string): Promise<string | undefined> {
  const answer = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
      ...repoParams(repository),
      ref: `heads/${branch}`,
    }),
  );
  return answer?.data.object.sha;
}

/**
 * Brings a branch to a commit, by creating it or moving it forward; one that has the commit already stays where it is.
 *
 * @returns false when the branch is somewhere that does not lead to the commit
 */
export async function bringBranch(
  repository: RepositoryClient,
  branch: string,
  commit: string,
): Promise<boolean> {
  const head = await branchHead(repository, branch);
  if (head === commit) return true;
  try {
    if (head === undefined)
      await repository.client.request('POST /repos/{owner}/{repo}/git/refs', {
        ...repoParams(repository),
        ref: `refs/heads/${branch}`,
        sha: commit,
      });
    else
      await repository.client.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
        ...repoParams(repository),
        ref: `heads/${branch}`,
        sha: commit,
        force: false,
      });
    return true;
  } catch (problem) {
    // It was there all the same, or it is no step forward.
    if (statusOf(problem) !== 422) throw problem;
    const there = await branchHead(repository, branch);
    if (there === undefined) throw problem;
    return there === commit || (await compareCommits(repository, commit, there))?.mergeBase === commit;
  }
}

/** Takes a branch away; one that is not there is gone already. */
export async function deleteBranch(repository: RepositoryClient, branch: string): Promise<void> {
  try {
    await repository.client.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
      ...repoParams(repository),
      ref: `heads/${branch}`,
    });
  } catch (problem) {
    const status = statusOf(problem);
    if (status !== 422 && status !== 404) throw problem;
    if ((await branchHead(repository, branch)) !== undefined) throw problem;
  }
}

/** Whether a pull request is open from a branch, whoever opened it. */
export async function hasOpenPull(repository: RepositoryClient, branch: string): Promise<boolean> {
  const { data } = await repository.client.request('GET /repos/{owner}/{repo}/pulls', {
    ...repoParams(repository),
    head: `${repository.owner}:${branch}`,
    state: 'open',
    per_page: 1,
  });
  return data.length > 0;
}

/**
 * The App's own pull request from a branch, whatever became of it; of those that are not open any more, the one that ended
 * with one of these commits. A branch may be called as one was before that a store which was put back knows nothing of;
 * `any` where its name says which one it is.
 *
 * @param appLogin as which the App writes: nobody else can have a login that ends in `[bot]`
 */
export async function findProposal(
  repository: RepositoryClient,
  { branch, commits }: { readonly branch: string; readonly commits: readonly string[] | 'any' },
  appLogin: string,
): Promise<number | undefined> {
  const { data } = await repository.client.request('GET /repos/{owner}/{repo}/pulls', {
    ...repoParams(repository),
    head: `${repository.owner}:${branch}`,
    state: 'all',
    per_page: 100,
  });
  const own = data.filter(
    ({ user, state, head }) =>
      user?.login === appLogin &&
      user.type === 'Bot' &&
      (state === 'open' || commits === 'any' || commits.includes(head.sha)),
  );
  // The first one: there never are two of one branch.
  return own.at(-1)?.number;
}

export interface NewProposal {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** @returns its number */
export async function openProposal(
  repository: RepositoryClient,
  { branch, base, title, body }: NewProposal,
): Promise<number> {
  const { data } = await repository.client.request('POST /repos/{owner}/{repo}/pulls', {
    ...repoParams(repository),
    head: branch,
    base,
    title,
    body: githubBody(body),
  });
  return data.number;
}

/** Closes a pull request without merging it. */
export async function closeProposal(repository: RepositoryClient, number: number): Promise<void> {
  await repository.client.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...repoParams(repository),
    pull_number: number,
    state: 'closed',
  });
}

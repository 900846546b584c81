/** Reads a pull request from GitHub, as it is at this moment. */
import { defined } from '#base/defined';
import type { Person } from '#domain/review/facts/facts';
import { exactId } from '#infrastructure/github/client/exact-id';
import {
  type DescribedRepository,
  mustBeServed,
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';

/** A pull request as GitHub has it at this moment. */
export interface PullReading {
  readonly number: number;
  readonly author: Person;
  readonly head: string;
  readonly headRef: string;
  /** Whether it comes from another repository, or from one that is gone. */
  readonly fork: boolean;
  readonly baseRef: string;
  /** The base commit as GitHub last saw it for this pull request: it lags behind the branch. */
  readonly base: string;
  readonly defaultBranch: string;
  readonly draft: boolean;
  readonly open: boolean;
  readonly merged: boolean;
  readonly changedFiles: number;
  readonly labels: readonly string[];
  readonly comments: number;
  readonly maintainerCanModify: boolean;
  /** Whether Git can merge it into its base; undefined while GitHub works it out. */
  readonly mergeable?: boolean;
  /** The last commit with which GitHub tried to merge it: it may be of an older head, or of an older base. */
  readonly testMerge?: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339. */
  readonly updatedAt: string;
  readonly repositoryUrl: string;
}

interface GitHubUser {
  readonly id: number | bigint;
  readonly login: string;
  readonly type?: string;
}

/** Accounts that no longer exist are shown as `ghost` by GitHub. */
export function personOf(user: GitHubUser | null | undefined): Person {
  if (user === null || user === undefined) return { id: 0, login: 'ghost', bot: false };
  return { id: exactId(user.id), login: user.login, bot: user.type === 'Bot' };
}

/** @returns undefined when there is no such pull request. */
export async function readPullRequest(
  repository: RepositoryClient,
  number: number,
): Promise<PullReading | undefined> {
  const answer = await undefinedIfMissing(
    repository.client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...repoParams(repository),
      pull_number: number,
    }),
  );
  if (answer === undefined) return undefined;
  const { data } = answer;
  mustBeServed(repository, data.base.repo);
  return {
    number: data.number,
    author: personOf(data.user),
    head: data.head.sha,
    headRef: data.head.ref,
    // By number: the fork may be called as the registry was. One that was deleted is not described any more.
    fork: (data.head.repo as DescribedRepository | null)?.id !== data.base.repo.id,
    baseRef: data.base.ref,
    base: data.base.sha,
    defaultBranch: data.base.repo.default_branch,
    draft: data.draft ?? false,
    open: data.state === 'open',
    merged: data.merged,
    changedFiles: data.changed_files,
    labels: data.labels.map((label) => label.name),
    comments: data.comments,
    maintainerCanModify: data.maintainer_can_modify,
    ...defined({ mergeable: data.mergeable ?? undefined, testMerge: data.merge_commit_sha ?? undefined }),
    createdAt: data.created_at,
    updatedAt: data.updated_at,
    repositoryUrl: data.base.repo.html_url.replace(/\/$/, ''),
  };
}

/**
 * Reads facts from GitHub: over REST, by the ids of commits, trees and blobs. A name of a branch is only ever
 * resolved to a commit, since what it points to changes under the reader's eyes.
 */

import { Buffer } from 'node:buffer';
import { defined } from '#base/defined';
import { type FileFact, mayWrite, type Person, type ReviewFact } from '#domain/review/facts/facts';
import { exactId } from '#infrastructure/github/client/exact-id';
import { type Listed, pullRequestFiles, reviewsOf } from '#infrastructure/github/client/pagination';
import {
  type DescribedRepository,
  EmptyRepository,
  mustBeServed,
  mustBeShown,
  type RepositoryClient,
  RepositoryMoved,
  repoParams,
  statusOf,
  UnknownAnswer,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { isTeamMember } from '#infrastructure/github/read/teams';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import { fileModeOf, type TreeFile } from './git-objects.ts';
import { askPermission } from './rights.ts';

/** GitHub shows at most this many files in one comparison. */
export const maxComparedFiles = 300;

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
    updatedAt: data.updated_at,
    repositoryUrl: data.base.repo.html_url.replace(/\/$/, ''),
  };
}

/** What is worth knowing of a repository itself. */
export type MergeMethod = 'merge' | 'squash' | 'rebase';

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

/** What differs between two commits, from their merge base on. */
export interface Comparison {
  readonly mergeBase: string;
  /** The tree of the base commit, when GitHub told it. */
  readonly baseTree?: string;
  readonly files: readonly FileFact[];
  /** False when GitHub may have left files out. */
  readonly complete: boolean;
}

interface ListedFile {
  readonly filename: string;
  readonly status: string;
  readonly sha: string | null;
  readonly previous_filename?: string | undefined;
  readonly patch?: string | undefined;
}

/** The ranges of lines, on the new side, that a patch shows: `@@ -1,3 +1,4 @@`. */
function shownLines(patch: string): [number, number][] {
  return Array.from(patch.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm), ([, start, count]) => {
    const first = Number(start);
    return [first, first + Number(count ?? 1) - 1] as [number, number];
  }).filter(([first, last]) => last >= first);
}

function fileOf(listed: ListedFile): FileFact {
  // A copy leaves the original where it is; `changed` is a change of mode or kind.
  const status =
    listed.status === 'removed' || listed.status === 'renamed' || listed.status === 'modified'
      ? listed.status
      : listed.status === 'changed'
        ? 'modified'
        : 'added';
  return {
    path: listed.filename,
    status,
    ...(status === 'renamed' && listed.previous_filename !== undefined
      ? { previousPath: listed.previous_filename }
      : {}),
    ...(status === 'removed' || listed.sha === null ? {} : { blob: listed.sha }),
    ...(listed.patch === undefined ? {} : { changedLines: shownLines(listed.patch) }),
  };
}

/** A comparison with what its history says: see `ancestorIsSole`. */
export interface ComparisonWithHistory extends Comparison {
  /** The commits of the base on which those of the head stand; absent when GitHub did not list all of the latter. */
  readonly standsOn?: readonly string[];
  /** The commits of the head that the base has not; absent likewise. */
  readonly commits?: readonly string[];
}

/** Commits of a comparison whose parents are looked at: those of nearly every pull request. */
const listedCommits = 100;

/** The files all come with the first page, however many commits it shows. */
function requestComparison(repository: RepositoryClient, base: string, head: string, commits: number) {
  return repository.client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...repoParams(repository),
    basehead: `${base}...${head}`,
    per_page: commits,
  });
}

type ComparisonAnswer = Awaited<ReturnType<typeof requestComparison>>['data'];

function comparisonOf({ files, base_commit, merge_base_commit }: ComparisonAnswer): Comparison {
  const tree: string | undefined = base_commit.commit.tree?.sha;
  const listed = files ?? [];
  return {
    mergeBase: merge_base_commit.sha,
    ...defined({ baseTree: tree }),
    files: listed.map(fileOf),
    // A list that is not there says nothing, and not that nothing differs.
    complete: files !== undefined && files !== null && listed.length < maxComparedFiles,
  };
}

function historyOf({
  commits = [],
  total_commits: total,
}: ComparisonAnswer): Pick<ComparisonWithHistory, 'commits' | 'standsOn'> {
  if (commits.length !== total) return {};
  const own = new Set(commits.map(({ sha }) => sha));
  const parents = commits.flatMap((commit) => commit.parents.map(({ sha }) => sha));
  return { commits: [...own], standsOn: [...new Set(parents)].filter((sha) => !own.has(sha)) };
}

/** Compares two commits by id. Undefined when GitHub no longer knows one of them. */
export async function compareCommits(
  repository: RepositoryClient,
  base: string,
  head: string,
): Promise<Comparison | undefined> {
  const answer = await undefinedIfMissing(requestComparison(repository, base, head, 1));
  return answer === undefined ? undefined : comparisonOf(answer.data);
}

/** The same, with the commits between the two. */
export async function compareHistories(
  repository: RepositoryClient,
  base: string,
  head: string,
): Promise<ComparisonWithHistory | undefined> {
  const answer = await undefinedIfMissing(requestComparison(repository, base, head, listedCommits));
  return answer === undefined ? undefined : { ...comparisonOf(answer.data), ...historyOf(answer.data) };
}

/** What a test merge changes in a base, and what was merged into what. */
export interface MergeComparison extends ComparisonWithHistory {
  /** Of the test merge: the commit of the base branch into which GitHub merged, then the head. */
  readonly parents: readonly string[];
}

/** @returns undefined when GitHub does not know the test merge (any more) */
export async function compareTestMerge(
  repository: RepositoryClient,
  base: string,
  testMerge: string,
): Promise<MergeComparison | undefined> {
  // Oldest first: the test merge is the last one, and is on the first page unless the pull request is very long.
  const answer = await undefinedIfMissing(requestComparison(repository, base, testMerge, listedCommits));
  if (answer === undefined) return undefined;
  const { parents } =
    answer.data.commits.find(({ sha }) => sha === testMerge) ??
    (await readCommit(repository, testMerge)).data;
  return {
    ...comparisonOf(answer.data),
    ...historyOf(answer.data),
    parents: parents.map(({ sha }) => sha),
  };
}

/**
 * Lists the files of a pull request: for those with more files than a comparison shows. The caller must check
 * afterwards that the head did not move meanwhile.
 */
export async function listPullRequestFiles(
  repository: RepositoryClient,
  number: number,
): Promise<Listed<FileFact>> {
  const { items, complete } = await pullRequestFiles(repository, number);
  return { items: items.map(fileOf), complete };
}

/**
 * What was found of a blob. `missing`: GitHub says that there is none, which is true of a submodule's commit and of nothing
 * else that a tree names.
 */
export type BlobReading = { readonly bytes: Uint8Array } | { readonly unreadable: 'missing' | 'too-large' };

/** Bytes: enough for the longest definition in base64, wrapped, with the words around it. */
const maxBlobAnswer = 128 * 1024;

/** Reads a blob, without ever holding more of it than a definition may have. */
export async function readBlob(repository: RepositoryClient, blob: string): Promise<BlobReading> {
  const answer = await undefinedIfMissing(
    repository.client
      .request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
        ...repoParams(repository),
        file_sha: blob,
        request: { parseSuccessResponseBody: false },
      })
      .catch((problem: unknown) => {
        // GitHub refuses blobs of over 100 MB.
        if (statusOf(problem) === 403 && /too large/i.test(String(problem))) return 'too-large' as const;
        throw problem;
      }),
  );
  if (answer === undefined) return { unreadable: 'missing' };
  if (answer === 'too-large') return { unreadable: 'too-large' };
  const body = await readBoundedText(answer.data as unknown as ReadableStream<Uint8Array>, maxBlobAnswer);
  if (body === undefined) return { unreadable: 'too-large' };
  const { content } = JSON.parse(body) as { content: string };
  return { bytes: Buffer.from(content, 'base64') };
}

/** The rows of one tree, without those below it. */
export interface TreeRow {
  readonly name: string;
  readonly id: string;
  /** Undefined: a folder. */
  readonly mode?: TreeFile['mode'];
}

/**
 * Reads one tree; a commit's id stands for its root.
 *
 * @throws UnknownAnswer when it is not shown, or not whole: what is missing would pass for removed.
 */
export async function readTree(repository: RepositoryClient, id: string): Promise<TreeRow[]> {
  const answer = await mustBeShown(
    `the tree ${id}`,
    repository.client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...repoParams(repository),
      tree_sha: id,
    }),
  );
  if (answer.data.truncated) throw new UnknownAnswer(`more than only a part of the tree ${id}`);
  return answer.data.tree.map((row) => {
    const mode = fileModeOf(row.mode);
    return { name: row.path, id: row.sha, ...defined({ mode }) };
  });
}

/** The tree that a commit names. @throws UnknownAnswer when the commit is not shown */
export async function readCommitTree(repository: RepositoryClient, commit: string): Promise<string> {
  return (await readCommit(repository, commit)).data.tree.sha;
}

/** What a commit says of itself. @throws UnknownAnswer when it is not shown */
export async function readCommitMessage(repository: RepositoryClient, commit: string): Promise<string> {
  return (await readCommit(repository, commit)).data.message;
}

function readCommit(repository: RepositoryClient, commit: string) {
  return mustBeShown(
    `the commit ${commit}`,
    repository.client.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...repoParams(repository),
      commit_sha: commit,
    }),
  );
}

/** A review without what has to be asked of its author's rights. */
export type ReviewWithoutPermission = Omit<ReviewFact, keyof Rights>;

const reviewStates: Readonly<Record<string, ReviewFact['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
};

/** Every submitted review of a pull request, oldest first. */
export async function readReviews(
  repository: RepositoryClient,
  number: number,
): Promise<ReviewWithoutPermission[]> {
  const reviews: ReviewWithoutPermission[] = [];
  for await (const review of reviewsOf(repository, number)) {
    const state = reviewStates[review.state];
    if (state === undefined) continue;
    reviews.push({
      by: personOf(review.user),
      state,
      ...(review.commit_id === null ? {} : { commit: review.commit_id }),
      at: review.submitted_at ?? '',
    });
  }
  return reviews;
}

type Rights = Pick<ReviewFact, 'permission' | 'teams' | 'unknownRights' | 'unknownTeams'>;

/** By the login only where GitHub has just said whose it is. */
async function rightsOf(repository: RepositoryClient, by: Person, teams: readonly string[]): Promise<Rights> {
  const permission = await askPermission(repository, by);
  if (permission === undefined) return { permission: 'none', teams: [], unknownRights: true };
  const memberships: string[] = [];
  let isUnknown = false;
  for (const team of mayWrite(permission) ? [] : teams) {
    const member = await isTeamMember(repository, team, by.login);
    if (member === true) memberships.push(team);
    isUnknown ||= member === undefined;
  }
  return {
    permission,
    teams: memberships,
    ...(isUnknown && memberships.length === 0 ? { unknownTeams: true } : {}),
  };
}

/** Asks the rights of those whose reviews can count: nobody is asked twice, comments are not asked at all. */
export async function withPermissions(
  repository: RepositoryClient,
  reviews: readonly ReviewWithoutPermission[],
  teams: readonly string[],
): Promise<ReviewFact[]> {
  const rights = new Map<number, Rights>();
  const facts: ReviewFact[] = [];
  for (const review of reviews) {
    const { by } = review;
    let known = rights.get(by.id);
    if (known === undefined && review.state !== 'commented' && !by.bot && by.id !== 0) {
      known = await rightsOf(repository, by, teams);
      rights.set(by.id, known);
    }
    facts.push({ ...review, ...(known ?? { permission: 'none', teams: [] }) });
  }
  return facts;
}

/**
 * What differs between two commits, by their ids: a name of a branch is only ever resolved to a commit, since what it points
 * to changes under the reader's eyes.
 */
import { defined } from '#base/defined';
import type { FileFact } from '#domain/review/facts/facts';
import { type Listed, pullRequestFiles } from '#infrastructure/github/client/pagination';
import {
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { readCommit } from './stored-objects.ts';

/** GitHub shows at most this many files in one comparison. */
const maxComparedFiles = 300;

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

/** Which pull requests brought the default branch from one commit to another. */

import type { Person } from '#domain/review/facts/facts';
import {
  closedPullRequestPages,
  commitsBetween,
  type Listed,
} from '#infrastructure/github/client/pagination';
import {
  mustBeShown,
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { listPullRequestFiles } from './comparison.ts';
import { personOf } from './pull-request.ts';
import { type ReviewWithoutPermission, readReviews } from './reviews.ts';

export interface MergedReading {
  readonly number: number;
  /** Its last commit, which was reviewed. */
  readonly head: string;
  /** The branch that it came from, in whatever repository. */
  readonly headRef: string;
  /** The commit that the merge made. */
  readonly commit: string;
  /** When it was merged, RFC 3339. */
  readonly at: string;
  readonly author: Person;
  /** Every review of it, oldest first. */
  readonly reviews: readonly ReviewWithoutPermission[];
  /** Every path that it touched, both names of what it renamed, with the blob that it left there, if any. */
  readonly paths: ReadonlyMap<string, string | undefined>;
}

/** Closed pull requests are looked through so far back, in pages of a hundred. */
const maxPages = 10;
const maxCommitPages = 20;

/**
 * The pull requests whose merge made one of the commits after `from` up to `to`, oldest first. When GitHub no longer
 * knows `from` (the history was rewritten), the one that made `to`, if any. Without `from`, that one and those that
 * were reviewed here: the first reading may be kept waiting by an outage while people go on merging.
 * The list is not complete when the merges are further back than is looked, or touched more files than GitHub lists, and
 * when some of the commits came by a merge into another branch.
 *
 * @param reviewed the numbers of the pull requests that were ever reviewed here
 */
export async function mergedPullRequests(
  repository: RepositoryClient,
  from: string | undefined,
  to: string,
  reviewed: ReadonlySet<number>,
): Promise<Listed<MergedReading>> {
  const between =
    from === undefined
      ? undefined
      : await undefinedIfMissing(commitsBetween(repository, from, to, maxCommitPages));
  const commits = between ?? { items: [{ sha: to }], complete: true };
  const order = new Map(commits.items.map(({ sha }, index) => [sha, index]));
  const found: { readonly pull: MergedPull; readonly place: number }[] = [];
  let complete = commits.complete;
  for await (const { items, next } of closedPullRequestPages(repository, maxPages)) {
    for (const pull of items) {
      const early = from === undefined && reviewed.has(pull.number) && isIntoDefault(pull) ? -1 : undefined;
      const place = pull.merge_commit_sha === null ? undefined : (order.get(pull.merge_commit_sha) ?? early);
      if (place === undefined || pull.merged_at === null || pull.merge_commit_sha === null) continue;
      // Into another branch, on the way to this one: nobody was asked there what is asked here.
      if (!isIntoDefault(pull)) {
        complete = false;
        continue;
      }
      const { number, head, user } = pull;
      const [commit, at] = [pull.merge_commit_sha, pull.merged_at];
      const headRef = head.ref;
      found.push({ pull: { number, head: head.sha, headRef, commit, at, author: personOf(user) }, place });
    }
    // Sorted by their last change, which is no earlier than their merge: one page is nearly always enough.
    if (found.length >= commits.items.length) break;
    if (next === 'unread') complete = false;
  }
  found.sort((one, other) => one.place - other.place || Date.parse(one.pull.at) - Date.parse(other.pull.at));
  const details = await Promise.all(found.map(({ pull }) => withDetails(repository, pull)));
  return {
    items: details.map(({ reading }) => reading),
    complete: complete && details.every((one) => one.complete),
  };
}

function isIntoDefault({ base }: { base: { ref: string; repo: { default_branch: string } } }): boolean {
  return base.ref === base.repo.default_branch;
}

type MergedPull = Omit<MergedReading, 'reviews' | 'paths'>;

/** `complete`: every path is there. */
async function withDetails(
  repository: RepositoryClient,
  pull: MergedPull,
): Promise<{ readonly reading: MergedReading; readonly complete: boolean }> {
  const files = await listPullRequestFiles(repository, pull.number);
  const reviews = await readReviews(repository, pull.number);
  const reading = {
    ...pull,
    reviews,
    paths: new Map<string, string | undefined>([
      ...files.items.flatMap(({ previousPath: path }) =>
        path === undefined ? [] : [[path, undefined] as const],
      ),
      ...files.items.map(({ path, blob }) => [path, blob] as const),
    ]),
  };
  return { reading, complete: files.complete };
}

/** What made a file what it is at a commit: a merged pull request, or a commit that was pushed. */
export type LastChange = LastCause & {
  /** The last commit that touched it, by whatever way it came. */
  readonly touched?: string;
};

type LastCause =
  | { readonly kind: 'pull'; readonly merged: MergedReading }
  /** `author`: the account that GitHub finds behind the commit, if any. */
  | { readonly kind: 'push'; readonly author?: Person }
  /** Nobody can tell: the history was written anew without it, leads around it, or came by a merge into another branch. */
  | { readonly kind: 'unknown' };

/** The commit that touched a path last, as seen from another; undefined where its history has none. */
export async function lastCommitOf(repository: RepositoryClient, path: string, commit: string) {
  const commits = await mustBeShown(
    `the history of ${path}`,
    repository.client.request('GET /repos/{owner}/{repo}/commits', {
      ...repoParams(repository),
      sha: commit,
      path,
      per_page: 1,
    }),
  );
  return commits.data[0];
}

/** Asks GitHub which commit touched a path last, and which pull request brought that commit. */
export async function lastChangeOf(
  repository: RepositoryClient,
  path: string,
  commit: string,
): Promise<LastChange> {
  const last = await lastCommitOf(repository, path, commit);
  if (last === undefined) return { kind: 'unknown' };
  const pulls = await mustBeShown(
    `the pull requests of ${last.sha}`,
    repository.client.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
      ...repoParams(repository),
      commit_sha: last.sha,
      per_page: 100,
    }),
  );
  const merged = pulls.data.filter((pull) => pull.merged_at !== null);
  const [newest] = merged
    .filter(isIntoDefault)
    .sort((one, other) => Date.parse(other.merged_at ?? '') - Date.parse(one.merged_at ?? ''));
  // It came by a review of something else.
  const touched = last.sha;
  if (newest === undefined && merged.length > 0) return { kind: 'unknown', touched };
  if (newest === undefined) {
    const { author } = last;
    return author === null || !isUser(author)
      ? { kind: 'push', touched }
      : { kind: 'push', touched, author: personOf(author) };
  }
  const { number, head, user, merge_commit_sha: merge, merged_at: at } = newest;
  const made = { commit: merge ?? last.sha, at: at ?? '', author: personOf(user) };
  const pull = { number, head: head.sha, headRef: head.ref, ...made };
  return { kind: 'pull', touched, merged: (await withDetails(repository, pull)).reading };
}

/** GitHub shows an empty object for an author whom it does not know. */
function isUser<User extends { readonly id: number | bigint; readonly login: string }>(
  author: User | Record<string, never>,
): author is User {
  return 'login' in author;
}

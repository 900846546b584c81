/** Which pull requests brought the default branch from one commit to another. */
import {
  type RepositoryClient,
  repoParams,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { listPullRequestFiles, readReviews } from './pull-request.ts';

export interface MergedReading {
  readonly number: number;
  /** Its last commit, which was reviewed. */
  readonly head: string;
  /** The commit that the merge made. */
  readonly commit: string;
  readonly author: string;
  /** Who approved that very commit. Logins. */
  readonly approvedBy: readonly string[];
  /** Every path that it touched, both names of what it renamed. */
  readonly paths: readonly string[];
}

/** Closed pull requests are looked through so far back, in pages of a hundred. */
const maxPages = 10;
const maxCommitPages = 20;

/**
 * The pull requests whose merge made one of the commits after `from` up to `to`, oldest first. When GitHub no longer
 * knows `from` (the history was rewritten), the one that made `to`, if any. Without `from`, that one and those that
 * were reviewed here: the first reading may be kept waiting by an outage while people go on merging.
 *
 * @param reviewed the numbers of the pull requests that were ever reviewed here
 */
export async function mergedPullRequests(
  repository: RepositoryClient,
  from: string | undefined,
  to: string,
  reviewed: ReadonlySet<number>,
): Promise<MergedReading[]> {
  const commits = (from === undefined ? undefined : await commitsBetween(repository, from, to)) ?? [to];
  const order = new Map(commits.map((commit, index) => [commit, index]));
  const found: { readonly pull: MergedPull; readonly place: number; readonly at: string }[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const { data } = await repository.client.request('GET /repos/{owner}/{repo}/pulls', {
      ...repoParams(repository),
      state: 'closed',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
      page,
    });
    for (const pull of data) {
      const early = from === undefined && reviewed.has(pull.number) && isIntoDefault(pull) ? -1 : undefined;
      const place = pull.merge_commit_sha === null ? undefined : (order.get(pull.merge_commit_sha) ?? early);
      if (place === undefined || pull.merged_at === null || pull.merge_commit_sha === null) continue;
      const { number, head, user } = pull;
      found.push({
        pull: { number, head: head.sha, commit: pull.merge_commit_sha, author: user?.login ?? 'ghost' },
        place,
        at: pull.merged_at,
      });
    }
    // Sorted by their last change, which is no earlier than their merge: one page is nearly always enough.
    if (data.length < 100 || found.length >= commits.length) break;
  }
  found.sort((one, other) => one.place - other.place || Date.parse(one.at) - Date.parse(other.at));
  return Promise.all(found.map(({ pull }) => withDetails(repository, pull)));
}

function isIntoDefault({ base }: { base: { ref: string; repo: { default_branch: string } } }): boolean {
  return base.ref === base.repo.default_branch;
}

type MergedPull = Omit<MergedReading, 'approvedBy' | 'paths'>;

async function withDetails(repository: RepositoryClient, pull: MergedPull): Promise<MergedReading> {
  const files = await listPullRequestFiles(repository, pull.number);
  const reviews = await readReviews(repository, pull.number);
  const approved = reviews.filter((review) => review.state === 'approved' && review.commit === pull.head);
  return {
    ...pull,
    approvedBy: [...new Set(approved.map((review) => review.by.login))].sort(),
    paths: files.flatMap((file) => [
      file.path,
      ...(file.previousPath === undefined ? [] : [file.previousPath]),
    ]),
  };
}

/** Oldest first. Undefined when GitHub no longer knows one of the two. */
async function commitsBetween(
  repository: RepositoryClient,
  from: string,
  to: string,
): Promise<string[] | undefined> {
  const commits: string[] = [];
  for (let page = 1; page <= maxCommitPages; page += 1) {
    const answer = await undefinedIfMissing(
      repository.client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...repoParams(repository),
        basehead: `${from}...${to}`,
        per_page: 100,
        page,
      }),
    );
    if (answer === undefined) return undefined;
    commits.push(...answer.data.commits.map((commit) => commit.sha));
    if (answer.data.commits.length < 100) break;
  }
  return commits;
}

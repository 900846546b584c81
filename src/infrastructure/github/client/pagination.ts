/**
 * Lists of GitHub that come in pages: a page is asked for only when those before were not enough.
 *
 * Octokit's own `paginate` is not used. It asks for each page by its full address, and metrics and logs, which name
 * calls by their route, would have a name for every address.
 */
import { defined } from '#base/defined';
import { type OctokitRequester, type RepositoryClient, repoParams } from './repository-client.ts';

/** The most that GitHub puts on a page. */
const pageSize = 100;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What follows. `unread`: there may be more, and no more is asked for. */
  readonly next: 'page' | 'nothing' | 'unread';
}

/** A list, as far as it was read. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  /** False when GitHub may have more. */
  readonly complete: boolean;
}

/**
 * @param ask for one page, counted from 1
 * @param maxPages that are asked for; all there are when left out
 */
async function* pagesOf<Item>(
  ask: (page: number) => Promise<readonly Item[]>,
  maxPages = Number.POSITIVE_INFINITY,
): AsyncGenerator<Page<Item>, void> {
  for (let page = 1; page <= maxPages; page += 1) {
    const items = await ask(page);
    const next = items.length < pageSize ? 'nothing' : page < maxPages ? 'page' : 'unread';
    yield { items, next };
    if (next === 'nothing') return;
  }
}

/** Item by item, of a list that is read to its end. */
async function* itemsOf<Item>(ask: (page: number) => Promise<readonly Item[]>): AsyncGenerator<Item, void> {
  for await (const { items } of pagesOf(ask)) yield* items;
}

async function listed<Item>(pages: AsyncIterable<Page<Item>>): Promise<Listed<Item>> {
  const all: Item[] = [];
  let complete = true;
  for await (const { items, next } of pages) {
    all.push(...items);
    complete = next !== 'unread';
  }
  return { items: all, complete };
}

/** Every submitted review of a pull request, oldest first. */
export function reviewsOf(repository: RepositoryClient, number: number) {
  return itemsOf(async (page) => {
    const { data } = await repository.client.request(
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
      { ...repoParams(repository), pull_number: number, per_page: pageSize, page },
    );
    return data;
  });
}

/**
 * Every comment of an issue or a pull request, oldest first.
 *
 * @param since leaves out those that were written, and last changed, before (ISO 8601)
 */
export function commentsOf(repository: RepositoryClient, number: number, since?: string) {
  return itemsOf(async (page) => {
    const { data } = await repository.client.request(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...repoParams(repository), issue_number: number, per_page: pageSize, page, ...defined({ since }) },
    );
    return data;
  });
}

/** Pages of what is only read as far as its end, since anybody may make it longer. */
const latestPages = 3;

/**
 * The last comments of an issue or a pull request, some hundreds, oldest first.
 *
 * @param count how many there are
 */
export async function latestCommentsOf(repository: RepositoryClient, number: number, count: number) {
  const before = Math.max(0, Math.ceil(count / pageSize) - latestPages);
  const pages = pagesOf(async (page) => {
    const { data } = await repository.client.request(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...repoParams(repository), issue_number: number, per_page: pageSize, page: before + page },
    );
    return data;
    // One more, of those that were written since they were counted.
  }, latestPages + 1);
  return (await listed(pages)).items;
}

/** The last comments on lines of a pull request, some hundreds, the newest first. */
export async function latestLineCommentsOf(repository: RepositoryClient, number: number) {
  const pages = pagesOf(async (page) => {
    const { data } = await repository.client.request(
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
      {
        ...repoParams(repository),
        pull_number: number,
        sort: 'created',
        direction: 'desc',
        per_page: pageSize,
        page,
      },
    );
    return data;
  }, latestPages);
  return (await listed(pages)).items;
}

/** Every open issue, the newest first. GitHub counts pull requests among them. */
export function openIssuesOf(repository: RepositoryClient) {
  return itemsOf(async (page) => {
    const { data } = await repository.client.request('GET /repos/{owner}/{repo}/issues', {
      ...repoParams(repository),
      state: 'open',
      per_page: pageSize,
      page,
    });
    return data;
  });
}

/** Pull requests, the one that changed last first. */
async function pullRequestPage(repository: RepositoryClient, state: 'open' | 'closed', page: number) {
  const { data } = await repository.client.request('GET /repos/{owner}/{repo}/pulls', {
    ...repoParams(repository),
    state,
    sort: 'updated',
    direction: 'desc',
    per_page: pageSize,
    page,
  });
  return data;
}

/** Every open pull request, the one that changed last first. */
export function openPullRequestsOf(repository: RepositoryClient) {
  return itemsOf((page) => pullRequestPage(repository, 'open', page));
}

/** Pages of closed pull requests, the one that changed last first. */
export function closedPullRequestPages(repository: RepositoryClient, maxPages: number) {
  return pagesOf((page) => pullRequestPage(repository, 'closed', page), maxPages);
}

/** GitHub lists at most this many files of a pull request. */
const maxListedFiles = 3000;

/** The files of a pull request. */
export function pullRequestFiles(repository: RepositoryClient, number: number) {
  const ask = async (page: number) => {
    const { data } = await repository.client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      ...repoParams(repository),
      pull_number: number,
      per_page: pageSize,
      page,
    });
    return data;
  };
  return listed(pagesOf(ask, maxListedFiles / pageSize));
}

/** The commits after `from` up to `to`, oldest first. @throws with status 404 when GitHub does not know one of them */
export function commitsBetween(repository: RepositoryClient, from: string, to: string, maxPages: number) {
  const ask = async (page: number) => {
    const { data } = await repository.client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...repoParams(repository),
      basehead: `${from}...${to}`,
      per_page: pageSize,
      page,
    });
    return data.commits;
  };
  return listed(pagesOf(ask, maxPages));
}

/** What moved a branch, the last move first, so many pages back. GitHub has a mark of its own on each next page. */
export async function branchMoves(repository: RepositoryClient, branch: string, maxPages: number) {
  const ask = (after: string | undefined) =>
    repository.client.request('GET /repos/{owner}/{repo}/activity', {
      ...repoParams(repository),
      ref: `refs/heads/${branch}`,
      per_page: pageSize,
      ...defined({ after }),
    });
  let { data, headers } = await ask(undefined);
  const moves = [...data];
  for (let page = 2; page <= maxPages; page += 1) {
    const next = /[?&]after=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.link ?? '')?.[1];
    if (next === undefined) break;
    ({ data, headers } = await ask(decodeURIComponent(next)));
    moves.push(...data);
  }
  return moves;
}

/** Every installation of the App. @param app as the App itself */
export function installationsOf(app: OctokitRequester) {
  return itemsOf(async (page) => {
    const { data } = await app.request('GET /app/installations', { per_page: pageSize, page });
    return data;
  });
}

/** Every repository that an installation gives access to. @param client as that installation */
export function repositoriesOf(client: OctokitRequester) {
  return itemsOf(async (page) => {
    const { data } = await client.request('GET /installation/repositories', { per_page: pageSize, page });
    return data.repositories;
  });
}

/**
 * Pages of attempts to deliver a webhook, the newest first, as far back as GitHub remembers: three days.
 *
 * @param app as the App itself
 */
export async function* deliveryPages(app: OctokitRequester) {
  let cursor: string | undefined;
  do {
    const { data, headers } = await app.request('GET /app/hook/deliveries', {
      per_page: pageSize,
      ...defined({ cursor }),
    });
    yield data;
    const next = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.link ?? '')?.[1];
    cursor = next === undefined ? undefined : decodeURIComponent(next);
  } while (cursor !== undefined);
}

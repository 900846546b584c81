/** Lists of GitHub that come in pages, item by item: a page is asked for only when those before were not enough. */
import { type RepositoryClient, repoParams } from './repository-client.ts';

/** The most that GitHub puts on a page. */
const pageSize = 100;

/** @param ask for one page, counted from 1 */
async function* itemsOf<Item>(ask: (page: number) => Promise<{ readonly data: readonly Item[] }>) {
  for (let page = 1; ; page += 1) {
    const { data } = await ask(page);
    yield* data;
    if (data.length < pageSize) return;
  }
}

/** Every submitted review of a pull request, oldest first. */
export function reviewsOf(repository: RepositoryClient, number: number) {
  return itemsOf((page) =>
    repository.client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      ...repoParams(repository),
      pull_number: number,
      per_page: pageSize,
      page,
    }),
  );
}

/** Every comment of an issue or a pull request, oldest first. */
export function commentsOf(repository: RepositoryClient, number: number) {
  return itemsOf((page) =>
    repository.client.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...repoParams(repository),
      issue_number: number,
      per_page: pageSize,
      page,
    }),
  );
}

import { describe, expect, it } from 'vitest';
import {
  commentsOf,
  commitsBetween,
  deliveryPages,
  installationsOf,
  openIssuesOf,
  pullRequestFiles,
} from '#infrastructure/github/client/pagination';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { mergedPullRequests } from '#infrastructure/github/read/merged-pull-requests';
import { findOpenIssue } from '#infrastructure/github/write/issues';

type Parameters = Readonly<Record<string, unknown>>;
interface Answer {
  readonly data: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A GitHub that answers by route; what it was asked. */
function answering(answers: Readonly<Record<string, (asked: Parameters) => Answer>>) {
  const asked: (Parameters & { readonly route: string })[] = [];
  const request = async (route: string, parameters: Parameters = {}) => {
    asked.push({ route, ...parameters });
    const { data, headers = {} } = answers[route]?.(parameters) ?? { data: [] };
    return { status: 200, data, headers };
  };
  const client = { request: request as unknown as RepositoryClient['client']['request'] };
  return { asked, client, repository: { client, owner: 'org', repo: 'registre' } };
}

/** Page after page of a list that is so long. */
const pagesOf =
  (length: number, item: (index: number) => unknown = (index) => ({ id: index })) =>
  ({ page = 1 }: { readonly page?: unknown }): Answer => {
    const start = (Number(page) - 1) * 100;
    return {
      data: Array.from({ length: Math.min(100, Math.max(0, length - start)) }, (_, at) => item(start + at)),
    };
  };

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

describe('a list of GitHub', () => {
  const comments = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';

  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [250, 3],
  ])('of %i is read in %i calls, each by its route', async (length, calls) => {
    const { asked, repository } = answering({ [comments]: pagesOf(length) });
    expect(await all(commentsOf(repository, 4))).toHaveLength(length);
    expect(asked.map(({ route, page, per_page }) => [route, page, per_page])).toEqual(
      Array.from({ length: calls }, (_, index) => [comments, index + 1, 100]),
    );
  });

  it('is read no further than what was looked for', async () => {
    const { asked, repository } = answering({ [comments]: pagesOf(1000) });
    for await (const { id } of commentsOf(repository, 4)) if (id === 150) break;
    expect(asked).toHaveLength(2);
  });

  it('says so when a cap is reached', async () => {
    const files = (length: number) =>
      pullRequestFiles(
        answering({ 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': pagesOf(length) }).repository,
        4,
      );
    expect(await files(2999)).toMatchObject({ complete: true });
    expect(await files(3000)).toMatchObject({ complete: false });
    const { repository } = answering({
      'GET /repos/{owner}/{repo}/compare/{basehead}': (asked) => ({
        data: { commits: pagesOf(500)(asked).data },
      }),
    });
    expect(await commitsBetween(repository, 'a', 'b', 2)).toMatchObject({ complete: false });
    expect(await commitsBetween(repository, 'a', 'b', 6)).toMatchObject({ complete: true });
  });

  it('of installations or of attempts to deliver is read to its end', async () => {
    const { client, asked } = answering({
      'GET /app/installations': pagesOf(120),
      'GET /app/hook/deliveries': ({ cursor }) => ({
        data: [{ id: cursor ?? 'first' }],
        ...(cursor === 'v1_2='
          ? {}
          : { headers: { link: '<https://api.github.com/x?cursor=v1_2%3D>; rel="next"' } }),
      }),
    });
    expect(await all(installationsOf(client))).toHaveLength(120);
    expect(await all(deliveryPages(client))).toEqual([[{ id: 'first' }], [{ id: 'v1_2=' }]]);
    expect(asked).toHaveLength(4);
  });
});

describe('an issue of ours', () => {
  it('is found however many are open, and is not opened a second time', async () => {
    const ours = { number: 7, title: 't', body: '<!-- greffier -->', user: { type: 'Bot' } };
    const { repository } = answering({
      'GET /repos/{owner}/{repo}/issues': pagesOf(1500, (index) =>
        index === 1400 ? ours : { number: 1e4 + index, body: 'x', user: { type: 'User' } },
      ),
    });
    expect(await findOpenIssue(repository, '<!-- greffier -->', { appId: 1 })).toMatchObject({ number: 7 });
    expect(await all(openIssuesOf(repository))).toHaveLength(1500);
  });
});

describe('merged pull requests', () => {
  const merged = (pulls: number) => {
    const closed = (index: number) => ({
      number: index,
      head: { sha: 'h' },
      merge_commit_sha: `other-${index}`,
      merged_at: '2026-01-01T00:00:00Z',
      user: { login: 'alice' },
      base: { ref: 'main', repo: { default_branch: 'main' } },
    });
    const { repository } = answering({
      'GET /repos/{owner}/{repo}/compare/{basehead}': () => ({ data: { commits: [{ sha: 'pushed' }] } }),
      'GET /repos/{owner}/{repo}/pulls': pagesOf(pulls, closed),
    });
    return mergedPullRequests(repository, 'before', 'pushed', new Set());
  };

  it('are all there when every closed one was looked at, and else may be further back', async () => {
    expect(await merged(999)).toEqual({ items: [], complete: true });
    expect(await merged(1000)).toEqual({ items: [], complete: false });
  });
});

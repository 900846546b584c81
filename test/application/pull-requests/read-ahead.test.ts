/** What is read before a review has its turn: hardly anything that could be otherwise by then, and once for each review. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewDeps } from '#application/mirror/deps';
import { ReviewStore } from '#application/mirror/review-store';
import { ReadAhead } from '#application/pull-requests/read-ahead';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { defined } from '#base/defined';
import type { PullRequest } from '#demo/github/state';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { isPaused, pauseInstallation } from '#infrastructure/queue/rate-limit-pauses';
import { definitionFile, ReviewEnvironment, serviceFile } from './review-environment.ts';

const compare = 'GET /repos/{owner}/{repo}/compare/{basehead}';
const contents = 'GET /repos/{owner}/{repo}/contents/{path}';
const installation = 77;

/** The same repository, each of whose calls does something first. */
function withClient(repository: RepositoryClient, first: (route: string) => Promise<void>): RepositoryClient {
  const { client } = repository;
  const request = async (...[route, parameters]: Parameters<typeof client.request>) => {
    await first(String(route));
    return client.request(route, parameters);
  };
  return { ...repository, client: { request: Object.assign(request, client.request) } };
}

let environment: ReviewEnvironment;
beforeAll(async () => {
  environment = await ReviewEnvironment.open();
});
afterAll(() => environment.close());

describe('what is read ahead', () => {
  let deps: ReviewDeps & { readonly ahead: ReadAhead };
  let pull: PullRequest;
  const main = () => environment.repository.git.refs.get('refs/heads/main') ?? '';
  const begin = (base = main(), openedBy?: string) =>
    deps.ahead.begin({ number: pull.number, head: pull.pull.headSha, base, ...defined({ openedBy }) });
  /** Until GitHub has answered all of it. */
  const answered = () =>
    Promise.all([deps.ahead.comparison(main(), pull.pull.headSha), deps.ahead.files(pull.pull.headSha)]);
  const review = (while_?: () => void, request = 'a delivery') =>
    deps.ahead.during(pull.number, request, async () => {
      while_?.();
      return await reviewPullRequest(deps, pull.number);
    });
  const conclusionOf = (head: string) =>
    environment.repository.checkRuns.find(({ headSha }) => headSha === head)?.conclusion;
  const reads = () => {
    const { calls } = environment.github;
    return [calls.count(compare), calls.count(contents)];
  };

  beforeEach(async () => {
    environment.createRegistry(serviceFile('agenda'));
    const plain = environment.deps;
    const { db } = environment.store;
    deps = { ...plain, ahead: new ReadAhead({ ...plain, isPaused: () => isPaused(db, installation) }) };
    await deps.mirror.at(deps.repository, main());
    pull = environment.propose(serviceFile('annuaire'));
    environment.github.calls.clear();
  });

  it('is what the review would have asked for, and is not asked for again', async () => {
    begin();
    await answered();
    expect(reads()).toEqual([1, 1]);
    expect(await review()).toMatchObject({ kind: 'judged' });
    expect(reads()).toEqual([1, 1]);
    expect(conclusionOf(pull.pull.headSha)).toBe('success');
    expect(environment.github.calls.count()).toBeLessThanOrEqual(
      8 + environment.github.calls.count('POST /repos/{owner}/{repo}/labels'),
    );
  });

  it('is not used where the head has moved since: what is there now is judged', async () => {
    begin();
    await answered();
    const before = pull.pull.headSha;
    environment.alice.pushCommit(
      environment.repository,
      pull.pull.headRef,
      definitionFile('annuaire', 'id_token_signed_response_alg: rs256'),
    );
    expect(await review()).toMatchObject({ kind: 'judged' });
    expect(conclusionOf(pull.pull.headSha)).toBe('failure');
    expect(conclusionOf(before)).toBeUndefined();
  });

  it('is not used where the default branch has moved since', async () => {
    begin();
    await answered();
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('cantine'));
    await deps.mirror.at(deps.repository, main());
    expect(await review()).toMatchObject({
      kind: 'judged',
      collected: { facts: { pull: { base: main() } } },
    });
    const compared = environment.exchanges.map(({ params }) => params.basehead);
    expect(compared).toContain(`${main()}...${pull.pull.headSha}`);
  });

  it('is asked for again by the review where GitHub did not answer', async () => {
    environment.github.faults.inject({ kind: 'error', status: 502 }, { on: compare });
    begin();
    await answered();
    expect(await review()).toMatchObject({ kind: 'judged' });
    expect(conclusionOf(pull.pull.headSha)).toBe('success');
  });

  it('is asked for once, however many events there are before the review, and while it runs', async () => {
    for (let event = 0; event < 5; event += 1) begin();
    await answered();
    await review(begin);
    expect(reads()).toEqual([1, 1]);
    begin();
    await answered();
    expect(reads()).toEqual([2, 2]);
  });

  it('is of a few pull requests at a time', async () => {
    for (let number = 1; number <= 50; number += 1)
      deps.ahead.begin({ number, head: pull.pull.headSha, base: main() });
    await answered();
    expect(reads()[0]).toBeLessThanOrEqual(8);
  });

  it('is nothing where GitHub asks for patience', async () => {
    const { db } = environment.store;
    await pauseInstallation(db, installation, 60, 'asked for');
    begin();
    await answered();
    expect(reads()).toEqual([0, 0]);
    await db.deleteFrom('pauses').execute();
    expect(await review()).toMatchObject({ kind: 'judged' });
  });

  it('is nothing any more soon after GitHub has asked for patience', async () => {
    const { db } = environment.store;
    const next = async () => {
      await deps.ahead.during(pull.number, 'a delivery', async () => begin());
      begin();
      await answered();
      return reads()[0];
    };
    expect(await next()).toBe(1);
    await pauseInstallation(db, installation, 60, 'asked for');
    await next();
    const asked = await next();
    expect(await next()).toBe(asked);
    await db.deleteFrom('pauses').execute();
  });

  it('is nothing where the registry is not known at the commit that it would be judged against', async () => {
    begin('0'.repeat(40));
    await answered();
    expect(reads()).toEqual([0, 0]);
  });

  it('has the store asked for what the review will want, before GitHub has said what becomes of the pull request', async () => {
    const asked = Promise.withResolvers<void>();
    class Store extends ReviewStore {
      override openClaims(...given: Parameters<ReviewStore['openClaims']>) {
        asked.resolve();
        return super.openClaims(...given);
      }
    }
    const repository = withClient(deps.repository, async (route) => {
      if (route === 'GET /repos/{owner}/{repo}/pulls/{pull_number}') await asked.promise;
    });
    deps = { ...deps, repository, store: new Store(environment.store.db) };
    begin();
    await answered();
    expect(await review()).toMatchObject({ kind: 'judged' });
  });

  describe('of one that was just opened', () => {
    const pulls = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const asked = () => environment.github.calls.count(pulls);
    const opened = async () => {
      begin(main(), 'it was opened');
      await answered();
    };

    it('is the pull request too, where that is why it is judged for the first time', async () => {
      await opened();
      expect(await review(undefined, 'it was opened')).toMatchObject({ kind: 'judged' });
      expect(asked()).toBe(1);
      expect(conclusionOf(pull.pull.headSha)).toBe('success');
    });

    it('is what the store knows too, and the plan is kept by the review', async () => {
      const asked: string[] = [];
      class Store extends ReviewStore {
        override openClaims(...given: Parameters<ReviewStore['openClaims']>) {
          asked.push('claims');
          return super.openClaims(...given);
        }
      }
      const { db } = environment.store;
      const clientsOf =
        (whose: string): NonNullable<ReviewDeps['clientsOf']> =>
        async (_paths, read) => {
          asked.push(read === undefined ? `${whose} reads` : `${whose} has`);
          const markShown = async () => void asked.push(`${whose} keeps`);
          const facts = { steps: [], unserved: [], manual: [] };
          return { present: new Map(), accounts: [], plan: async () => ({ facts, markShown }) };
        };
      deps = {
        ...deps,
        store: new Store(db),
        clientsOf: clientsOf('the review'),
        ahead: new ReadAhead({
          ...environment.deps,
          store: new Store(db),
          clientsOf: clientsOf('whoever reads ahead'),
          isPaused: async () => false,
        }),
      };
      await opened();
      expect(await review(undefined, 'it was opened')).toMatchObject({ kind: 'judged' });
      expect(asked.toSorted()).toEqual([
        'claims',
        'claims',
        'the review has',
        'the review keeps',
        'whoever reads ahead reads',
      ]);
    });

    it('is judged again where another one that collides with it was opened at the same time', async () => {
      const other = environment.propose(serviceFile('annuaire'));
      const because = 'it was opened';
      const begun = async ({ number, pull: { headSha: head } }: PullRequest, next: () => Promise<void>) => {
        deps.ahead.begin({ number, head, base: main(), openedBy: because });
        await deps.ahead.during(number, because, async () => {
          await (await deps.ahead.opened(number)?.foreseen)?.stored;
          await next();
        });
      };
      const judge = ({ number }: PullRequest) => reviewPullRequest(deps, number);
      // The store is asked for both before it knows of either.
      await begun(pull, () =>
        begun(other, async () => {
          expect(await judge(pull)).toMatchObject({ alsoReview: [] });
          expect(await judge(other)).toMatchObject({ alsoReview: [pull.number, other.number] });
        }),
      );
      const review = { files: [{ findings: [{ rule: 'registry/open-pull-request' }] }] };
      for (const each of [pull, other])
        expect(await judge(each)).toMatchObject({ alsoReview: [], collected: { review } });
    });

    it('is not the pull request where it is judged for something that came later', async () => {
      await opened();
      pull.state = 'closed';
      expect(await review(undefined, 'it was closed')).toMatchObject({ kind: 'gone' });
      expect(asked()).toBe(2);
    });

    it('is not the pull request where it was judged before', async () => {
      await reviewPullRequest(environment.deps, pull.number);
      environment.github.calls.clear();
      await opened();
      pull.state = 'closed';
      expect(await review(undefined, 'it was opened')).toMatchObject({ kind: 'gone' });
      expect(asked()).toBe(2);
    });

    it('is not the pull request where it only has new commits', async () => {
      begin();
      await answered();
      expect(await review()).toMatchObject({ kind: 'judged' });
      expect(asked()).toBe(1);
    });

    it('is asked for again where GitHub did not answer', async () => {
      environment.github.faults.inject({ kind: 'error', status: 502 }, { on: pulls });
      await opened();
      expect(await review(undefined, 'it was opened')).toMatchObject({ kind: 'judged' });
    });
  });

  it('is not used of the store either where the default branch moves meanwhile', async () => {
    let isFirst = true;
    const repository = withClient(deps.repository, async (route) => {
      if (route !== 'GET /repos/{owner}/{repo}/pulls/{pull_number}' || !isFirst) return;
      isFirst = false;
      const settings = 'approvals:\n  integration: 1\n';
      environment.bob.pushCommit(environment.repository, 'main', { '.github/greffier.yaml': settings });
      await deps.mirror.at(environment.deps.repository, main());
    });
    deps = { ...deps, repository };
    begin();
    await answered();
    expect(await review()).toMatchObject({ collected: { review: { conclusion: 'action_required' } } });
  });
});

it('asks for the reviews beside the files, where it is known without these that someone has to approve', async () => {
  const reviews = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
  environment.createRegistry(serviceFile('agenda'));
  const production = environment.propose(serviceFile('annuaire', 'internet/production'));
  const integration = environment.propose(serviceFile('cantine'));
  const asked = Promise.withResolvers<void>();
  const repository = withClient(environment.deps.repository, async (route) => {
    if (route === reviews) asked.resolve();
    if (route === contents) await asked.promise;
  });
  expect(await reviewPullRequest({ ...environment.deps, repository }, production.number)).toMatchObject({
    collected: { review: { conclusion: 'action_required' } },
  });
  environment.github.calls.clear();
  await reviewPullRequest(environment.deps, integration.number);
  expect(environment.github.calls.count(reviews)).toBe(0);
});

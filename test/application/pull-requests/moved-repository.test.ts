/** What is read and done by the name of a registry, when the name leads elsewhere from one call to the next. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewDeps } from '#application/mirror/deps';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewMergeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { runCommands } from '#application/pull-requests/run-commands';
import { fullName } from '#demo/github/state';
import { fullNameOf } from '#infrastructure/github/client/repository-client';
import { defaultBranchHead } from '#infrastructure/github/read/pull-request';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

describe('a registry whose name leads elsewhere', () => {
  let environment: ReviewEnvironment;
  let deps: ReviewDeps;
  beforeEach(async () => {
    environment = await ReviewEnvironment.open();
    const bare = environment.createDeps();
    deps = { ...bare, repository: { ...bare.repository, id: String(environment.repository.id) } };
  });
  afterEach(() => environment.close());

  /** Another repository, of mallory's, takes the name; a pull request there has the number of one here. */
  function takeOver(): void {
    const name = fullName(environment.repository);
    environment.bob.renameRepository(environment.repository, 'ailleurs');
    const mallory = environment.github.createUser('mallory');
    const other = environment.github.createRepository(name, {
      files: serviceFile('intrus'),
      collaborators: { mallory: 'admin' },
    });
    mallory.openPullRequest(other, { branch: 'x', title: 'x', files: serviceFile('autre') });
    mallory.openIssue(other, 'Rien', '');
  }
  const moved = expect.objectContaining({ name: 'RepositoryMoved' });

  it('is not reviewed, rejudged or commanded there', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const issue = environment.alice.openIssue(environment.repository, 'Bonjour', '');
    const asked: string[] = [];
    takeOver();
    await expect(reviewPullRequest(deps, pull.number)).rejects.toEqual(moved);
    await expect(rereviewAffected(deps, async () => undefined)).rejects.toEqual(moved);
    const head = pull.pull.headSha;
    await expect(reviewMergeGroup(deps, head, pull.pull.baseSha)).rejects.toEqual(moved);
    for (const number of [pull.number, issue.number])
      await expect(
        runCommands(
          {
            review: deps,
            requestReview: async () => undefined,
            runProvisioningCommand: async (name) => {
              asked.push(name);
              return { ok: true };
            },
          },
          number,
          { id: 1, body: '/greffier confirm abc', author: { id: 1, login: 'mallory', bot: false } },
        ),
      ).rejects.toEqual(moved);
    expect(asked).toEqual([]);
    const there = environment.github
      .repositories()
      .find((one) => fullName(one) === fullNameOf(deps.repository));
    expect(there?.checkRuns).toEqual([]);
  });

  it('is not believed about its head when the name was taken while it was read', async () => {
    const on = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
    environment.github.faults.inject({ kind: 'meanwhile', act: takeOver }, { on });
    await expect(defaultBranchHead(deps.repository)).rejects.toEqual(moved);
    expect(environment.github.calls.count(on)).toBe(1);
  });

  it('is told to be called otherwise, when it was renamed', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    environment.bob.renameRepository(environment.repository, 'ailleurs');
    await expect(reviewPullRequest(deps, pull.number)).rejects.toThrow(/GitHub shows org-\w+\/ailleurs/);
  });

  it('does not make a branch of its own a fork, nor a fork with its name a branch', async () => {
    const own = environment.propose(serviceFile('agenda'));
    const fork = environment.alice.fork(environment.repository);
    const theirs = environment.alice.openPullRequest(environment.repository, {
      from: fork,
      branch: 'b',
      title: 'b',
      files: serviceFile('carte'),
    });
    for (const [pull, expected] of [
      [own, false],
      [theirs, true],
    ] as const) {
      const outcome = await reviewPullRequest(deps, pull.number);
      expect(outcome.kind === 'judged' && outcome.pull.fork).toBe(expected);
    }
  });
});

/** What is read and done by the name of a registry, when the name leads elsewhere from one call to the next. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewDeps } from '#application/mirror/deps';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewMergeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { runCommands } from '#application/pull-requests/run-commands';
import { fullName } from '#demo/github/state';
import { defaultBranchHead } from '#infrastructure/github/read/repository';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

describe('a registry whose name leads elsewhere', () => {
  let environment: ReviewEnvironment;
  let deps: ReviewDeps;
  beforeEach(async () => {
    environment = await ReviewEnvironment.open();
    deps = environment.createDeps();
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

  /** The repository that has the name now, and what came to it there. */
  function nothingCameToTheOther(): void {
    const { github, repository } = environment;
    const there = github.repositories().filter((one) => one !== repository && one.name === 'registre');
    expect(there).toHaveLength(1);
    for (const other of there) {
      const written = [...other.issues.values()].flatMap(({ comments, labels }) => [...comments, ...labels]);
      expect([...other.checkRuns, ...other.deployments, ...other.labels.values(), ...written]).toEqual([]);
    }
  }

  it('is not reviewed, rejudged or commanded there', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    const issue = environment.alice.openIssue(environment.repository, 'Bonjour', '');
    const asked: string[] = [];
    takeOver();
    await expect(reviewPullRequest(deps, pull.number)).rejects.toEqual(moved);
    await expect(rereviewAffected(deps, async () => undefined)).rejects.toEqual(moved);
    const head = pull.pull.headSha;
    await expect(reviewMergeGroup(deps, head, pull.pull.baseSha)).rejects.toEqual(moved);
    const mallory = environment.github.createUser('mallory-2').account;
    const command = (number: number) =>
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
        {
          id: 1,
          body: '/greffier confirm abc',
          author: { id: mallory.id, login: mallory.login, bot: false },
        },
      );
    await expect(command(pull.number)).rejects.toEqual(moved);
    // Where nothing tells that it moved, the registry says what its owner may do, and not the other one.
    await command(issue.number).catch(() => undefined);
    expect(asked).toEqual([]);
    nothingCameToTheOther();
  });

  it('is read and written by its number, whichever call comes when another one has taken its name', async () => {
    const { github, repository } = environment;
    const pull = environment.propose(serviceFile('agenda'));
    github.calls.clear();
    await reviewPullRequest(deps, pull.number);
    const asked = github.calls.calls.filter(({ by }) => by === 'installation').map(({ path }) => path);
    expect(asked.length).toBeGreaterThan(10);
    const ofNumber = `/repositories/${repository.id}/`;
    expect(asked.filter((path) => !path.startsWith(ofNumber) && /^\/repo/.test(path))).toEqual([]);
  });

  it.each([3, 5, 7, 9, 11])(
    'gives nothing of its review to the one that takes its name at call %i',
    async (nth) => {
      const { github, repository } = environment;
      const pull = environment.propose(serviceFile('agenda'));
      const nothing = { kind: 'meanwhile', act: () => undefined } as const;
      github.faults.inject(nothing, { times: nth - 1 });
      github.faults.inject({ kind: 'meanwhile', act: takeOver });
      const outcome = await reviewPullRequest(deps, pull.number);
      expect(outcome).toMatchObject({ kind: 'judged', collected: { review: { conclusion: 'success' } } });
      expect(repository.checkRuns).toMatchObject([{ conclusion: 'success' }]);
      expect(pull.comments).toHaveLength(1);
      nothingCameToTheOther();
    },
  );

  it('is read at its own head when the name was taken while it was read', async () => {
    const on = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
    environment.github.faults.inject({ kind: 'meanwhile', act: takeOver }, { on });
    const head = environment.repository.git.refs.get('refs/heads/main');
    expect(await defaultBranchHead(deps.repository)).toBe(head);
    expect(environment.github.calls.count('GET /repos/{owner}/{repo}')).toBe(1);
  });

  it('is looked for when GitHub does not show it any more', async () => {
    environment.bob.deleteRepository(environment.repository);
    await expect(defaultBranchHead(deps.repository)).rejects.toEqual(moved);
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

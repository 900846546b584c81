/** A branch that merged for itself what the default branch merged too: Git merges from all common ancestors at once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import { ReviewEnvironment, serviceFile } from './review-environment.ts';

const settings = '.github/greffier.yaml';
const author = { name: 'Alice', email: 'alice@example.fr', date: new Date(1_790_000_000_000) };

describe('what merging gives, where two histories cross', () => {
  let environment: ReviewEnvironment;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    environment.github.testMerges.madeAgain = 'when the common ancestor changes';
    environment.createRegistry({ ...serviceFile('agenda'), [settings]: 'approvals:\n  production: 1\n' });
  });

  const git = () => environment.repository.git;
  const main = () => git().branch('main') ?? '';
  const textAt = (path: string) => git().textAt(main(), path);
  const review = (pull: PullRequest) => reviewPullRequest(environment.deps, pull.number);
  const conclusion = (pull: PullRequest) =>
    environment.repository.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion;

  /** A commit that says it merges a pull request into the default branch of before, and leaves out what it changed. */
  function crossed(
    before: string,
    merged: PullRequest,
    more: Record<string, string> = { 'docs/aide.md': 'Une coquille\n' },
  ): string {
    const cross = git().objects.writeCommit({
      tree: git().objects.commit(before)?.tree ?? '',
      parents: [before, merged.pull.headSha],
      author,
      committer: author,
      message: 'Merge',
    });
    return git().commitFiles([cross], more, 'Coquille', author);
  }

  /** A commit that takes everything away again that a commit brought, and nothing else. */
  function undone(commit: string): string {
    const sha = git().objects.writeCommit({
      tree: git().objects.commit(main())?.tree ?? '',
      parents: [commit],
      author,
      committer: author,
      message: 'Revert',
    });
    return git().commitFiles([sha], { 'docs/aide.md': 'Une coquille\n' }, 'Coquille', author);
  }

  /** Greffier has seen the default branch as it is now. */
  async function mirrored(): Promise<void> {
    await environment.deps.mirror.at(environment.deps.repository, main());
  }

  function open(branch: string, commit: string): PullRequest {
    git().refs.set(`refs/heads/${branch}`, commit);
    return environment.alice.openPullRequest(environment.repository, { branch, title: 'Coquille' });
  }

  /** Bob's pull request, whose branch the default branch has left behind. @returns the default branch before its merge */
  function mergeOf(files: Record<string, string>): { readonly before: string; readonly pull: PullRequest } {
    const pull = environment.propose(files, environment.bob);
    environment.bob.pushCommit(environment.repository, 'main', { 'README.md': '# Le registre\n' });
    const before = main();
    environment.bob.merge(environment.repository, pull);
    return { before, pull };
  }

  it.each<[string, Record<string, string>]>([
    ['a definition go that was just merged', serviceFile('musee')],
    ['stricter settings go', { [settings]: 'approvals:\n  production: 2\n' }],
  ])('is judged where it lets %s, though a comparison shows nothing of it', async (_what, files) => {
    const [path = ''] = Object.keys(files);
    const { before, pull } = mergeOf(files);
    const theft = open('vol', crossed(before, pull));
    await review(theft);
    expect(conclusion(theft)).toBe('action_required');
    expect(theft.comments[0]?.body).toContain(path);
    // What the comparison does not show is what merging does.
    const merged = textAt(path);
    environment.bob.merge(environment.repository, theft);
    expect(textAt(path)).not.toBe(merged);
  });

  it('is not told by a test merge of before the histories crossed', async () => {
    await mirrored();
    const pull = environment.propose(serviceFile('musee'), environment.bob);
    environment.bob.pushCommit(environment.repository, 'main', { 'README.md': '# Le registre\n' });
    const theft = open('vol', crossed(main(), pull, serviceFile('mairie')));
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('ecole'));
    // GitHub makes the test merge now, and not again.
    await environment.client().request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: environment.repository.owner.login,
      repo: environment.repository.name,
      pull_number: theft.number,
    });
    environment.bob.merge(environment.repository, pull);
    await review(theft);
    expect(conclusion(theft)).not.toBe('success');
  });

  it.each<[string, (victim: PullRequest) => string]>([
    ['undoes it', (victim) => undone(victim.pull.headSha)],
    ['merged it for itself and left it out', (victim) => crossed(main(), victim)],
  ])('is judged again when another request is merged and this one %s', async (_how, headOf) => {
    await mirrored();
    const victim = environment.propose(serviceFile('musee'), environment.bob);
    const theft = open('vol', headOf(victim));
    await review(theft);
    expect(conclusion(theft)).toBe('success');
    environment.bob.merge(environment.repository, victim);
    const asked: number[] = [];
    await rereviewAffected(environment.deps, async (numbers) => {
      asked.push(...numbers);
    });
    expect(asked).toEqual([theft.number]);
    await review(theft);
    expect(conclusion(theft)).toBe('action_required');
    expect(theft.comments[0]?.body).toContain('musee');
  });

  it('is not judged again for a move that brings none of its commits', async () => {
    await mirrored();
    const pull = environment.propose(serviceFile('musee'));
    await review(pull);
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('ecole'));
    const asked: number[] = [];
    await rereviewAffected(environment.deps, async (numbers) => {
      asked.push(...numbers);
    });
    expect(asked).toEqual([]);
  });

  it('is as before for a branch that was updated, at one call more', async () => {
    await mirrored();
    const pull = environment.propose(serviceFile('musee'));
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('ecole'));
    const updated = git().objects.writeCommit({
      tree: git().writeFiles(git().objects.commit(main())?.tree, serviceFile('musee')),
      parents: [pull.pull.headSha, main()],
      author,
      committer: author,
      message: 'Update',
    });
    const again = open('a-jour', updated);
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('mairie'));
    await mirrored();
    environment.github.calls.clear();
    await review(again);
    expect(conclusion(again)).toBe('success');
    const { calls } = environment.github;
    expect(calls.count('GET /repos/{owner}/{repo}/compare/{basehead}')).toBe(3);
  });
});

/** What a review showed is what is applied, also where it could not say everything before the merge. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.open();
});
afterAll(() => world.close());

it.each([
  ['labels', 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels'],
  ['the comment', 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'],
])('a merge right after the check is no surprise, though %s failed', async (_what, on) => {
  world.begin({});
  await world.reconcile(true);
  const { environment } = world;
  const pull = environment.propose(serviceFile('agenda'));
  environment.github.faults.inject({ kind: 'error', status: 500 }, { on });
  await expect(world.review(pull)).rejects.toThrow();
  environment.github.faults.clear();
  const [check] = environment.repository.checkRuns.filter(({ headSha }) => headSha === pull.pull.headSha);
  expect(check?.conclusion).toBe('success');
  environment.bob.merge(environment.repository, pull);
  await world.reconcile();
  expect(await world.states()).toEqual({ 'internet/integration/agenda': 'active' });
});

it('what a draft would do is shown to nobody, where the check of its commit says what another request of it lacks', async () => {
  world.begin({});
  await world.reconcile(true);
  const { environment, dan } = world;
  const { alice, bob, repository } = environment;
  const other = environment.propose(serviceFile('agenda', 'internet/production'));
  repository.git.refs.set('refs/heads/brouillon', other.pull.headSha);
  await world.review(other);
  const draft = alice.openPullRequest(repository, { branch: 'brouillon', title: 'Brouillon', draft: true });
  dan.approve(repository, draft);
  await world.review(draft);
  expect(draft.comments).toEqual([]);
  alice.markReady(repository, draft);
  bob.merge(repository, draft);
  await world.reconcile();
  expect(await world.states()).toEqual({});
  expect(world.issue('Changements à confirmer')?.body).toContain('agenda');
});

/** A team of the settings that GitHub does not show: it is unknown who belongs to it, and that is told. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateApprovals } from '#domain/review/evaluate/approvals';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import { withPermissions } from '#infrastructure/github/read/reviews';
import { thisEngine } from '../infrastructure/database/engines.ts';
import { ServiceStory } from './service-story.ts';

let story: ServiceStory;
beforeEach(async () => {
  story = await ServiceStory.open(thisEngine);
  story.github.addToTeam('org', 'proconnect', story.alice);
  story.alice.pushCommit(story.registry, 'main', {
    '.github/greffier.yaml': 'approvals:\n  teams:\n    - org/proconnect\n',
  });
  await story.start();
  await story.sweep();
});
afterEach(() => story.close());

const told = () =>
  [...story.registry.issues.values()].filter(
    ({ title }) => title === 'Des équipes qui approuvent ne se trouvent plus',
  );

/** What the objection of someone without rights of their own comes to. */
async function objection(account: { readonly id: number }) {
  const { name, id, installation } = story.context.registry;
  const repository = repositoryClient(await story.context.github.installation(installation), name, id);
  const by = { id: account.id, login: 'bob', bot: false };
  const bare = [{ by, state: 'changes-requested', commit: 'a', at: '2026-01-05T09:00:00Z' }] as const;
  const reviews = await withPermissions(repository, bare, ['org/proconnect']);
  const rules = { count: { integration: 0, production: 1 }, teams: ['org/proconnect'] };
  const author = { id: 1, login: 'x', bot: false };
  return evaluateApprovals([], reviews, rules, { head: 'a', author }).changesRequestedBy.length;
}

it('is told in an issue that closes once it is found, and nobody is taken for none of its members', async () => {
  const { account: bob } = story.github.createUser('bob');
  expect(told()).toEqual([]);
  expect(await objection(bob)).toBe(0);
  story.github.renameTeam('org', 'proconnect', 'federation');
  expect(await objection(bob)).toBe(1);
  await story.sweep();
  expect(told()).toMatchObject([{ state: 'open' }]);
  expect(told()[0]?.body).toContain('Ligne 3\u00a0: `org/proconnect` n’existe pas sous ce nom');
  await story.sweep();
  expect(told()).toHaveLength(1);
  story.github.renameTeam('org', 'federation', 'proconnect');
  await story.sweep();
  expect(told()).toMatchObject([{ state: 'closed' }]);
});

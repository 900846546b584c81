/** A team of the settings that GitHub does not show, or another one under its name: who belongs to it is unknown, and told. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateApprovals } from '#domain/review/evaluate/approvals';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import { withPermissions } from '#infrastructure/github/read/reviews';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { thisEngine } from '../infrastructure/database/engines.ts';
import { ServiceStory } from './service-story.ts';

let story: ServiceStory;
beforeEach(async () => {
  story = await ServiceStory.open(thisEngine);
  story.github.addToTeam('org', 'proconnect', story.alice);
  story.alice.pushCommit(story.registry, 'main', {
    '.github/greffier.yaml': 'approvals:\n  teams:\n    - org/proconnect\n',
  });
  story.moreCells = '  internet/production:\n    provider: manual\n';
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
  const reviews = await withPermissions(repository, bare, [{ name: 'org/proconnect', id: undefined }]);
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

it('is not another team that somebody made under the name that it had, nor after the merge', async () => {
  const { github, registry, alice } = story;
  const mallory = github.createUser('mallory');
  const member = github.createUser('membre');
  registry.collaborators.set('mallory', 'read');
  registry.collaborators.set('membre', 'read');
  github.addToTeam('org', 'proconnect', member);
  const pull = alice.openPullRequest(registry, {
    branch: 'mairie',
    title: 'mairie',
    files: serviceFile('mairie', 'internet/production'),
  });
  const conclusion = async () => {
    await story.settled();
    return registry.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion;
  };
  github.renameTeam('org', 'proconnect', 'federation');
  github.addToTeam('org', 'proconnect', mallory);
  mallory.approve(registry, pull);
  expect(await conclusion()).toBe('action_required');
  // Nor after the merge, past the check.
  alice.merge(registry, pull);
  await story.settled();
  const titles = () =>
    [...registry.issues.values()].flatMap(({ title, pull: of }) => (of === undefined ? [title] : []));
  expect(titles()).toEqual(['Changements à confirmer dans la cellule internet/production']);
  await story.sweep();
  expect(told()).toMatchObject([{ state: 'open' }]);
  expect(told()[0]?.body).toContain('Ligne 3\u00a0: `org/proconnect` est aujourd’hui une autre équipe');
  // Once the settings no longer name it, and name it again, it is the one that has the name by then.
  const push = (settings: string) =>
    alice.pushCommit(registry, 'main', { '.github/greffier.yaml': settings });
  push('approvals:\n  teams: []\n');
  await story.sweep();
  push('approvals:\n  teams:\n    - org/proconnect\n');
  await story.sweep();
  expect(told()).toMatchObject([{ state: 'closed' }]);
});

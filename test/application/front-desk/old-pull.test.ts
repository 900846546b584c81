/** A store that was put back from a copy counts its requests again: what GitHub has of that number is another's. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isPullRequest } from '#demo/github/state';
import { thisEngine } from '../../infrastructure/database/engines.ts';
import { camille, DeskWorld, numberOf } from './desk-world.ts';

let world: DeskWorld;
beforeAll(async () => {
  world = await DeskWorld.open(thisEngine);
});
beforeEach(() => void world.environment.createRegistry({}));
afterAll(() => world.close());

it.each(['merged', 'closed'] as const)(
  'a %s pull request of before is not taken for the one of a new request',
  async (end) => {
    const number = await world.file();
    await world.bring(number);
    const { bob, repository } = world.environment;
    const old = world.proposals().pulls.find(isPullRequest) ?? expect.fail();
    bob.comment(repository, old, 'Pour celui qui demandait alors.');
    if (end === 'merged') bob.merge(repository, old);
    else bob.close(repository, old);
    repository.git.refs.delete(`refs/heads/${old.pull.headRef}`);
    // As the copy has it: the request is not there, and its number is free.
    await world.store.db.deleteFrom('requests').where('number', '=', number).execute();
    const wanted = 'version: 1\n# d’une autre personne\n';
    const path = 'service-providers/internet/integration/agenda.yaml';
    const again = numberOf(
      await world.requests().create({ ...camille, id: randomUUID(), person: 'd'.repeat(64), path, wanted }),
    );
    await world.store.db.updateTable('requests').set({ number }).where('number', '=', again).execute();
    await world.bring(number);
    const request = await world.requests().numbered(number);
    expect(request).toMatchObject({ state: 'open', talk: [] });
    expect(request?.pull).not.toBe(old.number);
  },
);

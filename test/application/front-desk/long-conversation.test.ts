/** A request on which strangers write without end: what it costs of the calls that everybody shares. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isPullRequest } from '#demo/github/state';
import { thisEngine } from '../../infrastructure/database/engines.ts';
import { camille, DeskWorld } from './desk-world.ts';

let world: DeskWorld;
beforeAll(async () => {
  world = await DeskWorld.open(thisEngine);
  world.environment.createRegistry({});
});
afterAll(() => world.close());

it('is followed, and answered, at the cost of a short one', async () => {
  const number = await world.file();
  await world.bring(number);
  const { github, bob, repository } = world.environment;
  const pull = world.proposals().pulls.find(isPullRequest) ?? expect.fail();
  const cost = async (): Promise<number> => {
    await world.requests().answer(camille.person, number, randomUUID(), 'Oui.');
    github.calls.clear();
    await world.bring(number);
    return github.calls.count();
  };
  const before = await cost();
  const past = new Date(Date.now() - 7 * 86_400_000);
  for (let n = 0; n < 1_500; n += 1)
    Object.assign(bob.comment(repository, pull, `remarque ${n}`), { createdAt: past, updatedAt: past });
  bob.comment(repository, pull, 'la dernière');
  expect(await cost()).toBeLessThanOrEqual(before + 2);
  const talk = (await world.requests().numbered(number))?.talk ?? [];
  expect(talk.at(-1)?.text).toBe('la dernière');
  expect(pull.comments.filter(({ body }) => body.includes('Oui.'))).toHaveLength(2);
  expect(world.environment.apiProblems()).toEqual([]);
});

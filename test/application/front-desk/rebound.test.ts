/** Requests of the front desk once their registry is another repository, in which their numbers are other people's. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bindings } from '#application/identity/bindings';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines } from '../../infrastructure/database/engines.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { camille, DeskWorld } from './desk-world.ts';

describe.each(engines)('once the registry is another repository ($name)', (engine) => {
  let world: DeskWorld;
  let registry: string;
  beforeEach(async () => {
    world = await DeskWorld.open(engine);
    registry = world.registry;
    const first = { id: '1', registry, name: registry, installation: 1 };
    await new Bindings(world.store.db).bind(first);
  });
  afterEach(() => world.close());

  describe('a request of the desk', () => {
    let number: number;
    beforeEach(async () => {
      number = await world.file();
      await world.bring(number);
    });

    const requestOf = async () =>
      await world.store.db
        .selectFrom('requests')
        .selectAll()
        .where('number', '=', number)
        .executeTakeFirstOrThrow();

    /** Somebody else's pull request has the number that the request's had. */
    const rebound = async () => {
      const { environment } = world;
      const { id } = environment.createRegistry({});
      const others = environment.propose(serviceFile('cantine'));
      expect(others.number).toBe((await requestOf()).pull);
      await new Bindings(world.store.db).rebind(registry, String(id), 'operator');
      environment.deps = { ...environment.deps, repo: registry };
      return others;
    };

    it('is sent anew, with what the applicant answers', async () => {
      await world.requests().answer(camille.person, number, randomUUID(), 'Voici.');
      const others = await rebound();
      await world.bring(number);
      const { pull, state } = await requestOf();
      expect(state).toBe('open');
      expect(pull).not.toBe(others.number);
      const own = world.proposals().pulls.find((each) => each.number === pull);
      expect([others.comments.length, own?.comments.length]).toEqual([0, 1]);
    });

    it('closes nobody else’s where it is withdrawn', async () => {
      await world.requests().withdraw(camille.person, number);
      const others = await rebound();
      await world.bring(number);
      expect((await requestOf()).state).toBe('withdrawn');
      expect(others.state).toBe('open');
    });

    it('hears nothing of somebody else’s where it is over', async () => {
      for (const pull of world.proposals().pulls) pull.state = 'closed';
      await world.bring(number);
      const others = await rebound();
      expect(await world.requests().ofPull(others.number)).toBeUndefined();
      expect((await requestOf()).state).toBe('closed');
    });
  });

  it('takes what was written beneath a pull request of a former registry for no command of another one', async () => {
    const { db } = world.store;
    const jobs = new JobQueue(db);
    const author = { id: 1, login: 'bob', bot: false };
    const comment = { id: 1, body: '/greffier promote', author };
    const command = (repo: string) =>
      ({ kind: 'command', payload: { installation: 1, repo, number: 1, comment } }) as const;
    await jobs.enqueue([command(registry), command('org/demandes')], { request: 'a comment' });
    await new Bindings(db).rebind(registry, '2', 'operator');
    expect((await jobs.claim())?.job.payload).toMatchObject({ repo: 'org/demandes' });
    expect(await jobs.claim()).toBeUndefined();
  });
});

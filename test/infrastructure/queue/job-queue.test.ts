import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { inSeconds, now } from '#infrastructure/database/per-engine';
import type { NewJob } from '#infrastructure/queue/job-kinds';
import { deadLetterRestSeconds, JobQueue, maxLosses } from '#infrastructure/queue/job-queue';
import type { LeasedJob } from '#infrastructure/queue/job-rows';
import { pauseInstallation } from '#infrastructure/queue/rate-limit-pauses';
import { emptyTables, engines, newStore } from '../database/engines.ts';

function review(number: number, installation = 1): NewJob {
  return { kind: 'review', payload: { installation, repo: 'org/registry', number } };
}
const reconcile: NewJob = { kind: 'reconcile', payload: { installation: 1, repo: 'org/registry' } };
const news = { request: 'delivery' };

describe.each(engines)('the queue on $name', (engine) => {
  let store: Database;
  let jobs: JobQueue;
  beforeAll(async () => {
    store = await newStore(engine);
  });
  afterAll(() => store.close());
  beforeEach(() => {
    jobs = new JobQueue(store.db);
  });
  afterEach(async () => {
    await emptyTables(store.db, 'jobs', 'pauses');
  });

  async function claimed(): Promise<LeasedJob> {
    return (await jobs.claim()) ?? expect.fail('nothing to claim');
  }
  function lapse() {
    return sql`update jobs set held_until = ${inSeconds(-1)} where state = 'running'`.execute(store.db);
  }
  function rows() {
    return store.db.selectFrom('jobs').selectAll().orderBy('id').execute();
  }

  it('makes one review of ten pushes in a second, followed by the last one', async () => {
    for (let push = 1; push <= 10; push += 1) await jobs.enqueue([review(1)], { request: `push-${push}` });
    const { job } = await claimed();
    expect(job).toMatchObject({ kind: 'review', payload: { number: 1 }, request: 'push-10', attempt: 1 });
    expect(await jobs.claim()).toBeUndefined();
  });

  it('takes the same work from several at once, in whatever order each gives it', async () => {
    const forward = Array.from({ length: 60 }, (_, number) => review(number));
    for (let round = 0; round < 20; round += 1)
      await Promise.all([
        jobs.enqueue(forward, news),
        jobs.enqueue(forward.toReversed(), news),
        jobs.enqueue(
          forward.toSorted(() => (round % 2 === 0 ? 1 : -1)),
          news,
        ),
      ]);
    expect(await rows()).toHaveLength(60);
  });

  it('writes it in one order, however old each is and whoever caused it: nobody waits for one who waits for them', async () => {
    const pulls = [3, 1, 2, 5, 4];
    const arrived = pulls.map((number, at) => ({
      job: review(number),
      request: 'delivery',
      since: new Date(1_700_000_000_000 - at * 1000),
      sender: `someone-${number % 2}`,
    }));
    await jobs.enqueueEach(arrived, store.db);
    const keys = (await rows()).map(({ key }) => key);
    expect(keys).toEqual(keys.toSorted());
  });

  describe('shared between people', () => {
    const command = (id: number): NewJob => {
      const comment = { id, body: '/greffier check', author: { id: 1, login: 'a', bot: false } };
      return { kind: 'command', payload: { installation: 1, repo: 'org/registry', number: id, comment } };
    };
    const by = (sender: string) => ({ request: `by-${sender}`, sender });
    /** Who is served, one after the other, for so many jobs. */
    async function served(count: number): Promise<string> {
      let senders = '';
      for (let n = 0; n < count; n += 1) {
        const leased = await claimed();
        senders += leased.job.sender ?? '-';
        await jobs.complete(leased);
      }
      return senders;
    }

    it('serves one after a job or two of another one’s two hundred, whatever they are', async () => {
      for (let n = 0; n < 100; n += 1) await jobs.enqueue([command(n)], by('a'));
      await jobs.enqueue(
        Array.from({ length: 100 }, (_, n) => review(1000 + n)),
        by('a'),
      );
      await jobs.enqueue([review(1)], by('b'));
      expect(await served(3)).toContain('b');
      expect(await served(60)).toBe('a'.repeat(60));
      await jobs.enqueue([review(2), review(3), command(999)], by('b'));
      await jobs.enqueue([command(998)], by('c'));
      await jobs.enqueue([reconcile], news);
      expect(await served(8)).toMatch(/^(?=.*c)(?=.*b.*b.*b)(?=.*a.*a)(?=.{0,3}-)/);
      expect(await served(130)).toBe('a'.repeat(130));
    });

    it('does not let those who come one at a time pass by those who have many', async () => {
      await jobs.enqueue(
        Array.from({ length: 20 }, (_, n) => review(n)),
        by('a'),
      );
      let seen = 'b';
      for (let n = 0; n < 24; n += 1) {
        if (seen.endsWith('b')) await jobs.enqueue([review(100 + n)], by('b'));
        seen += await served(1);
      }
      expect(seen.match(/a/g)?.length).toBeGreaterThanOrEqual(11);
    });

    it('has a review that another one causes at the turn of that one, until its author asks', async () => {
      await jobs.enqueue(
        Array.from({ length: 50 }, (_, n) => review(n)),
        by('a'),
      );
      await jobs.enqueue([review(49)], by('b'));
      const both = [await claimed(), await claimed()].map(({ job }) => job);
      expect(both).toContainEqual(expect.objectContaining({ sender: 'b', payload: review(49).payload }));
      expect(await rows()).toHaveLength(50);
    });

    it('has what waits for its moment be whose who has it done before that, and not theirs who were to wait', async () => {
      await jobs.enqueue([review(1)], by('a'));
      await jobs.reschedule(await claimed(), 3600, 'had their share', false);
      await jobs.enqueue([review(1)], by('b'));
      expect((await claimed()).job.sender).toBe('b');
    });
  });

  it('judges once more what was pushed while a review ran, after it and not beside it', async () => {
    await jobs.enqueue([review(1)], news);
    const first = await claimed();
    await jobs.enqueue([review(1), review(1)], news);
    expect(await jobs.claim()).toBeUndefined();
    expect(await jobs.complete(first)).toBe(true);
    await jobs.complete(await claimed());
    expect(await rows()).toEqual([]);
  });

  it('works on other lanes meanwhile, and keeps commands and reviews of one pull request apart', async () => {
    await jobs.enqueue([review(1)], news);
    await claimed();
    const comment = { id: 5, body: '/greffier check', author: { id: 1, login: 'a', bot: false } };
    await jobs.enqueue(
      [
        { kind: 'command', payload: { installation: 1, repo: 'org/registry', number: 1, comment } },
        reconcile,
      ],
      news,
    );
    expect((await claimed()).job.kind).toBe('reconcile');
    expect(await jobs.claim()).toBeUndefined();
  });

  it('gives each job to one of many that ask at once', async () => {
    await jobs.enqueue(
      [1, 2, 3, 4, 5].map((number) => review(number)),
      news,
    );
    const got = await Promise.all(Array.from({ length: 20 }, () => jobs.claim()));
    const numbers = got.flatMap((one) => (one === undefined ? [] : [one.job.id]));
    expect(new Set(numbers).size).toBe(5);
    expect(numbers).toHaveLength(5);
  });

  it('keeps a lane serial however many ask at once', async () => {
    await jobs.enqueue([review(1)], news);
    await jobs.complete(await claimed());
    const commands = [1, 2, 3].map((id): NewJob => {
      const comment = { id, body: '', author: { id: 1, login: 'a', bot: false } };
      return { kind: 'command', payload: { installation: 1, repo: 'org/registry', number: 1, comment } };
    });
    await jobs.enqueue(commands, news);
    const got = await Promise.all(Array.from({ length: 6 }, () => jobs.claim()));
    expect(got.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('takes over what a vanished process held, and refuses its late answer', async () => {
    await jobs.enqueue([review(1)], news);
    const lost = await claimed();
    expect(await jobs.reclaimExpired()).toEqual([]);
    expect(await jobs.claim()).toBeUndefined();
    await lapse();
    await jobs.reclaimExpired();
    const taken = await claimed();
    expect(taken.job.id).toBe(lost.job.id);
    expect(await jobs.renew([lost.claim, taken.claim])).toEqual(new Set([taken.claim]));
    await jobs.reschedule(lost, 0, 'too late');
    expect(await jobs.giveUp(lost, 'too late')).toBe(false);
    expect(await jobs.complete(lost)).toBe(false);
    expect(await jobs.complete(taken)).toBe(true);
  });

  it('does not take back a claim that was renewed', async () => {
    await jobs.enqueue([review(1)], news);
    const kept = await claimed();
    await lapse();
    await jobs.renew([kept.claim]);
    await jobs.reclaimExpired();
    expect(await jobs.complete(kept)).toBe(true);
  });

  it('takes everything back at once where no other process can be', async () => {
    await jobs.enqueue([review(1), review(2)], news);
    await claimed();
    await claimed();
    await jobs.reclaimExpired(true);
    expect((await rows()).map((row) => row.state)).toEqual(['waiting', 'waiting']);
  });

  it('gives up a job whose process keeps vanishing', async () => {
    await jobs.enqueue([review(1)], news);
    for (let loss = 1; loss < maxLosses; loss += 1) {
      await claimed();
      await lapse();
      expect(await jobs.reclaimExpired()).toEqual([]);
    }
    await claimed();
    await lapse();
    expect(await jobs.reclaimExpired()).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: 'dead', last_error: expect.stringContaining('vanished') }]);
  });

  it('tries again later, counting only the tries that failed', async () => {
    await jobs.enqueue([review(1)], news);
    await jobs.reschedule(await claimed(), 3600, 'not now', false);
    expect(await jobs.claim()).toBeUndefined();
    await sql`update jobs set ready_at = ${now}`.execute(store.db);
    await jobs.reschedule(await claimed(), 0, 'boom');
    expect(await rows()).toMatchObject([{ attempts: 1, last_error: 'boom' }]);
    expect((await claimed()).job.attempt).toBe(2);
  });

  it('lets newer work take the place of a job that failed', async () => {
    await jobs.enqueue([review(1)], { request: 'old' });
    const old = await claimed();
    await jobs.enqueue([review(1)], { request: 'new' });
    await jobs.reschedule(old, 3600, 'boom');
    expect(await rows()).toMatchObject([{ request: 'new', attempts: 0 }]);
  });

  it('starts at once on news, even while an old failure backs off', async () => {
    await jobs.enqueue([review(1)], { request: 'old' });
    await jobs.reschedule(await claimed(), 3600, 'boom');
    await jobs.enqueue([review(1)], { request: 'new' });
    expect((await claimed()).job).toMatchObject({ request: 'new', attempt: 1 });
  });

  it('keeps what was given up until the same work succeeds, and alerts once', async () => {
    await jobs.enqueue([review(1)], news);
    expect(await jobs.giveUp(await claimed(), 'poison')).toBe(true);
    await jobs.enqueue([review(1)], news);
    expect(await jobs.giveUp(await claimed(), 'poison again')).toBe(false);
    expect(await rows()).toMatchObject([{ state: 'dead', last_error: 'poison again' }]);
    await jobs.enqueue([review(1)], news);
    await jobs.complete(await claimed());
    expect(await rows()).toEqual([]);
  });

  it('does not let a sweep revive what was given up, nor hurry what waits', async () => {
    await jobs.enqueue([review(1)], news);
    await jobs.giveUp(await claimed(), 'poison');
    await jobs.enqueue([review(2)], { ...news, after: 3600 });
    await jobs.enqueue([review(1), review(2), review(3)], { request: 'sweep', news: false });
    expect((await claimed()).job.payload).toMatchObject({ number: 3 });
    expect(await jobs.claim()).toBeUndefined();
  });

  it('lets a sweep ask again for what was given up an hour ago: outages end, and one alert was enough', async () => {
    await jobs.enqueue([review(1)], news);
    await jobs.giveUp(await claimed(), 'GitHub was away all night');
    await sql`update jobs set updated_at = ${inSeconds(-deadLetterRestSeconds)}`.execute(store.db);
    await jobs.enqueue([review(1)], { request: 'sweep', news: false });
    const again = await claimed();
    expect(again.job.payload).toMatchObject({ number: 1 });
    expect(await jobs.giveUp(again, 'still away')).toBe(false);
  });

  it('holds back the jobs of a paused installation, and only those', async () => {
    await jobs.enqueue([review(1, 1), review(2, 2), { kind: 'sweep', payload: {} }], news);
    await pauseInstallation(store.db, 1, 3600, 'rate limit');
    await pauseInstallation(store.db, 1, 1, 'shorter');
    const got = [(await claimed()).job.kind, (await claimed()).job.kind];
    expect(got.toSorted()).toEqual(['review', 'sweep']);
    expect(await jobs.claim()).toBeUndefined();
    await sql`update pauses set until = ${now}`.execute(store.db);
    expect((await claimed()).job.payload).toMatchObject({ number: 1 });
  });

  it('leaves nothing behind when the transaction that asked for work fails', async () => {
    const failing = store.db.transaction().execute(async (transaction) => {
      await jobs.enqueue([review(1)], news, transaction);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await jobs.claim()).toBeUndefined();
  });

  it('tells the workers of its process', async () => {
    let told = 0;
    const stop = jobs.onWork(() => {
      told += 1;
    });
    await jobs.enqueue([review(1)], news);
    stop();
    await jobs.enqueue([review(2)], news);
    expect(told).toBe(1);
  });
});

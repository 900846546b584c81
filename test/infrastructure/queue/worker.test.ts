import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '#base/observability/logger';
import { createMetrics } from '#base/observability/metrics';
import type { Database } from '#infrastructure/database/database';
import { now } from '#infrastructure/database/per-engine';
import type { Handlers, Job, JobKind, NewJob, RetryLater } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import type { Lease } from '#infrastructure/queue/lease';
import { startWorker, type Worker, type WorkerOptions } from '#infrastructure/queue/worker';
import { emptyTables, engines, newStore } from '../database/engines.ts';

type Deed = (job: Job<JobKind>, lease: Lease) => Promise<RetryLater | undefined>;

/** Every kind of job, done by one function. */
function handlersBy(deed: Deed): Handlers {
  return {
    review: deed,
    'merge-group': deed,
    rejudge: deed,
    reconcile: deed,
    'live-checks': deed,
    sweep: deed,
    command: deed,
    mail: deed,
    request: deed,
    'request-news': deed,
  };
}

function review(number: number): NewJob {
  return { kind: 'review', payload: { installation: 1, repo: 'org/registry', number } };
}
function failure(status: number, headers: object = {}): Error {
  return Object.assign(new Error(`GitHub answered ${status}`), { status, response: { headers } });
}

describe.each(engines)('the worker on $name', (engine) => {
  let store: Database;
  let jobs: JobQueue;
  let worker: Worker;
  let lines: string[];
  let givenUp: string[];
  let limits: number[];
  beforeAll(async () => {
    store = await newStore(engine);
  });
  afterAll(() => store.close());
  beforeEach(() => {
    jobs = new JobQueue(store.db);
    lines = [];
    givenUp = [];
    limits = [];
  });
  afterEach(async () => {
    await worker.stop(0);
    await emptyTables(store.db, 'jobs', 'pauses');
  });
  async function start(deed: Deed, changes: Partial<WorkerOptions> = {}): Promise<void> {
    worker = await startWorker({
      pollIntervalMs: 50,
      jobs,
      handlers: handlersBy(deed),
      log: createLog('trace', { write: (line: string) => lines.push(line) }),
      metrics: createMetrics(),
      concurrency: 4,
      alone: false,
      onLimit: async (_installation, seconds) => {
        limits.push(seconds);
      },
      onGivenUp: (_job, error) => givenUp.push(error),
      ...changes,
    });
  }
  const rows = () => store.db.selectFrom('jobs').selectAll().orderBy('id').execute();
  async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
    for (;;) {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  /** Brings what backs off to now, until something holds. */
  const hurry = () => sql`update jobs set ready_at = ${now} where state = 'waiting'`.execute(store.db);

  it('does what is asked, in this process at once, and forgets it', async () => {
    const done: number[] = [];
    await start(async (job) => {
      done.push(job.kind === 'review' && 'number' in job.payload ? job.payload.number : 0);
      return undefined;
    });
    await jobs.enqueue([review(1), review(2)], { request: 'd' });
    await until(async () => (await rows()).length === 0);
    expect(done.sort()).toEqual([1, 2]);
    expect(lines.join('')).toContain('"request":"d"');
  });

  it('tries again what fails, and gives it up after five tries with one alert, without holding others up', async () => {
    let tries = 0;
    const others: string[] = [];
    await start(async (job) => {
      if (job.request !== 'poison') {
        others.push(job.request);
        return undefined;
      }
      tries += 1;
      throw new TypeError('a bug with ghs_0123456789abcdefghij');
    });
    await jobs.enqueue([review(1)], { request: 'poison' });
    await jobs.enqueue([review(2)], { request: 'other' });
    await until(async () => {
      await hurry();
      return (await rows())[0]?.state === 'dead' && givenUp.length > 0;
    });
    expect([tries, others, givenUp.length]).toEqual([5, ['other'], 1]);
    const [dead] = await rows();
    expect(dead?.last_error).toContain('a bug');
    expect(`${dead?.last_error}${lines.join('')}`).not.toContain('ghs_');
    expect(lines.filter((line) => line.includes('given up'))).toHaveLength(1);
  });

  it('outlasts an outage that is longer than five tries', async () => {
    let tries = 0;
    await start(async () => {
      tries += 1;
      if (tries < 9) throw failure(503);
      return undefined;
    });
    await jobs.enqueue([review(1)], { request: 'd' });
    await until(async () => {
      await hurry();
      return (await rows()).length === 0;
    });
    expect([tries, givenUp]).toEqual([9, []]);
  });

  it('waits as long as GitHub asks, does not count it as a failure, and holds the installation back', async () => {
    await start(async () => {
      throw failure(429, { 'retry-after': '3000' });
    });
    await jobs.enqueue([review(1)], { request: 'd' });
    const [row] = await until(async () => {
      const all = await rows();
      return all[0]?.last_error !== null && all[0]?.state === 'waiting' && all;
    });
    expect(row?.attempts).toBe(0);
    expect((row?.ready_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(2_900_000);
    expect(limits).toEqual([3000]);
  });

  it('comes back when a handler says so', async () => {
    await start(async (job) => (job.attempt === 1 ? { again: 'a draft moves', after: 0 } : undefined));
    await jobs.enqueue([review(1)], { request: 'd' });
    await until(async () => (await rows()).length === 0);
    expect(lines.join('')).toContain('a draft moves');
  });

  it('looks for more only where there was more, and finds all that there is', async () => {
    const claims = vi.spyOn(jobs, 'claim');
    const begun: { readonly number: unknown; readonly looks: number }[] = [];
    const all = Promise.withResolvers<void>();
    const one = Promise.withResolvers<void>();
    await start(
      async (job) => {
        begun.push({ number: (job.payload as { number: number }).number, looks: claims.mock.calls.length });
        // As long as it runs, nothing else has it look.
        await (begun.length === 1 ? one.promise : all.promise);
        return undefined;
      },
      { pollIntervalMs: 3_600_000 },
    );
    await until(async () => claims.mock.settledResults.length === 1);
    await jobs.enqueue([review(1)], { request: 'd' });
    await until(async () => begun.length === 1);
    await jobs.enqueue([review(2), review(3), review(4)], { request: 'e' });
    await until(async () => begun.length === 4);
    // In vain at the start; then as many times as there was something.
    expect(claims).toHaveBeenCalledTimes(5);
    one.resolve();
    all.resolve();
    await until(async () => (await rows()).length === 0);
  });

  it('finishes what runs when it stops, and takes no more', async () => {
    const running = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    await start(async () => {
      running.resolve();
      await finish.promise;
      return undefined;
    });
    await jobs.enqueue([review(1)], { request: 'd' });
    await running.promise;
    const stopped = worker.stop(20_000);
    await jobs.enqueue([review(2)], { request: 'e' });
    finish.resolve();
    await stopped;
    expect(await rows()).toMatchObject([{ state: 'waiting', request: 'e', attempts: 0 }]);
  });

  it('finishes what was being claimed when it stops', async () => {
    const claim = jobs.claim.bind(jobs);
    const claimed = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    vi.spyOn(jobs, 'claim').mockImplementation(async () => {
      const job = await claim();
      if (job !== undefined) {
        claimed.resolve();
        await told.promise;
      }
      return job;
    });
    await start(async () => undefined);
    await jobs.enqueue([review(1)], { request: 'd' });
    await claimed.promise;
    const stopped = worker.stop(20_000);
    told.resolve();
    await stopped;
    expect(await rows()).toEqual([]);
  });

  it('puts back what was being claimed for longer than a stop waits, and begins it no more', async () => {
    const claim = jobs.claim.bind(jobs);
    const claimed = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    vi.spyOn(jobs, 'claim').mockImplementation(async () => {
      const job = await claim();
      claimed.resolve();
      await told.promise;
      return job;
    });
    await jobs.enqueue([review(1)], { request: 'd' });
    let begun = 0;
    await start(async () => {
      begun += 1;
      return undefined;
    });
    await claimed.promise;
    await worker.stop(1);
    told.resolve();
    await until(async () => (await rows()).some(({ state }) => state === 'waiting'));
    expect(begun).toBe(0);
  });

  it('puts back what it can when it stops, though the store does not take all of it', async () => {
    let running = 0;
    await start(() => {
      running += 1;
      return new Promise(() => undefined);
    });
    await jobs.enqueue([review(1), review(2), review(3)], { request: 'd' });
    await until(async () => running === 3);
    vi.spyOn(jobs, 'reschedule').mockRejectedValueOnce(new Error('the store is gone'));
    await worker.stop(1);
    expect((await rows()).map(({ state }) => state).sort()).toEqual(['running', 'waiting', 'waiting']);
    expect(lines.join('')).toContain('the store is gone');
  });

  it('hears of work while it ends to look for some', async () => {
    const done = Promise.withResolvers<void>();
    await store.db
      .transaction()
      .execute((transaction) => jobs.enqueue([review(1)], { request: 'd' }, transaction));
    vi.spyOn(jobs, 'claim').mockImplementationOnce(() => {
      const nothing = Promise.withResolvers<undefined>();
      setImmediate(() => {
        nothing.resolve(undefined);
        // Once it knows that there is none, and before it has ended to look.
        queueMicrotask(() => jobs.wake());
      });
      return nothing.promise;
    });
    await start(async () => done.resolve() as undefined, { pollIntervalMs: 3_600_000 });
    await done.promise;
  });

  it('puts back what does not finish in time, and tells it to stop', async () => {
    const running = Promise.withResolvers<AbortSignal>();
    await start((_job, { signal }) => {
      running.resolve(signal);
      return new Promise(() => undefined);
    });
    await jobs.enqueue([review(1)], { request: 'd' });
    const signal = await running.promise;
    await worker.stop(1);
    expect(signal.aborted).toBe(true);
    expect(await rows()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });

  it('says that work which woke up too late was taken over, and does not call it a failure', async () => {
    const running = Promise.withResolvers<void>();
    const woken = Promise.withResolvers<void>();
    await start(
      async (job, lease) => {
        if (job.request === 'other') return undefined;
        running.resolve();
        await woken.promise;
        await lease.hold();
        throw new Error('it went on');
      },
      { renewIntervalMs: 3_600_000 },
    );
    await jobs.enqueue([review(1)], { request: 'd' });
    await running.promise;
    // Another process takes it over, and is at it.
    await sql`update jobs set claim = 'another'`.execute(store.db);
    woken.resolve();
    await until(async () => lines.some((line) => line.includes('taken over by another process')));
    await jobs.enqueue([review(2)], { request: 'other' });
    await until(async () => (await rows()).length === 1);
    expect(await rows()).toMatchObject([{ claim: 'another', state: 'running', attempts: 0 }]);
    expect(lines.join('')).not.toMatch(/it went on|again later/);
  });

  it('begins with what a killed process left, where it is alone', async () => {
    await jobs.enqueue([review(1)], { request: 'd' });
    await jobs.claim();
    const done: string[] = [];
    await start(
      async (job) => {
        done.push(job.request);
        return undefined;
      },
      { alone: true },
    );
    await until(async () => (await rows()).length === 0);
    expect(done).toEqual(['d']);
  });

  it('does not take what it has just begun, or just ended, for lost', async () => {
    const renewing = Promise.withResolvers<void>();
    const both = Promise.withResolvers<void>();
    const renew = jobs.renew.bind(jobs);
    let asked = 0;
    // The store is slow to answer: meanwhile the first job ends and the second begins.
    jobs.renew = async (claims) => {
      if (claims.length === 0) return renew(claims);
      asked += 1;
      if (asked > 1) return renew(claims);
      renewing.resolve();
      await both.promise;
      return new Set();
    };
    const interrupted: number[] = [];
    const done: number[] = [];
    await start(
      async (job, { signal }) => {
        const number = 'number' in job.payload ? job.payload.number : 0;
        if (number === 1) await renewing.promise;
        else {
          both.resolve();
          await until(async () => asked > 1);
        }
        if (signal.aborted) interrupted.push(number);
        done.push(number);
        return undefined;
      },
      { concurrency: 1, renewIntervalMs: 20 },
    );
    await jobs.enqueue([review(1), review(2)], { request: 'd' });
    await until(async () => done.length === 2 && (await rows()).length === 0);
    expect(interrupted).toEqual([]);
    expect(lines.join('\n')).not.toContain('taken over');
  });
});

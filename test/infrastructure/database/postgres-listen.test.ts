import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { jobsChannel } from '#infrastructure/queue/job-insertion';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines, opened, type Scratch } from './engines.ts';

const job = { kind: 'review', payload: { installation: 1, repo: 'org/registry', number: 1 } } as const;

// The embedded store has one process, which hears itself: there the tests are skipped.
describe.runIf(engines.length > 1).each(engines.slice(-1))('listening on $name', (engine) => {
  let scratch: Scratch;
  let here: Database;
  let there: Database;
  beforeAll(async () => {
    scratch = await engine.scratch();
    here = await opened(scratch.location);
    there = await opened(scratch.location);
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await scratch.remove();
  });

  /** Counts what is heard; `next` resolves when it is more than before. */
  function ear() {
    let heard = 0;
    let told = Promise.withResolvers<void>();
    const stop = here.listen(jobsChannel, () => {
      heard += 1;
      told.resolve();
    });
    return {
      stop,
      count: () => heard,
      async next() {
        await told.promise;
        told = Promise.withResolvers<void>();
      },
    };
  }

  it('hears of work that another process has put in the queue, once it is committed', async () => {
    const { next, stop, count } = ear();
    await next();
    const jobs = new JobQueue(there.db);
    await there.db.transaction().execute(async (transaction) => {
      await jobs.enqueue([job], { request: 'a' }, transaction);
      await sql`select 1`.execute(here.db);
      expect(count()).toBe(1);
    });
    await next();
    expect(await new JobQueue(here.db).claim()).toBeDefined();
    await stop();
  });

  it('hears again after its connection was lost', async () => {
    const { next, stop } = ear();
    await next();
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'greffier listens' and datname = current_database()`.execute(there.db);
    await next();
    await new JobQueue(there.db).enqueue([job], { request: 'b' });
    await next();
    await stop();
  });
});

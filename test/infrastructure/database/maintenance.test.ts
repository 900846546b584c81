import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { vacuumAndCheckpoint } from '#infrastructure/database/embedded/maintenance';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines, opened, type Scratch } from './engines.ts';

describe.each(engines.filter(({ name }) => name === 'embedded'))(
  'the house of the store, $name',
  (engine) => {
    let scratch: Scratch;
    let store: Database;
    beforeAll(async () => {
      scratch = await engine.scratch();
      store = await opened(scratch.location);
    });
    afterAll(async () => {
      await store.close();
      await scratch.remove();
    });

    /** Bytes of the table of jobs on disk. */
    async function size(): Promise<number> {
      const { rows } = await sql<{ bytes: number }>`select pg_relation_size('jobs')::float8 as bytes`.execute(
        store.db,
      );
      return rows[0]?.bytes ?? 0;
    }
    /** Bytes of the write-ahead log that a start after a crash would read. */
    async function log(): Promise<number> {
      const { rows } = await sql<{ bytes: number }>`
      select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes
      from pg_control_checkpoint()`.execute(store.db);
      return rows[0]?.bytes ?? 0;
    }
    async function work(): Promise<void> {
      const jobs = new JobQueue(store.db);
      for (let push = 1; push <= 50; push += 1)
        await jobs.enqueue(
          Array.from({ length: 50 }, (_, number) => ({
            kind: 'review' as const,
            payload: { installation: 1, repo: 'org/registry', number },
          })),
          { request: `push-${push}` },
        );
    }

    it('is left alone while little was written', async () => {
      await vacuumAndCheckpoint(store.db, 0);
      expect(await vacuumAndCheckpoint(store.db)).toBe(false);
    });

    it('uses the room of replaced rows again, and lets the log go', async () => {
      await work();
      expect(await vacuumAndCheckpoint(store.db, 0)).toBe(true);
      const before = await size();
      for (let round = 0; round < 3; round += 1) {
        await work();
        await vacuumAndCheckpoint(store.db, 0);
      }
      expect(await size()).toBeLessThanOrEqual(before);
      await work();
      const written = await log();
      await vacuumAndCheckpoint(store.db, 0);
      expect(await log()).toBeLessThan(written / 10);
    });
  },
);

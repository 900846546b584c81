import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { exportDatabase, importDatabase } from '#infrastructure/database/export-import';
import { writeTimestamp } from '#infrastructure/database/timestamps';
import { Inbox } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { type Engine, engines, opened } from './engines.ts';

const ways = engines.flatMap((from) =>
  engines.map((to) => ({ from, to, way: `${from.name} to ${to.name}` })),
);

async function both(
  from: Engine,
  to: Engine,
  story: (one: Database, other: Database) => Promise<void>,
): Promise<void> {
  const scratches = [await from.scratch(), await to.scratch()] as const;
  const stores = [await opened(scratches[0].location), await opened(scratches[1].location)] as const;
  await story(...stores);
  for (const store of stores) await store.close();
  for (const scratch of scratches) await scratch.remove();
}
async function archiveOf(store: Database): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportDatabase(store.db)) lines.push(line);
  return lines;
}
/** What the lines say: members of an object have no order. */
async function linesOf(store: Database): Promise<unknown[]> {
  return (await archiveOf(store)).map((line) => JSON.parse(line) as unknown);
}
async function fill(store: Database): Promise<void> {
  const jobs = new JobQueue(store.db);
  const inbox = new Inbox(store.db, jobs);
  for (let number = 1; number <= 3; number += 1)
    await inbox.receive(
      { id: `d${number}`, event: 'push' },
      { jobs: [{ kind: 'review', payload: { installation: 1, repo: 'org/«é»', number } }] },
    );
  const bytes = Buffer.from([0, 255, 10, 123, 34]);
  await store.db.insertInto('blobs').values({ id: 'b', bytes }).execute();
  await writeTimestamp(store.db, 'sweep', new Date('2026-01-02T03:04:05.678Z'));
}

describe('an archive of the store', () => {
  it.each(ways)('carries everything from $way', async ({ from, to }) => {
    await both(from, to, async (one, other) => {
      await fill(one);
      const lines = await archiveOf(one);
      expect(await importDatabase(other, Readable.from(lines))).toEqual({ ok: true, rows: 8 });
      expect(await linesOf(other)).toEqual(await linesOf(one));
      const { bytes } = await other.db.selectFrom('blobs').select('bytes').executeTakeFirstOrThrow();
      expect(Array.from(bytes)).toEqual([0, 255, 10, 123, 34]);
      // Work goes on where it was, and new work gets new numbers.
      const jobs = new JobQueue(other.db);
      await jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'after' });
      expect((await jobs.claim())?.job.payload).toMatchObject({ number: 1 });
    });
  });

  it('enters an empty store of the same version only, whole or not at all', async () => {
    const [engine = expect.fail()] = engines;
    await both(engine, engine, async (one, other) => {
      await fill(one);
      const lines = await archiveOf(one);
      const refused = async (changed: readonly string[], into = other) => {
        const outcome = await importDatabase(into, Readable.from(changed));
        return outcome.ok ? 'taken' : outcome.reason;
      };
      expect(await refused(lines, one)).toBe('full');
      expect(await refused(['{"format":"greffier-store-1","migrations":["0001-other"]}\n'])).toBe('version');
      expect(await refused(['{"a":1}\n'])).toBe('format');
      expect(await refused([])).toBe('format');
      await expect(importDatabase(other, Readable.from([...lines, 'cut off']))).rejects.toThrow();
      expect(await linesOf(other)).toHaveLength(1);
    });
  });
});

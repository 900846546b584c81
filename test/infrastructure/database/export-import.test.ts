import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { exportDatabase, importDatabase } from '#infrastructure/database/export-import';
import { writeTimestamp } from '#infrastructure/database/timestamps';
import { Inbox } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { type Engine, engines, opened } from './engines.ts';
import { formerExport } from './frozen.ts';

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
      expect(await linesOf(other)).toEqual([expect.objectContaining({ ends: true }), { end: 1 }]);
    });
  });

  it.each(ways)('is known for not all there, or damaged, from $way', async ({ from, to }) => {
    await both(from, to, async (one, other) => {
      await fill(one);
      const lines = await archiveOf(one);
      const entered = (changed: readonly string[]) => importDatabase(other, Readable.from(changed));
      const cut = { ok: false, reason: 'cut' };
      const damaged = (line: number) => ({ ok: false, reason: 'damaged', line });
      for (let kept = 1; kept < lines.length; kept += 1)
        expect(await entered(lines.slice(0, kept)), `${kept} lines`).toEqual(cut);
      expect(await entered([...lines, 'x'])).toEqual(damaged(lines.length + 1));
      expect(await entered([...lines, ...lines.slice(-1)])).toEqual(damaged(lines.length + 1));
      expect(await entered(lines.toSpliced(2, 1))).toEqual(damaged(lines.length - 1));
      expect(await entered(lines.with(2, '["jobs",{"id":'))).toEqual(damaged(3));
      expect(await entered(['\n', ...lines.with(2, '"x"')])).toEqual(damaged(4));
      expect(await linesOf(other)).toHaveLength(2);
      // One of before there was an end goes as far as it goes.
      const [head = '{}', ...rows] = lines.slice(0, -1);
      const former = JSON.stringify({ ...(JSON.parse(head) as object), ends: undefined });
      expect(await entered([former, ...rows])).toEqual({ ok: true, rows: rows.length });
    });
  });

  it('of an earlier version is known for not all there, too', async () => {
    const [engine = expect.fail()] = engines;
    const [head = '{}', ...rows] = readFileSync(formerExport, 'utf8').trimEnd().split('\n');
    const announced = JSON.stringify({ ...(JSON.parse(head) as object), ends: true });
    const whole = [announced, ...rows, JSON.stringify({ end: rows.length + 1 })];
    await both(engine, engine, async (one, other) => {
      expect(await importDatabase(one, Readable.from(whole.slice(0, -1)))).toEqual({
        ok: false,
        reason: 'cut',
      });
      expect(await linesOf(one)).toHaveLength(2);
      expect(await importDatabase(other, Readable.from(whole))).toEqual({ ok: true, rows: rows.length });
    });
  });
});

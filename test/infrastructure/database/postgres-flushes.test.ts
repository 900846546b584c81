/** Which transactions PostgreSQL ends without waiting for the disk: those of what is done again after a power cut. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReviewStore } from '#application/mirror/review-store';
import type { Database } from '#infrastructure/database/database';
import { Inbox } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines, newStore } from './engines.ts';

const engine = engines.find(({ name }) => name === 'postgresql');

describe.runIf(engine !== undefined)('PostgreSQL', () => {
  let store: Database;
  beforeAll(async () => {
    if (engine === undefined) expect.fail();
    store = await newStore(engine);
    await sql`create table flushes (waits text not null)`.execute(store.db);
    await sql`create function note() returns trigger language plpgsql as
      $$ begin insert into flushes values (current_setting('synchronous_commit')); return null; end $$`.execute(
      store.db,
    );
    // As the transaction ends.
    for (const table of ['jobs', 'blobs', 'pulls', 'deliveries'])
      await sql`create constraint trigger note_${sql.raw(table)} after insert or update or delete on ${sql.table(table)}
        deferrable initially deferred for each row execute function note()`.execute(store.db);
  });
  afterAll(() => store.close());

  /** What the transactions of this said as they ended: whether they wait. */
  async function flushesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    await sql`delete from flushes`.execute(store.db);
    await work();
    const { rows } = await sql<{ waits: string }>`select distinct waits from flushes`.execute(store.db);
    return rows.map(({ waits }) => waits);
  }

  it('waits for the disk with what is told, and not with what is read or done again', async () => {
    const { db } = store;
    const jobs = new JobQueue(db);
    const job = { kind: 'review', payload: { installation: 1, repo: 'org/registre', number: 1 } } as const;
    const delivery = { id: '1', event: 'push' };
    expect(await flushesOf(() => new Inbox(db, jobs).receive(delivery, { jobs: [job] }))).toEqual(['on']);

    let claimed: Awaited<ReturnType<JobQueue['claim']>>;
    const claim = async () => {
      claimed = await jobs.claim();
    };
    expect(await flushesOf(claim)).toEqual(['off']);
    if (claimed === undefined) expect.fail();
    const lease = jobs.leaseOf(claimed, new AbortController().signal);
    expect(await flushesOf(() => lease.hold())).toEqual(['off']);
    const bytes = Buffer.from('a');
    expect(await flushesOf(() => new ReviewStore(db).saveBlobs(new Map([['a', bytes]])))).toEqual(['off']);
    const write = (fenced: typeof lease.database, id: string) => () =>
      fenced
        .transaction()
        .execute((transaction) => transaction.insertInto('blobs').values({ id, bytes }).execute());
    expect(await flushesOf(write(lease.unflushed, 'b'))).toEqual(['off']);
    expect(await flushesOf(write(lease.database, 'c'))).toEqual(['on']);
    const pull = { head: 'a', readAt: '', open: true, claims: [], touched: [], published: {} };
    const keep = (fenced: typeof lease.database) => () =>
      new ReviewStore(db).under(fenced).upsertPull('org/registre', 1, pull);
    expect(await flushesOf(keep(lease.unflushed))).toEqual(['off']);
    expect(await flushesOf(keep(lease.database))).toEqual(['on']);
    const done = claimed;
    expect(await flushesOf(() => jobs.complete(done))).toEqual(['on']);
    expect(await db.selectFrom('blobs').select('id').orderBy('id').execute()).toHaveLength(3);
  });
});

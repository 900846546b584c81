import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '#infrastructure/database/database';
import { inSeconds } from '#infrastructure/database/per-engine';
import { type Delivery, Inbox, type RoutedEvent } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { patience } from '../../patience.ts';
import { emptyTables, engines, newStore } from '../database/engines.ts';

function delivery(id: string): Delivery {
  return {
    id,
    event: 'push',
    installation: 1,
    repository: 'org/registry',
  };
}
function review(number: number): RoutedEvent {
  return { jobs: [{ kind: 'review', payload: { installation: 1, repo: 'org/registry', number } }] };
}

describe.each(engines)('the inbox on $name', (engine) => {
  let store: Database;
  let inbox: Inbox;
  beforeAll(async () => {
    store = await newStore(engine);
  });
  afterAll(() => store.close());
  beforeEach(() => {
    inbox = new Inbox(store.db, new JobQueue(store.db));
  });
  afterEach(async () => {
    await emptyTables(store.db, 'deliveries', 'jobs');
  });
  const kept = () => store.db.selectFrom('deliveries').selectAll().orderBy('id').execute();
  const jobs = () => store.db.selectFrom('jobs').selectAll().orderBy('key').execute();

  it('keeps what names a delivery, the work that it causes, and nothing else of what was in it', async () => {
    expect(await inbox.receive(delivery('a'), review(1))).toBe('accepted');
    const [kept] = await store.db.selectFrom('deliveries').selectAll().execute();
    expect(kept).toMatchObject({ id: 'a', event: 'push', action: null, installation: 1, state: 'accepted' });
    expect(kept?.body).toHaveLength(0);
    expect(await jobs()).toMatchObject([{ kind: 'review', request: 'a', since: kept?.received_at }]);
  });

  it('does nothing more for the same delivery, one after the other or at once', async () => {
    const at = await Promise.all([
      inbox.receive(delivery('a'), review(1)),
      inbox.receive(delivery('a'), review(2)),
    ]);
    expect(at.sort()).toEqual(['accepted', 'repeated']);
    expect(await inbox.receive(delivery('a'), review(3))).toBe('repeated');
    expect(await jobs()).toMatchObject([{ payload: { number: 1 } }]);
  });

  it('remembers what it ignores, and why, and nothing of what was in it', async () => {
    for (const one of [delivery('a'), delivery('b'), { ...delivery('c'), installation: 1.5 }])
      expect(await inbox.receive(one, { ignored: 'another repository' })).toBe('ignored');
    expect(await jobs()).toEqual([]);
    const { id: _, ...named } = delivery('');
    const ignored = { ...named, action: null, state: 'ignored', reason: 'another repository' };
    const odd = { ...ignored, repository: null, installation: null };
    expect(await kept()).toMatchObject([ignored, ignored, odd].map((row, n) => ({ ...row, id: 'abc'[n] })));
    expect((await kept()).map(({ body }) => body.length)).toEqual([0, 0, 0]);
  });

  it.runIf(engine.name === 'postgresql')('does not have work wait for what causes none', async () => {
    const written = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = store.db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('deliveries')
        .values({ id: 'a', event: 'push', body: Buffer.of(), state: 'ignored' })
        .execute();
      written.resolve();
      await release.promise;
    });
    await written.promise;
    const ignored = inbox.receive(delivery('a'), { ignored: 'another branch' });
    // By now it is being written, and waits for whoever has its id.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await inbox.receive(delivery('b'), review(1))).toBe('accepted');
    release.resolve();
    await slow;
    expect(await ignored).toBe('repeated');
  });

  it.runIf(engine.name === 'postgresql')(
    'keeps what two processes are delivered, in whatever order',
    async () => {
      const first = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      const slow = store.db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('deliveries')
          .values({ id: 'm', event: 'push', body: Buffer.of(), state: 'ignored' })
          .execute();
        first.resolve();
        await release.promise;
      });
      await first.promise;
      const another = new Inbox(store.db, new JobQueue(store.db));
      const receive = (by: Inbox, ...ids: string[]) =>
        ids.map((id, n) => by.receive(delivery(id), review(n)));
      const received = Promise.all([...receive(inbox, 'a', 'm', 'b'), ...receive(another, 'b', 'm', 'a')]);
      const waiting = sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await expect
        .poll(async () => (await waiting.execute(store.db)).rows.length, { timeout: patience })
        .toBe(2);
      release.resolve();
      await slow;
      expect((await received).sort()).toEqual(['accepted', 'accepted', ...Array(4).fill('repeated')]);
    },
  );

  it('keeps what arrives together in one transaction', async () => {
    const transactions = vi.spyOn(store.db, 'transaction');
    await Promise.all(Array.from({ length: 20 }, (_, n) => inbox.receive(delivery(`d${n}`), review(n))));
    // PostgreSQL is sent a single statement, and says itself by which transaction a row was written.
    expect(transactions).toHaveBeenCalledTimes(engine.name === 'embedded' ? 1 : 0);
    transactions.mockRestore();
    if (engine.name === 'postgresql') {
      const writers = sql`select xmin::text from deliveries union select xmin::text from jobs`;
      expect((await writers.execute(store.db)).rows).toHaveLength(1);
    }
    expect(await jobs()).toHaveLength(20);
  });

  it('asks once for what several ask for together: as the last says, as old as the first', async () => {
    await inbox.receive(delivery('known'), review(1));
    await store.db.deleteFrom('jobs').execute();
    const again = (number: number): RoutedEvent => ({
      jobs: [{ kind: 'review', payload: { installation: 1, repo: 'org/registry', number, again: true } }],
    });
    await Promise.all([
      inbox.receive(delivery('a'), review(1)),
      inbox.receive(delivery('b'), review(2)),
      inbox.receive(delivery('c'), again(1)),
      inbox.receive(delivery('known'), review(1)),
    ]);
    const arrival = (await kept()).find(({ id }) => id === 'a')?.received_at;
    expect(await jobs()).toMatchObject([
      { request: 'c', payload: { number: 1, again: true }, since: arrival },
      { request: 'b', payload: { number: 2 } },
    ]);
  });

  it('loses none of a burst', async () => {
    const burst = Array.from({ length: 500 }, (_, n) => inbox.receive(delivery(`d${n}`), review(n % 50)));
    expect(new Set(await Promise.all(burst))).toEqual(new Set(['accepted']));
    const { count } = await store.db
      .selectFrom('deliveries')
      .select((query) => query.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(500);
    expect(await jobs()).toHaveLength(50);
  });

  it('accepts nothing that it could not keep, and goes on afterwards', async () => {
    await sql`alter table jobs rename to hidden`.execute(store.db);
    await expect(inbox.receive(delivery('a'), review(1))).rejects.toThrow();
    await sql`alter table hidden rename to jobs`.execute(store.db);
    expect(await inbox.receive(delivery('a'), review(1))).toBe('accepted');
  });

  it.each([
    ['a NUL', 'a\0b', 'a\ufffdb'],
    ['half of a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['a backslash before what looks like an escape', 'a\\u0000\\\0', 'a\\u0000\\\ufffd'],
  ])('does what a comment with %s asks for, like its neighbours', async (_, body, stored) => {
    const command: RoutedEvent = {
      jobs: [
        {
          kind: 'command',
          payload: {
            installation: 1,
            repo: 'org/registry',
            number: 1,
            comment: { id: 1, body, author: { id: 1, login: 'camille', bot: false } },
          },
        },
      ],
    };
    const received = [
      inbox.receive(delivery('a'), review(1)),
      inbox.receive(delivery('b'), command),
      inbox.receive(delivery('c'), review(2)),
    ];
    expect(await Promise.all(received)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await jobs()).toMatchObject([{ payload: { comment: { body: stored } } }, {}, {}]);
  });

  it('keeps what the store has no place for as bytes, and its neighbours with their work', async () => {
    const odd = { ...delivery('b'), installation: 1.5 };
    const received = [
      inbox.receive(delivery('first'), review(9)),
      inbox.receive(delivery('a'), review(1)),
      inbox.receive(odd, review(2)),
      inbox.receive(delivery('c'), review(3)),
    ];
    expect(await Promise.all(received)).toEqual(['accepted', 'accepted', 'parked', 'accepted']);
    expect((await jobs()).map(({ payload }) => payload)).toMatchObject([
      { number: 1 },
      { number: 3 },
      { number: 9 },
    ]);
    const parked = (await kept()).find(({ id }) => id === 'b');
    expect(parked).toMatchObject({ event: 'push', installation: null, state: 'ignored' });
    expect(parked?.reason).toMatch(/\((?:22P02|SQLITE 275)\)/);
    expect(JSON.parse(Buffer.from(parked?.body ?? []).toString())).toEqual(review(2).jobs);
    expect(await inbox.receive(odd, review(2))).toBe('repeated');
  });

  it('forgets deliveries that cannot come back', async () => {
    await inbox.receive(delivery('old'), { ignored: '' });
    await sql`update deliveries set received_at = ${inSeconds(-8 * 86_400)}`.execute(store.db);
    await inbox.receive(delivery('new'), { ignored: '' });
    expect(await inbox.forget(7)).toBe(1);
    expect(await inbox.receive(delivery('new'), { ignored: '' })).toBe('repeated');
  });
});

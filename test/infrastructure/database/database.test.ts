import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '#infrastructure/database/database';
import { isUniqueViolation, refusedDataCode } from '#infrastructure/database/errors';
import {
  earlier,
  inSeconds,
  now,
  secondPart,
  withMember,
  withoutMembers,
} from '#infrastructure/database/per-engine';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { emptyTables, engines, opened, type Scratch } from './engines.ts';

describe.each(engines)('the store on $name', (engine) => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await engine.scratch();
  });
  afterAll(() => scratch.remove());

  it('keeps what was written when it is opened again', async () => {
    const store = await opened(scratch.location);
    expect(store.engine).toBe(engine.name);
    await store.db
      .insertInto('pauses')
      .values({ installation: 7, until: new Date(0), reason: 'patience' })
      .execute();
    await store.close();
    const again = await opened(scratch.location);
    const rows = await again.db.selectFrom('pauses').selectAll().execute();
    await again.close();
    expect(rows).toEqual([{ installation: 7, until: new Date(0), reason: 'patience' }]);
  });

  it.runIf(engine.name === 'postgresql')(
    'outlives its connections, also one that somebody is in the middle of a transaction on',
    async () => {
      const { db, close } = await opened(scratch.location);
      const uncaught = vi.fn();
      process.prependListener('uncaughtExceptionMonitor', uncaught);
      const cut = db.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
        await sql`select pg_terminate_backend(${rows[0]?.pid}::int, 5000)`.execute(db);
        await sql`select 1`.execute(db);
        await sql`select 1`.execute(transaction);
      });
      await expect(cut).rejects.toThrow();
      expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
      await close();
      process.off('uncaughtExceptionMonitor', uncaught);
      expect(uncaught).not.toHaveBeenCalled();
    },
  );

  it('answers the same types on both engines: numbers, dates, bytes, JSON', async () => {
    const store = await opened(scratch.location);
    const at = new Date('2026-01-02T03:04:05.678Z');
    await store.db
      .insertInto('deliveries')
      .values({
        id: 'a',
        event: 'push',
        installation: 7,
        body: Uint8Array.of(0, 255),
        received_at: at,
        state: 'ignored',
      })
      .execute();
    const row = await store.db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ installation: 7, received_at: at, action: null });
    expect(Uint8Array.from(row.body)).toEqual(Uint8Array.of(0, 255));
    const published = { comment: { id: 3, digest: 'd' } };
    const pull = await store.db
      .insertInto('pulls')
      .values({
        repo: 'org/registre',
        number: 1,
        head: 'h',
        read_at: '',
        open: false,
        claims: '[]',
        touched: '["é"]',
        published: JSON.stringify(published),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    expect(pull).toMatchObject({ open: false, claims: [], touched: ['é'], comparison: null, published });
    const { count } = await store.db
      .selectFrom('pulls')
      .select((query) => query.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
    const { rows } = await sql<{
      older: unknown;
    }>`select received_at < ${now} as older from deliveries`.execute(store.db);
    expect(Boolean(rows[0]?.older)).toBe(true);
    await store.close();
  });

  it.each([
    ['a part of a number', { installation: 1.5 }],
    ['a state that there is not', { state: 'gone' as 'ignored' }],
    ['nothing where something must be', { event: null as unknown as string }],
  ])('refuses %s, and says that it is the data', async (_, wrong) => {
    const store = await opened(scratch.location);
    const row = { id: 'b', event: 'push', body: Uint8Array.of(), state: 'ignored', ...wrong } as const;
    const refused = await store.db
      .insertInto('deliveries')
      .values(row)
      .execute()
      .catch((error: unknown) => error);
    await store.close();
    expect(refusedDataCode(refused)).toMatch(/./);
    expect(isUniqueViolation(refused)).toBe(false);
  });

  it('tells that a key is taken', async () => {
    const store = await opened(scratch.location);
    const row = { installation: 8, until: new Date(0), reason: '' };
    await store.db.insertInto('pauses').values(row).execute();
    const refused = await store.db
      .insertInto('pauses')
      .values(row)
      .execute()
      .catch((error: unknown) => error);
    await store.close();
    expect(isUniqueViolation(refused)).toBe(true);
  });

  it('adds and takes away members of JSON, and counts moments on', async () => {
    const store = await opened(scratch.location);
    const client = { registry: 'r', cell: 'c', id: 'i', state: 's', account: '{"a":1,"b":{"c":2},"d":3}' };
    await store.db.insertInto('clients').values(client).execute();
    await store.db
      .updateTable('clients')
      .set({ account: withoutMembers('account', 'a', 'd') })
      .execute();
    await store.db
      .updateTable('clients')
      .set({ account: withMember('account', 'e', 'v1.k."x') })
      .execute();
    const rows = await store.db
      .selectFrom('clients')
      .select(['account', secondPart(sql`account ->> 'e'`).as('part')])
      .execute();
    expect(rows).toEqual([{ account: { b: { c: 2 }, e: 'v1.k."x' }, part: 'k' }]);
    const until = inSeconds(90);
    await store.db.insertInto('pauses').values({ installation: 9, until, reason: '' }).execute();
    const moment = async () =>
      +(
        await store.db
          .selectFrom('pauses')
          .where('installation', '=', 9)
          .select('until')
          .executeTakeFirstOrThrow()
      ).until;
    const first = await moment();
    await store.db
      .updateTable('pauses')
      .set({ until: earlier('until', 60) })
      .where('installation', '=', 9)
      .execute();
    expect(first - (await moment())).toBe(60_000);
    await store.close();
  });

  it('waits for a transaction of its own before anyone else writes in it', async () => {
    const store = await opened(scratch.location);
    const wanted = { until: new Date(0), reason: 'mixed' };
    const failed = store.db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('pauses')
        .values({ ...wanted, installation: 100 })
        .execute();
      throw new Error('rolled back');
    });
    const outside = store.db
      .insertInto('pauses')
      .values({ ...wanted, installation: 101 })
      .execute();
    await expect(failed).rejects.toThrow('rolled back');
    await outside;
    const rows = await store.db
      .selectFrom('pauses')
      .select('installation')
      .where('reason', '=', 'mixed')
      .execute();
    await store.close();
    expect(rows).toEqual([{ installation: 101 }]);
  });
});

describe('the embedded store', () => {
  let scratch: Scratch;
  let folder: string;
  beforeEach(async () => {
    scratch = await (engines[0] ?? expect.fail()).scratch();
    folder = 'folder' in scratch.location ? scratch.location.folder : '';
  });
  afterEach(() => scratch.remove());

  it('flushes every commit to the disk', async () => {
    const store = await opened(scratch.location);
    const pragma = async (name: string) => (await sql.raw(`pragma ${name}`).execute(store.db)).rows[0];
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' });
    // FULL (https://sqlite.org/pragma.html#pragma_synchronous).
    expect(await pragma('synchronous')).toEqual({ synchronous: 2 });
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 });
    expect(await pragma('busy_timeout')).toEqual({ timeout: expect.any(Number) });
    await store.close();
  });

  it('refuses a folder that another holds, and opens it once it is free', async () => {
    const store = await opened(scratch.location);
    expect(await openDatabase(scratch.location, 'upgrade')).toEqual({
      ok: false,
      reason: 'folder-in-use',
      folder,
    });
    await store.close();
    await (await opened(scratch.location)).close();
  });

  it.runIf(process.platform === 'linux')(
    'says so where no folder can be made, and does not try for ever',
    () => {
      const within = '/proc/greffier';
      const script = `import { openDatabase } from '#infrastructure/database/database';
      console.log(JSON.stringify(await openDatabase({ folder: '${within}/data' })));`;
      const told = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect(JSON.parse(told)).toMatchObject({ ok: false, reason: 'folder-unusable' });
    },
  );

  it('is nothing that Git takes, where its folder is made within a repository', async () => {
    execFileSync('git', ['init', '--quiet', folder]);
    const own = join(folder, 'registre', '.greffier');
    await (await opened({ folder: own })).close();
    const seen = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(fs.existsSync(join(own, 'greffier.sqlite'))).toBe(true);
    expect(seen).toBe('');
  });

  it('keeps its files to their owner', async () => {
    const store = await opened(scratch.location);
    await store.db
      .insertInto('marks')
      .values({ name: 'a', at: new Date(0) })
      .execute();
    const files = fs.readdirSync(folder).filter((name) => name.startsWith('greffier.sqlite'));
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) expect(fs.statSync(join(folder, name)).mode & 0o077, name).toBe(0);
    await store.close();
  });

  it('refuses a folder with the store of an earlier version until that was moved', async () => {
    fs.mkdirSync(join(folder, 'postgresql'));
    const refused = { ok: false, reason: 'former-store', folder };
    expect(await openDatabase(scratch.location, 'upgrade')).toEqual(refused);
    // An import that came to nothing leaves an empty store beside it.
    const beside = await openDatabase(scratch.location, 'upgrade', true);
    if (!beside.ok) expect.fail(beside.reason);
    await beside.store.close();
    expect(await openDatabase(scratch.location, 'upgrade')).toEqual(refused);
    const again = await openDatabase(scratch.location, 'upgrade', true);
    if (!again.ok) expect.fail(again.reason);
    await again.store.db
      .insertInto('marks')
      .values({ name: 'a', at: new Date(0) })
      .execute();
    await again.store.close();
    await (await opened(scratch.location)).close();
  });

  it.each([
    ['is damaged', () => fs.writeFileSync(join(folder, 'greffier.sqlite'), 'not a store'.repeat(1000))],
    ['is a folder', () => fs.mkdirSync(join(folder, 'greffier.sqlite'))],
  ])('says so when its file %s, and lets go of the folder', async (_, spoil) => {
    spoil();
    const refused = { ok: false, reason: 'folder-unusable', folder, detail: expect.stringMatching(/./) };
    expect(await openDatabase(scratch.location, 'upgrade')).toEqual(refused);
    expect(await openDatabase(scratch.location, 'upgrade')).toEqual(refused);
    fs.rmSync(join(folder, 'greffier.sqlite'), { recursive: true });
    await (await opened(scratch.location)).close();
  });

  it('uses the room of what was deleted again, and keeps its log short', async () => {
    const store = await opened(scratch.location);
    const jobs = new JobQueue(store.db);
    const work = async () => {
      for (let push = 1; push <= 30; push += 1)
        await jobs.enqueue(
          Array.from({ length: 50 }, (_, number) => ({
            kind: 'review' as const,
            payload: { installation: 1, repo: `org/${'x'.repeat(1000)}${push}`, number },
          })),
          { request: `push-${push}` },
        );
      await emptyTables(store.db, 'jobs');
    };
    const size = (name: string) => fs.statSync(join(folder, name)).size;
    await work();
    await work();
    const before = size('greffier.sqlite');
    for (let round = 0; round < 4; round += 1) await work();
    expect(size('greffier.sqlite')).toBeLessThan(before * 1.2);
    expect(size('greffier.sqlite-wal')).toBeLessThan(40 * 1024 * 1024);
    await store.close();
    expect(fs.existsSync(join(folder, 'greffier.sqlite-wal'))).toBe(false);
  });
});

describe('a PostgreSQL that does not answer', () => {
  it('is said to be unreachable, without its password', async () => {
    const result = await openDatabase({ url: 'postgres://someone:hunter2@127.0.0.1:1/nothing' }, 'upgrade');
    expect(result).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

import fs from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '#infrastructure/database/database';
import { engines, opened, type Scratch } from './engines.ts';

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

  it('answers the same types on both engines: numbers, dates, bytes, JSON', async () => {
    const store = await opened(scratch.location);
    const { rows } = await sql<Record<string, unknown>>`
      select count(*) as number, timestamptz '2026-01-02T03:04:05Z' as date, '\\x00ff'::bytea as bytes,
        '{"a": [1]}'::jsonb as json`.execute(store.db);
    await store.close();
    expect(rows[0]).toMatchObject({ number: 1, date: new Date('2026-01-02T03:04:05Z'), json: { a: [1] } });
    expect(Uint8Array.from(rows[0]?.bytes as Uint8Array)).toEqual(Uint8Array.of(0, 255));
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
  beforeAll(async () => {
    scratch = await (engines[0] ?? expect.fail()).scratch();
    folder = 'folder' in scratch.location ? scratch.location.folder : '';
  });
  afterAll(() => scratch.remove());

  it('flushes every commit to the disk', async () => {
    const store = await opened(scratch.location);
    const settings = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method') order by name`.execute(
      store.db,
    );
    expect(settings.rows.map(({ name, setting }) => `${name}=${setting}`)).toEqual([
      'fsync=on',
      'full_page_writes=on',
      'synchronous_commit=on',
      'wal_sync_method=fsync',
    ]);
    const flush = vi.spyOn(fs, 'fsyncSync');
    await store.db
      .insertInto('pauses')
      .values({ installation: 1, until: new Date(0), reason: '' })
      .execute();
    expect(flush).toHaveBeenCalled();
    flush.mockRestore();
    await store.close();
  });

  it('refuses a folder that another holds, and opens it once it is free', async () => {
    const store = await opened(scratch.location);
    expect(await openDatabase(scratch.location)).toEqual({ ok: false, reason: 'folder-in-use', folder });
    await store.close();
    await (await opened(scratch.location)).close();
  });

  it('keeps its folder to its owner', () => {
    const { mode } = fs.statSync(join(folder, 'postgresql'));
    expect(mode & 0o077).toBe(0);
  });
});

describe('a PostgreSQL that does not answer', () => {
  it('is said to be unreachable, without its password', async () => {
    const result = await openDatabase({ url: 'postgres://someone:hunter2@127.0.0.1:1/nothing' });
    expect(result).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

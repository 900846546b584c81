import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Generated, type Insertable, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { createTable } from '#infrastructure/database/create-table';
import { isUniqueViolation, refusedDataCode } from '#infrastructure/database/errors';
import { knownMigrations } from '#infrastructure/database/migrate';
import { perEngine } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import { type Engine, engines, opened } from './engines.ts';

/** Every table by name: the compiler holds it equal to what is declared. */
const declared: Readonly<Record<keyof Tables, true>> = {
  audit: true,
  blobs: true,
  cell_servers: true,
  clients: true,
  confirmable: true,
  confirmations: true,
  deliveries: true,
  drift: true,
  handovers: true,
  jobs: true,
  known_labels: true,
  last_readable: true,
  mails: true,
  marks: true,
  merges: true,
  origins: true,
  outside_answers: true,
  owners: true,
  pauses: true,
  pulls: true,
  reconciliations: true,
  registry_commits: true,
  registry_files: true,
  registry_moves: true,
  repositories: true,
  request_answers: true,
  requests: true,
  served_cells: true,
  shown_plans: true,
  topics: true,
  used_sign_ins: true,
};

/** Names of PostgreSQL's for what columns are declared to be. */
const otherNames: Readonly<Record<string, string>> = { int8: 'bigint', int4: 'integer', bool: 'boolean' };

interface Samples {
  number: Generated<number>;
  kind: Generated<string>;
  of: string | null;
  count: Generated<number>;
  account: number | null;
  open: Generated<boolean>;
  bytes: Uint8Array | null;
  said: Generated<object>;
  kept: object | null;
  at: Generated<Date>;
}

/** What the migrations make: columns as `[table, column, type, whether it may be null]`, indexes by name. */
async function schemaOf(engine: Engine) {
  const scratch = await engine.scratch();
  const store = await opened(scratch.location);
  const tables = await store.db.introspection.getTables();
  const columns = tables
    .filter(({ name }) => !['migrations', 'migrations_lock'].includes(name))
    .flatMap((table) =>
      table.columns.map((column) => [
        table.name,
        column.name,
        column.isAutoIncrementing
          ? 'a number'
          : (otherNames[column.dataType] ?? column.dataType.toLowerCase()),
        column.isNullable && !column.isAutoIncrementing,
      ]),
    );
  const indexes = await perEngine<{ name: string }>(
    sql`select indexname as name from pg_indexes where schemaname = 'public' and indexname not like '%_pkey' order by 1`,
    sql`select name from sqlite_schema where type = 'index' and sql is not null order by 1`,
  ).execute(store.db);
  await store.close();
  await scratch.remove();
  return { columns: columns.sort(), indexes: indexes.rows.map(({ name }) => name) };
}

describe('migrations', () => {
  it('are numbered once each, and all known', async () => {
    const files = readdirSync(join(import.meta.dirname, '../../../src/infrastructure/database/migrations'));
    const numbers = files.map((file) => file.slice(0, 4));
    expect(new Set(numbers).size).toBe(files.length);
    expect(Object.keys(await knownMigrations('postgresql'))).toEqual(
      files.map((file) => file.replace(/\.ts$/, '')).sort(),
    );
  });

  it.each(engines)('make the tables that are declared, and no others, on $name', async (engine) => {
    const made = await schemaOf(engine);
    expect([...new Set(made.columns.map(([table]) => table))].sort()).toEqual(Object.keys(declared));
  });

  it.runIf(engines.length > 1)('make the same tables, columns and indexes on both engines', async () => {
    const [embedded, postgresql] = await Promise.all(engines.map(schemaOf));
    expect(embedded).toEqual(postgresql);
  });

  it.each(engines)('make a table as they describe it, on $name', async (engine) => {
    const scratch = await engine.scratch();
    const { db, close } = await opened(scratch.location);
    await createTable(
      db,
      'samples',
      {
        number: 'numbered',
        kind: 'text = it’s',
        of: 'text null',
        count: 'integer = 3',
        account: 'bigint null',
        open: 'boolean = true',
        bytes: 'bytea null',
        said: 'jsonb = {"a":[1]}',
        kept: 'json null',
        at: 'timestamptz = now',
      },
      { checks: [sql`count < 9`] },
    );
    await createTable(db, 'keyed', { one: 'text', other: 'integer' }, { key: ['one', 'other'] });
    const samples = db.withTables<{ samples: Samples; keyed: { one: string; other: number } }>();
    const rows = await samples.insertInto('samples').defaultValues().returningAll().execute();
    expect(rows).toEqual([
      {
        number: 1,
        kind: 'it’s',
        of: null,
        count: 3,
        account: null,
        open: true,
        bytes: null,
        said: { a: [1] },
        kept: null,
        at: expect.any(Date),
      },
    ]);
    expect(Math.abs(Date.now() - Number(rows[0]?.at))).toBeLessThan(60_000);
    const refused = async (values: Insertable<Samples> | object) =>
      refusedDataCode(
        await samples
          .insertInto('samples')
          .values(values as Insertable<Samples>)
          .execute()
          .catch((error: unknown) => error),
      );
    expect(await refused({ count: 8 })).toBeUndefined();
    for (const wrong of [
      { count: 9 },
      { account: 1.5 },
      { open: 'x' },
      { said: '{' },
      { at: 'x' },
      { kind: null },
    ])
      expect(await refused(wrong), JSON.stringify(wrong)).toBeDefined();
    const key = { one: 'a', other: 1 };
    await samples.insertInto('keyed').values(key).execute();
    const taken = samples.insertInto('keyed').values(key).execute();
    await expect(taken).rejects.toSatisfy(isUniqueViolation);
    await close();
    await scratch.remove();
  });

  it('only go forward', async () => {
    for (const { name } of engines)
      for (const migration of Object.values(await knownMigrations(name)))
        expect(migration.down).toBeUndefined();
  });

  it.each(engines)('of several processes that start at once are applied once, on $name', async (engine) => {
    const scratch = await engine.scratch();
    if (engine.name === 'embedded') {
      await (await opened(scratch.location)).close();
    } else {
      const stores = await Promise.all([1, 2, 3].map(() => opened(scratch.location)));
      await Promise.all(stores.map((store) => store.close()));
    }
    const store = await opened(scratch.location);
    const provider = { getMigrations: () => knownMigrations(engine.name) };
    const names = { migrationTableName: 'migrations', migrationLockTableName: 'migrations_lock' };
    const applied = await new Migrator({ db: store.db, provider, ...names }).getMigrations();
    await store.close();
    await scratch.remove();
    expect(applied.every(({ executedAt }) => executedAt !== undefined)).toBe(true);
  });
});

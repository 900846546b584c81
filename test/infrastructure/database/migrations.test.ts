import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Migrator } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { knownMigrations } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { engines, opened, thisEngine } from './engines.ts';

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
  served_cells: true,
  shown_plans: true,
  topics: true,
};

describe('migrations', () => {
  it('are numbered once each, and all known', async () => {
    const files = readdirSync(join(import.meta.dirname, '../../../src/infrastructure/database/migrations'));
    const numbers = files.map((file) => file.slice(0, 4));
    expect(new Set(numbers).size).toBe(files.length);
    expect(Object.keys(await knownMigrations())).toEqual(
      files.map((file) => file.replace(/\.ts$/, '')).sort(),
    );
  });

  it('make the tables that are declared, and no others', async () => {
    const scratch = await thisEngine.scratch();
    const store = await opened(scratch.location);
    const tables = (await store.db.introspection.getTables()).map(({ name }) => name);
    await store.close();
    await scratch.remove();
    const own = ['migrations', 'migrations_lock'];
    expect(tables.filter((name) => !own.includes(name)).sort()).toEqual(Object.keys(declared));
  });

  it('only go forward', async () => {
    for (const migration of Object.values(await knownMigrations())) expect(migration.down).toBeUndefined();
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
    const provider = { getMigrations: () => knownMigrations() };
    const names = { migrationTableName: 'migrations', migrationLockTableName: 'migrations_lock' };
    const applied = await new Migrator({ db: store.db, provider, ...names }).getMigrations();
    await store.close();
    await scratch.remove();
    expect(applied.every(({ executedAt }) => executedAt !== undefined)).toBe(true);
  });
});

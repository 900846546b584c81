/** Brings a store to the schema that this version needs. Forward only. */
import { readdir } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { firstSchema, writtenBefore } from './embedded/first-schema.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './tables.ts';

const folder = new URL('./migrations/', import.meta.url);

/** The migrations that this version knows, by name, such as `0001-inbox-and-jobs`. */
export async function knownMigrations(engine: Engine): Promise<Record<string, Migration>> {
  const known: Record<string, Migration> = {};
  for (const file of (await readdir(folder)).sort()) {
    const name = /^(\d{4}-[a-z0-9-]+)\.(?:ts|js)$/.exec(file)?.[1];
    if (name === undefined) continue;
    known[name] =
      engine === 'embedded' && writtenBefore.includes(name)
        ? { up: async (db) => (name === writtenBefore[0] ? firstSchema(db) : undefined) }
        : ((await import(new URL(file, folder).href)) as Migration);
  }
  return known;
}

/**
 * Applies what is missing, all or nothing, while every other process that starts waits for it (an advisory lock on
 * PostgreSQL; the embedded store has one process only). Numbers come from ranges that several people draw from, so
 * a lower number may well appear after a higher one was applied.
 *
 * @param only the migrations of an earlier version; all that are known when undefined
 * @throws when a migration fails, or when the store was written by a later version: nothing is changed then.
 */
export async function migrate(
  db: Kysely<Tables>,
  engine: Engine,
  only?: readonly string[],
): Promise<readonly string[]> {
  const known = Object.entries(await knownMigrations(engine));
  const wanted = only === undefined ? known : known.filter(([name]) => only.includes(name));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(wanted)) },
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
    allowUnorderedMigrations: true,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}

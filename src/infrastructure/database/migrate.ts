/** Brings a store to the schema that this version needs, where that may be done. Forward only. */
import { readdir } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { migrationsOf } from './contents.ts';
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
 * What may be done to the schema of a store. `upgrade`: what is missing is applied. `create`: only where there is no store
 * yet. `none`: nothing. Whoever does not upgrade works with a store of this very version, or not at all: another version's
 * service may be at work in it.
 */
export type SchemaRight = 'upgrade' | 'create' | 'none';

/** Why a store is not worked with, by the names of migrations: those it lacks, or those that this version does not know. */
export type SchemaFault =
  | { readonly ok: false; readonly reason: 'store-empty' }
  | {
      readonly ok: false;
      readonly reason: 'store-earlier' | 'store-later';
      readonly migrations: readonly string[];
    };

/** @returns why the store is not of this version, and was left as it is; undefined when it is */
export async function settleSchema(
  db: Kysely<Tables>,
  engine: Engine,
  right: SchemaRight,
): Promise<SchemaFault | undefined> {
  const known = Object.keys(await knownMigrations(engine));
  const applied = await migrationsOf(db);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) return { ok: false, reason: 'store-later', migrations: unknown };
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length === 0) return undefined;
  if (right === 'upgrade' || (right === 'create' && applied.length === 0)) {
    await migrate(db, engine);
    return undefined;
  }
  if (applied.length === 0) return { ok: false, reason: 'store-empty' };
  return { ok: false, reason: 'store-earlier', migrations: missing };
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

/**
 * The two engines of the store, for tests that must hold on both: the embedded one always, PostgreSQL when
 * `TEST_DATABASE_URL` names a server on which scratch databases may be created (`.ci/run` starts one).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { Client } from 'pg';
import type { StoreLocation } from '#base/config/environment';
import { type Database, openDatabase } from '#infrastructure/database/database';
import type { Tables } from '#infrastructure/database/tables';

/** Somewhere to open stores at, again and again, until it is removed. */
export interface Scratch {
  readonly location: StoreLocation;
  remove(): Promise<void>;
}

export interface Engine {
  readonly name: Database['engine'];
  scratch(): Promise<Scratch>;
}

const embedded: Engine = {
  name: 'embedded',
  async scratch() {
    const folder = mkdtempSync(join(tmpdir(), 'greffier-store-'));
    return {
      location: { folder },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** One statement on the server of the tests. */
async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function postgresql(url: string): Engine {
  return {
    name: 'postgresql',
    async scratch() {
      const name = `greffier_test_${crypto.randomUUID().replaceAll('-', '')}`;
      await administer(url, `create database ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      return {
        location: { url: own.href },
        remove: () => administer(url, `drop database ${name} with (force)`),
      };
    },
  };
}

const url = process.env.TEST_DATABASE_URL;
export const engines: readonly Engine[] = url === undefined ? [embedded] : [embedded, postgresql(url)];

/**
 * The engine of whole stories, which are told on one: the embedded one, and in the project `postgresql` of the test
 * runner (`vitest.config.ts`) PostgreSQL.
 */
export const thisEngine: Engine =
  process.env.TEST_STORE === 'postgresql' && url !== undefined ? postgresql(url) : embedded;

/** A store that the test cannot do without. */
export async function opened(location: StoreLocation): Promise<Database> {
  const result = await openDatabase(location, 'upgrade');
  if (!result.ok) throw new Error(`The store did not open: ${JSON.stringify(result)}`);
  return result.store;
}

/** An empty store of its own, which is gone once it is closed. */
export async function newStore(engine: Engine): Promise<Database> {
  const scratch = await engine.scratch();
  const store = await opened(scratch.location);
  return {
    ...store,
    async close() {
      await store.close();
      await scratch.remove();
    },
  };
}

/** Takes every row away from these tables. */
export async function emptyTables(db: Kysely<Tables>, ...tables: readonly (keyof Tables)[]): Promise<void> {
  for (const table of tables) await db.deleteFrom(table).execute();
}

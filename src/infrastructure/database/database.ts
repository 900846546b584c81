/** Where everything that must survive is kept: one SQL, two engines. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { StoreLocation } from '#base/config/environment';
import { lockFolder } from './embedded/folder-lock.ts';
import { FsyncFiles, fsyncOptions } from './embedded/fsync-files.ts';
import { startMaintenance } from './embedded/maintenance.ts';
import { migrate } from './migrate.ts';
import { listenTo } from './postgres-listen.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly db: Kysely<Tables>;
  /** `embedded` has one process, by its lock; `postgresql` may be shared by many. */
  readonly engine: 'embedded' | 'postgresql';
  /**
   * Calls `heard` whenever another process may have said something on a channel, with `NOTIFY`: also when what was
   * said meanwhile could not be heard. Never with the embedded store, which has no other process.
   *
   * @returns what stops it
   */
  listen(channel: string, heard: () => void): () => Promise<void>;
  close(): Promise<void>;
}

export type OpenedDatabase =
  | { readonly ok: true; readonly store: Database }
  | { readonly ok: false; readonly reason: 'folder-in-use'; readonly folder: string }
  | { readonly ok: false; readonly reason: 'unreachable'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'too-old'; readonly version: string };

/** The oldest PostgreSQL that is tested, as `server_version_num` says it. */
const oldestServer = 150_000;
/** Type id of `int8` (PostgreSQL's `pg_type`). */
const int8 = 20;
/**
 * What V8 compiles PGlite with. Its second, optimizing compiler takes some 400 MB, for a while, over functions as
 * large as PostgreSQL's, and the allocator keeps half of that for good; the store waits for the disk, and is no faster
 * for it. To be set before the module is compiled (`node --v8-options`).
 */
const frugalCompiler = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const;

/** Opens the store and brings it to the schema of this version. Nothing is left open when it is refused. */
export async function openDatabase(location: StoreLocation): Promise<OpenedDatabase> {
  return 'url' in location ? openPostgresql(location.url) : openEmbedded(location.folder);
}

async function openEmbedded(folder: string): Promise<OpenedDatabase> {
  const lock = lockFolder(folder);
  if (lock === undefined) return { ok: false, reason: 'folder-in-use', folder };
  let db: Kysely<Tables> | undefined;
  try {
    const files = join(folder, 'postgresql');
    mkdirSync(files, { recursive: true });
    chmodSync(files, 0o700);
    for (const flag of frugalCompiler) setFlagsFromString(flag);
    const pglite = await PGlite.create({
      fs: new FsyncFiles(files),
      startParams: [...fsyncOptions],
    });
    db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
    await migrate(db);
  } catch (error) {
    await db?.destroy();
    lock.release();
    throw error;
  }
  const opened = db;
  const house = startMaintenance(opened);
  return {
    ok: true,
    store: {
      db: opened,
      engine: 'embedded',
      listen: () => async () => undefined,
      async close() {
        await house.stop();
        await opened.destroy();
        lock.release();
      },
    },
  };
}

async function openPostgresql(url: string): Promise<OpenedDatabase> {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'greffier',
    types: {
      // Counts and identities fit in a double; both engines then answer numbers.
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        id === int8 ? Number : types.getTypeParser(id, format ?? 'text'),
    },
  });
  // An idle connection that the server closes is replaced by the next query; without a listener it ends the process.
  pool.on('error', () => undefined);
  let version: { version: string; number: number };
  try {
    const answer = await pool.query<{ version: string; number: number }>(
      "select current_setting('server_version') version, current_setting('server_version_num')::int number",
    );
    version = answer.rows[0] ?? { version: '?', number: 0 };
  } catch (error) {
    await pool.end();
    return { ok: false, reason: 'unreachable', detail: reasonOf(error) };
  }
  if (version.number < oldestServer) {
    await pool.end();
    return { ok: false, reason: 'too-old', version: version.version };
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const listen: Database['listen'] = (channel, heard) => listenTo(url, channel, heard);
  return { ok: true, store: { db, engine: 'postgresql', listen, close: () => db.destroy() } };
}

/** Why a connection failed, without the connection string, which holds a password. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

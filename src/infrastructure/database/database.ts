/** Where everything that must survive is kept: one SQL, two engines. */
import { Kysely } from 'kysely';
import type { StoreLocation } from '#base/config/environment';
import { trustMachineAuthorities } from '#infrastructure/http-client/outgoing';
import { type OpenedFolder, openFolder, openFolderToLook } from './embedded/open.ts';
import type { Engine } from './engine.ts';
import { type SchemaFault, type SchemaRight, settleSchema } from './migrate.ts';
import { PipelinedDialect } from './postgres-dialect.ts';
import { listenTo } from './postgres-listen.ts';
import { keepingReady } from './postgres-prepared.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
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
  | Extract<OpenedFolder, { readonly ok: false }>
  | SchemaFault
  | { readonly ok: false; readonly reason: 'unreachable'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'too-old'; readonly version: string };

/** The oldest PostgreSQL that is tested, as `server_version_num` says it. */
const oldestServer = 150_000;
/** Type id of `int8` (PostgreSQL's `pg_type`). */
const int8 = 20;
/**
 * Milliseconds that PostgreSQL may take to answer. A network that swallows what is sent, after a failover say, says nothing of it
 * for a quarter of an hour, in which whoever waits for an answer would do nothing else.
 */
const answerTimeout = 60_000;

/**
 * Opens the store, which has the schema of this version then. Nothing is left open when it is refused.
 *
 * @param right what may be done to its schema. Only who starts the service of this version, or says so, upgrades it
 * @param besideFormer whether an empty embedded store may be opened beside one of an earlier version, for an import
 */
export async function openDatabase(
  location: StoreLocation,
  right: SchemaRight,
  besideFormer = false,
): Promise<OpenedDatabase> {
  return 'url' in location
    ? openPostgresql(location.url, right)
    : embeddedStore(await openFolder(location.folder, right, besideFormer));
}

/** Opens the store of this version for somebody who only reads: the embedded one also while a service has it. */
export async function openDatabaseToLook(location: StoreLocation): Promise<OpenedDatabase> {
  return 'url' in location
    ? openPostgresql(location.url, 'none')
    : embeddedStore(await openFolderToLook(location.folder));
}

function embeddedStore(opened: OpenedFolder): OpenedDatabase {
  if (!opened.ok) return opened;
  const { db, close } = opened;
  return { ok: true, store: { db, engine: 'embedded', listen: () => async () => undefined, close } };
}

async function openPostgresql(url: string, right: SchemaRight): Promise<OpenedDatabase> {
  // Here, so that no command that opens the store may believe others than the service does.
  trustMachineAuthorities();
  const { Pool, types } = await import('pg');
  const pool = new Pool({
    connectionString: url,
    max: 10,
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'greffier',
    types: {
      // Counts and identities fit in a double; both engines then answer numbers.
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        id === int8 ? Number : types.getTypeParser(id, format ?? 'text'),
    },
  });
  // A connection that the server closes, or the network, is replaced by the next query, and whoever was using it hears of it by
  // theirs; without a listener of its own, one that somebody uses ends the process, and without the pool's, an idle one.
  pool.on('connect', (client) => client.on('error', () => undefined)).on('error', () => undefined);
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
  // What upgrades the schema, or waits for another process that does, takes its time.
  let patience = 0;
  const dialect = new PipelinedDialect({ pool: keepingReady(pool, () => patience) });
  const db = new Kysely<Tables>({ dialect });
  try {
    const fault = await settleSchema(db, 'postgresql', right);
    if (fault !== undefined) {
      await db.destroy();
      return fault;
    }
  } catch (error) {
    await db.destroy();
    throw error;
  }
  patience = answerTimeout;
  const listen: Database['listen'] = (channel, heard) => listenTo(url, channel, heard);
  return { ok: true, store: { db, engine: 'postgresql', listen, close: () => db.destroy() } };
}

/** Why a connection failed, without the connection string, which holds a password. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/**
 * What PostgreSQL does by itself in the background, and PGlite does not, since it has one process only: it clears
 * away the rows that were replaced or deleted, so that their space is used again, and it writes checkpoints, so that
 * the write-ahead log does not grow for ever and a start after a crash is short.
 */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '#infrastructure/database/tables';

/** Bytes of the write-ahead log after which it is time: some ten thousand deliveries, or some thousand reviews. */
const maxLog = 48 * 1024 * 1024;
/** Milliseconds between looks. */
const lookEvery = 5_000;

/**
 * Does it when the log since the last checkpoint is longer than `most` bytes. Everyone else waits meanwhile, for some
 * tenths of a second.
 *
 * @returns whether it was time
 */
export async function vacuumAndCheckpoint(db: Kysely<Tables>, most = maxLog): Promise<boolean> {
  const { rows } = await sql<{ log: number }>`
    select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as log
    from pg_control_checkpoint()`.execute(db);
  if ((rows[0]?.log ?? 0) < most) return false;
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(
    db,
  );
  await sql`vacuum ${sql.join(tables.map(({ name }) => sql.table(name)))}`.execute(db);
  await sql`checkpoint`.execute(db);
  return true;
}

/** Looks after a store until it is told to stop. */
export function startMaintenance(db: Kysely<Tables>): { stop(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    // What fails here is tried again, and would fail louder wherever something is written.
    last = vacuumAndCheckpoint(db)
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, lookEvery);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

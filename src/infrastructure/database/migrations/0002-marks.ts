import { type Kysely, sql } from 'kysely';

/** Moments that must outlive a process, by name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table marks (name text primary key, at timestamptz not null)`.execute(db);
}

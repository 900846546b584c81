import { type Kysely, sql } from 'kysely';

/**
 * Which repository the rows of a registry belong to, by the number that GitHub gives it for ever. `id` is text: it is
 * compared and shown, never counted with. `registry` is what every other table has in its column `registry` or `repo`:
 * the name under which the repository was first seen, whatever it is called since.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table repositories (
      id text primary key,
      registry text not null unique,
      name text not null,
      installation bigint not null,
      seen_at timestamptz not null default now()
    )`.execute(db);
}

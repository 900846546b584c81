import { type Kysely, sql } from 'kysely';

/** At which server the clients of each cell were made, and which other one the configuration names, if it does. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table cell_servers (
      registry text not null,
      cell text not null,
      server text not null,
      asked text,
      at timestamptz not null default now(),
      primary key (registry, cell)
    )`.execute(db);
}

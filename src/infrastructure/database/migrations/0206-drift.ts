import { type Kysely, sql } from 'kysely';

/** How many clients of a cell differed from the registry when they were last looked at, whichever process looked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table drift (
      registry text not null,
      cell text not null,
      clients integer not null,
      primary key (registry, cell)
    )`.execute(db);
}

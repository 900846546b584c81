import { type Kysely, sql } from 'kysely';

/**
 * The last version of each file of the default branch that could be read, its bytes being in `blobs`: what counts when
 * the present one cannot be read. The registry is read once more, which tells them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table last_readable (
      repo text not null,
      path text not null,
      blob text not null,
      commit text not null,
      primary key (repo, path)
    )`.execute(db);
  await sql`delete from registry_commits`.execute(db);
}

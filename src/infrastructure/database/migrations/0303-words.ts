import { type Kysely, sql } from 'kysely';

/**
 * On whose word each definition is what it is, which cells were served before, and which digests can be confirmed. What
 * was there before is taken as it stands, but for what a pull request brought.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table origins add column word text not null default 'installed'`.execute(db);
  await sql`alter table origins add column author text`.execute(db);
  await sql`update origins set word = 'pull' where pull is not null`.execute(db);
  await sql`
    create table served_cells (
      registry text not null,
      cell text not null,
      primary key (registry, cell)
    )`.execute(db);
  await sql`insert into served_cells select distinct registry, cell from clients`.execute(db);
  await sql`
    create table confirmable (
      registry text not null,
      digest text not null,
      author text,
      primary key (registry, digest)
    )`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * Which account was behind a login when a definition first named it as an owner, and what moved with the default branch
 * since the open pull requests were last asked about it. The registry is read once more, which tells the owners.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table owners (
      repo text not null,
      path text not null,
      login text not null,
      account bigint,
      known boolean not null default false,
      primary key (repo, path, login)
    )`.execute(db);
  await sql`create index owners_unknown on owners (repo, login) where not known`.execute(db);
  await sql`
    create table registry_moves (
      id bigint generated always as identity primary key,
      repo text not null,
      changed json,
      moved json not null
    )`.execute(db);
  await sql`delete from registry_commits`.execute(db);
}

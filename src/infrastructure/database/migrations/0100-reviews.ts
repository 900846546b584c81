import { type Kysely, sql } from 'kysely';

/** What was read once and never changes, the registry as it was last read, and what was said of pull requests. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table blobs (id text primary key, bytes bytea not null)`.execute(db);
  await sql`create table registry_commits (repo text primary key, commit text not null)`.execute(db);
  await sql`
    create table registry_files (
      repo text not null,
      path text not null,
      blob text not null,
      mode text not null,
      claims json,
      primary key (repo, path)
    )`.execute(db);
  await sql`
    create table pulls (
      repo text not null,
      number integer not null,
      head text not null,
      read_at text not null,
      open boolean not null,
      comparison json,
      claims json not null,
      touched json not null,
      published json not null,
      primary key (repo, number)
    )`.execute(db);
  await sql`create table known_labels (repo text not null, name text not null, primary key (repo, name))`.execute(
    db,
  );
  await sql`create index pulls_open on pulls (repo, number) where open`.execute(db);
}

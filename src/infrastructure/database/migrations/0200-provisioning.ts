import { type Kysely, sql } from 'kysely';

/** The ledger of clients, what people approved, what they are to be told, and what happened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table clients (
      registry text not null,
      cell text not null,
      id text not null,
      state text not null,
      client_id text,
      request text,
      account jsonb not null,
      updated_at timestamptz not null default now(),
      primary key (registry, cell, id)
    )`.execute(db);
  await sql`create index clients_by_request on clients (registry, request) where request is not null`.execute(
    db,
  );
  await sql`
    create table handovers (
      token_hash text primary key,
      registry text not null,
      cell text not null,
      id text not null,
      client_id text not null,
      name text not null,
      secret text,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      revealed_at timestamptz,
      replaced_at timestamptz
    )`.execute(db);
  await sql`create index handovers_by_client on handovers (registry, cell, id)`.execute(db);
  await sql`
    create table mails (
      id text primary key,
      registry text not null,
      cell text not null,
      client text not null,
      facts jsonb not null,
      token text,
      state text not null check (state in ('waiting', 'sent', 'failed')),
      created_at timestamptz not null default now(),
      sent_at timestamptz
    )`.execute(db);
  await sql`create index mails_waiting on mails (created_at) where state = 'waiting'`.execute(db);
  await sql`
    create table shown_plans (
      registry text not null,
      pull integer not null,
      head text not null,
      client text not null,
      digest text not null,
      step jsonb not null,
      shown_at timestamptz not null default now(),
      primary key (registry, pull, head, client)
    )`.execute(db);
  await sql`
    create table confirmations (
      registry text not null,
      digest text not null,
      by text not null,
      at timestamptz not null default now(),
      primary key (registry, digest)
    )`.execute(db);
  await sql`
    create table reconciliations (
      registry text primary key,
      commit text not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table origins (
      registry text not null,
      client text not null,
      blob text,
      commit text not null,
      pull integer,
      head text,
      primary key (registry, client)
    )`.execute(db);
  await sql`create index origins_by_pull on origins (registry, pull)`.execute(db);
  await sql`
    create table merges (
      registry text not null,
      pull integer not null,
      commit text not null,
      facts jsonb not null,
      published text,
      deployments jsonb not null default '{}',
      primary key (registry, pull)
    )`.execute(db);
  await sql`
    create table topics (
      registry text not null,
      topic text not null,
      issue integer,
      digest text not null,
      primary key (registry, topic)
    )`.execute(db);
  await sql`
    create table outside_answers (
      question text primary key,
      answer jsonb not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table audit (
      number bigint generated always as identity primary key,
      at timestamptz not null default now(),
      registry text not null,
      cell text,
      client text,
      entry jsonb not null
    )`.execute(db);
  await sql`create index audit_by_client on audit (registry, client, number)`.execute(db);
  await sql`
    create function audit_is_append_only() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit trail is only ever added to';
    end $$`.execute(db);
  await sql`
    create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only()`.execute(db);
}

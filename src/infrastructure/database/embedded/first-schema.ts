/**
 * The tables of the embedded store as it began, all at once: what the migrations up to 0303 made one after the other on
 * PostgreSQL, before SQLite was there. It is never edited; every later migration is one for both engines.
 */
import { type Kysely, sql } from 'kysely';
import { createTable } from '#infrastructure/database/create-table';
import { createAudit, createHandover, createProvisioning } from './first-provisioning.ts';

/** The migrations that it stands for. */
export const writtenBefore: readonly string[] = [
  '0001-inbox-and-jobs',
  '0002-marks',
  '0100-reviews',
  '0101-owners-and-moves',
  '0200-provisioning',
  '0206-drift',
  '0300-last-readable',
  '0301-cell-servers',
  '0302-repositories',
  '0303-words',
];

export async function firstSchema(db: Kysely<unknown>): Promise<void> {
  await createQueue(db);
  await createReviews(db);
  await createProvisioning(db);
  await createHandover(db);
  await createAudit(db);
}

async function createQueue(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'deliveries',
    {
      id: 'text',
      event: 'text',
      action: 'text null',
      installation: 'bigint null',
      repository: 'text null',
      body: 'bytea',
      received_at: 'timestamptz = now',
      state: 'text',
      reason: 'text null',
    },
    { key: ['id'], checks: [sql`state in ('accepted', 'ignored')`] },
  );
  await sql`create index deliveries_by_age on deliveries (received_at)`.execute(db);
  await createTable(
    db,
    'jobs',
    {
      id: 'numbered',
      kind: 'text',
      lane: 'text',
      key: 'text',
      payload: 'jsonb',
      state: 'text',
      priority: 'integer',
      installation: 'bigint null',
      request: 'text',
      since: 'timestamptz = now',
      ready_at: 'timestamptz = now',
      attempts: 'integer = 0',
      losses: 'integer = 0',
      claim: 'text null',
      held_until: 'timestamptz null',
      last_error: 'text null',
      updated_at: 'timestamptz = now',
    },
    {
      checks: [
        sql`state in ('waiting', 'running', 'dead')`,
        sql`(state = 'running') = (claim is not null and held_until is not null)`,
      ],
    },
  );
  await sql`create unique index jobs_one_waiting_per_key on jobs (key) where state = 'waiting'`.execute(db);
  await sql`create unique index jobs_one_dead_per_key on jobs (key) where state = 'dead'`.execute(db);
  await sql`create unique index jobs_one_running_per_lane on jobs (lane) where state = 'running'`.execute(db);
  await sql`create index jobs_next on jobs (priority, ready_at, id) where state = 'waiting'`.execute(db);
  await createTable(
    db,
    'pauses',
    { installation: 'bigint', until: 'timestamptz', reason: 'text' },
    { key: ['installation'] },
  );
  await createTable(db, 'marks', { name: 'text', at: 'timestamptz' }, { key: ['name'] });
}

async function createReviews(db: Kysely<unknown>): Promise<void> {
  await createTable(db, 'blobs', { id: 'text', bytes: 'bytea' }, { key: ['id'] });
  await createTable(db, 'registry_commits', { repo: 'text', commit: 'text' }, { key: ['repo'] });
  await createTable(
    db,
    'registry_files',
    { repo: 'text', path: 'text', blob: 'text', mode: 'text', claims: 'json null' },
    { key: ['repo', 'path'] },
  );
  await createTable(
    db,
    'pulls',
    {
      repo: 'text',
      number: 'integer',
      head: 'text',
      read_at: 'text',
      open: 'boolean',
      comparison: 'json null',
      claims: 'json',
      touched: 'json',
      published: 'json',
    },
    { key: ['repo', 'number'] },
  );
  await sql`create index pulls_open on pulls (repo, number) where open`.execute(db);
  await createTable(db, 'known_labels', { repo: 'text', name: 'text' }, { key: ['repo', 'name'] });
  await createTable(
    db,
    'owners',
    { repo: 'text', path: 'text', login: 'text', account: 'bigint null', known: 'boolean = false' },
    { key: ['repo', 'path', 'login'] },
  );
  await sql`create index owners_unknown on owners (repo, login) where not known`.execute(db);
  await createTable(db, 'registry_moves', {
    id: 'numbered',
    repo: 'text',
    changed: 'json null',
    moved: 'json',
  });
  await createTable(
    db,
    'last_readable',
    { repo: 'text', path: 'text', blob: 'text', commit: 'text' },
    { key: ['repo', 'path'] },
  );
  await createTable(
    db,
    'repositories',
    {
      id: 'text',
      registry: 'text',
      name: 'text',
      installation: 'bigint',
      seen_at: 'timestamptz = now',
    },
    { key: ['id'] },
  );
  await sql`create unique index repositories_registry_key on repositories (registry)`.execute(db);
  await createTable(
    db,
    'outside_answers',
    { question: 'text', answer: 'jsonb', at: 'timestamptz = now' },
    { key: ['question'] },
  );
}

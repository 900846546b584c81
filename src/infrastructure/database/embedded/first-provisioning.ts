/** The tables of provisioning as the embedded store began (`first-schema.ts`). They are never edited. */
import { type Kysely, sql } from 'kysely';
import { createTable } from '#infrastructure/database/create-table';

export async function createProvisioning(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'clients',
    {
      registry: 'text',
      cell: 'text',
      id: 'text',
      state: 'text',
      client_id: 'text null',
      request: 'text null',
      account: 'jsonb',
      updated_at: 'timestamptz = now',
    },
    { key: ['registry', 'cell', 'id'] },
  );
  await sql`create index clients_by_request on clients (registry, request) where request is not null`.execute(
    db,
  );
  await createTable(
    db,
    'shown_plans',
    {
      registry: 'text',
      pull: 'integer',
      head: 'text',
      client: 'text',
      digest: 'text',
      step: 'jsonb',
      shown_at: 'timestamptz = now',
    },
    { key: ['registry', 'pull', 'head', 'client'] },
  );
  await createTable(
    db,
    'confirmations',
    { registry: 'text', digest: 'text', by: 'text', at: 'timestamptz = now' },
    { key: ['registry', 'digest'] },
  );
  await createTable(
    db,
    'confirmable',
    { registry: 'text', digest: 'text', author: 'text null' },
    { key: ['registry', 'digest'] },
  );
  await createTable(
    db,
    'reconciliations',
    { registry: 'text', commit: 'text', at: 'timestamptz = now' },
    { key: ['registry'] },
  );
  await createTable(
    db,
    'origins',
    {
      registry: 'text',
      client: 'text',
      blob: 'text null',
      commit: 'text',
      pull: 'integer null',
      head: 'text null',
      word: 'text = installed',
      author: 'text null',
    },
    { key: ['registry', 'client'] },
  );
  await sql`create index origins_by_pull on origins (registry, pull)`.execute(db);
  await createTable(
    db,
    'merges',
    {
      registry: 'text',
      pull: 'integer',
      commit: 'text',
      facts: 'jsonb',
      published: 'text null',
      deployments: 'jsonb = {}',
    },
    { key: ['registry', 'pull'] },
  );
  await createTable(
    db,
    'topics',
    { registry: 'text', topic: 'text', issue: 'integer null', digest: 'text' },
    { key: ['registry', 'topic'] },
  );
  await createTable(
    db,
    'drift',
    { registry: 'text', cell: 'text', clients: 'integer' },
    { key: ['registry', 'cell'] },
  );
  await createTable(db, 'served_cells', { registry: 'text', cell: 'text' }, { key: ['registry', 'cell'] });
  await createTable(
    db,
    'cell_servers',
    { registry: 'text', cell: 'text', server: 'text', asked: 'text null', at: 'timestamptz = now' },
    { key: ['registry', 'cell'] },
  );
}

export async function createHandover(db: Kysely<unknown>): Promise<void> {
  await createTable(
    db,
    'handovers',
    {
      token_hash: 'text',
      registry: 'text',
      cell: 'text',
      id: 'text',
      client_id: 'text',
      name: 'text',
      secret: 'text null',
      created_at: 'timestamptz = now',
      expires_at: 'timestamptz',
      revealed_at: 'timestamptz null',
      replaced_at: 'timestamptz null',
    },
    { key: ['token_hash'] },
  );
  await sql`create index handovers_by_client on handovers (registry, cell, id)`.execute(db);
  await createTable(
    db,
    'mails',
    {
      id: 'text',
      registry: 'text',
      cell: 'text',
      client: 'text',
      facts: 'jsonb',
      token: 'text null',
      state: 'text',
      created_at: 'timestamptz = now',
      sent_at: 'timestamptz null',
    },
    { key: ['id'], checks: [sql`state in ('waiting', 'sent', 'failed')`] },
  );
  await sql`create index mails_waiting on mails (created_at) where state = 'waiting'`.execute(db);
}

export async function createAudit(db: Kysely<unknown>): Promise<void> {
  await createTable(db, 'audit', {
    number: 'numbered',
    at: 'timestamptz = now',
    registry: 'text',
    cell: 'text null',
    client: 'text null',
    entry: 'jsonb',
  });
  await sql`create index audit_by_client on audit (registry, client, number)`.execute(db);
  for (const change of ['update', 'delete'])
    await sql`
      create trigger ${sql.id(`audit_no_${change}`)} before ${sql.raw(change)} on audit
      begin select raise(abort, 'the audit trail is only ever added to'); end`.execute(db);
}

import type { Kysely } from 'kysely';
import { createTable } from '#infrastructure/database/create-table';

/** Who asked for what at the front desk, what they answered, and the sign-ins that were used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTable(db, 'requests', {
    number: 'numbered',
    id: 'text',
    registry: 'text',
    person: 'text',
    applicant: 'text',
    path: 'text',
    wanted: 'text null',
    made: 'text null',
    branch: 'text null',
    commit: 'text null',
    commits: 'jsonb = []',
    shared: 'boolean = false',
    state: 'text = sending',
    pull: 'integer null',
    review: 'jsonb null',
    talk: 'jsonb = []',
    told: 'jsonb = {}',
    created_at: 'timestamptz = now',
    state_at: 'timestamptz = now',
  });
  await db.schema.createIndex('requests_by_id').on('requests').columns(['id']).unique().execute();
  await db.schema.createIndex('requests_by_person').on('requests').columns(['registry', 'person']).execute();
  await db.schema.createIndex('requests_by_pull').on('requests').columns(['registry', 'pull']).execute();
  await createTable(
    db,
    'request_answers',
    {
      id: 'text',
      request: 'bigint',
      text: 'text',
      posted: 'boolean = false',
      at: 'timestamptz = now',
    },
    { key: ['id'] },
  );
  await db.schema
    .createIndex('request_answers_by_request')
    .on('request_answers')
    .columns(['request'])
    .execute();
  await createTable(db, 'used_sign_ins', { state: 'text', at: 'timestamptz = now' }, { key: ['state'] });
}

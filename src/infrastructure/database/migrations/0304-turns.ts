import type { Kysely } from 'kysely';

/** Work is taken in turns between those who cause it. What waits is as it was: each at the first turn, by age. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('jobs')
    .addColumn('sender', 'text', (is) => is.notNull().defaultTo(''))
    .execute();
  await schema
    .alterTable('jobs')
    .addColumn('turn', 'bigint', (is) => is.notNull().defaultTo(0))
    .execute();
  await schema.dropIndex('jobs_next').execute();
  await schema
    .createIndex('jobs_by_turn')
    .on('jobs')
    .columns(['turn', 'priority', 'ready_at', 'id'])
    .where('state' as never, '=', 'waiting')
    .execute();
  await schema
    .createIndex('jobs_by_sender')
    .on('jobs')
    .columns(['sender', 'turn'])
    .where('state' as never, '=', 'waiting')
    .execute();
}

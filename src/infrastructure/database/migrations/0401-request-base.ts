import type { Kysely } from 'kysely';

/** From which version of its definition a request began, so that what others change meanwhile is not undone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('requests').addColumn('base', 'text').execute();
  await db.schema.alterTable('requests').addColumn('base_blob', 'text').execute();
}

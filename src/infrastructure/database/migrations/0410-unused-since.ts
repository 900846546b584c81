import { type Kysely, sql } from 'kysely';

/** Since when nothing needs a closed pull request, or a file that was read: sweeps note it, and forget them later. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('pulls').addColumn('unused_since', 'timestamptz').execute();
  await db.schema.alterTable('blobs').addColumn('unused_since', 'timestamptz').execute();
  await sql`create index pulls_closed on pulls (repo, number) where not open`.execute(db);
  await db.schema.createIndex('registry_files_by_blob').on('registry_files').columns(['blob']).execute();
  await db.schema.createIndex('last_readable_by_blob').on('last_readable').columns(['blob']).execute();
}

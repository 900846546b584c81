import { type Kysely, sql } from 'kysely';

/**
 * Which secret each link showed. Of earlier ones that is not known: each counts as the one that its client has now, so that
 * none of them is handed over a second time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('handovers').addColumn('secret_mark', 'text').execute();
  await sql`
    update handovers set secret_mark = (
      select account ->> 'secretMark' from clients
      where clients.registry = handovers.registry and clients.cell = handovers.cell
        and clients.id = handovers.id and clients.client_id = handovers.client_id
    )`.execute(db);
}

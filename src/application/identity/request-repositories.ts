/** The repositories, other than the registry, in which people are asked. */
import type { Kysely } from 'kysely';
import { requestsRepository } from '#application/reconciliation/manual-cell';
import type { Tables } from '#infrastructure/database/tables';

/** @param registry the key of its rows @returns the numbers that GitHub gave them, as far as any was asked in */
export async function requestRepositories(db: Kysely<Tables>, registry: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('cell_servers')
    .select('server')
    .where('registry', '=', registry)
    .execute();
  return rows.flatMap(({ server }) => requestsRepository(server) ?? []);
}

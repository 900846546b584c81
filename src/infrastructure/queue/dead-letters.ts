/** What an operator can see of the queue, and do with it. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { now } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import type { JobsTable } from '#infrastructure/database/tables/queue';

export type QueuedJob = Selectable<JobsTable>;

/** The jobs in a state, oldest first; all of them when it is undefined. */
export async function listJobs(
  db: Kysely<Tables>,
  state?: QueuedJob['state'],
): Promise<readonly QueuedJob[]> {
  let query = db.selectFrom('jobs').selectAll().orderBy('state').orderBy('updated_at');
  if (state !== undefined) query = query.where('state', '=', state);
  return query.execute();
}

export async function findJob(db: Kysely<Tables>, id: number): Promise<QueuedJob | undefined> {
  return db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
}

/**
 * Puts what was given up back in the queue, with a fresh series of tries. What newer work of the same key already
 * waits for is only taken off the list.
 *
 * @param id one job; all that were given up when undefined
 * @returns how many
 */
export async function retryDead(db: Kysely<Tables>, id?: number): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const one = id === undefined ? sql`true` : sql`id = ${id}`;
    const replaced = await sql`
      delete from jobs as dead where state = 'dead' and ${one}
        and exists (select 1 from jobs newer where newer.key = dead.key and newer.state = 'waiting')
      returning id`.execute(transaction);
    const revived = await sql`
      update jobs set state = 'waiting', ready_at = ${now}, attempts = 0, losses = 0, updated_at = ${now}
      where state = 'dead' and ${one}
      returning id`.execute(transaction);
    return replaced.rows.length + revived.rows.length;
  });
}

/** Takes what was given up off the list for good. @returns how many */
export async function discardDead(db: Kysely<Tables>, id?: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('jobs')
    .where('state', '=', 'dead')
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? 0))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

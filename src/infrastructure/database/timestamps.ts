/** Moments that must outlive a process: when the last sweep began, and the like. */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export async function readTimestamp(db: Kysely<Tables>, name: string): Promise<Date | undefined> {
  const row = await db.selectFrom('marks').select('at').where('name', '=', name).executeTakeFirst();
  return row?.at;
}

export async function writeTimestamp(db: Kysely<Tables>, name: string, at: Date): Promise<void> {
  await db
    .insertInto('marks')
    .values({ name, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute();
}

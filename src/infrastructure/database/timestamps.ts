/** Moments that must outlive a process: when the last sweep began, and the like. */
import type { Kysely } from 'kysely';
import { inSeconds } from './per-engine.ts';
import type { Tables } from './tables.ts';

export async function readTimestamp(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  name: string,
): Promise<Date | undefined> {
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

/** Forgets those whose names begin so, and that are older. */
export async function forgetTimestamps(db: Kysely<Tables>, prefix: string, days: number): Promise<void> {
  await db
    .deleteFrom('marks')
    .where('name', 'like', `${prefix}%`)
    .where('at', '<', inSeconds(-days * 86_400))
    .execute();
}

/** Sign-ins that came back: none comes back twice, in whatever process. */
import type { Kysely } from 'kysely';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** Seconds for which they are remembered: longer than one may take. */
const rememberedSeconds = 3600;

/** @returns whether it is the first time */
export async function useSignInOnce(db: Kysely<Tables>, state: string): Promise<boolean> {
  await db.deleteFrom('used_sign_ins').where('at', '<', inSeconds(-rememberedSeconds)).execute();
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('used_sign_ins')
    .values({ state })
    .onConflict((conflict) => conflict.column('state').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

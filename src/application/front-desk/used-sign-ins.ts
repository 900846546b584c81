/** Sign-ins that came back, none of which comes back twice, and sessions that were ended: in whatever process. */
import type { Kysely } from 'kysely';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** Seconds for which they are remembered: longer than a sign-in may take, and a session last. */
const rememberedSeconds = 9 * 3600;

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

/** The sessions that their people ended, by an id that is no `state`. */
export function endedSessions(db: Kysely<Tables>) {
  const stateOf = (id: string): string => `session ${id}`;
  return {
    async has(id: string): Promise<boolean> {
      const found = await db
        .selectFrom('used_sign_ins')
        .select('state')
        .where('state', '=', stateOf(id))
        .executeTakeFirst();
      return found !== undefined;
    },
    add: async (id: string): Promise<void> => void (await useSignInOnce(db, stateOf(id))),
  };
}

/** Installations whose calls to GitHub must wait: a rate limit is nearly spent, or GitHub asked for patience. */
import type { Kysely } from 'kysely';
import { greatest, inSeconds, now } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** Holds every job of an installation back for `seconds`, over all processes. A longer pause stands. */
export async function pauseInstallation(
  db: Kysely<Tables>,
  installation: number,
  seconds: number,
  reason: string,
): Promise<void> {
  await db
    .insertInto('pauses')
    .values({ installation, until: inSeconds(seconds), reason })
    .onConflict((conflict) =>
      conflict.column('installation').doUpdateSet({
        until: greatest('pauses.until', 'excluded.until'),
        reason,
      }),
    )
    .execute();
}

/** Whether an installation is not to call GitHub for now. */
export async function isPaused(db: Kysely<Tables>, installation: number): Promise<boolean> {
  const pause = await db
    .selectFrom('pauses')
    .select('installation')
    .where('installation', '=', installation)
    .where('until', '>', now)
    .executeTakeFirst();
  return pause !== undefined;
}

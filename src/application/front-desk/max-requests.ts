import type { Transaction } from 'kysely';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** Requests of one person that are under way, or that they made within a day: each is a pull request, and its reviews. */
export const maxRequests = 50;
/** Seconds. */
const aDay = 86_400;

/** Whether a person has as many requests as one may have. */
export async function hasMaxRequests(
  transaction: Transaction<Tables>,
  registry: string,
  person: string,
): Promise<boolean> {
  const { count } = await transaction
    .selectFrom('requests')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('registry', '=', registry)
    .where('person', '=', person)
    .where((of) =>
      of.or([of('state', 'in', ['sending', 'open', 'withdrawing']), of('created_at', '>', inSeconds(-aDay))]),
    )
    .executeTakeFirstOrThrow();
  return Number(count) >= maxRequests;
}

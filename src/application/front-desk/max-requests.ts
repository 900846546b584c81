import type { Transaction } from 'kysely';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** Requests of one person that are under way, or that they made within a day: each is a pull request, and its reviews. */
export const maxRequests = 50;
/** Answers on one request within an hour: each is a comment on its pull request, and a mail to all who follow that. */
export const maxAnswers = 20;
/** Seconds. */
const anHour = 3_600;
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

/** Whether a request has as many answers as it may have within an hour, besides this very one. */
export async function hasMaxAnswers(
  transaction: Transaction<Tables>,
  request: number,
  id: string,
): Promise<boolean> {
  // Two that come at one moment are counted one after the other.
  await transaction
    .selectFrom('requests')
    .select('number')
    .where('number', '=', request)
    .forUpdate()
    .executeTakeFirst();
  const { count } = await transaction
    .selectFrom('request_answers')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('request', '=', request)
    .where('id', '!=', id)
    .where('at', '>', inSeconds(-anHour))
    .executeTakeFirstOrThrow();
  return Number(count) >= maxAnswers;
}

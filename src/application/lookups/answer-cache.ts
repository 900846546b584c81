/** Asks public services about a definition, and remembers what they answered, with its age. */
import { type Kysely, sql } from 'kysely';
import type { Answer, Answers } from '#domain/registry/outside-answers';
import type { Tables } from '#infrastructure/database/tables/queue';
import type { AskSiret } from '#infrastructure/lookups/company-directory';
import type { AskDatapass } from '#infrastructure/lookups/datapass';

/** Milliseconds for which an answer is as good as new. */
export interface Freshness {
  readonly found: number;
  readonly missing: number;
}

const minute = 60_000;
/** Company data changes by the day, an authorization by the hour; what is missing may just have been made. */
const siretFreshness: Freshness = { found: 24 * 60 * minute, missing: 10 * minute };
const datapassFreshness: Freshness = { found: 60 * minute, missing: 10 * minute };
/** Milliseconds for which an old answer stands in when a service does not answer. */
const stillGood = 7 * 24 * 60 * minute;

export interface Questions {
  readonly siret?: string;
  readonly datapass?: string;
}

export interface OutsideServices {
  readonly db: Kysely<Tables>;
  readonly siret: AskSiret;
  readonly datapass: AskDatapass;
  readonly now: () => number;
}

/**
 * What is known about a definition.
 *
 * @param anew asks again what was answered more than a few minutes ago: before provisioning
 */
export async function askOutside(
  services: OutsideServices,
  questions: Questions,
  anew = false,
): Promise<Answers> {
  const { siret, datapass } = questions;
  const asked = (freshness: Freshness): Freshness => (anew ? { found: 5 * minute, missing: 0 } : freshness);
  return {
    ...(siret === undefined || !/^\d{14}$/.test(siret)
      ? {}
      : {
          siret: await remembered(services, `siret ${siret}`, asked(siretFreshness), () =>
            services.siret(siret),
          ),
        }),
    ...(datapass === undefined || !/^[DH]\d{1,9}$/.test(datapass)
      ? {}
      : {
          datapass: await remembered(services, `datapass ${datapass}`, asked(datapassFreshness), () =>
            services.datapass(datapass),
          ),
        }),
  };
}

async function remembered<T extends { readonly found: boolean }>(
  services: OutsideServices,
  question: string,
  freshness: Freshness,
  ask: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const kept = await services.db
    .selectFrom('outside_answers')
    .select(['answer', 'at'])
    .where('question', '=', question)
    .executeTakeFirst();
  const old = kept === undefined ? undefined : { value: kept.answer as T, at: kept.at };
  const age = old === undefined ? Number.POSITIVE_INFINITY : services.now() - old.at.getTime();
  if (old !== undefined && age < (old.value.found ? freshness.found : freshness.missing))
    return { ok: true, value: old.value, at: old.at.toISOString() };
  const answer = await ask();
  if (!answer.ok)
    return old !== undefined && age < stillGood
      ? { ok: true, value: old.value, at: old.at.toISOString() }
      : answer;
  const row = { answer: JSON.stringify(answer.value), at: new Date(answer.at) };
  await services.db
    .insertInto('outside_answers')
    .values({ question, ...row })
    .onConflict((conflict) => conflict.column('question').doUpdateSet(row))
    .execute();
  return answer;
}

/** Forgets what nobody asked about for a month. */
export async function forgetOldAnswers(db: Kysely<Tables>): Promise<void> {
  await db.deleteFrom('outside_answers').where('at', '<', sql<Date>`now() - interval '30 days'`).execute();
}

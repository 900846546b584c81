/** Looks up a definition at public services, and caches what they answered, with its age. */
import type { Kysely } from 'kysely';
import type { OutsideAnswer, OutsideAnswers } from '#domain/registry/outside-answers';
import { inSeconds } from '#infrastructure/database/per-engine';
import { reusableQuery } from '#infrastructure/database/reusable';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type { SiretLookup } from '#infrastructure/lookups/company-directory';
import type { DatapassLookup } from '#infrastructure/lookups/datapass';
import { FairQueue } from './fair-queue.ts';

/** Milliseconds for which an answer is as good as new. */
export interface Freshness {
  readonly found: number;
  readonly missing: number;
}

const minute = 60_000;
/** Company data changes by the day, an authorization by the hour; what is missing may just have been made. */
const siretFreshness: Freshness = { found: 24 * 60 * minute, missing: 10 * minute };
const datapassFreshness: Freshness = { found: 60 * minute, missing: 10 * minute };
/** Milliseconds for which an old answer stands in, for people to read, when a service does not answer. */
const maxStaleMs = 7 * 24 * 60 * minute;

export interface LookupQuestions {
  readonly siret?: string;
  readonly datapass?: string;
}

export interface LookupDeps {
  readonly db: Kysely<Tables>;
  readonly siret: SiretLookup;
  readonly datapass: DatapassLookup;
  readonly now: () => number;
  /** The domains of Greffier's own addresses, over all cells. */
  readonly identityDomains: readonly string[];
  readonly turns: LookupTurns;
}

/** Turns at each service. */
export interface LookupTurns {
  readonly siret: FairQueue;
  readonly datapass: FairQueue;
}

/** So many questions are on their way to a service at a time: it is asked in a steady pace, and others' turn is near. */
const maxAtOnce = 4;

export function lookupTurns(): LookupTurns {
  return { siret: new FairQueue(maxAtOnce), datapass: new FairQueue(maxAtOnce) };
}

/** Questions that one review asks of a service; what is known already does not count. */
const maxPerReview = 50;

interface LookupOptions {
  /** Whose turn it is: turns go round between those who ask. */
  readonly asker: string;
  /**
   * Asks again what was answered more than a few minutes ago: before provisioning. When a service is silent, only an
   * answer that is as good as new stands in: an older one is no consent.
   */
  readonly refresh?: boolean;
  /** Whether a question may be asked now; it is left for later otherwise. */
  readonly mayAsk?: (question: string) => boolean;
}

/** What is known about a definition. */
export async function lookUpAnswers(
  deps: LookupDeps,
  { siret, datapass }: LookupQuestions,
  options: LookupOptions,
): Promise<OutsideAnswers> {
  const { identityDomains } = deps;
  const asked = (freshness: Freshness): Freshness & { readonly standsIn: number } =>
    options.refresh === true
      ? { found: 5 * minute, missing: 0, standsIn: freshness.found }
      : { ...freshness, standsIn: maxStaleMs };
  return {
    ...(identityDomains.length === 0 ? {} : { identityDomains }),
    ...(siret === undefined || !/^\d{14}$/.test(siret)
      ? {}
      : {
          siret: await cachedAnswer(
            deps,
            `siret ${siret}`,
            asked(siretFreshness),
            options,
            deps.turns.siret,
            () => deps.siret(siret),
          ),
        }),
    ...(datapass === undefined || !/^[DH]\d{1,9}$/.test(datapass)
      ? {}
      : {
          datapass: await cachedAnswer(
            deps,
            `datapass ${datapass}`,
            asked(datapassFreshness),
            options,
            deps.turns.datapass,
            () => deps.datapass(datapass),
          ),
        }),
  };
}

/**
 * What is known about the definitions of one review, by path. What would keep everyone waiting is left for later.
 *
 * @param asker whose review it is
 */
export async function lookUpReview(
  deps: LookupDeps,
  questions: ReadonlyMap<string, LookupQuestions>,
  asker: string,
): Promise<Readonly<Record<string, OutsideAnswers>>> {
  const asked = new Map<string, Set<string>>();
  const mayAsk = (question: string): boolean => {
    const [service = ''] = question.split(' ');
    const own = asked.get(service) ?? new Set();
    asked.set(service, own);
    if (own.size < maxPerReview) own.add(question);
    return own.has(question);
  };
  return Object.fromEntries(
    await Promise.all(
      Array.from(
        questions,
        async ([path, each]) => [path, await lookUpAnswers(deps, each, { asker, mayAsk })] as const,
      ),
    ),
  );
}

const answerTo = reusableQuery(1, (db, question: string) =>
  db.selectFrom('outside_answers').select(['answer', 'at']).where('question', '=', question),
);

async function cachedAnswer<T extends { readonly found: boolean }>(
  deps: LookupDeps,
  question: string,
  freshness: Freshness & { readonly standsIn: number },
  { asker, mayAsk }: LookupOptions,
  turns: FairQueue,
  ask: () => Promise<OutsideAnswer<T>>,
): Promise<OutsideAnswer<T>> {
  const [cached] = await answerTo(deps.db, question);
  const old = cached === undefined ? undefined : { value: cached.answer as T, at: cached.at };
  const age = old === undefined ? Number.POSITIVE_INFINITY : deps.now() - old.at.getTime();
  if (old !== undefined && age < (old.value.found ? freshness.found : freshness.missing))
    return { ok: true, value: old.value, at: old.at.toISOString() };
  const answer: OutsideAnswer<T> =
    mayAsk?.(question) === false
      ? { ok: false, reason: 'postponed' }
      : // Kept before anyone else may ask the same: they find it.
        await turns.ask(asker, question, async () => keep(deps, question, await ask()));
  return !answer.ok && old !== undefined && age < freshness.standsIn
    ? { ok: true, value: old.value, at: old.at.toISOString() }
    : answer;
}

/** Remembers what a service said; its silence is not remembered. */
async function keep<T extends object>(
  { db }: LookupDeps,
  question: string,
  answer: OutsideAnswer<T>,
): Promise<OutsideAnswer<T>> {
  if (!answer.ok) return answer;
  const row = { answer: storableJson(answer.value), at: new Date(answer.at) };
  await db
    .insertInto('outside_answers')
    .values({ question, ...row })
    .onConflict((conflict) => conflict.column('question').doUpdateSet(row))
    .execute();
  return answer;
}

/** Forgets what nobody asked about for a month. */
export async function deleteOldAnswers(db: Kysely<Tables>): Promise<void> {
  await db
    .deleteFrom('outside_answers')
    .where('at', '<', inSeconds(-30 * 86_400))
    .execute();
}

/** The gauges that are read from the store, so that every process tells the same, whichever did the work. */
import { type Kysely, sql } from 'kysely';
import type { Measures } from '#base/observability/metrics';
import type { Tables } from './tables/queue.ts';

/** Brings the gauges up to date. @param registry `owner/name`; undefined while it is not known which one is served */
export async function measureStore(
  db: Kysely<Tables>,
  registry: string | undefined,
  measures: Measures,
): Promise<void> {
  await measureQueue(db, measures);
  if (registry !== undefined) await measureClients(db, registry, measures);
}

async function measureQueue(db: Kysely<Tables>, measures: Measures): Promise<void> {
  const rows = await db
    .selectFrom('jobs')
    .select(['kind', 'state', (query) => query.fn.countAll<number>().as('count')])
    .groupBy(['kind', 'state'])
    .execute();
  measures.waiting.reset();
  for (const { kind, state, count } of rows) measures.waiting.set({ kind, state }, count);
  const { rows: ages } = await sql<{ age: number | null }>`
    select extract(epoch from now() - min(since))::float8 as age from jobs
    where state <> 'dead' and kind <> 'sweep'`.execute(db);
  measures.oldestSeconds.set(Math.max(0, ages[0]?.age ?? 0));
}

async function measureClients(db: Kysely<Tables>, registry: string, measures: Measures): Promise<void> {
  const clients = await db
    .selectFrom('clients')
    .select(['cell', 'state', (query) => query.fn.countAll<number>().as('count')])
    .where('registry', '=', registry)
    .groupBy(['cell', 'state'])
    .execute();
  measures.clients.reset();
  for (const { cell, state, count } of clients) measures.clients.set({ cell, state }, count);
  const drift = await db
    .selectFrom('drift')
    .select(['cell', 'clients'])
    .where('registry', '=', registry)
    .execute();
  measures.drift.reset();
  for (const { cell, clients: count } of drift) measures.drift.set({ cell }, count);
}

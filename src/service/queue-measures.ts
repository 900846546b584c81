/** Brings the gauges of the queue up to date from the store. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../work/tables.ts';
import type { Measures } from './measures.ts';

export async function measureQueue(db: Kysely<Tables>, measures: Measures): Promise<void> {
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

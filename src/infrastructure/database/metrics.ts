/** The gauges that are read from the store, so that every process tells the same, whichever did the work. */
import type { Kysely } from 'kysely';
import type { Metrics } from '#base/observability/metrics';
import type { Tables } from './tables.ts';
import { agreedSettingsTopic, freezeTopic, liveCheckTopic, recertifyTopic, topicsUnder } from './topics.ts';

/** Brings the gauges up to date. @param registry `owner/name`; undefined while it is not known which one is served */
export async function updateDatabaseMetrics(
  db: Kysely<Tables>,
  registry: string | undefined,
  metrics: Metrics,
): Promise<void> {
  await measureQueue(db, metrics);
  if (registry !== undefined) await measureClients(db, registry, metrics);
}

async function measureQueue(db: Kysely<Tables>, metrics: Metrics): Promise<void> {
  const rows = await db
    .selectFrom('jobs')
    .select(['kind', 'state', (query) => query.fn.countAll<number>().as('count')])
    .groupBy(['kind', 'state'])
    .execute();
  metrics.waiting.reset();
  for (const { kind, state, count } of rows) metrics.waiting.set({ kind, state }, count);
  const oldest = await db
    .selectFrom('jobs')
    .select('since')
    .where('state', '!=', 'dead')
    .where('kind', '!=', 'sweep')
    .orderBy('since')
    .limit(1)
    .executeTakeFirst();
  metrics.oldestSeconds.set(
    oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.since.getTime()) / 1000,
  );
}

async function measureClients(db: Kysely<Tables>, registry: string, metrics: Metrics): Promise<void> {
  const clients = await db
    .selectFrom('clients')
    .select(['cell', 'state', (query) => query.fn.countAll<number>().as('count')])
    .where('registry', '=', registry)
    .groupBy(['cell', 'state'])
    .execute();
  metrics.clients.reset();
  for (const { cell, state, count } of clients) metrics.clients.set({ cell, state }, count);
  const drift = await db
    .selectFrom('drift')
    .select(['cell', 'clients'])
    .where('registry', '=', registry)
    .execute();
  metrics.drift.reset();
  for (const { cell, clients: count } of drift) metrics.drift.set({ cell }, count);
  metrics.frozen.reset();
  for (const [cell, digest] of await topicsUnder(db, registry, freezeTopic))
    metrics.frozen.set({ cell }, digest === '' ? 0 : 1);
  const count = async (topics: string, known: string): Promise<number> => {
    const row = await db
      .selectFrom('topics')
      .select((query) => query.fn.countAll<number>().as('count'))
      .where('registry', '=', registry)
      .where('topic', 'like', topics)
      .where('digest', 'like', `%"${known}":%`)
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  };
  metrics.objections.set(await count(`${liveCheckTopic}%`, 'objection'));
  metrics.settingsHeld.set(await count(agreedSettingsTopic, 'held'));
  const asked = await count(`${recertifyTopic}%`, 'asked');
  const silent = await count(`${recertifyTopic}%`, 'silent');
  metrics.recertifications.set({ state: 'waiting' }, asked - silent);
  metrics.recertifications.set({ state: 'silent' }, silent);
  const servers = await db
    .selectFrom('cell_servers')
    .select(['cell', 'asked'])
    .where('registry', '=', registry)
    .execute();
  metrics.serverChanged.reset();
  for (const { cell, asked } of servers) metrics.serverChanged.set({ cell }, asked === null ? 0 : 1);
}

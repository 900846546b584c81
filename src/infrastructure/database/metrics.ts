/** The gauges that are read from the store, so that every process tells the same, whichever did the work. */
import type { Kysely } from 'kysely';
import type { Metrics } from '#base/observability/metrics';
import type { Tables } from './tables.ts';

/** By this, and the cell, the topic of a freeze is named; its digest is empty once it is over. */
export const freezeTopic = 'freeze ';

/** By this, and the client, what services said of a live client is named. */
export const liveCheckTopic = 'live-check ';

/** By this, and the cell, what carries Greffier's address there, and is no definition's, is named. */
export const unknownClientsTopic = 'unknown-clients ';

/** Under this topic is what was agreed of the settings; it has `"held":` in it while others are not in force. */
export const agreedSettingsTopic = 'agreed-settings';

/** By this, and the client, what is remembered of the question whether a service still lives is named. */
export const recertifyTopic = 'recertify ';

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
  const freezes = await db
    .selectFrom('topics')
    .select(['topic', 'digest'])
    .where('registry', '=', registry)
    .where('topic', 'like', `${freezeTopic}%`)
    .execute();
  metrics.frozen.reset();
  for (const { topic, digest } of freezes)
    metrics.frozen.set({ cell: topic.slice(freezeTopic.length) }, digest === '' ? 0 : 1);
  const objections = await db
    .selectFrom('topics')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('registry', '=', registry)
    .where('topic', 'like', `${liveCheckTopic}%`)
    .where('digest', 'like', '%"objection":%')
    .executeTakeFirst();
  metrics.objections.set(Number(objections?.count ?? 0));
  const settings = await db
    .selectFrom('topics')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('registry', '=', registry)
    .where('topic', '=', agreedSettingsTopic)
    .where('digest', 'like', '%"held":%')
    .executeTakeFirst();
  metrics.settingsHeld.set(Number(settings?.count ?? 0));
  const countAsked = async (known: string): Promise<number> => {
    const row = await db
      .selectFrom('topics')
      .select((query) => query.fn.countAll<number>().as('count'))
      .where('registry', '=', registry)
      .where('topic', 'like', `${recertifyTopic}%`)
      .where('digest', 'like', `%"${known}":%`)
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  };
  const [asked, silent] = [await countAsked('asked'), await countAsked('silent')];
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

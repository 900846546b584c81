/** How each cell is, as the last reconciliation left it in the store: nobody is asked for it. Metadata only, no secret. */
import type { Kysely } from 'kysely';
import type { LiveCheck } from '#application/reconciliation/store/observation-store';
import { type CellName, cellNames, type ProviderKind } from '#base/config/cells';
import { type FieldChange, governedFields, metadataChanges } from '#domain/provisioning/client-metadata';
import { knownClient } from '#domain/provisioning/known-clients';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { type Freeze, markedFreeze } from '#domain/registry/freeze';
import type { Tables } from '#infrastructure/database/tables';
import { freezeTopic, liveCheckTopic } from '#infrastructure/database/topics';

export interface DriftedClient {
  readonly id: string;
  /** `from`: what the provider says; `to`: what it was asked for last. */
  readonly changes: readonly FieldChange[];
}

export interface CellOverview {
  readonly cell: CellName;
  /** Undefined when the configuration does not have the cell: nothing is done in it. */
  readonly provider: ProviderKind | undefined;
  /** Active ones. */
  readonly clients: number;
  /** Removed, and not deleted yet. */
  readonly inactive: number;
  /** Clients that differ from the registry, when it was last looked; undefined when it never was. */
  readonly differing: number | undefined;
  /** Those of them whose difference is known, the first ones by id. */
  readonly drifts: readonly DriftedClient[];
  /** Clients that the provider no longer shows us. */
  readonly lost: readonly string[];
  /** Since when its provider has not answered. */
  readonly silentSince: Date | undefined;
  /** The issue about its provider as a whole. */
  readonly trouble: number | undefined;
  readonly freeze: Pick<Freeze, 'until' | 'reason'> | undefined;
  /** The server that the configuration names now, while the clients are at another: nothing is done there. */
  readonly held: string | undefined;
  /** Changes that people were asked to make. */
  readonly asked: number;
  /** What public services object to its live clients, as Markdown. */
  readonly objections: readonly { readonly id: string; readonly text: string }[];
}

/** Clients of a cell whose difference is shown; of the others, `greffier plan` tells. */
const maxDrifts = 20;

/** @param providers those of the configuration */
export async function cellsOverview(
  db: Kysely<Tables>,
  registry: string,
  providers: Readonly<Partial<Record<CellName, ProviderKind>>>,
): Promise<readonly CellOverview[]> {
  const clients = await db
    .selectFrom('clients')
    .select(['cell', 'state', (query) => query.fn.countAll<number>().as('count')])
    .select((query) => query.fn.count<number>('request').as('asked'))
    .where('registry', '=', registry)
    .groupBy(['cell', 'state'])
    .execute();
  const drift = await db.selectFrom('drift').selectAll().where('registry', '=', registry).execute();
  const servers = await db.selectFrom('cell_servers').selectAll().where('registry', '=', registry).execute();
  const topics = await db
    .selectFrom('topics')
    .selectAll()
    .where('registry', '=', registry)
    .where('digest', '!=', '')
    .orderBy('topic')
    .execute();
  const topic = (name: string) => topics.find((row) => row.topic === name);
  const named = new Set([clients, drift, servers].flatMap((rows) => rows.map(({ cell }) => cell)));
  const shown = cellNames.filter((cell) => named.has(cell) || providers[cell] !== undefined);
  return Promise.all(
    shown.map(async (cell): Promise<CellOverview> => {
      const own = clients.filter((row) => row.cell === cell);
      const count = (states: readonly string[]) =>
        own.filter(({ state }) => states.includes(state)).reduce((sum, row) => sum + Number(row.count), 0);
      const differing = drift.find((row) => row.cell === cell)?.clients;
      const silence = Number(topic(`silence ${cell}`)?.digest ?? 0);
      const mark = topic(`${freezeTopic}${cell}`)?.digest;
      const differences =
        differing === undefined || differing === 0
          ? none
          : await differencesIn(db, registry, cell, providers[cell]);
      return {
        cell,
        provider: providers[cell],
        clients: count(['active']),
        inactive: count(['inactive']),
        differing,
        ...differences,
        silentSince: silence > 0 ? new Date(silence) : undefined,
        trouble: topic(`provider ${cell}`)?.issue ?? undefined,
        freeze: mark === undefined ? undefined : markedFreeze(mark),
        held: servers.find((row) => row.cell === cell)?.asked ?? undefined,
        asked: own.reduce((sum, row) => sum + Number(row.asked), 0),
        objections: objectionsIn(topics, cell),
      };
    }),
  );
}

const none = { drifts: [], lost: [] } as const;

async function differencesIn(
  db: Kysely<Tables>,
  registry: string,
  cell: CellName,
  provider: ProviderKind | undefined,
): Promise<Pick<CellOverview, 'drifts' | 'lost'>> {
  const rows = await db
    .selectFrom('clients')
    .select(['id', 'account'])
    .where('registry', '=', registry)
    .where('cell', '=', cell)
    .orderBy('id')
    .execute();
  const accounts = rows.map(({ account }) => account as ClientAccount);
  const drifts = accounts.flatMap((account): readonly DriftedClient[] => {
    const { id, wanted, intent, request } = account;
    // What was begun, or people were asked for, is on its way.
    if (provider === undefined || wanted === undefined || intent !== undefined || request !== undefined)
      return [];
    const { state, metadata } = knownClient(account);
    if (state !== 'active') return [];
    const changes = metadataChanges(metadata, wanted, governedFields[provider]);
    return changes.length === 0 ? [] : [{ id, changes }];
  });
  return {
    drifts: drifts.slice(0, maxDrifts),
    lost: accounts.flatMap(({ id, state }) => (state === 'lost' ? [id] : [])).slice(0, maxDrifts),
  };
}

function objectionsIn(
  topics: readonly { readonly topic: string; readonly digest: string }[],
  cell: CellName,
): CellOverview['objections'] {
  const prefix = `${liveCheckTopic}${cell}/`;
  return topics.flatMap(({ topic, digest }) => {
    if (!topic.startsWith(prefix)) return [];
    const { objection } = JSON.parse(digest) as LiveCheck;
    return objection === undefined ? [] : [{ id: topic.slice(prefix.length), text: objection }];
  });
}

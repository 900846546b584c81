/** What operators see at once: requests, cells, work. Read from the store only; nobody is asked, and nothing is done. */
import type { Kysely } from 'kysely';
import { auditTrail } from '#application/reconciliation/reconcile-store';
import type { Tables } from '#infrastructure/database/tables';
import type { RequestState } from '#infrastructure/database/tables/front-desk';
import { listJobs } from '#infrastructure/queue/dead-letters';

export interface RequestsInState {
  readonly state: RequestState;
  readonly count: number;
  /** Since when the oldest of them is in that state. */
  readonly oldest: Date;
}

export interface CellOverview {
  readonly cell: string;
  readonly clients: number;
  /** Clients that differ from the registry, when it was last looked; undefined when it never was. */
  readonly differing: number | undefined;
  /** The server that the configuration names now, while the clients are at another: nothing is done there. */
  readonly held: string | undefined;
}

export interface Overview {
  readonly requests: readonly RequestsInState[];
  readonly cells: readonly CellOverview[];
  /** Matters of which an issue is open in the registry. */
  readonly issues: readonly { readonly topic: string; readonly issue: number }[];
  readonly dead: readonly {
    readonly id: number;
    readonly kind: string;
    readonly since: Date;
    readonly error: string;
  }[];
  readonly waiting: { readonly count: number; readonly oldest: Date | undefined };
}

/** Given up work beyond this many is counted by `greffier jobs`. */
const maxDead = 50;
/** Characters of an error. */
const maxError = 300;

export async function overviewOf(db: Kysely<Tables>, registry: string): Promise<Overview> {
  const { min, countAll } = db.fn;
  const requests = await db
    .selectFrom('requests')
    .select(['state', countAll<number>().as('count'), min('state_at').as('oldest')])
    .where('registry', '=', registry)
    .groupBy('state')
    .orderBy('state')
    .execute();
  const clients = await db
    .selectFrom('clients')
    .select(['cell', countAll<number>().as('count')])
    .where('registry', '=', registry)
    .groupBy('cell')
    .execute();
  const drift = await db.selectFrom('drift').selectAll().where('registry', '=', registry).execute();
  const servers = await db.selectFrom('cell_servers').selectAll().where('registry', '=', registry).execute();
  const topics = await db
    .selectFrom('topics')
    .select(['topic', 'issue'])
    .where('registry', '=', registry)
    .where('issue', 'is not', null)
    .orderBy('topic')
    .execute();
  const [dead, waiting] = [await listJobs(db, 'dead'), await listJobs(db, 'waiting')];
  const named = new Set([clients, drift, servers].flatMap((rows) => rows.map(({ cell }) => cell)));
  const oldest = waiting.map(({ since }) => new Date(since)).toSorted((one, other) => +one - +other)[0];
  return {
    requests: requests.map(({ state, count, oldest: at }) => ({
      state,
      count: Number(count),
      oldest: new Date(at),
    })),
    cells: [...named].sort().map((cell) => ({
      cell,
      clients: Number(clients.find((row) => row.cell === cell)?.count ?? 0),
      differing: drift.find((row) => row.cell === cell)?.clients,
      held: servers.find((row) => row.cell === cell)?.asked ?? undefined,
    })),
    issues: topics.flatMap(({ topic, issue }) => (issue === null ? [] : [{ topic, issue }])),
    dead: dead.slice(0, maxDead).map(({ id, kind, since, last_error: error }) => ({
      id,
      kind,
      since: new Date(since),
      error: (error ?? '').slice(0, maxError),
    })),
    waiting: { count: waiting.length, oldest },
  };
}

/** Events of one client beyond this many are `greffier log`'s. */
const maxEvents = 200;

/** What happened to the clients of an id, the last first. */
export async function historyOf(db: Kysely<Tables>, id: string): Promise<readonly object[]> {
  const events: object[] = [];
  for await (const event of auditTrail(db, id)) {
    events.push(event);
    if (events.length > maxEvents) events.shift();
  }
  return events.toReversed();
}

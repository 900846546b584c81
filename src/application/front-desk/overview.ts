/** What operators see at once: requests, cells, work. Read from the store only; nobody is asked, and nothing is done. */
import type { Kysely } from 'kysely';
import { auditTrail } from '#application/ledger/audit-trail';
import type { Tables } from '#infrastructure/database/tables';
import type { RequestState } from '#infrastructure/database/tables/front-desk';
import { listJobs } from '#infrastructure/queue/dead-letters';
import { type CellOverview, cellsOverview } from './cell-overview.ts';

export interface RequestsInState {
  readonly state: RequestState;
  readonly count: number;
  /** Since when the oldest of them is in that state. */
  readonly oldest: Date;
}

/** A request that is not over. Who asked is nobody's to see here. */
export interface OpenRequest {
  readonly number: number;
  readonly path: string;
  readonly state: RequestState;
  readonly since: Date;
  readonly pull: number | undefined;
}

export interface Overview {
  readonly requests: readonly RequestsInState[];
  /** The oldest ones. */
  readonly open: readonly OpenRequest[];
  /** When the registry was last compared with its providers; undefined: never. */
  readonly compared: Date | undefined;
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
  /** What a person may confirm, by the digest of `/greffier confirm`. */
  readonly confirmable: readonly string[];
  /** Mails that no server took. */
  readonly failedMails: number;
}

/** Requests beyond this many are counted only, and so are digests. */
const maxListed = 30;
/** Given up work beyond this many is counted by `greffier jobs`. */
const maxDead = 50;
/** Characters of an error. */
const maxError = 300;

/** @param providers of each cell that the configuration has */
export async function overviewOf(
  db: Kysely<Tables>,
  registry: string,
  providers: Parameters<typeof cellsOverview>[2],
): Promise<Overview> {
  const { min, countAll } = db.fn;
  const requests = await db
    .selectFrom('requests')
    .select(['state', countAll<number>().as('count'), min('state_at').as('oldest')])
    .where('registry', '=', registry)
    .groupBy('state')
    .orderBy('state')
    .execute();
  const open = await db
    .selectFrom('requests')
    .select(['number', 'path', 'state', 'state_at', 'pull'])
    .where('registry', '=', registry)
    .where('state', 'in', ['sending', 'open', 'withdrawing'])
    .orderBy('state_at')
    .limit(maxListed)
    .execute();
  const last = await db
    .selectFrom('reconciliations')
    .select('at')
    .where('registry', '=', registry)
    .executeTakeFirst();
  const confirmable = await db
    .selectFrom('confirmable')
    .select('digest')
    .where('registry', '=', registry)
    .orderBy('digest')
    .limit(maxListed)
    .execute();
  const failed = await db
    .selectFrom('mails')
    .select(countAll<number>().as('count'))
    .where('registry', '=', registry)
    .where('state', '=', 'failed')
    .executeTakeFirst();
  const topics = await db
    .selectFrom('topics')
    .select(['topic', 'issue'])
    .where('registry', '=', registry)
    .where('issue', 'is not', null)
    .orderBy('topic')
    .execute();
  const [dead, waiting] = [await listJobs(db, 'dead'), await listJobs(db, 'waiting')];
  const oldest = waiting.map(({ since }) => new Date(since)).toSorted((one, other) => +one - +other)[0];
  return {
    requests: requests.map(({ state, count, oldest: at }) => ({
      state,
      count: Number(count),
      oldest: new Date(at),
    })),
    open: open.map(({ number, path, state, state_at: since, pull }) => ({
      number,
      path,
      state,
      since,
      pull: pull ?? undefined,
    })),
    compared: last?.at,
    cells: await cellsOverview(db, registry, providers),
    issues: topics.flatMap(({ topic, issue }) => (issue === null ? [] : [{ topic, issue }])),
    dead: dead.slice(0, maxDead).map(({ id, kind, since, last_error: error }) => ({
      id,
      kind,
      since: new Date(since),
      error: (error ?? '').slice(0, maxError),
    })),
    waiting: { count: waiting.length, oldest },
    confirmable: confirmable.map(({ digest }) => digest),
    failedMails: Number(failed?.count ?? 0),
  };
}

/** Events of one client beyond this many are `greffier log`'s. */
const maxEvents = 200;

/** What happened to the clients of an id, the last first. */
export async function historyOf(
  db: Kysely<Tables>,
  id: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const events: Readonly<Record<string, unknown>>[] = [];
  for await (const event of auditTrail(db, id)) {
    events.push(event);
    if (events.length > maxEvents) events.shift();
  }
  return events.toReversed();
}

/**
 * What GitHub has delivered, kept before it is answered: a delivery and the work that it causes are one transaction.
 *
 * Deliveries that arrive while a transaction is being written are written together in the next one, so that a burst
 * costs a few disk flushes and not one each.
 */
import { type Kysely, sql } from 'kysely';
import { defined } from '#base/defined';
import { refusedDataCode } from '#infrastructure/database/errors';
import { bytesOf, inSeconds, rowsOf, writesSeveralTables } from '#infrastructure/database/per-engine';
import { reusable } from '#infrastructure/database/reusable';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import { jobRows, jobsAskedBy } from './job-insertion.ts';
import type { NewJob } from './job-kinds.ts';
import type { JobQueue } from './job-queue.ts';
import type { WantedJob } from './job-rows.ts';

/** A delivery whose signature was good. */
export interface Delivery {
  /** `X-GitHub-Delivery`. */
  readonly id: string;
  readonly event: string;
  readonly action?: string;
  readonly installation?: number;
  readonly repository?: string;
}

/** What a delivery causes: jobs, or nothing, for a reason. */
export type RoutedEvent =
  | {
      readonly jobs: readonly NewJob[];
      /** The account whose doing it is, as GitHub numbers it. */
      readonly sender?: string;
    }
  | { readonly ignored: string; readonly jobs?: undefined };

/**
 * `repeated` when that delivery was already there; nothing was done then. `parked` when it is kept, but the store has no
 * place for what it asks for: nothing was done then either, and an operator has to be told.
 */
export type ReceiveStatus = 'accepted' | 'ignored' | 'repeated' | 'parked';

interface PendingDelivery {
  readonly delivery: Delivery;
  /** What it asks for, as bytes, where the store has no other place for that; else empty. */
  readonly body: Buffer;
  readonly routed: RoutedEvent;
  readonly at: Date;
  readonly settle: PromiseWithResolvers<ReceiveStatus>;
  /** What became of it, where the store has no place for all that it says. */
  readonly bare?: 'ignored' | 'parked';
}

/** At most this much is written in one transaction. */
const maxBatch = 200;

export class Inbox {
  readonly #db: Kysely<Tables>;
  readonly #jobs: JobQueue;
  readonly #insert = reusable(2, insertion);
  readonly #insertWithJobs = reusable(
    3,
    (bytes: Uint8Array, rows: string, jobs: string) => sql<{ id: string }>`
      with kept as (${insertion(bytes, rows)}), asked as (${jobsAskedBy(jobs, sql`kept`)}) select id from kept`,
  );
  #arrivals: PendingDelivery[] = [];
  /** By what began them: a second one where something causes work while only what causes none is being written. */
  readonly #writers = new Set<'work' | 'nothing'>();

  constructor(db: Kysely<Tables>, jobs: JobQueue) {
    this.#db = db;
    this.#jobs = jobs;
  }

  /**
   * Resolves once the delivery and its work are on durable storage. Of what GitHub sent, nothing else is kept: the work says
   * all that cannot be looked up again, nothing would ever read the rest, and it names people.
   */
  receive(delivery: Delivery, routed: RoutedEvent): Promise<ReceiveStatus> {
    const settle = Promise.withResolvers<ReceiveStatus>();
    this.#arrivals.push({ delivery, body: nothing, routed, at: new Date(), settle });
    const causesWork = routed.jobs !== undefined;
    if (causesWork ? !this.#writers.has('work') : this.#writers.size === 0)
      void this.#write(causesWork ? 'work' : 'nothing');
    return settle.promise;
  }

  async #write(writer: 'work' | 'nothing'): Promise<void> {
    this.#writers.add(writer);
    while (this.#arrivals.length > 0) {
      // Whatever has reached this process already is read first, and comes with it.
      await untilRead();
      await this.#keep(this.#arrivals.splice(0, maxBatch));
    }
    this.#writers.delete(writer);
  }

  /** Settles each. What the store refuses for what one of them says is tried one by one, so that it fails no other. */
  async #keep(together: readonly PendingDelivery[]): Promise<void> {
    if (together.length === 0) return;
    try {
      const fresh = await this.#store(together);
      for (const arrival of together)
        arrival.settle.resolve(fresh.has(arrival) ? statusOf(arrival) : 'repeated');
    } catch (error) {
      const [one, ...others] = together;
      const refused = refusedDataCode(error);
      if (one !== undefined && refused !== undefined && others.length > 0)
        for (const each of together) await this.#keep([each]);
      else if (one !== undefined && refused !== undefined && one.bare === undefined)
        await this.#keep([bare(one, refused)]);
      else for (const { settle } of together) settle.reject(error);
    }
  }

  /** @returns those that were not there before. */
  async #store(together: readonly PendingDelivery[]): Promise<Set<PendingDelivery>> {
    const first = new Map<string, PendingDelivery>();
    for (const arrival of together)
      if (!first.has(arrival.delivery.id)) first.set(arrival.delivery.id, arrival);
    const arrivals = Array.from(first.values());
    const ids = await this.#insertAll(arrivals, arrivals.flatMap(wantedBy));
    if (together.some(({ routed }) => routed.jobs !== undefined)) this.#jobs.wake();
    return new Set(arrivals.filter(({ delivery }) => ids.has(delivery.id)));
  }

  /** Deliveries and the work of those that were not there before, whose ids it returns: all of it, or nothing. */
  async #insertAll(
    arrivals: readonly PendingDelivery[],
    wanted: readonly WantedJob[],
  ): Promise<ReadonlySet<string>> {
    const { rows, bytes } = rowsOfDeliveries(arrivals);
    const asJson = storableJson(rows);
    if (writesSeveralTables(this.#db))
      return idsOf(await this.#insertWithJobs(this.#db, bytes, asJson, jobRows(wanted)));
    return this.#db.transaction().execute(async (transaction) => {
      const ids = idsOf(await this.#insert(transaction, bytes, asJson));
      await this.#jobs.enqueueEach(
        wanted.filter(({ request }) => ids.has(request)),
        transaction,
      );
      return ids;
    });
  }

  /** Forgets what is older than `days`: GitHub redelivers for 3 days, after which an id cannot come back. */
  async forget(days: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('deliveries')
      .where('received_at', '<', inSeconds(-days * 86_400))
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}

function wantedBy({ delivery, routed, at }: PendingDelivery): readonly WantedJob[] {
  if (routed.jobs === undefined) return [];
  const cause = { request: delivery.id, since: at, ...defined({ sender: routed.sender }) };
  return routed.jobs.map((job) => ({ job, ...cause }));
}

/** Always in one order, as jobs are: processes that are delivered the same would wait for each other. */
function insertion(bytes: Uint8Array, rows: string) {
  return sql<{ id: string }>`
    insert into deliveries (id, event, action, installation, repository, body, received_at, state, reason)
    select id, event, action, installation, repository, ${bytesOf(bytes, 'start', 'length')}, received_at, state, reason
    from ${rowsOf(rows, deliveryColumns)} where true order by each.id
    on conflict (id) do nothing
    returning id`;
}

function idsOf(rows: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id));
}

function statusOf({ routed, bare: became }: PendingDelivery): ReceiveStatus {
  return became ?? (routed.jobs === undefined ? 'ignored' : 'accepted');
}

/** What the store takes whatever is in it: its names, and as bytes what it asks for. */
function bare(arrival: PendingDelivery, code: string): PendingDelivery {
  const { id, event } = arrival.delivery;
  const delivery = { id, event };
  const { jobs } = arrival.routed;
  if (jobs === undefined) return { ...arrival, delivery, bare: 'ignored' };
  const body = Buffer.from(storableJson(jobs));
  return {
    ...arrival,
    delivery,
    body,
    routed: { ignored: `its data cannot be kept (${code})` },
    bare: 'parked',
  };
}

const nothing = Buffer.alloc(0);

/** The next turn of the event loop. */
const untilRead = () => new Promise((resolve) => setImmediate(resolve));

/** What a delivery is kept as: its bytes are somewhere among those of all. */
const deliveryColumns = {
  id: 'text',
  event: 'text',
  action: 'text',
  installation: 'bigint',
  repository: 'text',
  start: 'integer',
  length: 'integer',
  received_at: 'timestamptz',
  state: 'text',
  reason: 'text',
} as const;

type DeliveryRow = Partial<Record<keyof typeof deliveryColumns, unknown>>;

function rowsOfDeliveries(arrivals: readonly PendingDelivery[]): {
  readonly rows: readonly DeliveryRow[];
  readonly bytes: Buffer;
} {
  let start = 1;
  const rows = arrivals.map(({ delivery, body, routed, at }) => {
    const place = { start, length: body.length };
    start += body.length;
    const state = routed.jobs === undefined ? 'ignored' : 'accepted';
    const reason = routed.jobs === undefined ? routed.ignored : undefined;
    return { ...delivery, ...place, received_at: at.toISOString(), state, reason };
  });
  return { rows, bytes: Buffer.concat(arrivals.map(({ body }) => body)) };
}

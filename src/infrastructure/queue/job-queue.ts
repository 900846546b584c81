/**
 * The queue. Work of one serial key runs one at a time over all processes, work of one dedup key is coalesced (ten pushes in a second
 * are one review of the last), and what a vanished process held is taken over when its lease ends.
 *
 * A small queue of our own, after reading pg-boss 12: there a serial key cannot span two kinds of job, a job that fails
 * while its successor waits in `retry` lands in the dead letters although nothing is lost, a heartbeat cannot be
 * under 10 s, a handler cannot say when to try again, and an installation cannot be paused.
 */
import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { defined } from '#base/defined';
import { isUniqueViolation } from '#infrastructure/database/errors';
import { inSeconds, now, skipLocked, unflushed, unflushedHere } from '#infrastructure/database/per-engine';
import { reusable } from '#infrastructure/database/reusable';
import type { Tables } from '#infrastructure/database/tables';
import { jobRows, jobsInserted } from './job-insertion.ts';
import type { NewJob } from './job-kinds.ts';
import { coalesced, type JobRow, type LeasedJob, leasedJobOf, type WantedJob } from './job-rows.ts';
import { jobLease, type Lease, leaseSeconds } from './lease.ts';

/** A job whose process vanished this often is the likely cause, and is given up. */
export const maxLosses = 5;
/** Seconds for which a sweep leaves alone what was given up: an outage that outlasts every try ends some time. */
export const deadLetterRestSeconds = 3600;

export interface EnqueueOptions {
  /** How the work is followed in the logs; the delivery's id when a delivery caused it. */
  readonly request: string;
  /** When the event arrived; now by default. */
  readonly since?: Date;
  /** The account whose doing it is, as GitHub numbers it, or the person at the desk. */
  readonly sender?: string;
  /** Seconds to wait before it may start. */
  readonly after?: number;
  /**
   * Whether this is news, which by itself deserves a fresh series of tries. False for a sweep, which asks again for
   * what it finds missing: a job that waits keeps its place, and one that was given up is left alone for an hour.
   */
  readonly news?: boolean;
}

/** Takes what is next. On a store that is `unflushed`. */
const take = reusable(
  1,
  (claim: string) => sql<JobRow & { readonly more: unknown }>`
    update jobs set state = 'running', claim = ${claim}, updated_at = ${now},
      held_until = ${inSeconds(leaseSeconds)}
    where id = (
      select id from jobs next
      where state = 'waiting' and ready_at <= ${now}
        and not exists (select 1 from jobs other where other.lane = next.lane and other.state = 'running')
        and not exists (select 1 from pauses where pauses.installation = next.installation and until > ${now})
      order by turn, priority, ready_at, id
      limit 1
      ${skipLocked}
    )
    returning *, ${unflushedHere}, exists (
      select 1 from jobs other where other.state = 'waiting' and other.ready_at <= ${now} and other.id <> jobs.id
    ) as more`,
);

export class JobQueue {
  readonly #db: Kysely<Tables>;
  readonly #insertNews = reusable(1, (rows: string) => jobsInserted(rows, true, 0));
  readonly #listeners = new Set<() => void>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Calls `listener` whenever this process has put work in the queue. @returns what stops it. */
  onWork(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the workers of this process to look now: to be called after a transaction that used `enqueue` with it. */
  wake(): void {
    for (const listener of this.#listeners) listener();
  }

  /**
   * Puts work in the queue, within `db` when it is a transaction of the caller's, who then calls `wake` after it.
   * Workers of other processes hear of it when it is committed (`jobsChannel`).
   */
  async enqueue(jobs: readonly NewJob[], options: EnqueueOptions, db = this.#db): Promise<void> {
    const { request, sender, news = true, after = 0 } = options;
    const since = options.since ?? new Date();
    const wanted = coalesced(jobs.map((job) => ({ job, request, since, ...defined({ sender }) })));
    const left = news ? wanted : await this.#notGivenUp(wanted, db);
    if (left.size > 0) await jobsInserted(jobRows([...left.values()]), news, after).execute(db);
    if (db === this.#db) this.wake();
  }

  /** Puts the work of several events in the queue at once, within `db`: news, each with its own request. */
  async enqueueEach(wanted: readonly WantedJob[], db: Kysely<Tables>): Promise<void> {
    if (wanted.length > 0) await this.#insertNews(db, jobRows([...coalesced(wanted).values()]));
  }

  async #notGivenUp(
    wanted: ReadonlyMap<string, WantedJob>,
    db: Kysely<Tables>,
  ): Promise<ReadonlyMap<string, WantedJob>> {
    if (wanted.size === 0) return wanted;
    const dead = await db
      .selectFrom('jobs')
      .select('key')
      .where('state', '=', 'dead')
      .where('updated_at', '>', inSeconds(-deadLetterRestSeconds))
      .where('key', 'in', [...wanted.keys()])
      .execute();
    const given = new Set(dead.map((row) => row.key));
    return new Map(Array.from(wanted).filter(([key]) => !given.has(key)));
  }

  /**
   * Takes the next job whose serial key is free and whose installation is not paused: of those who cause work, each has a
   * turn.
   *
   * @returns undefined when there is none now; `more`: others were due then, which may or may not be free to be taken
   */
  async claim(): Promise<(LeasedJob & { readonly more: boolean }) | undefined> {
    for (;;) {
      try {
        const [row] = await take(unflushed(this.#db), randomUUID());
        return row === undefined ? undefined : { ...leasedJobOf(row), more: Boolean(row.more) };
      } catch (error) {
        // Another process has just taken a job of the same serial key: look again.
        if (!isUniqueViolation(error)) throw error;
      }
    }
  }

  /** What the work is done under. @param signal fires when it is taken away */
  leaseOf({ job, claim }: LeasedJob, signal: AbortSignal): Lease {
    return jobLease(this.#db, { id: job.id, claim }, signal);
  }

  /** Keeps claims alive. @returns those that are still ours; work under any other must stop. */
  async renew(claims: readonly string[]): Promise<ReadonlySet<string>> {
    if (claims.length === 0) return new Set();
    const rows = await unflushed(this.#db)
      .updateTable('jobs')
      .set({ held_until: inSeconds(leaseSeconds) })
      .where('claim', 'in', claims)
      .where('state', '=', 'running')
      .returning('claim')
      .execute();
    return new Set(rows.flatMap((row) => row.claim ?? []));
  }

  /**
   * The work is done: the job goes, and with it what had been given up under the same key.
   *
   * @returns false when the claim had been lost.
   */
  async complete(claimed: LeasedJob): Promise<boolean> {
    const mine = sql`id = ${claimed.job.id} and claim = ${claimed.claim}`;
    const { rows } = await sql<{ id: number }>`
      delete from jobs where (${mine})
        or (key = ${claimed.dedupKey} and state = 'dead' and exists (select 1 from jobs where ${mine}))
      returning id`.execute(this.#db);
    return rows.some(({ id }) => id === claimed.job.id);
  }

  /**
   * Puts a job back, to be tried in `after` seconds. When newer work of the same key waits, that takes its place.
   * `counts: false` for a try that did not fail.
   */
  async reschedule(claimed: LeasedJob, after: number, error: string, counts = true): Promise<void> {
    await this.#return(
      claimed,
      sql`ready_at = ${inSeconds(after)}, attempts = attempts + ${counts ? 1 : 0},
        last_error = ${error}`,
    );
  }

  /** Back to waiting with those changes, or away when its place is taken. */
  async #return(held: LeasedJob, changes: ReturnType<typeof sql>, guard = sql`true`): Promise<void> {
    const mine = sql`id = ${held.job.id} and claim = ${held.claim} and ${guard}`;
    try {
      await sql`
        update jobs set state = 'waiting', claim = null, held_until = null, updated_at = ${now}, ${changes}
        where ${mine}`.execute(this.#db);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await sql`delete from jobs where ${mine}`.execute(this.#db);
    }
    this.wake();
  }

  /** Gives a job up, for an operator to look at. @returns false when the same had already been given up. */
  async giveUp(claimed: LeasedJob, error: string): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('jobs')
        .where('key', '=', claimed.dedupKey)
        .where('state', '=', 'dead')
        .executeTakeFirst();
      const { numUpdatedRows } = await transaction
        .updateTable('jobs')
        .set({
          state: 'dead',
          claim: null,
          held_until: null,
          last_error: error,
          attempts: sql`attempts + 1`,
          updated_at: now,
        })
        .where('id', '=', claimed.job.id)
        .where('claim', '=', claimed.claim)
        .executeTakeFirst();
      return numUpdatedRows > 0n && numDeletedRows === 0n;
    });
  }

  /**
   * Takes back what a vanished process held: claims that were not renewed in time, or every claim when `all` says
   * that no other process can be alive (the embedded store, at start).
   *
   * @returns the jobs given up because their process vanished too often.
   */
  async reclaimExpired(all = false): Promise<readonly LeasedJob[]> {
    const lapsed = all ? sql<boolean>`true` : sql<boolean>`held_until < ${now}`;
    const rows = await this.#db
      .selectFrom('jobs')
      .selectAll()
      .where('state', '=', 'running')
      .where(lapsed)
      .execute();
    const given: LeasedJob[] = [];
    for (const row of rows) {
      const lost = leasedJobOf(row);
      if (lost.losses + 1 < maxLosses) {
        await this.#return(lost, sql`losses = losses + 1, ready_at = ${now}`, lapsed);
      } else if (await this.giveUp(lost, `its process vanished ${maxLosses} times`)) {
        given.push(lost);
      }
    }
    return given;
  }
}

/**
 * The lease of a job, as a fence. A process may be paused for longer than its lease lasts (a stopped machine, a long
 * collection of garbage) and wake up in the middle of a job that another process has taken over and finished. So a job
 * is not given the store and the outer world, but these under its lease: every transaction begins with the proof that
 * the job is still ours, and so does every call. What is handed to the job has no other way to write.
 *
 * A transaction locks the job's row until it ends: nobody takes the job over in between. Between the proof and a call to
 * another system a window remains, since that system knows nothing of leases: a process that is paused right there
 * makes its call late. For a creation, which would leave a second client, the intent that is written under the lease
 * before the call says to whoever takes over that one may still come to be, and it is looked for and removed
 * (`reconciliation/duplicate-clients`); its answer is written nowhere, and told to nobody.
 */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { LeaseLost } from '#base/lease-lost';
import { inSeconds, lockShared, unflushed, unflushedHere } from '#infrastructure/database/per-engine';
import { reusableQuery } from '#infrastructure/database/reusable';
import type { Tables } from '#infrastructure/database/tables';

/** Seconds that a claim lasts unless it is renewed: how long the work of a killed process waits. */
export const leaseSeconds = 10;

/** The store, read freely and written in transactions only. A whole store is one too: of who holds no job. */
export interface FencedDatabase {
  readonly selectFrom: Kysely<Tables>['selectFrom'];
  transaction(): {
    execute<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  };
  /** What is unflushed and written by one statement needs no transaction around it. Absent: it does. */
  readonly writeUnflushed?: (statement: FencedStatement) => Promise<void>;
}

/**
 * A statement that writes only what it reads together with the row of `whileHeld`. Returns a row where it has written, and
 * `unflushedHere` in it.
 *
 * @param db of what is unflushed
 * @param claim of the job of that number
 */
export type FencedStatement = (db: Kysely<Tables>, job: number, claim: string) => Promise<readonly unknown[]>;

/** A table named `held`: of one row, which nobody changes meanwhile, as long as the job is held by that claim; else of none. */
export function whileHeld(job: number, claim: string): RawBuilder<unknown> {
  return sql`(select id from jobs where id = ${job} and claim = ${claim} and state = 'running' ${lockShared}) as held`;
}

export interface Lease {
  /** Fires when the work is taken away, as far as this process has noticed. */
  readonly signal: AbortSignal;
  /**
   * Proves that the work is still ours, and has the lease begin anew: to be called right before another system is.
   *
   * @throws LeaseLost
   */
  hold(): Promise<void>;
  /** Its transactions throw `LeaseLost`, and do nothing, once the work is no longer ours. */
  readonly database: FencedDatabase;
  /** The same, for what the job would do again if a power cut took it: see `unflushed`. */
  readonly unflushed: FencedDatabase;
}

/** On a store that is `unflushed`. */
const held = reusableQuery(2, (db, job: number, claim: string) =>
  db
    .updateTable('jobs')
    .set({ held_until: inSeconds(leaseSeconds) })
    .where('id', '=', job)
    .where('claim', '=', claim)
    .where('state', '=', 'running')
    .returning(unflushedHere),
);

/** @param claim the fencing token: drawn anew each time that the job is taken */
export function jobLease(
  db: Kysely<Tables>,
  { id, claim }: { readonly id: number; readonly claim: string },
  signal: AbortSignal,
): Lease {
  return {
    signal,
    async hold() {
      const ours = await held(unflushed(db), id, claim);
      if (ours.length === 0) throw new LeaseLost();
    },
    database: fenced(db, []),
    unflushed: {
      ...fenced(unflushed(db), [unflushedHere]),
      async writeUnflushed(statement) {
        if ((await statement(unflushed(db), id, claim)).length === 0) throw new LeaseLost();
      },
    },
  };

  function fenced(store: Kysely<Tables>, more: readonly (typeof unflushedHere)[]): FencedDatabase {
    return {
      selectFrom: store.selectFrom.bind(store),
      transaction: () => ({
        execute: (work) =>
          store.transaction().execute(async (transaction) => {
            const row = await transaction
              .selectFrom('jobs')
              .select(['id', ...more])
              .where('id', '=', id)
              .where('claim', '=', claim)
              .where('state', '=', 'running')
              .forShare()
              .executeTakeFirst();
            if (row === undefined) throw new LeaseLost();
            return work(transaction);
          }),
      }),
    };
  }
}

/** Of what begins to read before the job is taken: nothing is written under it, and nobody called. */
export function readingLease(db: Kysely<Tables>): Lease {
  const lost = async () => {
    throw new LeaseLost();
  };
  const database = { selectFrom: db.selectFrom.bind(db), transaction: () => ({ execute: lost }) };
  return { signal: AbortSignal.abort(), hold: lost, database, unflushed: database };
}

/** The same functions, each of which proves first that the work is still ours. */
export function holding<T extends object>(lease: Pick<Lease, 'hold'>, functions: T): T {
  const held = Object.entries(functions).map(([name, call]) => [
    name,
    typeof call === 'function'
      ? async (...given: readonly unknown[]) => {
          await lease.hold();
          return (call as (...given: readonly unknown[]) => unknown)(...given);
        }
      : call,
  ]);
  return Object.fromEntries(held) as T;
}

/**
 * Pull requests that are closed, and of whose doing nothing on the default branch is any more: what was known of them, what
 * their reviews showed, who was asked for these, and how their merge was told go together once they have been so for the whole
 * term.
 *
 * Only after a run that found out where everything up to the head came from: whatever was merged by then, and is still to be
 * provisioned, has its pull request named by its origin. A pull request that is reopened has its row written by its review:
 * either that comes first, and the row is open when it would go, or it writes it anew, as of one that is seen for the first time.
 */
import type { Transaction } from 'kysely';
import { inSeconds, now } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import { reviewersTopic } from '#infrastructure/database/topics';
import type { FencedDatabase } from '#infrastructure/queue/lease';

/** Rows that one sweep changes of each kind. */
const atOnce = 500;

export class ClosedPullStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of the job that reconciles: nothing else reads them meanwhile to decide on a merge */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  /**
   * @param term seconds
   * @returns how many pull requests were forgotten
   */
  forget(term: number): Promise<number> {
    const registry = this.#registry;
    return this.#db.transaction().execute(async (transaction) => {
      await noteUnused(transaction, registry);
      const due = await closedOnes(transaction, registry)
        .where('unused_since', '<', inSeconds(-term))
        .where('number', 'not in', namedByOrigins(transaction, registry))
        .limit(atOnce)
        .forUpdate()
        .skipLocked()
        .execute();
      const numbers = due.map(({ number }) => number);
      if (numbers.length > 0) await deletePulls(transaction, registry, numbers);
      await forgetMerges(transaction, registry);
      return numbers.length;
    });
  }
}

async function deletePulls(
  db: Transaction<Tables>,
  registry: string,
  numbers: readonly number[],
): Promise<void> {
  await db.deleteFrom('pulls').where('repo', '=', registry).where('number', 'in', numbers).execute();
  await db.deleteFrom('shown_plans').where('registry', '=', registry).where('pull', 'in', numbers).execute();
  const topics = numbers.map((number) => `${reviewersTopic}${number}`);
  await db.deleteFrom('topics').where('registry', '=', registry).where('topic', 'in', topics).execute();
}

/** Notes since when those are unused that are so now, and takes it back of those that are not. */
async function noteUnused(db: Transaction<Tables>, registry: string): Promise<void> {
  const named = namedByOrigins(db, registry);
  await db
    .updateTable('pulls')
    .set({ unused_since: null })
    .where('repo', '=', registry)
    .where(({ not, ref }) => not(ref('open')))
    .where('unused_since', 'is not', null)
    .where('number', 'in', named)
    .execute();
  const fresh = closedOnes(db, registry)
    .where('unused_since', 'is', null)
    .where('number', 'not in', named)
    .limit(atOnce)
    .forUpdate()
    .skipLocked();
  const numbers = (await fresh.execute()).map(({ number }) => number);
  if (numbers.length > 0)
    await db
      .updateTable('pulls')
      .set({ unused_since: now })
      .where('repo', '=', registry)
      .where('number', 'in', numbers)
      .execute();
}

/** Merges that no origin names, and whose pull request is forgotten, or never was judged. */
async function forgetMerges(db: Transaction<Tables>, registry: string): Promise<void> {
  const past = db
    .selectFrom('merges')
    .select('pull')
    .where('registry', '=', registry)
    .where('pull', 'not in', namedByOrigins(db, registry))
    .where('pull', 'not in', db.selectFrom('pulls').select('number').where('repo', '=', registry))
    .limit(atOnce);
  await db.deleteFrom('merges').where('registry', '=', registry).where('pull', 'in', past).execute();
}

function closedOnes(db: Transaction<Tables>, registry: string) {
  return db
    .selectFrom('pulls')
    .select('number')
    .where('repo', '=', registry)
    .where(({ not, ref }) => not(ref('open')));
}

/** The pull requests to which definitions owe what they are. */
function namedByOrigins(db: Transaction<Tables>, registry: string) {
  return db
    .selectFrom('origins')
    .select(({ ref }) => ref('pull').$notNull().as('pull'))
    .where('registry', '=', registry)
    .where('pull', 'is not', null);
}

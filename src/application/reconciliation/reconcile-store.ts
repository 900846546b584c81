/** What reconciling stores besides the ledger: origins of definitions, what was shown, confirmed and published. */

import { type Kysely, sql } from 'kysely';
import { defined } from '#base/defined';
import type { Cause } from '#domain/provisioning/ledger';
import type { Plan } from '#domain/provisioning/plan';
import { clientKey } from '#domain/provisioning/plan';
import type { Tables } from '#infrastructure/database/tables';

export interface Origin {
  readonly client: string;
  /** Undefined once the definition is gone. */
  readonly blob?: string;
  readonly commit: string;
  readonly pull?: number;
  readonly head?: string;
}

/** A pull request that was merged, and who approved it. */
export interface Merge {
  readonly pull: number;
  /** The commit that the merge made on the default branch. */
  readonly commit: string;
  readonly author: string;
  readonly approvedBy: readonly string[];
}

/** A deployment of GitHub's, by which the outcome is seen beside the environment. */
export interface RecordedDeployment {
  readonly id: number;
  readonly state: string;
}

export interface RecordedMerge extends Merge {
  readonly published?: string;
  readonly deployments: Readonly<Record<string, RecordedDeployment>>;
}

export class ReconcileStore {
  readonly #db: Kysely<Tables>;
  readonly #registry: string;

  constructor(db: Kysely<Tables>, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  /** The commit that was reconciled last. */
  async reconciledCommit(): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('reconciliations')
      .select('commit')
      .where('registry', '=', this.#registry)
      .executeTakeFirst();
    return row?.commit;
  }

  async origins(): Promise<ReadonlyMap<string, Origin>> {
    const rows = await this.#db
      .selectFrom('origins')
      .selectAll()
      .where('registry', '=', this.#registry)
      .execute();
    return new Map(
      rows.map((row) => [
        row.client,
        defined({
          client: row.client,
          commit: row.commit,
          blob: row.blob ?? undefined,
          pull: row.pull ?? undefined,
          head: row.head ?? undefined,
        }),
      ]),
    );
  }

  /** Notes where what changed came from, and moves on to the commit, all or nothing. */
  async advance(commit: string, changed: readonly Origin[], merges: readonly Merge[]): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      for (const origin of changed) {
        const row = {
          blob: origin.blob ?? null,
          commit: origin.commit,
          pull: origin.pull ?? null,
          head: origin.head ?? null,
        };
        await transaction
          .insertInto('origins')
          .values({ registry, client: origin.client, ...row })
          .onConflict((conflict) => conflict.columns(['registry', 'client']).doUpdateSet(row))
          .execute();
      }
      for (const { pull, commit: merged, author, approvedBy } of merges)
        await transaction
          .insertInto('merges')
          .values({
            registry,
            pull,
            commit: merged,
            facts: JSON.stringify({ author, approvedBy }),
            published: null,
            deployments: '{}',
          })
          .onConflict((conflict) => conflict.columns(['registry', 'pull']).doNothing())
          .execute();
      await transaction
        .insertInto('reconciliations')
        .values({ registry, commit })
        .onConflict((conflict) => conflict.column('registry').doUpdateSet({ commit, at: sql`now()` }))
        .execute();
    });
  }

  async findMerge(pull: number): Promise<RecordedMerge | undefined> {
    const row = await this.#db
      .selectFrom('merges')
      .selectAll()
      .where('registry', '=', this.#registry)
      .where('pull', '=', pull)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const facts = row.facts as Pick<Merge, 'author' | 'approvedBy'>;
    return {
      pull,
      commit: row.commit,
      ...facts,
      deployments: row.deployments as Record<string, RecordedDeployment>,
      ...defined({ published: row.published ?? undefined }),
    };
  }

  /** Merged pull requests whose outcome was never published. */
  async unpublished(): Promise<readonly number[]> {
    const rows = await this.#db
      .selectFrom('merges')
      .select('pull')
      .where('registry', '=', this.#registry)
      .where('published', 'is', null)
      .execute();
    return rows.map((row) => row.pull);
  }

  async markPublished(
    pull: number,
    published: string,
    deployments: RecordedMerge['deployments'],
  ): Promise<void> {
    await this.#db
      .updateTable('merges')
      .set({ published, deployments: JSON.stringify(deployments) })
      .where('registry', '=', this.#registry)
      .where('pull', '=', pull)
      .execute();
  }

  /** Remembers what the review of a pull request shows for a commit of it. */
  async saveShownPlan(pull: number, head: string, plan: Plan): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .deleteFrom('shown_plans')
        .where('registry', '=', registry)
        .where('pull', '=', pull)
        .where('head', '=', head)
        .execute();
      for (const step of plan.steps)
        await transaction
          .insertInto('shown_plans')
          .values({
            registry,
            pull,
            head,
            client: clientKey(step),
            digest: step.digest,
            step: JSON.stringify(step),
          })
          .execute();
    });
  }

  /** By client, the digest of what the review of the pull request that brought it showed last. */
  async shownDigests(origins: Iterable<Origin>): Promise<ReadonlyMap<string, string>> {
    const from = [...origins].filter((origin) => origin.pull !== undefined && origin.head !== undefined);
    const shown = new Map<string, string>();
    if (from.length === 0) return shown;
    const heads = [...new Set(from.flatMap((origin) => origin.head ?? []))];
    const rows = await this.#db
      .selectFrom('shown_plans')
      .select(['client', 'digest', 'pull', 'head'])
      .where('registry', '=', this.#registry)
      .where('head', 'in', heads)
      .execute();
    for (const origin of from) {
      const row = rows.find(
        (one) => one.client === origin.client && one.pull === origin.pull && one.head === origin.head,
      );
      if (row !== undefined) shown.set(origin.client, row.digest);
    }
    return shown;
  }

  async saveConfirmation(digest: string, by: string): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('confirmations')
        .values({ registry: this.#registry, digest, by })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await transaction
        .insertInto('audit')
        .values({
          registry: this.#registry,
          cell: null,
          client: null,
          entry: JSON.stringify({ what: 'confirmed', digest, by }),
        })
        .execute();
    });
  }

  /** A confirmation is good for one time: the same drift that comes back is asked about again. */
  async consumeConfirmations(digests: readonly string[]): Promise<void> {
    if (digests.length === 0) return;
    await this.#db
      .deleteFrom('confirmations')
      .where('registry', '=', this.#registry)
      .where('digest', 'in', [...digests])
      .execute();
  }

  async confirmedDigests(): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom('confirmations')
      .select('digest')
      .where('registry', '=', this.#registry)
      .execute();
    return new Set(rows.map((row) => row.digest));
  }

  /** Notes how many clients of each served cell differ from the registry; of other cells nothing is known any more. */
  async saveDrift(clients: ReadonlyMap<string, number>): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('drift').where('registry', '=', registry).execute();
      const rows = Array.from(clients, ([cell, count]) => ({ registry, cell, clients: count }));
      if (rows.length > 0) await transaction.insertInto('drift').values(rows).execute();
    });
  }

  /** The issue about a matter, and the digest of what it says; undefined when the matter never came up. */
  async findTopic(topic: string): Promise<{ readonly issue?: number; readonly digest: string } | undefined> {
    const row = await this.#db
      .selectFrom('topics')
      .selectAll()
      .where('registry', '=', this.#registry)
      .where('topic', '=', topic)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return defined({ digest: row.digest, issue: row.issue ?? undefined });
  }

  async saveTopic(topic: string, issue: number | undefined, digest: string): Promise<void> {
    const row = { issue: issue ?? null, digest };
    await this.#db
      .insertInto('topics')
      .values({ registry: this.#registry, topic, ...row })
      .onConflict((conflict) => conflict.columns(['registry', 'topic']).doUpdateSet(row))
      .execute();
  }
}

/** The audit trail, oldest first: of one definition (its id) or of all. */
export async function* auditTrail(db: Kysely<Tables>, id?: string): AsyncGenerator<Record<string, unknown>> {
  let after = 0;
  for (;;) {
    let query = db.selectFrom('audit').selectAll().where('number', '>', after).orderBy('number').limit(500);
    if (id !== undefined) query = query.where('client', '=', id);
    const rows = await query.execute();
    for (const { number, at, registry, entry } of rows)
      yield { number: Number(number), at: at.toISOString(), registry, ...entry };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.number);
  }
}

/** Why a step is taken, from what is known of its origin. */
export function causeOf(origin: Origin | undefined, merge: RecordedMerge | undefined, commit: string): Cause {
  if (origin?.pull === undefined) return { commit };
  return {
    commit: origin.commit,
    pull: origin.pull,
    ...defined({ author: merge?.author, approvedBy: merge?.approvedBy }),
  };
}

/** What people may confirm, and what they confirmed: each good for one time. */
import { recordAudit } from '#application/ledger/audit-trail';
import { rowBatches } from '#infrastructure/database/row-batches';
import { storableJson } from '#infrastructure/database/storable-json';
import { topicDigest, waitingTopic, writeTopic } from '#infrastructure/database/topics';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { accountsIn, accountsText } from './accounts-column.ts';

/** What the last whole run left waiting. */
export interface WaitingSteps {
  /** What the default branch was by then. */
  readonly commit?: string;
  /** By client, the digest of its step. */
  readonly steps: Readonly<Record<string, string>>;
}

export class ConfirmationStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  /** What a person may confirm from now on, and nothing else. */
  async saveConfirmable(
    digests: ReadonlyMap<string, readonly string[]>,
    waiting: WaitingSteps = { steps: {} },
  ): Promise<void> {
    const registry = this.#registry;
    const rows = Array.from(digests, ([digest, authors]) => ({
      registry,
      digest,
      author: accountsText(authors),
    }));
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('confirmable').where('registry', '=', registry).execute();
      for (const batch of rowBatches(rows))
        await transaction.insertInto('confirmable').values(batch).execute();
      await writeTopic(transaction, registry, waitingTopic, storableJson(waiting));
    });
  }

  async waiting(): Promise<WaitingSteps> {
    const kept = await topicDigest(this.#db, this.#registry, waitingTopic);
    return kept === undefined ? { steps: {} } : (JSON.parse(kept) as WaitingSteps);
  }

  /** Whose change a digest is of that may be confirmed now; undefined when there is nothing to confirm by it. */
  async findConfirmable(digest: string): Promise<{ readonly authors: readonly string[] } | undefined> {
    const row = await this.#db
      .selectFrom('confirmable')
      .select('author')
      .where('registry', '=', this.#registry)
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row === undefined ? undefined : { authors: accountsIn(row.author) };
  }

  async save(digest: string, by: string): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('confirmations')
        .values({ registry: this.#registry, digest, by })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await recordAudit(transaction, this.#registry, { what: 'confirmed', digest, by });
    });
  }

  /** Confirms each of those for which one digest stands that was confirmed. */
  async share(digest: string, each: readonly string[]): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      const given = await transaction
        .selectFrom('confirmations')
        .select('by')
        .where('registry', '=', registry)
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (given === undefined) return;
      for (const batch of rowBatches(each.map((one) => ({ registry, digest: one, by: given.by }))))
        await transaction
          .insertInto('confirmations')
          .values(batch)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
    });
  }

  /** A confirmation is good for one time: what comes back is asked about again. */
  async consume(digests: readonly string[]): Promise<void> {
    if (digests.length === 0) return;
    await this.#db.transaction().execute((transaction) =>
      transaction
        .deleteFrom('confirmations')
        .where('registry', '=', this.#registry)
        .where('digest', 'in', [...digests])
        .execute(),
    );
  }

  async digests(): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom('confirmations')
      .select('digest')
      .where('registry', '=', this.#registry)
      .execute();
    return new Set(rows.map((row) => row.digest));
  }
}

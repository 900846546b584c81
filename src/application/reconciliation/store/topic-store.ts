/** Matters of which an issue may tell: its number, and the digest of what it says. */
import { defined } from '#base/defined';
import { topicsUnder, writeTopic } from '#infrastructure/database/topics';
import type { FencedDatabase } from '#infrastructure/queue/lease';

export class TopicStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  /** The issue about a matter, and the digest of what it says; undefined when the matter never came up. */
  async find(topic: string): Promise<{ readonly issue?: number; readonly digest: string } | undefined> {
    const row = await this.#db
      .selectFrom('topics')
      .selectAll()
      .where('registry', '=', this.#registry)
      .where('topic', '=', topic)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return defined({ digest: row.digest, issue: row.issue ?? undefined });
  }

  /** The digests of the matters whose names begin so, by the rest of the name. */
  async under(prefix: string): Promise<ReadonlyMap<string, string>> {
    return topicsUnder(this.#db, this.#registry, prefix);
  }

  async save(topic: string, issue: number | undefined, digest: string): Promise<void> {
    await this.#db
      .transaction()
      .execute((transaction) => writeTopic(transaction, this.#registry, topic, digest, issue));
  }
}

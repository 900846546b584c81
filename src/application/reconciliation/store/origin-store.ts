/** Where the definitions as they are now come from, and up to which commit that is known. */
import { defined } from '#base/defined';
import type { Word } from '#domain/provisioning/approval-gate';
import { now } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { accountsIn, accountsText } from './accounts-column.ts';
import type { Merge } from './merge-store.ts';

/** Where a definition as it is now comes from, and on whose word it is so. */
export interface Origin {
  readonly client: string;
  /** Undefined once the definition is gone. */
  readonly blob?: string;
  readonly commit: string;
  readonly pull?: number;
  readonly head?: string;
  readonly word: Word['kind'];
  /** The accounts whose change it is, as GitHub numbers them; none where nobody was asked. */
  readonly authors: readonly string[];
}

export class OriginStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
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

  async all(): Promise<ReadonlyMap<string, Origin>> {
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
          word: row.word,
          authors: accountsIn(row.author),
        }),
      ]),
    );
  }

  /** The cells that were ever served: what comes to one while it is not served is nobody's word when it is again. */
  async servedCells(): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom('served_cells')
      .select('cell')
      .where('registry', '=', this.#registry)
      .execute();
    return new Set(rows.map(({ cell }) => cell));
  }

  /**
   * Notes where what changed came from, and moves on to the commit, all or nothing.
   *
   * @param served the cells that are served now
   */
  async advance(
    commit: string,
    changed: readonly Origin[],
    merges: readonly Merge[],
    served: Iterable<string>,
  ): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      for (const origin of changed) {
        const row = {
          blob: origin.blob ?? null,
          commit: origin.commit,
          pull: origin.pull ?? null,
          head: origin.head ?? null,
          word: origin.word,
          author: accountsText(origin.authors),
        };
        await transaction
          .insertInto('origins')
          .values({ registry, client: origin.client, ...row })
          .onConflict((conflict) => conflict.columns(['registry', 'client']).doUpdateSet(row))
          .execute();
      }
      for (const { pull, commit: merged, author, approvedBy, approved } of merges)
        await transaction
          .insertInto('merges')
          .values({
            registry,
            pull,
            commit: merged,
            facts: storableJson({ author, approvedBy, approved }),
            published: null,
            deployments: '{}',
          })
          .onConflict((conflict) => conflict.columns(['registry', 'pull']).doNothing())
          .execute();
      const cells = Array.from(served, (cell) => ({ registry, cell }));
      if (cells.length > 0)
        await transaction
          .insertInto('served_cells')
          .values(cells)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      await transaction
        .insertInto('reconciliations')
        .values({ registry, commit })
        .onConflict((conflict) => conflict.column('registry').doUpdateSet({ commit }))
        .execute();
    });
  }

  /** Notes that every client of every cell was compared with the registry just now, where nothing changed as well. */
  async compared(): Promise<void> {
    await this.#db
      .transaction()
      .execute((transaction) =>
        transaction
          .updateTable('reconciliations')
          .set({ at: now })
          .where('registry', '=', this.#registry)
          .execute(),
      );
  }
}

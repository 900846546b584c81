/** What the reviews of pull requests have shown: by it, what is applied is held against what people saw. */
import { definitionsFolder } from '#domain/definition/cell';
import { clientKey, type Step } from '#domain/provisioning/plan';
import { rowBatches } from '#infrastructure/database/row-batches';
import { storableJson } from '#infrastructure/database/storable-json';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import type { Origin } from './origin-store.ts';

export interface ShownStep {
  readonly digest: string;
  readonly decisions: readonly string[];
}

export class ShownPlanStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  /**
   * Remembers what the review of a pull request shows for a commit of it, and forgets what it showed for commits of it before,
   * unless one of them was merged: whoever pushes without end would fill the disk with them.
   *
   * @param decisions by path, what outside answers gave people to decide
   */
  async save(
    pull: number,
    head: string,
    steps: readonly Step[],
    decisions: ReadonlyMap<string, readonly string[]> = new Map(),
  ): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .deleteFrom('shown_plans')
        .where('registry', '=', registry)
        .where('pull', '=', pull)
        .where(({ or, eb, selectFrom }) =>
          or([
            eb('head', '=', head),
            eb(
              'head',
              'not in',
              selectFrom('origins')
                .select('head')
                .where('registry', '=', registry)
                .where('pull', '=', pull)
                .where('head', 'is not', null),
            ),
          ]),
        )
        .execute();
      const rows = steps.map((step) => {
        const client = clientKey(step);
        const kept = { ...step, decisions: decisions.get(`${definitionsFolder}/${client}.yaml`) ?? [] };
        return { registry, pull, head, client, digest: step.digest, step: storableJson(kept) };
      });
      for (const batch of rowBatches(rows))
        await transaction.insertInto('shown_plans').values(batch).execute();
    });
  }

  /** The clients of which reviews of these commits showed something, by commit. */
  async clients(heads: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const shown = new Map<string, Set<string>>();
    for (const slice of rowBatches([...new Set(heads)])) {
      const rows = await this.#db
        .selectFrom('shown_plans')
        .select(['head', 'client'])
        .where('registry', '=', this.#registry)
        .where('head', 'in', slice)
        .execute();
      for (const { head, client } of rows) shown.set(head, (shown.get(head) ?? new Set()).add(client));
    }
    return shown;
  }

  /** By client, the digest of what the review of the pull request that brought it showed last. */
  async digests(origins: Iterable<Origin>): Promise<ReadonlyMap<string, string>> {
    return new Map(Array.from(await this.steps(origins), ([client, { digest }]) => [client, digest]));
  }

  /** By client: the step that the review of the pull request that brought it showed, and what people had to decide by it. */
  async steps(origins: Iterable<Origin>): Promise<ReadonlyMap<string, ShownStep>> {
    const from = [...origins].filter((origin) => origin.pull !== undefined && origin.head !== undefined);
    const shown = new Map<string, ShownStep>();
    if (from.length === 0) return shown;
    const heads = [...new Set(from.flatMap((origin) => origin.head ?? []))];
    const rows = await this.#db
      .selectFrom('shown_plans')
      .select(['client', 'digest', 'pull', 'head', 'step'])
      .where('registry', '=', this.#registry)
      .where('head', 'in', heads)
      .execute();
    for (const origin of from) {
      const row = rows.find(
        (one) => one.client === origin.client && one.pull === origin.pull && one.head === origin.head,
      );
      // An earlier version did not say what there was to decide: nobody knows that anyone did.
      const { decisions = [] } = (row?.step ?? {}) as { decisions?: readonly string[] };
      if (row !== undefined) shown.set(origin.client, { digest: row.digest, decisions });
    }
    return shown;
  }
}

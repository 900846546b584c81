/** The pull requests that were merged, who approved them, and what of their outcome was published. */
import { defined } from '#base/defined';
import { storableJson } from '#infrastructure/database/storable-json';
import type { FencedDatabase } from '#infrastructure/queue/lease';

/** A pull request that was merged, and who approved it. */
export interface Merge {
  readonly pull: number;
  /** The commit that the merge made on the default branch. */
  readonly commit: string;
  readonly author: string;
  readonly approvedBy: readonly string[];
  /** Whether those whom the settings ask for production had approved it; absent in what older versions recorded. */
  readonly approved?: boolean;
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

export class MergeStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  async find(pull: number): Promise<RecordedMerge | undefined> {
    const row = await this.#db
      .selectFrom('merges')
      .selectAll()
      .where('registry', '=', this.#registry)
      .where('pull', '=', pull)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const facts = row.facts as Pick<Merge, 'author' | 'approvedBy' | 'approved'>;
    return {
      pull,
      commit: row.commit,
      ...facts,
      deployments: row.deployments as Record<string, RecordedDeployment>,
      ...defined({ published: row.published ?? undefined }),
    };
  }

  async markPublished(
    pull: number,
    published: string,
    deployments: RecordedMerge['deployments'],
  ): Promise<void> {
    await this.#db.transaction().execute((transaction) =>
      transaction
        .updateTable('merges')
        .set({ published, deployments: storableJson(deployments) })
        .where('registry', '=', this.#registry)
        .where('pull', '=', pull)
        .execute(),
    );
  }

  /** By pull request: whether it had the approvals of production, as was found when its merge was recorded. */
  async approved(productionApprovals: number): Promise<ReadonlySet<number>> {
    const rows = await this.#db
      .selectFrom('merges')
      .select(['pull', 'facts'])
      .where('registry', '=', this.#registry)
      .execute();
    return new Set(
      rows.flatMap(({ pull, facts }) => {
        const { approved, approvedBy } = facts as Pick<Merge, 'approvedBy' | 'approved'>;
        return (approved ?? approvedBy.length >= productionApprovals) ? [pull] : [];
      }),
    );
  }
}

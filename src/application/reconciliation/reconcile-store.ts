/** What reconciling stores besides the ledger: origins of definitions, what was shown, confirmed and published. */

import type { Kysely } from 'kysely';
import { type AgreedSettings, agreedSettings, saveAgreedSettings } from '#application/mirror/agreed-settings';
import { recordChange } from '#application/mirror/base-branch-changes';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import { definitionsFolder } from '#domain/definition/cell';
import type { Word } from '#domain/provisioning/approval-gate';
import type { Cause } from '#domain/provisioning/ledger';
import type { Plan } from '#domain/provisioning/plan';
import { clientKey } from '#domain/provisioning/plan';
import { type Freeze, freezeMark, freezesAt, markedFreeze } from '#domain/registry/freeze';
import { now } from '#infrastructure/database/per-engine';
import { rowBatches } from '#infrastructure/database/row-batches';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import {
  freezeTopic,
  liveCheckTopic,
  topicsUnder,
  unknownClientsTopic,
  writeTopic,
} from '#infrastructure/database/topics';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import type { LiveCheck } from './live-checks.ts';
import type { UnknownClients } from './unknown-clients.ts';

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

export interface ShownStep {
  readonly digest: string;
  readonly decisions: readonly string[];
}

export class ReconcileStore {
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
          author: origin.authors.join(' ') || null,
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

  async findMerge(pull: number): Promise<RecordedMerge | undefined> {
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
    await this.#db.transaction().execute((transaction) =>
      transaction
        .updateTable('merges')
        .set({ published, deployments: storableJson(deployments) })
        .where('registry', '=', this.#registry)
        .where('pull', '=', pull)
        .execute(),
    );
  }

  /**
   * Remembers what the review of a pull request shows for a commit of it.
   *
   * @param decisions by path, what outside answers gave people to decide
   */
  async saveShownPlan(
    pull: number,
    head: string,
    plan: Plan,
    decisions: ReadonlyMap<string, readonly string[]> = new Map(),
  ): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .deleteFrom('shown_plans')
        .where('registry', '=', registry)
        .where('pull', '=', pull)
        .where('head', '=', head)
        .execute();
      const rows = plan.steps.map((step) => {
        const client = clientKey(step);
        const kept = { ...step, decisions: decisions.get(`${definitionsFolder}/${client}.yaml`) ?? [] };
        return { registry, pull, head, client, digest: step.digest, step: storableJson(kept) };
      });
      for (const batch of rowBatches(rows))
        await transaction.insertInto('shown_plans').values(batch).execute();
    });
  }

  /** The clients of which reviews of these commits showed something, by commit. */
  async clientsShown(heads: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
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

  /** By pull request: whether it had the approvals of production, as was found when its merge was recorded. */
  async approvedMerges(productionApprovals: number): Promise<ReadonlySet<number>> {
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

  /** By client, the digest of what the review of the pull request that brought it showed last. */
  async shownDigests(origins: Iterable<Origin>): Promise<ReadonlyMap<string, string>> {
    return new Map(Array.from(await this.shownSteps(origins), ([client, { digest }]) => [client, digest]));
  }

  /** By client: the step that the review of the pull request that brought it showed, and what people had to decide by it. */
  async shownSteps(origins: Iterable<Origin>): Promise<ReadonlyMap<string, ShownStep>> {
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

  /** What a person may confirm from now on, and nothing else. */
  async saveConfirmable(digests: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const registry = this.#registry;
    const rows = Array.from(digests, ([digest, authors]) => ({
      registry,
      digest,
      author: authors.join(' ') || null,
    }));
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('confirmable').where('registry', '=', registry).execute();
      for (const batch of rowBatches(rows))
        await transaction.insertInto('confirmable').values(batch).execute();
    });
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
          entry: storableJson({ what: 'confirmed', digest, by }),
        })
        .execute();
    });
  }

  /** Confirms each of those for which one digest stands that was confirmed. */
  async shareConfirmation(digest: string, each: readonly string[]): Promise<void> {
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
  async consumeConfirmations(digests: readonly string[]): Promise<void> {
    if (digests.length === 0) return;
    await this.#db.transaction().execute((transaction) =>
      transaction
        .deleteFrom('confirmations')
        .where('registry', '=', this.#registry)
        .where('digest', 'in', [...digests])
        .execute(),
    );
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

  /** Whether a cell is frozen, by the settings as they were reconciled last. @param at milliseconds since 1970 */
  async isFrozen(cell: CellName, at: number): Promise<boolean> {
    const mark = (await this.findTopic(`${freezeTopic}${cell}`))?.digest ?? '';
    return mark !== '' && freezesAt([{ cell, ...markedFreeze(mark) }], at).length > 0;
  }

  /**
   * Notes which cells are frozen, in the audit trail too when that changes; what open pull requests say of a freeze that
   * is over is then said anew.
   *
   * @returns the cells whose freeze began, was changed or ended
   */
  async recordFreezes(
    cells: Iterable<CellName>,
    freezes: readonly Freeze[],
    commit: string,
  ): Promise<readonly CellName[]> {
    const registry = this.#registry;
    const changed: CellName[] = [];
    const known = await this.topics(freezeTopic);
    for (const cell of cells) {
      const freeze = freezes.find((one) => one.cell === cell);
      const digest = freeze === undefined ? '' : freezeMark(freeze);
      const topic = `${freezeTopic}${cell}`;
      if ((known.get(cell) ?? '') === digest) continue;
      changed.push(cell);
      await this.#db.transaction().execute(async (transaction) => {
        await writeTopic(transaction, registry, topic, digest);
        const what = freeze === undefined ? { what: 'thawed' } : { what: 'frozen', ...freeze };
        const entry = storableJson({ ...what, cell, commit });
        await transaction.insertInto('audit').values({ registry, cell, client: null, entry }).execute();
        if (freeze === undefined) await recordChange(transaction, registry, 'everything');
      });
    }
    return changed;
  }

  /** What carries Greffier's address in a cell, and is no definition's, as the last list told it. */
  async unknownClients(cell: CellName): Promise<UnknownClients> {
    const known = await this.findTopic(`${unknownClientsTopic}${cell}`);
    return known === undefined ? { count: 0, first: [] } : (JSON.parse(known.digest) as UnknownClients);
  }

  async saveUnknownClients(cell: CellName, clients: UnknownClients): Promise<void> {
    await this.saveTopic(`${unknownClientsTopic}${cell}`, undefined, storableJson(clients));
  }

  /** What was agreed of the settings; undefined before the first look. */
  agreedSettings(): Promise<AgreedSettings | undefined> {
    return agreedSettings(this.#db, this.#registry);
  }

  /**
   * Notes what is agreed of the settings from now on, in the audit trail too.
   *
   * @param entry on whose word
   * @param isLooser what open pull requests ask for is said anew
   */
  async saveAgreedSettings(
    agreed: AgreedSettings,
    entry: Readonly<Record<string, unknown>>,
    isLooser = false,
  ): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      await saveAgreedSettings(transaction, registry, agreed);
      await transaction
        .insertInto('audit')
        .values({ registry, cell: null, client: null, entry: storableJson(entry) })
        .execute();
      if (isLooser) await recordChange(transaction, registry, 'everything');
    });
  }

  /** What public services said of live clients, by client. */
  async liveChecks(): Promise<ReadonlyMap<string, LiveCheck>> {
    return new Map(
      Array.from(await this.topics(liveCheckTopic), ([client, digest]) => [
        client,
        JSON.parse(digest) as LiveCheck,
      ]),
    );
  }

  /** @param client `network/environment/id` @param before what was remembered: what is new is added to the audit trail */
  async saveLiveCheck(client: string, check: LiveCheck, before?: LiveCheck): Promise<void> {
    const registry = this.#registry;
    const id = client.slice(client.lastIndexOf('/') + 1);
    const cell = client.slice(0, -id.length - 1);
    await this.#db.transaction().execute(async (transaction) => {
      await writeTopic(transaction, registry, `${liveCheckTopic}${client}`, storableJson(check));
      if (check.objection === before?.objection) return;
      const what = check.objection === undefined ? 'no-objection' : 'objection';
      const entry = storableJson({ what, cell, id, ...defined({ text: check.objection }) });
      await transaction.insertInto('audit').values({ registry, cell, client: id, entry }).execute();
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

  /** The digests of the matters whose names begin so, by the rest of the name. */
  async topics(prefix: string): Promise<ReadonlyMap<string, string>> {
    return topicsUnder(this.#db, this.#registry, prefix);
  }

  async saveTopic(topic: string, issue: number | undefined, digest: string): Promise<void> {
    const row = { issue: issue ?? null, digest };
    await this.#db.transaction().execute((transaction) =>
      transaction
        .insertInto('topics')
        .values({ registry: this.#registry, topic, ...row })
        .onConflict((conflict) => conflict.columns(['registry', 'topic']).doUpdateSet(row))
        .execute(),
    );
  }
}

function accountsIn(column: string | null): readonly string[] {
  return column === null ? [] : column.split(' ');
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

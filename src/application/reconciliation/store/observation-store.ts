/** What runs find of cells and clients, remembered so that what is new is told, and once: drift, freezes, strangers, objections. */
import { recordAudit } from '#application/ledger/audit-trail';
import { recordChange } from '#application/mirror/base-branch-changes';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import { type Freeze, freezeMark, freezesAt, markedFreeze } from '#domain/registry/freeze';
import { storableJson } from '#infrastructure/database/storable-json';
import {
  freezeTopic,
  liveCheckTopic,
  topicDigest,
  topicsUnder,
  unknownClientsTopic,
  writeTopic,
} from '#infrastructure/database/topics';
import type { FencedDatabase } from '#infrastructure/queue/lease';

/** What public services said of a live client. */
export interface LiveCheck {
  /** Milliseconds since 1970: when it was asked about, or when it first had to be. */
  readonly at: number;
  /** What services object, as Markdown. */
  readonly objection?: string;
}

export interface UnknownClient {
  readonly clientId: string;
  readonly name: string;
}

/** What carries Greffier's address in a cell, and is no definition's. `first`: by their ids, no more than a person reads. */
export interface UnknownClients {
  readonly count: number;
  readonly first: readonly UnknownClient[];
}

export class ObservationStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
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
    const mark = (await topicDigest(this.#db, this.#registry, `${freezeTopic}${cell}`)) ?? '';
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
    const known = await topicsUnder(this.#db, registry, freezeTopic);
    for (const cell of cells) {
      const freeze = freezes.find((one) => one.cell === cell);
      const digest = freeze === undefined ? '' : freezeMark(freeze);
      const topic = `${freezeTopic}${cell}`;
      if ((known.get(cell) ?? '') === digest) continue;
      changed.push(cell);
      await this.#db.transaction().execute(async (transaction) => {
        await writeTopic(transaction, registry, topic, digest);
        const what = freeze === undefined ? { what: 'thawed' } : { what: 'frozen', ...freeze };
        await recordAudit(transaction, registry, { ...what, cell, commit });
        if (freeze === undefined) await recordChange(transaction, registry, 'everything');
      });
    }
    return changed;
  }

  /** What carries Greffier's address in a cell, and is no definition's, as the last list told it. */
  async unknownClients(cell: CellName): Promise<UnknownClients> {
    const known = await topicDigest(this.#db, this.#registry, `${unknownClientsTopic}${cell}`);
    return known === undefined ? { count: 0, first: [] } : (JSON.parse(known) as UnknownClients);
  }

  async saveUnknownClients(cell: CellName, clients: UnknownClients): Promise<void> {
    const topic = `${unknownClientsTopic}${cell}`;
    await this.#db
      .transaction()
      .execute((transaction) => writeTopic(transaction, this.#registry, topic, storableJson(clients)));
  }

  /** What public services said of live clients, by client. */
  async liveChecks(): Promise<ReadonlyMap<string, LiveCheck>> {
    return new Map(
      Array.from(await topicsUnder(this.#db, this.#registry, liveCheckTopic), ([client, digest]) => [
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
      const entry = { what, cell, id, ...defined({ text: check.objection }) };
      await recordAudit(transaction, registry, entry, { cell, client: id });
    });
  }
}

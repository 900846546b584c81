/** What is remembered of services whose contacts are asked, in the store: each change with its mail and its trace, all or nothing. */
import { randomUUID } from 'node:crypto';
import { type ExpressionBuilder, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { putInOutbox } from '#application/ledger/outbox-rows';
import { defined } from '#base/defined';
import type { Recertification, RecertificationStep } from '#domain/provisioning/recertification';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import { recertifyTopic, topicDigest, topicsUnder } from '#infrastructure/database/topics';
import type { FencedDatabase } from '#infrastructure/queue/lease';

/** The facts of a mail that asks: plain, storable, without any secret. */
export interface RecertificationMailFacts {
  readonly notice: 'recertify';
  readonly step: 'asked' | 'reminded';
  readonly name: string;
  readonly to: readonly string[];
  readonly clientId: string;
  /** Milliseconds since 1970: by when an answer is asked for. */
  readonly answerBy: number;
  /** The number of the pull request or issue in which it can be answered, where one is known. */
  readonly pull?: number;
  readonly issue?: number;
}

/** What is remembered, and the text by which it is found unchanged. */
export interface Remembered {
  readonly state: Recertification;
  readonly text: string;
}

/** Whose word it is that a service still lives: an account at GitHub, or someone who is signed in at the front desk. */
export type KeptBy =
  | { readonly by: string; readonly account: number; readonly comment: number }
  | { readonly person: string };

export interface RecertificationStoreOptions {
  /** Under the lease of a job, where a job writes it. */
  readonly db: FencedDatabase;
  readonly registry: string;
  /** Called within the transaction that puts a mail in the outbox. */
  readonly onMail?: (id: string, transaction: Transaction<Tables>) => Promise<void>;
  /** Called within the transaction in which someone answered. */
  readonly onKept?: (transaction: Transaction<Tables>) => Promise<void>;
}

/** The events since which a service is known to live, where nothing is remembered of it yet. */
const lifeSigns = ['create', 'update', 'revive', 'recorded', 'adopted', 'kept'];

export class RecertificationStore {
  readonly #options: RecertificationStoreOptions;

  constructor(options: RecertificationStoreOptions) {
    this.#options = options;
  }

  /** By client (`network/environment/id`). */
  async all(): Promise<ReadonlyMap<string, Remembered>> {
    const { db, registry } = this.#options;
    return remembered(db, registry);
  }

  /** By client: when something last showed that its service lives, as the audit trail knows it. */
  async lifeSigns(): Promise<ReadonlyMap<string, number>> {
    const { db, registry } = this.#options;
    const rows = await db
      .selectFrom('audit')
      .select(['cell', 'client', (query) => query.fn.max('at').as('last')])
      .where('registry', '=', registry)
      .where('client', 'is not', null)
      .where(sql<boolean>`entry ->> 'what' in (${sql.join(lifeSigns)})`)
      .groupBy(['cell', 'client'])
      .execute();
    return new Map(rows.map(({ cell, client, last }) => [`${cell}/${client}`, +new Date(last)]));
  }

  /** Begins to count for a client of which nothing is remembered. */
  async begin(client: string, state: Recertification): Promise<void> {
    await this.#options.db.transaction().execute((transaction) =>
      transaction
        .insertInto('topics')
        .values({
          registry: this.#options.registry,
          topic: `${recertifyTopic}${client}`,
          issue: null,
          digest: storableJson(state),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
  }

  /**
   * @param before what it replaces: where someone else was first, nothing is done
   * @param after nothing is remembered any more when absent
   * @param done what is done by it, for the audit trail, and the mail that says so
   * @returns whether it was replaced
   */
  async replace(
    client: string,
    before: Remembered,
    after: Recertification | undefined,
    done?: { readonly step: RecertificationStep; readonly mail?: RecertificationMailFacts },
  ): Promise<boolean> {
    const { db, registry, onMail } = this.#options;
    return db.transaction().execute(async (transaction) => {
      if (!(await this.#swap(transaction, client, before, after))) return false;
      if (after?.asked === undefined) await this.#withdrawMails(transaction, client);
      if (done === undefined) return true;
      await this.#trace(transaction, client, { what: `recertify-${done.step}` });
      if (done.mail === undefined) return true;
      const { cell, id: name } = placeOfClient(client);
      const id = randomUUID();
      await putInOutbox(transaction, { id, registry, cell, client: name, facts: done.mail });
      await onMail?.(id, transaction);
      return true;
    });
  }

  /**
   * The settings ask no more. Whoever was written to is asked again a period later, however often the settings come and go;
   * whoever was not, since no mail left meanwhile, as soon as they ask again.
   */
  async stopAsking(client: string, before: Remembered): Promise<void> {
    const { asked, from, blob } = before.state;
    await this.#options.db.transaction().execute(async (transaction) => {
      const waits = await this.#isQuestionWaiting(transaction, client);
      const since = waits || asked === undefined ? from : asked;
      // Where someone else was first, their mail is theirs.
      if (await this.#swap(transaction, client, before, { from: since, ...defined({ blob }) }))
        await this.#withdrawMails(transaction, client);
    });
  }

  /** Someone says that the service still lives. @returns false when nobody asked, or no longer does */
  async keep(client: string, who: KeptBy, now: number): Promise<boolean> {
    const { db, registry } = this.#options;
    const text = await topicDigest(db, registry, `${recertifyTopic}${client}`);
    const known = text === undefined ? undefined : rememberedAs(text);
    if (known?.state.asked === undefined) return false;
    const { blob } = known.state;
    const comment = 'comment' in who ? who.comment : undefined;
    return db.transaction().execute(async (transaction) => {
      const after = { from: now, ...defined({ blob, comment }) };
      if (!(await this.#swap(transaction, client, known, after))) return false;
      await this.#withdrawMails(transaction, client);
      await this.#trace(transaction, client, { what: 'kept', ...who });
      await this.#options.onKept?.(transaction);
      return true;
    });
  }

  async #swap(
    transaction: Transaction<Tables>,
    client: string,
    { text }: Remembered,
    after: Recertification | undefined,
  ): Promise<boolean> {
    const topic = `${recertifyTopic}${client}`;
    const { registry } = this.#options;
    if (after === undefined) {
      const { numDeletedRows } = await transaction
        .deleteFrom('topics')
        .where('registry', '=', registry)
        .where('topic', '=', topic)
        .where('digest', '=', text)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    }
    const { numUpdatedRows } = await transaction
      .updateTable('topics')
      .set({ digest: storableJson(after) })
      .where('registry', '=', registry)
      .where('topic', '=', topic)
      .where('digest', '=', text)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Of a client, the mails that ask and did not leave yet. */
  #isWaiting(client: string) {
    const { cell, id } = placeOfClient(client);
    return ({ and, eb }: ExpressionBuilder<Tables, 'mails'>) =>
      and([
        eb('registry', '=', this.#options.registry),
        eb('cell', '=', cell),
        eb('client', '=', id),
        eb('state', '=', 'waiting'),
        sql<SqlBool>`facts ->> 'notice' = 'recertify'`,
      ]);
  }

  /** Whether the question itself did not leave: whoever waits for a reminder only was asked. */
  async #isQuestionWaiting(transaction: Transaction<Tables>, client: string): Promise<boolean> {
    const waiting = transaction
      .selectFrom('mails')
      .select('id')
      .where(this.#isWaiting(client))
      .where(sql<SqlBool>`facts ->> 'step' = 'asked'`);
    return (await waiting.executeTakeFirst()) !== undefined;
  }

  /** What did not leave yet asks nothing any more: there may have been no mail server for a while. */
  async #withdrawMails(transaction: Transaction<Tables>, client: string): Promise<void> {
    await transaction.deleteFrom('mails').where(this.#isWaiting(client)).execute();
  }

  async #trace(
    transaction: Transaction<Tables>,
    client: string,
    entry: { readonly what: string },
  ): Promise<void> {
    const { cell, id } = placeOfClient(client);
    await transaction
      .insertInto('audit')
      .values({
        registry: this.#options.registry,
        cell,
        client: id,
        entry: storableJson({ cell, id, ...entry }),
      })
      .execute();
  }
}

/** The services whose contacts were asked and have not answered, with the moment of the question. */
export async function askedServices(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
): Promise<ReadonlyMap<string, Date>> {
  return new Map(
    [...(await remembered(db, registry))].flatMap(([client, { state }]) =>
      state.asked === undefined ? [] : [[client, new Date(state.asked)] as const],
    ),
  );
}

async function remembered(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
): Promise<ReadonlyMap<string, Remembered>> {
  const all = await topicsUnder(db, registry, recertifyTopic);
  return new Map(Array.from(all, ([client, text]) => [client, rememberedAs(text)]));
}

function rememberedAs(text: string): Remembered {
  return { text, state: JSON.parse(text) as Recertification };
}

function placeOfClient(client: string): { readonly cell: string; readonly id: string } {
  const at = client.lastIndexOf('/');
  return { cell: client.slice(0, at), id: client.slice(at + 1) };
}

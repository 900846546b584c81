/** Requests of the front desk in the store: each change with the work that it causes, all or nothing. */
import { randomUUID } from 'node:crypto';
import type { Selectable, Transaction, Updateable } from 'kysely';
import { withoutSecrets } from '#domain/definition/parse/secret-scan';
import type { Vault } from '#domain/provisioning/provider';
import { now } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type {
  RequestAnswersTable,
  RequestRemark,
  RequestState,
  RequestsTable,
  ToldOfRequest,
} from '#infrastructure/database/tables/front-desk';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { type Applicant, openApplicant, sealApplicant } from './applicant.ts';
import { hasMaxAnswers, hasMaxRequests } from './max-requests.ts';
import { baseColumns, type Correction, type NewRequest } from './request-base.ts';
import { type RequestNews, writeMail } from './request-news.ts';
import { living, takesAnswers, wasTold } from './request-state.ts';

export type StoredRequest = Selectable<RequestsTable>;
export type StoredAnswer = Selectable<RequestAnswersTable>;

export interface RequestStoreOptions {
  /** Under the lease of a job, where a job writes it. */
  readonly db: FencedDatabase;
  /** The key of the registry's rows. */
  readonly registry: string;
  readonly vault: Vault;
  /** Called within the transaction that leaves something to do for a request of a person's. */
  readonly onWork: (request: number, person: string, transaction: Transaction<Tables>) => Promise<void>;
  /** Called within the transaction in which it becomes known whose word a pull request is. */
  readonly onPull: (pull: number, person: string, transaction: Transaction<Tables>) => Promise<void>;
  /** Called within the transaction after which there is something to look at on a pull request, in so many seconds. */
  readonly onLater: (pull: number, seconds: number, transaction: Transaction<Tables>) => Promise<void>;
  /** Called within the transaction that puts a mail in the outbox. */
  readonly onMail: (id: string, transaction: Transaction<Tables>) => Promise<void>;
}

export class RequestStore {
  readonly #options: RequestStoreOptions;

  constructor(options: RequestStoreOptions) {
    this.#options = options;
  }

  under(db: FencedDatabase): RequestStore {
    return new RequestStore({ ...this.#options, db });
  }

  /**
   * @returns its number: the same for the same form of the same person; undefined for somebody else's; `too-many` when
   * they have as many as one may have
   */
  async create(wanted: NewRequest): Promise<number | 'too-many' | undefined> {
    const { db, registry, vault, onWork } = this.#options;
    return db.transaction().execute(async (transaction) => {
      const sameForm = () =>
        transaction
          .selectFrom('requests')
          .select(['number', 'person'])
          .where('id', '=', wanted.id)
          .where('registry', '=', registry)
          .executeTakeFirst();
      const there = await sameForm();
      if (there !== undefined) return there.person === wanted.person ? there.number : undefined;
      if (await hasMaxRequests(transaction, registry, wanted.person)) return 'too-many';
      const made = await transaction
        .insertInto('requests')
        .values({
          id: wanted.id,
          registry,
          person: wanted.person,
          applicant: sealApplicant(vault, wanted.id, wanted.applicant),
          path: wanted.path,
          wanted: wanted.wanted,
          ...baseColumns(wanted.base),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('number')
        .executeTakeFirst();
      if (made !== undefined) {
        await onWork(made.number, wanted.person, transaction);
        return made.number;
      }
      // The same form, at the same moment.
      const twin = await sameForm();
      return twin?.person === wanted.person ? twin.number : undefined;
    });
  }

  /** A person's own requests, the last one first. */
  async ofPerson(person: string): Promise<readonly StoredRequest[]> {
    return this.#all().where('person', '=', person).orderBy('number', 'desc').execute();
  }

  /** Undefined when there is none, or when it is somebody else's: nobody is told which. */
  async ofPersonNumbered(person: string, number: number): Promise<StoredRequest | undefined> {
    return this.#all().where('person', '=', person).where('number', '=', number).executeTakeFirst();
  }

  async numbered(number: number): Promise<StoredRequest | undefined> {
    return this.#all().where('number', '=', number).executeTakeFirst();
  }

  async ofPull(pull: number): Promise<StoredRequest | undefined> {
    return this.#all().where('pull', '=', pull).executeTakeFirst();
  }

  /** Those to which something can still happen at GitHub, and those that were merged and whose keys were not told yet. */
  async unfinished(): Promise<readonly StoredRequest[]> {
    const rows = await this.#all()
      .where('state', 'in', ['sending', 'open', 'withdrawing', 'merged'])
      .execute();
    return rows.filter(({ state, told }) => state !== 'merged' || !wasTold(told, 'keys'));
  }

  applicantOf(request: StoredRequest): Applicant | undefined {
    return openApplicant(this.#options.vault, request.id, request.applicant);
  }

  /**
   * The file as the person has it now, what they began from, where that is known anew, and the word of who they are now:
   * their address and their organization may be others since. @returns false when it is too late, or not theirs
   */
  async correct({ person, applicant, wanted, base }: Correction, number: number): Promise<boolean> {
    const request = await this.ofPersonNumbered(person, number);
    if (request === undefined) return false;
    const sealed = sealApplicant(this.#options.vault, request.id, applicant);
    return this.#change(person, number, { wanted, applicant: sealed, ...baseColumns(base) });
  }

  /** What others did is part of what is wanted now. @returns false when the person corrected it meanwhile */
  async joined({ number, wanted }: StoredRequest, together: string | null): Promise<boolean> {
    return this.#options.db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('requests')
        .set({ wanted: together })
        .where('number', '=', number)
        .where('wanted', '=', wanted)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  /** @returns false when it is too late, or not theirs */
  async withdraw(person: string, number: number): Promise<boolean> {
    return this.#change(person, number, { state: 'withdrawing', state_at: new Date() });
  }

  async #change(person: string, number: number, change: Updateable<RequestsTable>): Promise<boolean> {
    const { db, registry, onWork } = this.#options;
    return db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('requests')
        .set(change)
        .where('registry', '=', registry)
        .where('person', '=', person)
        .where('number', '=', number)
        .where('state', 'in', living)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await onWork(number, person, transaction);
      return true;
    });
  }

  /**
   * @param id drawn with the form: the same answer is written down once
   * @returns false when it is too late, or not theirs; `too-many` when they have answered as often as one may in an hour
   */
  async answer(person: string, number: number, id: string, text: string): Promise<boolean | 'too-many'> {
    const { db, onWork } = this.#options;
    const request = await this.ofPersonNumbered(person, number);
    if (request === undefined || !takesAnswers(request)) return false;
    return db.transaction().execute(async (transaction) => {
      if (await hasMaxAnswers(transaction, number, id)) return 'too-many';
      await transaction
        .insertInto('request_answers')
        // PostgreSQL takes no U+0000, and nobody means it; what looks like a secret would be anybody's to read for ever.
        .values({ id, request: number, text: withoutSecrets(text.replaceAll('\u0000', '')) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      await onWork(number, person, transaction);
      return true;
    });
  }

  async answers(number: number): Promise<readonly StoredAnswer[]> {
    return this.#options.db
      .selectFrom('request_answers')
      .selectAll()
      .where('request', '=', number)
      .orderBy('at')
      .orderBy('id')
      .execute();
  }

  async answerPosted(id: string): Promise<void> {
    await this.#options.db
      .transaction()
      .execute((transaction) =>
        transaction.updateTable('request_answers').set({ posted: true }).where('id', '=', id).execute(),
      );
  }

  /** Writes down how far the work on a request is; of its state, only `sent` and `follow` decide. */
  async save(number: number, change: Omit<Updateable<RequestsTable>, 'state'>): Promise<void> {
    await this.#options.db
      .transaction()
      .execute((transaction) =>
        transaction.updateTable('requests').set(change).where('number', '=', number).execute(),
      );
  }

  /** The pull request is there. What was withdrawn meanwhile stays so. */
  async sent(number: number, pull: number): Promise<void> {
    await this.#options.db.transaction().execute(async (transaction) => {
      const { person } = await transaction
        .updateTable('requests')
        .set({ pull })
        .where('number', '=', number)
        .returning('person')
        .executeTakeFirstOrThrow();
      await transaction
        .updateTable('requests')
        .set({ state: 'open', state_at: now })
        .where('number', '=', number)
        .where('state', '=', 'sending')
        .execute();
      await this.#options.onPull(pull, person, transaction);
    });
  }

  /** What a verdict said of the pull request, if it is one of the desk's. */
  async saveReview(pull: number, review: object): Promise<void> {
    const request = await this.ofPull(pull);
    if (request === undefined) return;
    await this.#options.db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('requests')
        .set({ review: storableJson(review) })
        .where('number', '=', request.number)
        .execute();
      await this.#options.onWork(request.number, request.person, transaction);
    });
  }

  /**
   * What became of a request, and the mails about what was not told yet, all or nothing.
   *
   * @param restMs milliseconds until the rest is to be told; undefined when there is none
   */
  async follow(
    request: StoredRequest,
    found: {
      readonly state: RequestState;
      readonly talk: readonly RequestRemark[];
      readonly told: ToldOfRequest;
    },
    news: readonly RequestNews[],
    restMs?: number,
  ): Promise<void> {
    const { db, registry, onMail, onLater } = this.#options;
    await db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('requests')
        .set({
          state: found.state,
          talk: storableJson(found.talk),
          told: storableJson(found.told),
          ...(found.state !== request.state && { state_at: now }),
        })
        .where('number', '=', request.number)
        .where('state', '=', request.state)
        .executeTakeFirst();
      // Withdrawn meanwhile: that has its own work.
      if (numUpdatedRows === 0n) return;
      for (const about of news) {
        const id = randomUUID();
        await writeMail(transaction, registry, { id, request, about });
        await onMail(id, transaction);
      }
      if (restMs !== undefined && request.pull !== null)
        await onLater(request.pull, Math.ceil(restMs / 1000), transaction);
    });
  }

  #all() {
    return this.#options.db.selectFrom('requests').selectAll().where('registry', '=', this.#options.registry);
  }
}

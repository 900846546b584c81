/** The ledger in the store: accounts, audit trail, outbox and handovers, each change all or nothing. */
import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { handoverDays, newToken, tokenHash } from '#application/handover/link-token';
import type { Account, Happening, Ledger, Notice } from '#domain/provisioning/ledger';
import { purposeOf, type Sealed, type Subject, type Vault } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables/queue';

/** What a mail is about: plain, storable, without any secret. */
export interface MailFacts {
  readonly notice: Notice;
  readonly name: string;
  readonly to: readonly string[];
  readonly clientId: string;
  readonly handle: string;
}

/** The purpose under which the token of a link is sealed in the outbox. */
export function tokenPurpose(mail: string): string {
  return `mail/${mail}#token`;
}

export interface LedgerOptions<T extends Tables> {
  readonly db: Kysely<T>;
  readonly registry: string;
  readonly vault: Vault;
  /** Called within the transaction that puts a mail in the outbox. */
  readonly onMail?: (id: string, transaction: Transaction<T>) => Promise<void>;
}

export class StoredLedger implements Ledger {
  readonly #db: Kysely<Tables>;
  readonly #registry: string;
  readonly #vault: Vault;
  readonly #onMail: (id: string, transaction: Transaction<Tables>) => Promise<void>;

  constructor(options: LedgerOptions<Tables>) {
    this.#db = options.db;
    this.#registry = options.registry;
    this.#vault = options.vault;
    this.#onMail = options.onMail ?? (async () => undefined);
  }

  async load(subject: Subject): Promise<Account | undefined> {
    const row = await this.#db
      .selectFrom('clients')
      .select('account')
      .where('registry', '=', this.#registry)
      .where('cell', '=', subject.cell)
      .where('id', '=', subject.id)
      .executeTakeFirst();
    return row === undefined ? undefined : (row.account as Account);
  }

  /** Every account of the registry. */
  async all(): Promise<readonly Account[]> {
    const rows = await this.#db
      .selectFrom('clients')
      .select('account')
      .where('registry', '=', this.#registry)
      .orderBy('cell')
      .orderBy('id')
      .execute();
    return rows.map((row) => row.account as Account);
  }

  /** Whether this was brought about by this comment before. */
  async happened({ cell, id, what, comment }: Happening): Promise<boolean> {
    if (comment === undefined) return false;
    const row = await this.#db
      .selectFrom('audit')
      .select('number')
      .where('registry', '=', this.#registry)
      .where('client', '=', id)
      .where(sql<boolean>`entry @> ${JSON.stringify({ cell, what, comment })}::jsonb`)
      .executeTakeFirst();
    return row !== undefined;
  }

  async save(account: Account, happening?: Happening, notice?: Notice): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      const told = notice === undefined ? account : await this.#tell(transaction, account, notice);
      const kept = this.#resealed(told);
      const row = {
        state: kept.state,
        client_id: kept.clientId ?? null,
        request: kept.request?.name ?? null,
        account: JSON.stringify(kept),
      };
      await transaction
        .insertInto('clients')
        .values({ registry: this.#registry, cell: kept.cell, id: kept.id, ...row })
        .onConflict((conflict) =>
          conflict.columns(['registry', 'cell', 'id']).doUpdateSet({ ...row, updated_at: sql`now()` }),
        )
        .execute();
      if (happening !== undefined) await this.#remember(transaction, happening);
    });
  }

  async drop(account: Account, happening: Happening, notice?: Notice): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      if (notice !== undefined) await this.#tell(transaction, account, notice);
      await transaction
        .updateTable('handovers')
        .set({ secret: null, replaced_at: sql`now()` })
        .where('registry', '=', this.#registry)
        .where('cell', '=', account.cell)
        .where('id', '=', account.id)
        .where('revealed_at', 'is', null)
        .execute();
      await transaction
        .deleteFrom('clients')
        .where('registry', '=', this.#registry)
        .where('cell', '=', account.cell)
        .where('id', '=', account.id)
        .execute();
      await this.#remember(transaction, happening);
    });
  }

  async #remember(transaction: Transaction<Tables>, happening: Happening): Promise<void> {
    await transaction
      .insertInto('audit')
      .values({
        registry: this.#registry,
        cell: happening.cell,
        client: happening.id,
        entry: JSON.stringify(happening),
      })
      .execute();
  }

  /** An account that was read before a change of keys must not bring the former one back. */
  #resealed(account: Account): Account {
    const { secret, management } = account;
    const anew = (sealed: Sealed, what: Parameters<typeof purposeOf>[1]) =>
      this.#vault.renewed(sealed, purposeOf(account, what));
    return {
      ...account,
      ...(secret === undefined ? {} : { secret: anew(secret, 'client-secret') }),
      ...(management === undefined ? {} : { management: anew(management, 'management') }),
    };
  }

  /**
   * Puts a mail in the outbox, and, when there is a secret to hand over, moves it behind a new link: older links of
   * the client stop working.
   */
  async #tell(transaction: Transaction<Tables>, account: Account, notice: Notice): Promise<Account> {
    const { clientId, handle, wanted } = account;
    if (clientId === undefined || handle === undefined || wanted === undefined) return account;
    const id = randomUUID();
    const token = account.secret === undefined ? undefined : newToken();
    if (token !== undefined && account.secret !== undefined)
      await this.#handOver(
        transaction,
        {
          ...account,
          clientId,
          secret: this.#vault.renewed(account.secret, purposeOf(account, 'client-secret')),
        },
        token,
        wanted.client_name,
      );
    const facts: MailFacts = { notice, name: wanted.client_name, to: wanted.contacts, clientId, handle };
    await transaction
      .insertInto('mails')
      .values({
        id,
        registry: this.#registry,
        cell: account.cell,
        client: account.id,
        facts: JSON.stringify(facts),
        token: token === undefined ? null : this.#vault.seal(token, tokenPurpose(id)),
        state: 'waiting',
      })
      .execute();
    await this.#onMail(id, transaction);
    const { secret: _, ...rest } = account;
    return rest;
  }

  async #handOver(
    transaction: Transaction<Tables>,
    client: Subject & { readonly clientId: string; readonly secret: Sealed },
    token: string,
    name: string,
  ): Promise<void> {
    await transaction
      .updateTable('handovers')
      .set({ secret: null, replaced_at: sql`now()` })
      .where('registry', '=', this.#registry)
      .where('cell', '=', client.cell)
      .where('id', '=', client.id)
      .where('revealed_at', 'is', null)
      .execute();
    await transaction
      .insertInto('handovers')
      .values({
        token_hash: tokenHash(token),
        registry: this.#registry,
        cell: client.cell,
        id: client.id,
        client_id: client.clientId,
        name,
        secret: client.secret,
        expires_at: sql<Date>`now() + make_interval(days => ${handoverDays})`,
      })
      .execute();
  }
}

/** The ledger in the store: accounts, audit trail, outbox and handovers, each change all or nothing. */
import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import {
  type AuditEvent,
  type ClientAccount,
  type Ledger,
  type MailKind,
  newAccount,
  type RequestEnd,
} from '#domain/provisioning/ledger';
import { type ClientRef, type Sealed, sealingPurpose, type Vault } from '#domain/provisioning/provider';
import { now, waitForTurn } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { createLink, endLinks, type LinkToken, waitsForLink, withoutStrayLink } from './links.ts';

/** What a mail is about: plain, storable, without any secret. */
export interface MailFacts {
  /** Stored under this name. */
  readonly notice: MailKind;
  readonly name: string;
  readonly to: readonly string[];
  readonly clientId: string;
  readonly handle: string;
}

/** The purpose under which the token of a link is sealed in the outbox. */
export function tokenSealingPurpose(mail: string): string {
  return `mail/${mail}#token`;
}

/** Where the clients of a cell were made. */
export interface CellServer {
  readonly server: string;
  /** Another server, which the configuration names now. */
  readonly asked?: string;
}

export interface LedgerOptions {
  /** Under the lease of a job, where a job writes it. */
  readonly db: FencedDatabase;
  readonly registry: string;
  readonly vault: Vault;
  /** A link that was never used before. */
  readonly newLink: () => LinkToken;
  /** Called within the transaction that puts a mail in the outbox. */
  readonly onMail?: (id: string, transaction: Transaction<Tables>) => Promise<void>;
}

export class SqlLedger implements Ledger {
  readonly #db: FencedDatabase;
  readonly #registry: string;
  readonly #vault: Vault;
  readonly #newLink: () => LinkToken;
  readonly #onMail: (id: string, transaction: Transaction<Tables>) => Promise<void>;

  constructor(options: LedgerOptions) {
    this.#db = options.db;
    this.#registry = options.registry;
    this.#vault = options.vault;
    this.#newLink = options.newLink;
    this.#onMail = options.onMail ?? (async () => undefined);
  }

  async load(ref: ClientRef): Promise<ClientAccount | undefined> {
    const row = await this.#db
      .selectFrom('clients')
      .select('account')
      .where('registry', '=', this.#registry)
      .where('cell', '=', ref.cell)
      .where('id', '=', ref.id)
      .executeTakeFirst();
    return row === undefined ? undefined : (row.account as ClientAccount);
  }

  async holdersOf({ handle, clientId }: Parameters<Ledger['holdersOf']>[0]): Promise<readonly ClientRef[]> {
    const rows = await this.#db
      .selectFrom('clients')
      .select(['cell', 'id'])
      .where('registry', '=', this.#registry)
      .where((where) =>
        where.or([where('client_id', '=', clientId), sql<boolean>`account ->> 'handle' = ${handle}`]),
      )
      .execute();
    return rows.map(({ cell, id }) => ({ cell: cell as CellName, id }));
  }

  /** By cell, the server at which its clients were made. */
  async servers(): Promise<ReadonlyMap<string, CellServer>> {
    const rows = await this.#db
      .selectFrom('cell_servers')
      .select(['cell', 'server', 'asked'])
      .where('registry', '=', this.#registry)
      .execute();
    return new Map(
      rows.map(({ cell, server, asked }) => [cell, { server, ...(asked !== null && { asked }) }]),
    );
  }

  /** @param by the operator who says so; absent when no client was made anywhere yet */
  async saveServer(cell: CellName, { server, asked }: CellServer, by?: string): Promise<void> {
    const registry = this.#registry;
    const row = { server, asked: asked ?? null };
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('cell_servers')
        .values({ registry, cell, ...row })
        .onConflict((conflict) => conflict.columns(['registry', 'cell']).doUpdateSet({ ...row, at: now }))
        .execute();
      if (by === undefined) return;
      const entry = storableJson({ cell, what: 'server-moved', server, by });
      await transaction.insertInto('audit').values({ registry, cell, client: null, entry }).execute();
    });
  }

  /** Every account of the registry. */
  async all(): Promise<readonly ClientAccount[]> {
    const rows = await this.#db
      .selectFrom('clients')
      .select('account')
      .where('registry', '=', this.#registry)
      .orderBy('cell')
      .orderBy('id')
      .execute();
    return rows.map((row) => row.account as ClientAccount);
  }

  /** Whether this comment caused this event before. */
  async wasRecorded({ cell, id, what, comment }: AuditEvent): Promise<boolean> {
    if (comment === undefined) return false;
    const row = await this.#db
      .selectFrom('audit')
      .select('number')
      .where('registry', '=', this.#registry)
      .where('client', '=', id)
      .where('cell', '=', cell)
      .where(sql<boolean>`entry ->> 'what' = ${what}`)
      .where(sql<boolean>`cast(entry ->> 'comment' as text) = ${String(comment)}`)
      .executeTakeFirst();
    return row !== undefined;
  }

  async save(account: ClientAccount, event?: AuditEvent, mailKind?: MailKind): Promise<ClientAccount> {
    return this.#db.transaction().execute((transaction) => this.#save(transaction, account, event, mailKind));
  }

  /**
   * Writes the account of a client that exists already, where nothing of the definition was begun, and the client is that
   * of no other.
   *
   * @returns whether it was written
   */
  async saveAdopted(account: ClientAccount, event: AuditEvent): Promise<boolean> {
    const registry = this.#registry;
    const { cell, id } = account;
    return this.#db.transaction().execute(async (transaction) => {
      if (await this.#isOfAnother(transaction, account)) return false;
      await transaction
        .insertInto('clients')
        .values({ registry, cell, id, state: 'begun', account: storableJson(newAccount({ cell, id })) })
        .onConflict((conflict) => conflict.columns(['registry', 'cell', 'id']).doNothing())
        .execute();
      const free = await transaction
        .updateTable('clients')
        .set({ state: 'begun' })
        .where('registry', '=', registry)
        .where('cell', '=', cell)
        .where('id', '=', id)
        .where('state', '=', 'begun')
        .where('client_id', 'is', null)
        .where('request', 'is', null)
        .where(sql<boolean>`account ->> 'intent' is null`)
        .executeTakeFirst();
      if (free.numUpdatedRows === 0n) return false;
      await this.#save(transaction, account, event, undefined);
      return true;
    });
  }

  /** Whether a client is recorded for another definition. Nobody records another one before the transaction ends. */
  async #isOfAnother(
    transaction: Transaction<Tables>,
    { cell, id, clientId = '', handle = clientId }: ClientAccount,
  ): Promise<boolean> {
    await waitForTurn(transaction, `clients of ${this.#registry}`);
    const holder = await transaction
      .selectFrom('clients')
      .select('id')
      .where('registry', '=', this.#registry)
      .where((where) =>
        where.or([where('client_id', '=', clientId), sql<boolean>`account ->> 'handle' = ${handle}`]),
      )
      .where((where) => where.or([where('cell', '!=', cell), where('id', '!=', id)]))
      .executeTakeFirst();
    return holder !== undefined;
  }

  async drop(account: ClientAccount, event: AuditEvent, mailKind?: MailKind): Promise<void> {
    await this.#db.transaction().execute((transaction) => this.#drop(transaction, account, event, mailKind));
  }

  async endRequest(request: string, { account, dropped, event, mailKind }: RequestEnd): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      if (!dropped && (await this.#isOfAnother(transaction, account))) return false;
      // Whoever is second waits for the row, and then finds the request ended.
      const still = await transaction
        .updateTable('clients')
        .set({ request: null })
        .where('registry', '=', this.#registry)
        .where('cell', '=', account.cell)
        .where('id', '=', account.id)
        .where('request', '=', request)
        .executeTakeFirst();
      if (still.numUpdatedRows === 0n) return false;
      if (dropped) await this.#drop(transaction, account, event, mailKind);
      else await this.#save(transaction, account, event, mailKind);
      return true;
    });
  }

  async #save(
    transaction: Transaction<Tables>,
    given: ClientAccount,
    event: AuditEvent | undefined,
    givenKind: MailKind | undefined,
  ): Promise<ClientAccount> {
    const account = await withoutStrayLink(transaction, this.#registry, given, event);
    const mailKind = givenKind ?? (waitsForLink(account) ? 'renewed' : undefined);
    const cleared =
      mailKind === undefined ? account : await this.#enqueueMail(transaction, account, mailKind);
    const stored = this.#reseal(cleared);
    const row = {
      state: stored.state,
      client_id: stored.clientId ?? null,
      request: stored.request?.name ?? null,
      account: storableJson(stored),
    };
    await transaction
      .insertInto('clients')
      .values({ registry: this.#registry, cell: stored.cell, id: stored.id, ...row })
      .onConflict((conflict) =>
        conflict.columns(['registry', 'cell', 'id']).doUpdateSet({ ...row, updated_at: now }),
      )
      .execute();
    if (event !== undefined) await this.#appendAudit(transaction, event);
    return stored;
  }

  async #drop(
    transaction: Transaction<Tables>,
    account: ClientAccount,
    event: AuditEvent,
    mailKind: MailKind | undefined,
  ): Promise<void> {
    if (mailKind !== undefined) await this.#enqueueMail(transaction, account, mailKind);
    await endLinks(transaction, this.#registry, account);
    await transaction
      .deleteFrom('clients')
      .where('registry', '=', this.#registry)
      .where('cell', '=', account.cell)
      .where('id', '=', account.id)
      .execute();
    await this.#appendAudit(transaction, event);
  }

  async #appendAudit(transaction: Transaction<Tables>, event: AuditEvent): Promise<void> {
    await transaction
      .insertInto('audit')
      .values({
        registry: this.#registry,
        cell: event.cell,
        client: event.id,
        entry: storableJson(event),
      })
      .execute();
  }

  /** An account that was read before a change of keys must not bring the former one back. */
  #reseal(account: ClientAccount): ClientAccount {
    const { secret, management } = account;
    const resealed = (sealed: Sealed | undefined, what: Parameters<typeof sealingPurpose>[1]) =>
      sealed === undefined ? undefined : this.#vault.reseal(sealed, sealingPurpose(account, what));
    return {
      ...account,
      ...defined({
        secret: resealed(secret, 'client-secret'),
        management: resealed(management, 'management'),
      }),
    };
  }

  /**
   * Puts a mail in the outbox, and, when there is a secret to hand over, moves it behind a new link: older links of
   * the client stop working.
   */
  async #enqueueMail(
    transaction: Transaction<Tables>,
    account: ClientAccount,
    mailKind: MailKind,
  ): Promise<ClientAccount> {
    const { clientId, handle, wanted } = account;
    if (clientId === undefined || handle === undefined || wanted === undefined) return account;
    const id = randomUUID();
    let token: string | undefined;
    // Whoever hears that a client is gone gets no keys of it.
    const handsOver = mailKind !== 'deactivated' && mailKind !== 'deleted';
    if (account.secret !== undefined && handsOver) {
      const secret = this.#vault.reseal(account.secret, sealingPurpose(account, 'client-secret'));
      const link = this.#newLink();
      token = link.token;
      const facts = { ...account, clientId, secret, name: wanted.client_name };
      await createLink(transaction, this.#registry, facts, link);
    }
    const facts: MailFacts = {
      notice: mailKind,
      name: wanted.client_name,
      to: wanted.contacts,
      clientId,
      handle,
    };
    await transaction
      .insertInto('mails')
      .values({
        id,
        registry: this.#registry,
        cell: account.cell,
        client: account.id,
        facts: storableJson(facts),
        token: token === undefined ? null : this.#vault.seal(token, tokenSealingPurpose(id)),
        state: 'waiting',
      })
      .execute();
    await this.#onMail(id, transaction);
    if (!handsOver) return account;
    const { secret: _, ...rest } = account;
    return token === undefined ? rest : { ...rest, linkSentTo: wanted.contacts };
  }
}

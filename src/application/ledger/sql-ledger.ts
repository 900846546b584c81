/** The ledger in the store: accounts, audit trail, outbox and handovers, each change all or nothing. */
import { sql, type Transaction } from 'kysely';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type {
  Amendment,
  AuditEvent,
  ClientAccount,
  Ledger,
  MailKind,
  RequestEnd,
} from '#domain/provisioning/ledger';
import type { ClientRef } from '#domain/provisioning/provider';
import { now } from '#infrastructure/database/per-engine';
import { rowBatches } from '#infrastructure/database/row-batches';
import type { Tables } from '#infrastructure/database/tables';
import type { FencedDatabase } from '#infrastructure/queue/lease';
import { recordAudit } from './audit-trail.ts';
import { enqueueMail, type MailDeps } from './client-mails.ts';
import {
  adoptedMeanwhile,
  deleteRow,
  haveRow,
  isOfAnother,
  presentAccount,
  rowOf,
  takeRequest,
  takeUntouched,
  writeAccount,
} from './client-rows.ts';
import { endLinks, firstShown, waitsForLink, wereShown, withoutStrayLink } from './links.ts';
import { type UnsentMail, unsentMails } from './unsent-mails.ts';
import { isReplacedIn, withWordsOf } from './words-kept.ts';

/** Where the clients of a cell were made. */
export interface CellServer {
  readonly server: string;
  /** Another server, which the configuration names now. */
  readonly asked?: string;
}

export interface LedgerOptions extends MailDeps {
  /** Under the lease of a job, where a job writes it. */
  readonly db: FencedDatabase;
  /** No mail server was named at all: what waits for one is told at once. */
  readonly withoutMail?: boolean;
}

export class SqlLedger implements Ledger {
  readonly #db: FencedDatabase;
  readonly #registry: string;
  readonly #mails: MailDeps;
  readonly #withoutMail: boolean;

  constructor(options: LedgerOptions) {
    this.#db = options.db;
    this.#registry = options.registry;
    this.#mails = options;
    this.#withoutMail = options.withoutMail === true;
  }

  async load(ref: ClientRef): Promise<ClientAccount | undefined> {
    const row = await rowOf(this.#db, this.#registry, ref).executeTakeFirst();
    return row === undefined ? undefined : (row.account as ClientAccount);
  }

  async holdersOf({ handle, clientId }: Parameters<Ledger['holdersOf']>[0]): Promise<readonly ClientRef[]> {
    const rows = await this.#db
      .selectFrom('clients')
      .select(['cell', 'id'])
      .where('registry', '=', this.#registry)
      .where((where) =>
        where.or([
          where('client_id', '=', clientId),
          sql<boolean>`account ->> 'handle' = ${handle}`,
          sql<boolean>`account -> 'former' ->> 'handle' = ${handle}`,
          sql<boolean>`account -> 'former' ->> 'clientId' = ${clientId}`,
        ]),
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
      await recordAudit(transaction, registry, { cell, what: 'server-moved', server, by }, { cell });
    });
  }

  /** The accounts of these definitions, of those that have one. */
  async loadEach(refs: readonly ClientRef[]): Promise<readonly ClientAccount[]> {
    const found: ClientAccount[] = [];
    for (const [cell, those] of Map.groupBy(refs, (ref) => ref.cell))
      for (const slice of rowBatches([...new Set(those.map(({ id }) => id))])) {
        const rows = await this.#db
          .selectFrom('clients')
          .select('account')
          .where('registry', '=', this.#registry)
          .where('cell', '=', cell)
          .where('id', 'in', slice)
          .execute();
        found.push(...rows.map((row) => row.account as ClientAccount));
      }
    return found;
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

  /** Whether someone was shown the secret of a client behind a link: it is handed over to nobody else. */
  async keysWereShown({ cell, id, clientId, secretMark: mark }: ClientAccount): Promise<boolean> {
    return clientId !== undefined && wereShown(this.#db, this.#registry, { cell, id, clientId, mark });
  }

  /** When the keys of a client were read behind a link. Milliseconds since 1970; undefined where nobody read them there. */
  async keysReadAt({ cell, id, clientId }: ClientAccount): Promise<number | undefined> {
    if (clientId === undefined) return undefined;
    return (await firstShown(this.#db, this.#registry, { cell, id, clientId }))?.getTime();
  }

  /** The clients about which the last mail has not left, by `network/environment/id`: refused for good, or waiting for long. */
  async unsentMails(): Promise<ReadonlyMap<string, UnsentMail>> {
    const rows = await unsentMails(this.#db, this.#registry, this.#withoutMail);
    return new Map(rows.map(({ cell, client, state }) => [`${cell}/${client}`, state]));
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

  async amend(
    ref: ClientRef,
    change: (present: ClientAccount) => Amendment | undefined,
  ): Promise<ClientAccount | undefined> {
    return this.#db.transaction().execute(async (transaction) => {
      const present = await presentAccount(transaction, this.#registry, ref);
      const amended = present && change(present);
      if (amended === undefined) return undefined;
      if ('account' in amended)
        return this.#put(transaction, amended.account, amended.event, amended.mailKind);
      await this.#drop(transaction, amended.dropped, amended.event, undefined);
      return undefined;
    });
  }

  /**
   * Writes the account of a client that exists already, where nothing of the definition was begun, and the client is that
   * of no other.
   *
   * @returns whether it was written
   */
  async saveAdopted(account: ClientAccount, event: AuditEvent): Promise<boolean> {
    const registry = this.#registry;
    return this.#db.transaction().execute(async (transaction) => {
      if (await isOfAnother(transaction, registry, account)) return false;
      await haveRow(transaction, registry, account);
      if (!(await takeUntouched(transaction, registry, account))) return false;
      await this.#save(transaction, account, event, undefined);
      return true;
    });
  }

  async drop(account: ClientAccount, event: AuditEvent, mailKind?: MailKind): Promise<void> {
    await this.#db.transaction().execute((transaction) => this.#drop(transaction, account, event, mailKind));
  }

  async endRequest(request: string, { account, dropped, event, mailKind }: RequestEnd): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      if (!dropped && (await isOfAnother(transaction, this.#registry, account))) return false;
      if (!(await takeRequest(transaction, this.#registry, account, request))) return false;
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
    const present = await presentAccount(transaction, this.#registry, given);
    if (isReplacedIn(present, given)) return this.#keepMeans(transaction, present, given);
    const adopted = await adoptedMeanwhile(transaction, this.#registry, given, event);
    if (adopted !== undefined) return adopted;
    return this.#put(transaction, withWordsOf(present, given), event, givenKind);
  }

  async #put(
    transaction: Transaction<Tables>,
    given: ClientAccount,
    event: AuditEvent | undefined,
    givenKind: MailKind | undefined,
  ): Promise<ClientAccount> {
    const account = await withoutStrayLink(transaction, this.#registry, given, event);
    const mailKind = givenKind ?? (waitsForLink(account) ? 'renewed' : undefined);
    const cleared =
      mailKind === undefined
        ? account
        : await enqueueMail(transaction, this.#mails, account, mailKind, event);
    const stored = await writeAccount(transaction, this.#mails, cleared);
    if (event !== undefined) await this.#appendAudit(transaction, event);
    return stored;
  }

  /** Of an account whose client was replaced meanwhile: the means to close it, which an answer may have renewed. */
  async #keepMeans(
    transaction: Transaction<Tables>,
    present: ClientAccount,
    { management }: ClientAccount,
  ): Promise<ClientAccount> {
    return writeAccount(transaction, this.#mails, {
      ...present,
      ...defined({ formerManagement: management }),
    });
  }

  async #drop(
    transaction: Transaction<Tables>,
    account: ClientAccount,
    event: AuditEvent,
    mailKind: MailKind | undefined,
  ): Promise<void> {
    const present = await presentAccount(transaction, this.#registry, account);
    if (isReplacedIn(present, account)) {
      await this.#keepMeans(transaction, present, account);
      return;
    }
    if (mailKind !== undefined) await enqueueMail(transaction, this.#mails, account, mailKind, event);
    await endLinks(transaction, this.#registry, account);
    await deleteRow(transaction, this.#registry, account);
    await this.#appendAudit(transaction, event);
  }

  async #appendAudit(transaction: Transaction<Tables>, event: AuditEvent): Promise<void> {
    await recordAudit(transaction, this.#registry, event, { cell: event.cell, client: event.id });
  }
}

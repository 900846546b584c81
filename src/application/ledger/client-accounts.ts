/**
 * The accounts of a registry during one run: read from the ledger once, and kept up to date by what the run writes, so
 * that each of its steps sees what those before it did. Written through: what is in memory is in the ledger before.
 */
import type {
  Amendment,
  AuditEvent,
  ClientAccount,
  Ledger,
  MailKind,
  RequestEnd,
} from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import type { ClientRef } from '#domain/provisioning/provider';

export class ClientAccounts implements Ledger {
  readonly #ledger: Ledger;
  readonly #byClient: Map<string, ClientAccount>;

  private constructor(ledger: Ledger, accounts: readonly ClientAccount[]) {
    this.#ledger = ledger;
    this.#byClient = new Map(accounts.map((account) => [clientKey(account), account]));
  }

  static async of(ledger: Ledger & { all(): Promise<readonly ClientAccount[]> }): Promise<ClientAccounts> {
    return new ClientAccounts(ledger, await ledger.all());
  }

  /** By client (`network/environment/id`). */
  get byClient(): ReadonlyMap<string, ClientAccount> {
    return this.#byClient;
  }

  /** As they stand now: a list of its own, which what is written afterwards leaves alone. */
  all(): readonly ClientAccount[] {
    return [...this.#byClient.values()];
  }

  /** One account as the ledger has it at this moment: someone may have given a command since the run began. */
  async load(ref: ClientRef): Promise<ClientAccount | undefined> {
    const account = await this.#ledger.load(ref);
    if (account === undefined) this.#byClient.delete(clientKey(ref));
    else this.#byClient.set(clientKey(ref), account);
    return account;
  }

  holdersOf(client: Parameters<Ledger['holdersOf']>[0]): Promise<readonly ClientRef[]> {
    return this.#ledger.holdersOf(client);
  }

  async save(account: ClientAccount, event?: AuditEvent, mailKind?: MailKind): Promise<ClientAccount> {
    const kept = await this.#ledger.save(account, event, mailKind);
    this.#byClient.set(clientKey(kept), kept);
    return kept;
  }

  async amend(
    ref: ClientRef,
    change: (present: ClientAccount) => Amendment | undefined,
  ): Promise<ClientAccount | undefined> {
    const kept = await this.#ledger.amend(ref, change);
    if (kept === undefined) await this.load(ref);
    else this.#byClient.set(clientKey(kept), kept);
    return kept;
  }

  async drop(account: ClientAccount, event: AuditEvent, mailKind?: MailKind): Promise<void> {
    await this.#ledger.drop(account, event, mailKind);
    this.#byClient.delete(clientKey(account));
  }

  async endRequest(request: string, end: RequestEnd): Promise<boolean> {
    const wasOpen = await this.#ledger.endRequest(request, end);
    await this.load(end.account);
    return wasOpen;
  }
}

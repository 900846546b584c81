/** Where the contract of providers keeps its ledger: the store, or the memory of this process, which is faster. */
import type { Kysely } from 'kysely';
import { newLink } from '#application/handover/link-token';
import { SqlLedger } from '#application/ledger/sql-ledger';
import type { ClientAccount, Ledger, MailKind } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import type { Sealed, Vault } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { emptied } from './store.ts';

export type FullLedger = Ledger & { all(): Promise<readonly ClientAccount[]> };

export interface Books {
  /** An empty ledger: whatever was there is gone. */
  begin(vault: Vault): Promise<FullLedger>;
  /** The kinds of mails that were written, oldest first. */
  mails(): Promise<readonly MailKind[]>;
  /** The secret behind the newest link. */
  handed(): Promise<Sealed | undefined>;
}

export function sqlBooks(db: () => Kysely<Tables>): Books {
  return {
    async begin(vault) {
      await emptied(db());
      return new SqlLedger({ db: db(), registry: 'org/registre', vault, newLink });
    },
    async mails() {
      const rows = await db().selectFrom('mails').select('facts').execute();
      return rows.map(({ facts }) => (facts as { notice: MailKind }).notice);
    },
    async handed() {
      const row = await db()
        .selectFrom('handovers')
        .select('secret')
        .where('replaced_at', 'is', null)
        .executeTakeFirst();
      return (row?.secret ?? undefined) as Sealed | undefined;
    },
  };
}

/** As the store has it: what is kept is a copy, and with a mail the secret moves behind its link. */
export function memoryBooks(): Books {
  const accounts = new Map<string, string>();
  const mails: MailKind[] = [];
  let handed: Sealed | undefined;
  const parsed = (text: string) => JSON.parse(text) as ClientAccount;
  const send = (account: ClientAccount, kind: MailKind | undefined): ClientAccount => {
    if (kind === undefined) return account;
    mails.push(kind);
    const { secret, ...rest } = account;
    handed = secret ?? handed;
    return rest;
  };
  const all = async () => Array.from(accounts.values(), parsed);
  return {
    async begin() {
      accounts.clear();
      mails.length = 0;
      handed = undefined;
      return {
        all,
        async load(ref) {
          const text = accounts.get(clientKey(ref));
          return text === undefined ? undefined : parsed(text);
        },
        holdersOf: async ({ handle, clientId }) =>
          (await all()).filter((one) => one.handle === handle || one.clientId === clientId),
        async save(account, _event, kind) {
          const kept = send(account, kind);
          accounts.set(clientKey(kept), JSON.stringify(kept));
          return parsed(JSON.stringify(kept));
        },
        async amend(ref, change) {
          const text = accounts.get(clientKey(ref));
          const amended = text === undefined ? undefined : change(parsed(text));
          if (amended === undefined || 'dropped' in amended) return undefined;
          const kept = send(amended.account, amended.mailKind);
          accounts.set(clientKey(kept), JSON.stringify(kept));
          return kept;
        },
        async drop(account, _event, kind) {
          send(account, kind);
          accounts.delete(clientKey(account));
        },
        async endRequest(request, { account, dropped, mailKind }) {
          const key = clientKey(account);
          if (parsed(accounts.get(key) ?? '{}').request?.name !== request) return false;
          const kept = send(account, mailKind);
          if (dropped) accounts.delete(key);
          else accounts.set(key, JSON.stringify(kept));
          return true;
        },
      };
    },
    mails: async () => mails,
    handed: async () => handed,
  };
}

/**
 * The row of a client: read and written within the transaction of what changes it. It is there before anyone decides by what is
 * in it, so that whoever is second waits, and sees.
 */
import { sql, type Transaction } from 'kysely';
import { defined } from '#base/defined';
import { type AuditEvent, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { type ClientRef, type Sealed, sealingPurpose, type Vault } from '#domain/provisioning/provider';
import { now, waitForTurn } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type { FencedDatabase } from '#infrastructure/queue/lease';

export function rowOf(from: Pick<FencedDatabase, 'selectFrom'>, registry: string, { cell, id }: ClientRef) {
  return from
    .selectFrom('clients')
    .select('account')
    .where('registry', '=', registry)
    .where('cell', '=', cell)
    .where('id', '=', id);
}

/** Makes the row of a definition of which nothing is known. */
export async function haveRow(
  transaction: Transaction<Tables>,
  registry: string,
  { cell, id }: ClientRef,
): Promise<void> {
  const account = storableJson(newAccount({ cell, id }));
  await transaction
    .insertInto('clients')
    .values({ registry, cell, id, state: 'begun', account })
    .onConflict((conflict) => conflict.columns(['registry', 'cell', 'id']).doNothing())
    .execute();
}

/**
 * The account as it stands, where a client was recorded for it since it was read without one: whoever comes back with
 * nothing does not take that client from its definition, unless this account replaced it, or a person has it forgotten.
 * Nobody else writes the row before the transaction ends, also where there was none.
 */
export async function adoptedMeanwhile(
  transaction: Transaction<Tables>,
  registry: string,
  account: ClientAccount,
  event: AuditEvent | undefined,
): Promise<ClientAccount | undefined> {
  if (account.clientId !== undefined || event?.what === 'forgotten') return undefined;
  await haveRow(transaction, registry, account);
  const row = await rowOf(transaction, registry, account).forUpdate().executeTakeFirst();
  const present = row?.account as ClientAccount | undefined;
  const isOurs = present?.clientId !== undefined && present.clientId !== account.former?.clientId;
  return isOurs ? present : undefined;
}

/** The account as it stands: nobody else writes it before the transaction ends. */
export async function presentAccount(
  transaction: Transaction<Tables>,
  registry: string,
  ref: ClientRef,
): Promise<ClientAccount | undefined> {
  const row = await rowOf(transaction, registry, ref).forUpdate().executeTakeFirst();
  return row?.account as ClientAccount | undefined;
}

/** @returns the account as it is kept: sealed by the key of today */
export async function writeAccount(
  transaction: Transaction<Tables>,
  { registry, vault }: { readonly registry: string; readonly vault: Vault },
  account: ClientAccount,
): Promise<ClientAccount> {
  const stored = resealed(vault, account);
  const { cell, id } = stored;
  const row = {
    state: stored.state,
    client_id: stored.clientId ?? null,
    request: stored.request?.name ?? null,
    account: storableJson(stored),
  };
  await transaction
    .insertInto('clients')
    .values({ registry, cell, id, ...row })
    .onConflict((conflict) =>
      conflict.columns(['registry', 'cell', 'id']).doUpdateSet({ ...row, updated_at: now }),
    )
    .execute();
  return stored;
}

/** An account that was read before a change of keys must not bring the former one back. */
function resealed(vault: Vault, account: ClientAccount): ClientAccount {
  const { secret, management, formerManagement } = account;
  const sealedAnew = (sealed: Sealed | undefined, what: Parameters<typeof sealingPurpose>[1]) =>
    sealed === undefined ? undefined : vault.reseal(sealed, sealingPurpose(account, what));
  return {
    ...account,
    ...defined({
      secret: sealedAnew(secret, 'client-secret'),
      management: sealedAnew(management, 'management'),
      formerManagement: sealedAnew(formerManagement, 'management'),
    }),
  };
}

export async function deleteRow(
  transaction: Transaction<Tables>,
  registry: string,
  { cell, id }: ClientRef,
): Promise<void> {
  await transaction
    .deleteFrom('clients')
    .where('registry', '=', registry)
    .where('cell', '=', cell)
    .where('id', '=', id)
    .execute();
}

/** Whether a client is recorded for another definition. Nobody records another one before the transaction ends. */
export async function isOfAnother(
  transaction: Transaction<Tables>,
  registry: string,
  { cell, id, clientId = '', handle = clientId }: ClientAccount,
): Promise<boolean> {
  await waitForTurn(transaction, `clients of ${registry}`);
  const holder = await transaction
    .selectFrom('clients')
    .select('id')
    .where('registry', '=', registry)
    .where((where) =>
      where.or([where('client_id', '=', clientId), sql<boolean>`account ->> 'handle' = ${handle}`]),
    )
    .where((where) => where.or([where('cell', '!=', cell), where('id', '!=', id)]))
    .executeTakeFirst();
  return holder !== undefined;
}

/** Takes the row of a definition of which nothing was begun. @returns false where something was */
export async function takeUntouched(
  transaction: Transaction<Tables>,
  registry: string,
  { cell, id }: ClientRef,
): Promise<boolean> {
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
  return free.numUpdatedRows > 0n;
}

/** Takes a request of its row. Whoever is second waits for the row, and then finds it ended. @returns whether it was there */
export async function takeRequest(
  transaction: Transaction<Tables>,
  registry: string,
  { cell, id }: ClientRef,
  request: string,
): Promise<boolean> {
  const still = await transaction
    .updateTable('clients')
    .set({ request: null })
    .where('registry', '=', registry)
    .where('cell', '=', cell)
    .where('id', '=', id)
    .where('request', '=', request)
    .executeTakeFirst();
  return still.numUpdatedRows > 0n;
}

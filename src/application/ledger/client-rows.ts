/** The row of a client: it is there before anyone decides by what is in it, so that whoever is second waits, and sees. */
import type { Transaction } from 'kysely';
import { type AuditEvent, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import type { ClientRef } from '#domain/provisioning/provider';
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

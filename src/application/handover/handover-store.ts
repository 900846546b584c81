/** Handovers in the store: looked at, revealed once, erased when they are read or too old. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { cellNames } from '#base/config/cells';
import type { Account } from '#domain/provisioning/ledger';
import type { Sealed, Vault } from '#domain/provisioning/provider';
import { purposeOf } from '#domain/provisioning/provider';
import type { HandoversTable } from '#infrastructure/database/tables/provisioning';
import type { Tables } from '#infrastructure/database/tables/queue';
import type { Gone, Handovers, Keys } from './one-time-page.ts';

/** What the page shows besides the keys, by cell; `method` where the provider did not tell it of the client. */
export type CellAddresses = (cell: string) => { readonly discovery?: string; readonly method: string };

export function storedHandovers(db: Kysely<Tables>, vault: Vault, addresses: CellAddresses): Handovers {
  return {
    async peek(hash) {
      const row = await db
        .selectFrom('handovers')
        .selectAll()
        .where('token_hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return 'unknown';
      return goneOf(row) ?? { name: row.name, cell: row.cell, expiresAt: row.expires_at };
    },
    reveal: (hash) =>
      db.transaction().execute(async (transaction): Promise<Keys | Gone | 'broken'> => {
        // The row is held until the end: of two presses of the button, one waits and then finds nothing.
        const row = await transaction
          .selectFrom('handovers')
          .selectAll()
          .where('token_hash', '=', hash)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) return 'unknown';
        const gone = goneOf(row);
        if (gone !== undefined || row.secret === null) return gone ?? 'revealed';
        const cell = cellNames.find((name) => name === row.cell);
        const secret =
          cell === undefined
            ? undefined
            : vault.open(row.secret as Sealed, purposeOf({ cell, id: row.id }, 'client-secret'));
        if (secret === undefined) return 'broken';
        await transaction
          .updateTable('handovers')
          .set({ secret: null, revealed_at: sql`now()` })
          .where('token_hash', '=', hash)
          .execute();
        await transaction
          .insertInto('audit')
          .values({
            registry: row.registry,
            cell: row.cell,
            client: row.id,
            entry: JSON.stringify({ cell: row.cell, id: row.id, what: 'revealed', clientId: row.client_id }),
          })
          .execute();
        const { method = addresses(row.cell).method } = await accountOf(transaction, row);
        return {
          name: row.name,
          cell: row.cell,
          clientId: row.client_id,
          secret,
          ...addresses(row.cell),
          method,
        };
      }),
  };
}

/** What is known of the client besides; nothing once its definition is gone. */
async function accountOf(
  db: Kysely<Tables>,
  row: Pick<HandoversTable, 'registry' | 'cell' | 'id'>,
): Promise<Partial<Account>> {
  const found = await db
    .selectFrom('clients')
    .select('account')
    .where('registry', '=', row.registry)
    .where('cell', '=', row.cell)
    .where('id', '=', row.id)
    .executeTakeFirst();
  return found === undefined ? {} : (found.account as Account);
}

function goneOf(row: Selectable<HandoversTable>): Gone | undefined {
  if (row.revealed_at !== null) return 'revealed';
  if (row.replaced_at !== null) return 'replaced';
  return row.expires_at.getTime() <= Date.now() ? 'expired' : undefined;
}

/**
 * Erases the secrets of links that nobody used in time, and those that earlier versions kept with a finished client.
 *
 * @returns how many links there were
 */
export async function eraseExpired(db: Kysely<Tables>): Promise<number> {
  const erased = await db
    .updateTable('handovers')
    .set({ secret: null })
    .where('secret', 'is not', null)
    .where('expires_at', '<=', sql<Date>`now()`)
    .executeTakeFirst();
  await sql`
    update clients set account = account - 'secret'
    where state in ('active', 'inactive') and account -> 'secret' is not null
      and account -> 'intent' is null`.execute(db);
  return Number(erased.numUpdatedRows);
}

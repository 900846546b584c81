/** Handovers in the database: read, revealed once, erased when they are read or too old. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { cellNames } from '#base/config/cells';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Sealed, Vault } from '#domain/provisioning/provider';
import { sealingPurpose } from '#domain/provisioning/provider';
import { now, withoutMembers } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type { HandoversTable } from '#infrastructure/database/tables/provisioning';
import type { HandoverStore, RevealedKeys, UnavailableReason } from './one-time-page.ts';

/** What the page shows besides the keys, by cell; `method` where the provider did not report it. */
export type CellAddresses = (cell: string) => { readonly discovery?: string; readonly method: string };

export function sqlHandoverStore(db: Kysely<Tables>, vault: Vault, addresses: CellAddresses): HandoverStore {
  return {
    async peek(hash) {
      const row = await db
        .selectFrom('handovers')
        .selectAll()
        .where('token_hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return 'unknown';
      return unavailableReason(row) ?? { name: row.name, cell: row.cell, expiresAt: row.expires_at };
    },
    reveal: (hash) =>
      db.transaction().execute(async (transaction): Promise<RevealedKeys | UnavailableReason | 'broken'> => {
        // The row is held until the end: of two presses of the button, one waits and then finds nothing.
        const row = await transaction
          .selectFrom('handovers')
          .selectAll()
          .where('token_hash', '=', hash)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) return 'unknown';
        const unavailable = unavailableReason(row);
        if (unavailable !== undefined || row.secret === null) return unavailable ?? 'revealed';
        const cell = cellNames.find((name) => name === row.cell);
        const secret =
          cell === undefined
            ? undefined
            : vault.open(row.secret as Sealed, sealingPurpose({ cell, id: row.id }, 'client-secret'));
        if (secret === undefined) return 'broken';
        await transaction
          .updateTable('handovers')
          .set({ secret: null, revealed_at: now })
          .where('token_hash', '=', hash)
          .execute();
        await transaction
          .insertInto('audit')
          .values({
            registry: row.registry,
            cell: row.cell,
            client: row.id,
            entry: storableJson({ cell: row.cell, id: row.id, what: 'revealed', clientId: row.client_id }),
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
): Promise<Partial<ClientAccount>> {
  const found = await db
    .selectFrom('clients')
    .select('account')
    .where('registry', '=', row.registry)
    .where('cell', '=', row.cell)
    .where('id', '=', row.id)
    .executeTakeFirst();
  return found === undefined ? {} : (found.account as ClientAccount);
}

function unavailableReason(row: Selectable<HandoversTable>): UnavailableReason | undefined {
  if (row.revealed_at !== null) return 'revealed';
  if (row.replaced_at !== null) return 'replaced';
  return row.expires_at.getTime() <= Date.now() ? 'expired' : undefined;
}

/**
 * Erases the secrets of links that nobody used in time, and those that earlier versions kept with a finished client: not
 * one that its provider renewed unasked, and that waits for the next mail about it, nor one whose link was taken back.
 *
 * @returns how many links there were
 */
export async function eraseExpiredSecrets(db: Kysely<Tables>): Promise<number> {
  const erased = await db
    .updateTable('handovers')
    .set({ secret: null })
    .where('secret', 'is not', null)
    .where('expires_at', '<=', now)
    .executeTakeFirst();
  await db
    .updateTable('clients')
    .set({ account: withoutMembers('account', 'secret') })
    .where('state', 'in', ['active', 'inactive'])
    .where(sql`account -> 'secret'`, 'is not', null)
    .where(sql`account -> 'intent'`, 'is', null)
    .where(sql`account -> 'renewedAt'`, 'is', null)
    .where(sql`account -> 'linkSentTo'`, 'is', null)
    .execute();
  return Number(erased.numUpdatedRows);
}

/** The store, real SQL, and a vault. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import type { Vault } from '#domain/provisioning/provider';
import { openTemporary } from '#infrastructure/database/embedded/open';
import { migrate } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { emptyTables, opened, thisEngine } from '../database/engines.ts';

/** On the engine of this run: in memory, or on PostgreSQL, where it goes with `destroy`. */
export async function aStore(): Promise<Kysely<Tables>> {
  if (thisEngine.name === 'postgresql') {
    const scratch = await thisEngine.scratch();
    const { db } = await opened(scratch.location);
    const close = db.destroy.bind(db);
    return Object.assign(db, {
      async destroy() {
        await close();
        await scratch.remove();
      },
    });
  }
  const db = openTemporary();
  await migrate(db, 'embedded');
  return db;
}

/** Empties what is not append-only. */
export async function emptied(db: Kysely<Tables>): Promise<void> {
  await emptyTables(
    db,
    'clients',
    'handovers',
    'mails',
    'shown_plans',
    'confirmations',
    'reconciliations',
    'origins',
    'merges',
    'topics',
    'cell_servers',
  );
}

export function aVault(): Vault {
  const keyring = parseKeyring(randomBytes(32).toString('base64'));
  if (keyring === undefined) throw new Error('not a key');
  return vaultWith(keyring);
}

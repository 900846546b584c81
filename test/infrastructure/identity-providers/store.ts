/** The store, real SQL, and a vault. */
import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import type { Vault } from '#domain/provisioning/provider';
import { migrate } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { opened, thisEngine } from '../database/engines.ts';

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
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
  await migrate(db);
  return db;
}

/** Empties what is not append-only. */
export async function emptied(db: Kysely<Tables>): Promise<void> {
  await sql`truncate clients, handovers, mails, shown_plans, confirmations, reconciliations, origins, merges, topics, cell_servers`.execute(
    db,
  );
}

export function aVault(): Vault {
  const keyring = parseKeyring(randomBytes(32).toString('base64'));
  if (keyring === undefined) throw new Error('not a key');
  return vaultWith(keyring);
}

/** The store, real SQL in memory, and a vault. */
import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { keyringOf } from '../../src/handover/keyring.ts';
import type { Vault } from '../../src/provisioning/provider.ts';
import { vaultOf } from '../../src/service/vault.ts';
import { migrate } from '../../src/work/migrate.ts';
import type { Tables } from '../../src/work/tables.ts';

export async function aStore(): Promise<Kysely<Tables>> {
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
  await migrate(db);
  return db;
}

/** Empties what is not append-only. */
export async function emptied(db: Kysely<Tables>): Promise<void> {
  await sql`truncate clients, handovers, mails, shown_plans, confirmations, reconciliations, origins, merges, topics`.execute(
    db,
  );
}

export function aVault(): Vault {
  const keyring = keyringOf(randomBytes(32).toString('base64'));
  if (keyring === undefined) throw new Error('not a key');
  return vaultOf(keyring);
}

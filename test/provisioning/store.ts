/** The store of provisioning, real SQL in memory, and a vault. */
import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { keyringOf } from '../../src/handover/keyring.ts';
import type { Sealed, Vault } from '../../src/provisioning/provider.ts';
import { up } from '../../src/work/migrations/0200-provisioning.ts';
import type { ProvisioningTables } from '../../src/work/provisioning-tables.ts';

export async function aStore(): Promise<Kysely<ProvisioningTables>> {
  const pglite = new PGlite();
  await up(new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) }));
  return new Kysely<ProvisioningTables>({ dialect: new PGliteDialect({ pglite }) });
}

/** Empties what is not append-only. */
export async function emptied(db: Kysely<ProvisioningTables>): Promise<void> {
  await sql`truncate clients, handovers, mails, shown_plans, confirmations, reconciliations, origins, merges, topics`.execute(
    db,
  );
}

export function aVault(): Vault {
  const keyring = keyringOf(randomBytes(32).toString('base64'));
  if (keyring === undefined) throw new Error('not a key');
  return {
    seal: (secret, purpose) => keyring.seal(secret, purpose) as Sealed,
    open: (sealed, purpose) => keyring.open(sealed, purpose),
  };
}

/**
 * Replacing `GREFFIER_KEY`: everything that is kept sealed, which keys it was sealed with, and sealing it again with
 * the first one. Each value is replaced only where it still stands as it was read: what was handed over, sent or
 * changed meanwhile stays as it is.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { applicantSealingPurpose } from '#application/front-desk/applicant';
import { tokenSealingPurpose } from '#application/ledger/client-mails';
import { cellNames } from '#base/config/cells';
import type { Metrics } from '#base/observability/metrics';
import { type Sealed, sealingPurpose } from '#domain/provisioning/provider';
import { secondPart, withMember } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import type { Keyring } from './keyring.ts';
import { vaultWith } from './vault.ts';

/** One place where sealed values stand. */
interface SealedColumn {
  readonly rows: RawBuilder<unknown>;
  /** SQL for the sealed text of a row, null when there is none. */
  readonly value: RawBuilder<string | null>;
  readonly key: readonly string[];
  readonly set: (renewed: Sealed) => RawBuilder<unknown>;
  /** @param key the values of the columns of `key`; undefined when the row is of no cell that there is */
  readonly purpose: (key: Readonly<Record<string, string>>) => string | undefined;
}

function inAccount(
  field: 'secret' | 'management' | 'formerManagement',
  secret: Parameters<typeof sealingPurpose>[1],
): SealedColumn {
  return {
    rows: sql.table('clients'),
    value: sql<string | null>`account ->> ${sql.lit(field)}`,
    key: ['registry', 'cell', 'id'],
    set: (renewed) => sql`account = ${withMember('account', field, renewed)}`,
    purpose: (key) => clientPurpose(key, secret),
  };
}

/** Every place; a table or a column that comes to hold something sealed is to be named here. */
const sealedColumns: readonly SealedColumn[] = [
  inAccount('management', 'management'),
  inAccount('formerManagement', 'management'),
  inAccount('secret', 'client-secret'),
  {
    rows: sql.table('handovers'),
    value: sql<string | null>`secret`,
    key: ['token_hash', 'cell', 'id'],
    set: (renewed) => sql`secret = ${renewed}`,
    purpose: (key) => clientPurpose(key, 'client-secret'),
  },
  {
    rows: sql.table('mails'),
    value: sql<string | null>`token`,
    key: ['id'],
    set: (renewed) => sql`token = ${renewed}`,
    purpose: ({ id = '' }) => tokenSealingPurpose(id),
  },
  {
    rows: sql.table('requests'),
    value: sql<string | null>`applicant`,
    key: ['id'],
    set: (renewed) => sql`applicant = ${renewed}`,
    purpose: ({ id = '' }) => applicantSealingPurpose(id),
  },
];

function clientPurpose(
  key: Readonly<Record<string, string>>,
  secret: Parameters<typeof sealingPurpose>[1],
): string | undefined {
  const cell = cellNames.find((name) => name === key.cell);
  return cell === undefined ? undefined : sealingPurpose({ cell, id: key.id ?? '' }, secret);
}

/** `current`: with the first key. `former`: with another of `GREFFIER_KEY`. `missing`: with one that is not there. */
export interface SealedValues {
  readonly current: number;
  readonly former: number;
  readonly missing: number;
}

/** Counts what is kept sealed, by the key that sealed it. Without a keyring every key is missing. */
export async function countSealed(db: Kysely<Tables>, keyring: Keyring | undefined): Promise<SealedValues> {
  const [first, ...former] = keyring?.ids ?? [];
  const counts = { current: 0, former: 0, missing: 0 };
  for (const { rows, value } of sealedColumns) {
    const found = await sql<{ id: string; count: number }>`
      select ${secondPart(value)} as id, count(*) as count from ${rows}
      where ${value} is not null group by 1`.execute(db);
    for (const { id, count } of found.rows)
      counts[id === first ? 'current' : former.includes(id) ? 'former' : 'missing'] += count;
  }
  return counts;
}

/**
 * Seals with the first key what another key of the ring sealed.
 *
 * @param max values in one go: the work goes on with the next call
 * @returns how many were sealed again
 */
export async function resealStored(db: Kysely<Tables>, keyring: Keyring, max = 1000): Promise<number> {
  const [, ...former] = keyring.ids;
  if (former.length === 0) return 0;
  const vault = vaultWith(keyring);
  let resealed = 0;
  for (const { rows, value, key, set, purpose } of sealedColumns) {
    const columns = key.map((name) => sql.ref(name));
    const stale = await sql<Record<string, string> & { sealed: Sealed }>`
      select ${sql.join(columns)}, ${value} as sealed from ${rows}
      where ${secondPart(value)} in (${sql.join(former)}) limit ${max - resealed}`.execute(db);
    for (const { sealed, ...named } of stale.rows) {
      const reason = purpose(named);
      const renewed = reason === undefined ? sealed : vault.reseal(sealed, reason);
      if (renewed === sealed) continue;
      const itself = key.map((name) => sql`${sql.ref(name)} = ${named[name]}`);
      const { numAffectedRows } = await sql`
        update ${rows} set ${set(renewed)}
        where ${sql.join(itself, sql` and `)} and ${value} = ${sealed}`.execute(db);
      resealed += Number(numAffectedRows ?? 0);
    }
  }
  return resealed;
}

/** Which keys what is stored was sealed with: a former one may go once nothing is. */
export async function measureSealed(
  db: Kysely<Tables>,
  keyring: Keyring | undefined,
  metrics: Metrics,
): Promise<void> {
  const { current, former, missing } = await countSealed(db, keyring);
  metrics.sealed.set({ key: 'current' }, current);
  metrics.sealed.set({ key: 'former' }, former);
  metrics.sealed.set({ key: 'missing' }, missing);
}

/** The audit trail: what happened, to which client, on whose word. Never a secret. */
import type { Kysely, Transaction } from 'kysely';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';

/** Adds an entry, within the transaction of what it tells. @param about absent where it is of no single cell, or client */
export async function recordAudit(
  transaction: Pick<Transaction<Tables>, 'insertInto'>,
  registry: string,
  entry: object,
  { cell = null, client = null }: { readonly cell?: string | null; readonly client?: string | null } = {},
): Promise<void> {
  await transaction
    .insertInto('audit')
    .values({ registry, cell, client, entry: storableJson(entry) })
    .execute();
}

/** The audit trail, oldest first: of one definition (its id) or of all. */
export async function* auditTrail(db: Kysely<Tables>, id?: string): AsyncGenerator<Record<string, unknown>> {
  let after = 0;
  for (;;) {
    let query = db.selectFrom('audit').selectAll().where('number', '>', after).orderBy('number').limit(500);
    if (id !== undefined) query = query.where('client', '=', id);
    const rows = await query.execute();
    for (const { number, at, registry, entry } of rows)
      yield { number: Number(number), at: at.toISOString(), registry, ...entry };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.number);
  }
}

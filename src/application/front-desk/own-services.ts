/** The services that someone may change at the desk: those of which they are a technical contact, by their verified address. */
import { type Kysely, sql } from 'kysely';
import { askedServices } from '#application/recertification/recertification-store';
import { type CellName, cellNames } from '#base/config/cells';
import { defined } from '#base/defined';
import { definitionsFolder } from '#domain/definition/cell';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Tables } from '#infrastructure/database/tables';
import { isContact } from './keys-of-request.ts';

export interface OwnService {
  readonly path: string;
  readonly cell: CellName;
  readonly id: string;
  readonly name: string;
  /** Since when the registry waits to hear whether it still lives. */
  readonly asked?: Date;
}

/** @param email in lower case */
export async function ownServices(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
  email: string,
): Promise<readonly OwnService[]> {
  const rows = await db
    .selectFrom('clients')
    .select(['cell', 'id', 'account'])
    .where('registry', '=', registry)
    .where('state', '=', 'active')
    // Whoever is named there at all; who is a contact is told below.
    .where(sql<boolean>`lower(cast(account -> 'wanted' as text)) like ${`%${email}%`}`)
    .orderBy('cell')
    .orderBy('id')
    .execute();
  const asked = await askedServices(db, registry);
  return rows.flatMap(({ cell: named, id, account }) => {
    const cell = cellNames.find((name) => name === named);
    const { wanted } = account as ClientAccount;
    if (cell === undefined || wanted === undefined || !isContact(account as ClientAccount, { email }))
      return [];
    const path = `${definitionsFolder}/${cell}/${id}.yaml`;
    return [defined({ path, cell, id, name: wanted.client_name, asked: asked.get(`${cell}/${id}`) })];
  });
}

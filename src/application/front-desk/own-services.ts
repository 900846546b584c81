/** The services that someone may change at the desk: those of which they are a technical contact, by their verified address. */
import { type Kysely, sql } from 'kysely';
import { type CellName, cellNames } from '#base/config/cells';
import { definitionsFolder } from '#domain/definition/cell';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Tables } from '#infrastructure/database/tables';
import { isContact } from './keys-of-request.ts';

export interface OwnService {
  readonly path: string;
  readonly cell: CellName;
  readonly id: string;
  readonly name: string;
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
  return rows.flatMap(({ cell: named, id, account }) => {
    const cell = cellNames.find((name) => name === named);
    const { wanted } = account as ClientAccount;
    if (cell === undefined || wanted === undefined || !isContact(account as ClientAccount, { email }))
      return [];
    return [{ path: `${definitionsFolder}/${cell}/${id}.yaml`, cell, id, name: wanted.client_name }];
  });
}

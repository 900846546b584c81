/** Whether the keys that a request asked for are there, and whether the applicant hears of them anyway. */

import type { Kysely } from 'kysely';
import { addressKey } from '#base/mail-address';
import { placeFromPath } from '#domain/definition/cell';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Tables } from '#infrastructure/database/tables';
import type { Applicant } from './applicant.ts';
import type { StoredRequest } from './request-store.ts';

/** The account of the client that a definition has; undefined while there is none. */
export async function clientOfPath(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
  path: string,
): Promise<ClientAccount | undefined> {
  const place = placeFromPath(path);
  if (place === undefined) return undefined;
  const row = await db
    .selectFrom('clients')
    .select('account')
    .where('registry', '=', registry)
    .where('cell', '=', `${place.network}/${place.environment}`)
    .where('id', '=', place.id)
    .executeTakeFirst();
  return row && (row.account as ClientAccount);
}

/** @returns `to-applicant` when they are a technical contact, whom the mail with the link reaches */
export async function keysOfRequest(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
  { path, wanted }: Pick<StoredRequest, 'path' | 'wanted'>,
  applicant: Applicant | undefined,
): Promise<'no' | 'yes' | 'to-applicant'> {
  // Whoever had a service removed is handed no keys.
  if (wanted === null) return 'to-applicant';
  const account = await clientOfPath(db, registry, path);
  if (account?.state !== 'active' || account.clientId === undefined) return 'no';
  return isContact(account, applicant) ? 'to-applicant' : 'yes';
}

/** Whether someone is a technical contact of the definition that was applied, to whom its keys go. */
export function isContact(account: ClientAccount, applicant: Applicant | undefined): boolean {
  const contacts = account.wanted?.contacts ?? [];
  return applicant !== undefined && contacts.some((contact) => addressKey(contact) === applicant.email);
}

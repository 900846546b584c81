/** Mails that wait in the outbox. */
import type { Transaction } from 'kysely';
import type { Sealed } from '#domain/provisioning/provider';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';

interface NewMail {
  readonly id: string;
  readonly registry: string;
  readonly cell: string;
  /** The id of the definition that it is about. */
  readonly client: string;
  readonly facts: object;
  /** Of a link to keys. */
  readonly token?: Sealed | null;
}

/** Puts one there, within the transaction of what it tells. */
export async function putInOutbox(
  transaction: Pick<Transaction<Tables>, 'insertInto'>,
  { facts, token = null, ...mail }: NewMail,
): Promise<void> {
  await transaction
    .insertInto('mails')
    .values({ ...mail, facts: storableJson(facts), token, state: 'waiting' })
    .execute();
}

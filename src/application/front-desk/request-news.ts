/** What applicants are written to about, and such mails in the store. */
import type { Transaction } from 'kysely';
import { putInOutbox } from '#application/ledger/outbox-rows';
import { placeFromPath } from '#domain/definition/cell';
import type { Tables } from '#infrastructure/database/tables';
import type { StoredRequest } from './request-store.ts';

const requestNews = ['commented', 'changes-requested', 'closed', 'accepted', 'keys'] as const;
export type RequestNews = (typeof requestNews)[number];

/** The facts of such a mail. Its address is not among them: it is sealed with the request. */
export interface RequestMailFacts {
  readonly notice: 'request';
  readonly request: number;
  readonly news: RequestNews;
}

/** Puts one in the outbox, to wait. */
export async function writeMail(
  transaction: Transaction<Tables>,
  registry: string,
  mail: { readonly id: string; readonly request: StoredRequest; readonly about: RequestNews },
): Promise<void> {
  const { number, path } = mail.request;
  const place = placeFromPath(path);
  const facts: RequestMailFacts = { notice: 'request', request: number, news: mail.about };
  await putInOutbox(transaction, {
    id: mail.id,
    registry,
    cell: place === undefined ? '' : `${place.network}/${place.environment}`,
    client: place?.id ?? '',
    facts,
  });
}

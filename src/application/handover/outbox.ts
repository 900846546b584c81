/** The outbox: each mail is sent from here, once as far as SMTP allows. */

import type { Kysely } from 'kysely';
import type { RequestMailFacts } from '#application/front-desk/request-news';
import { type MailFacts, tokenSealingPurpose } from '#application/ledger/client-mails';
import {
  type AnswerPlaces,
  composeRecertificationMail,
} from '#application/recertification/compose-recertification-mail';
import type { RecertificationMailFacts } from '#application/recertification/recertification-store';
import type { ProviderKind } from '#base/config/cells';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import { urlPart } from '#base/url-part';
import type { Sealed, Vault } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import type { MailSender } from '#infrastructure/mail/smtp';
import { type FencedDatabase, holding, type Lease } from '#infrastructure/queue/lease';
import { type ComposedMail, composeMail, type MailContent } from './compose-mail.ts';

/** What the operator's configuration says of a cell, as far as a mail needs it. */
export interface MailCell {
  readonly provider: ProviderKind;
  readonly portal?: string;
  readonly discovery?: string;
  /** Milliseconds. */
  readonly removalDelay: number;
}

export interface OutboxDeps {
  readonly db: FencedDatabase;
  readonly vault: Vault;
  readonly sender: Pick<MailSender, 'send'>;
  /** Where people reach Greffier, without a slash at the end. */
  readonly publicUrl: string;
  readonly cell: (name: string) => MailCell | undefined;
  /** The language of the registry; French when absent. */
  readonly language?: () => Language;
  /** What a mail of the front desk says, and to whom; undefined when nobody knows that any more. */
  readonly requestMail?: (facts: RequestMailFacts) => Promise<AddressedMail | undefined>;
  /** Where people answer whether a service still lives. */
  readonly answerPlaces: AnswerPlaces;
}

/** A mail, and whom it goes to. */
export interface AddressedMail extends ComposedMail {
  readonly to: readonly string[];
}

/** An outbox from which nothing is sent once the work is another process's. */
export function outboxUnder(lease: Lease, outbox: Omit<OutboxDeps, 'db'>): OutboxDeps {
  const send: MailSender['send'] = (mail) => outbox.sender.send(mail);
  return { ...outbox, db: lease.database, sender: holding(lease, { send }) };
}

export type SendOutcome =
  | { readonly kind: 'sent' | 'nothing' }
  | { readonly kind: 'later' | 'refused'; readonly reason: string };

/**
 * Sends one mail. It is marked as sent right after the server took it; a process that dies in between sends it once
 * more under the same Message-ID. The token of the link is erased with the mark.
 */
export async function sendMail(outbox: OutboxDeps, id: string): Promise<SendOutcome> {
  const row = await outbox.db.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.state !== 'waiting') return { kind: 'nothing' };
  const facts = row.facts as MailFacts | RequestMailFacts | RecertificationMailFacts;
  const token =
    row.token === null ? undefined : outbox.vault.open(row.token as Sealed, tokenSealingPurpose(id));
  if (row.token !== null && token === undefined)
    return { kind: 'later', reason: 'the link was sealed with a key that is no longer in GREFFIER_KEY' };
  const mail =
    facts.notice === 'request'
      ? await outbox.requestMail?.(facts)
      : facts.notice === 'recertify'
        ? aboutLife(outbox, facts, { cell: row.cell, id: row.client })
        : aboutClient(outbox, facts, row.cell, row.created_at, token);
  if (mail === undefined)
    return { kind: 'later', reason: 'who asked was sealed with a key that is no longer in GREFFIER_KEY' };
  const outcome = await outbox.sender.send({ ...mail, id });
  if (!outcome.ok && outcome.retryable) return { kind: 'later', reason: outcome.reason };
  await outbox.db.transaction().execute((transaction) =>
    transaction
      .updateTable('mails')
      .set({ state: outcome.ok ? 'sent' : 'failed', token: null, sent_at: new Date() })
      .where('id', '=', id)
      .execute(),
  );
  return outcome.ok ? { kind: 'sent' } : { kind: 'refused', reason: outcome.reason };
}

function aboutLife(
  { answerPlaces, language }: OutboxDeps,
  facts: RecertificationMailFacts,
  client: { readonly cell: string; readonly id: string },
): AddressedMail {
  return { ...composeRecertificationMail(facts, client, answerPlaces, language?.() ?? 'fr'), to: facts.to };
}

function aboutClient(
  outbox: OutboxDeps,
  facts: MailFacts,
  cell: string,
  createdAt: Date,
  token: string | undefined,
): AddressedMail {
  const content = contentOf(facts, cell, createdAt, outbox.cell(cell), token, outbox.publicUrl);
  return { ...composeMail(content, outbox.language?.()), to: facts.to };
}

function contentOf(
  facts: MailFacts,
  cellName: string,
  createdAt: Date,
  cell: MailCell | undefined,
  token: string | undefined,
  publicUrl: string,
): MailContent {
  const { notice, name, clientId, former } = facts;
  // A mail that was given a link shows it, whatever it is about: nobody else will.
  const isAboutKeys =
    notice === 'created' || notice === 'renewed' || notice === 'changed' || notice === 'replaced';
  const keys = isAboutKeys || token !== undefined ? keysOf(facts, cell, token, publicUrl) : undefined;
  return defined({
    kind: notice,
    name,
    clientId,
    cell: cellName,
    keys,
    former: former && { ...former, days: Math.ceil((cell?.removalDelay ?? 0) / 86_400_000) },
    discovery: keys === undefined ? undefined : cell?.discovery,
    deletion:
      notice === 'deactivated' && cell !== undefined
        ? new Date(createdAt.getTime() + cell.removalDelay)
        : undefined,
  });
}

function keysOf(
  facts: MailFacts,
  cell: MailCell | undefined,
  token: string | undefined,
  publicUrl: string,
): NonNullable<MailContent['keys']> {
  if (token !== undefined) return { by: 'link', url: `${publicUrl}/handover/${token}` };
  if (cell?.provider === 'proconnect' && cell.portal !== undefined)
    return { by: 'portal', url: `${cell.portal.replace(/\/$/, '')}/${urlPart(facts.handle)}` };
  return { by: 'people' };
}

/** The mails that wait, oldest first: what a start and a sweep put back in the queue. */
export async function waitingMails(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('mails')
    .select('id')
    .where('state', '=', 'waiting')
    .orderBy('created_at')
    .execute();
  return rows.map((row) => row.id);
}

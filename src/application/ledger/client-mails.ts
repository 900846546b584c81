/** Mails about clients, put in the outbox within the transaction of what causes them. */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { type AuditEvent, type ClientAccount, type MailKind, withoutKeys } from '#domain/provisioning/ledger';
import { sealingPurpose, secretMarkOf, type Vault } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { createLink, type LinkToken } from './links.ts';
import { putInOutbox } from './outbox-rows.ts';

/** What a mail is about: plain, storable, without any secret. */
export interface MailFacts {
  /** Stored under this name. */
  readonly notice: MailKind;
  readonly name: string;
  readonly to: readonly string[];
  readonly clientId: string;
  readonly handle: string;
  /** The client that it replaces, or replaced. */
  readonly former?: { readonly clientId: string; readonly revoked?: true };
}

/** The purpose under which the token of a link is sealed in the outbox. */
export function tokenSealingPurpose(mail: string): string {
  return `mail/${mail}#token`;
}

export interface MailDeps {
  readonly registry: string;
  readonly vault: Vault;
  /** A link that was never used before. */
  readonly newLink: () => LinkToken;
  /** Called within the transaction that puts a mail in the outbox. */
  readonly onMail?: (id: string, transaction: Transaction<Tables>) => Promise<void>;
}

/**
 * Puts a mail in the outbox, and, when there is a secret to hand over, moves it behind a new link: older links of
 * the client stop working.
 */
export async function enqueueMail(
  transaction: Transaction<Tables>,
  { registry, vault, newLink, onMail }: MailDeps,
  account: ClientAccount,
  mailKind: MailKind,
  event: AuditEvent | undefined,
): Promise<ClientAccount> {
  const { clientId, handle, wanted } = account;
  // Once it is closed, only what happened says which it was.
  const former = mailKind === 'closed' ? event : account.former;
  if (clientId === undefined || handle === undefined || wanted === undefined) return account;
  const id = randomUUID();
  let token: string | undefined;
  const handsOver = !withoutKeys.has(mailKind);
  if (account.secret !== undefined && handsOver) {
    const purpose = sealingPurpose(account, 'client-secret');
    const opened = vault.open(account.secret, purpose);
    const link = newLink();
    const keys = {
      cell: account.cell,
      id: account.id,
      clientId,
      secret: vault.reseal(account.secret, purpose),
      mark: opened === undefined ? undefined : secretMarkOf(clientId, opened),
      name: wanted.client_name,
    };
    if (await createLink(transaction, registry, keys, link)) token = link.token;
    // Someone was shown it by now: there is nothing to say of a link that there is not.
    else if (mailKind === 'renewed') return withoutSecret(account);
  }
  const facts: MailFacts = {
    notice: mailKind,
    name: wanted.client_name,
    to: wanted.contacts,
    clientId,
    handle,
    ...formerFacts(former),
  };
  await putInOutbox(transaction, {
    id,
    registry,
    cell: account.cell,
    client: account.id,
    facts,
    token: token === undefined ? null : vault.seal(token, tokenSealingPurpose(id)),
  });
  await onMail?.(id, transaction);
  if (!handsOver) return account;
  const rest = withoutSecret(account);
  return token === undefined ? rest : { ...rest, linkSentTo: wanted.contacts };
}

function formerFacts(
  former: { readonly clientId?: string; readonly revoked?: true } | undefined,
): Pick<MailFacts, 'former'> {
  if (former?.clientId === undefined) return {};
  return { former: { clientId: former.clientId, ...(former.revoked === true && { revoked: true }) } };
}

function withoutSecret(account: ClientAccount): ClientAccount {
  const { secret: _, ...rest } = account;
  return rest;
}

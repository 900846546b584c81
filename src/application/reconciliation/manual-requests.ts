/** What becomes of a request to the people who run a cell: done, or declined. */
import { defined } from '#base/defined';
import { type AuditEvent, type ClientAccount, type Ledger, mailKinds } from '#domain/provisioning/ledger';
import { permanentFailure } from '#domain/provisioning/messages';
import type { ProviderResult } from '#domain/provisioning/provider';

export interface Confirmation {
  readonly clientId: string;
  /** Login; absent when the issue was closed without saying who did it. */
  readonly by?: string;
}

/** A client id as ProConnect and other providers write them: visible ASCII without spaces (RFC 6749 appendix A.1). */
const clientIdPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * A person did what was asked in an issue.
 *
 * @param account the one whose request that issue is, if there is one
 * @returns the account as it is then
 */
export async function confirmProvisioned(
  deps: { readonly ledger: Ledger; readonly now: () => number },
  account: ClientAccount | undefined,
  confirmation: Confirmation,
): Promise<ProviderResult<ClientAccount>> {
  const request = account?.request;
  if (account === undefined || request === undefined) return permanentFailure('no-request');
  const { clientId } = confirmation;
  if (!clientIdPattern.test(clientId) || clientId === 'CLIENT_ID')
    return permanentFailure('client-id-malformed', { clientId });
  if (account.clientId !== undefined && account.clientId !== clientId)
    return permanentFailure('client-id-differs', { clientId, known: account.clientId });
  const event: AuditEvent = {
    cell: account.cell,
    id: account.id,
    what: request.action,
    digest: request.digest,
    clientId,
    ...defined({ cause: request.cause, by: confirmation.by }),
  };
  const mailKind = mailKinds[request.action];
  const { request: _, intent: __, failure: ___, ...rest } = account;
  const { wanted } = request;
  if (wanted === undefined) {
    await deps.ledger.drop(account, event, mailKind);
    return { ok: true, value: rest };
  }
  const done: ClientAccount = {
    ...rest,
    state: wanted.active ? 'active' : 'inactive',
    ...(wanted.active ? {} : { inactiveSince: deps.now() }),
    handle: clientId,
    clientId,
    wanted,
    seen: wanted,
    unanswered: 0,
    last: defined({ action: request.action, request: request.name, pull: request.pull }),
  };
  await deps.ledger.save(done, event, mailKind);
  return { ok: true, value: done };
}

/** A person closed the issue without doing it: the same thing is not asked again. */
export async function declineRequest(ledger: Ledger, account: ClientAccount): Promise<void> {
  const { cell, id, request } = account;
  if (request === undefined || request.declined === true) return;
  const { digest, cause } = request;
  await ledger.save(
    { ...account, request: { ...request, declined: true } },
    defined({ cell, id, what: 'declined' as const, digest, cause }),
  );
}

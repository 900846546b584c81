/** What becomes of a request to the people who run a cell: done, or declined. */
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import type { ConfirmedByWriter } from '#domain/provisioning/confirmed-by-writer';
import { failure } from '#domain/provisioning/failures';
import { type AuditEvent, type ClientAccount, type Ledger, mailKinds } from '#domain/provisioning/ledger';
import { type RequestState, requestTranslator } from '#domain/provisioning/manual-request';
import { clientKey } from '#domain/provisioning/plan';
import type { ProviderFailure, ProviderResult } from '#domain/provisioning/provider';

export interface Confirmation {
  readonly clientId: string;
  /** Who says so. */
  readonly by: ConfirmedByWriter;
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
  if (account === undefined || request === undefined) return failure('no-request');
  const { clientId } = confirmation;
  if (!clientIdPattern.test(clientId) || clientId === 'CLIENT_ID')
    return failure('client-id-malformed', { clientId });
  if (account.clientId !== undefined && account.clientId !== clientId)
    return failure('client-id-differs', { clientId, known: account.clientId });
  const taken = await ofAnother(deps.ledger, account, clientId);
  if (taken !== undefined) return taken;
  const event: AuditEvent = {
    cell: account.cell,
    id: account.id,
    what: request.action,
    digest: request.digest,
    clientId,
    by: confirmation.by.login,
    ...defined({ cause: request.cause }),
  };
  const mailKind = mailKinds[request.action];
  const { request: _, intent: __, failure: ___, ...rest } = account;
  const { wanted } = request;
  if (wanted === undefined) {
    const end = { account, dropped: true, event, ...defined({ mailKind }) };
    return (await deps.ledger.endRequest(request.name, end))
      ? { ok: true, value: rest }
      : failure('no-request');
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
  const end = { account: done, dropped: false, event, ...defined({ mailKind }) };
  if (await deps.ledger.endRequest(request.name, end)) return { ok: true, value: done };
  return (await ofAnother(deps.ledger, account, clientId)) ?? failure('no-request');
}

/** Why a client is not one's own. One of another cell neither: keys never cross cells. */
async function ofAnother(
  ledger: Pick<Ledger, 'holdersOf'>,
  account: ClientAccount,
  clientId: string,
): Promise<ProviderFailure | undefined> {
  const holders = await ledger.holdersOf({ handle: clientId, clientId });
  const other = holders.find((holder) => clientKey(holder) !== clientKey(account));
  return other && failure('client-of-another', { clientId, definition: clientKey(other) });
}

/** A person closed the issue without doing it: the same thing is not asked again. */
export async function declineRequest(
  ledger: Ledger,
  account: ClientAccount,
  by: ConfirmedByWriter,
): Promise<void> {
  const { cell, id, request } = account;
  if (request === undefined || request.declined === true) return;
  const { digest, cause } = request;
  await ledger.save(
    { ...account, request: { ...request, declined: true } },
    defined({ cell, id, what: 'declined' as const, digest, cause, by: by.login }),
  );
}

/**
 * A person gave a client another secret, as an issue asked.
 *
 * @param comment in which they say so
 */
export async function confirmRenewed(
  ledger: Ledger,
  account: ClientAccount,
  { clientId, by, comment }: Confirmation & { readonly comment: number | undefined },
): Promise<ProviderResult<ClientAccount>> {
  const { cell, id } = account;
  if (account.clientId !== clientId)
    return failure('client-id-differs', { clientId, known: account.clientId ?? '' });
  const event = defined({ cell, id, what: 'renewed' as const, clientId, by: by.login, comment });
  await ledger.amend(account, ({ renewal, ...rest }) =>
    renewal === account.renewal ? { account: rest, event } : undefined,
  );
  return { ok: true, value: account };
}

/** What is said where a request was closed by which nothing was said of it. Markdown. */
export function notClosedByThat(
  state: Extract<RequestState, { readonly kind: 'unsaid' | 'disputed' }>,
  language: Language,
): string {
  const t = requestTranslator(language);
  if (state.kind === 'unsaid') return t('reopened-unsaid');
  return state.login === undefined ? t('reopened-unknown') : t('reopened', { login: state.login });
}

/** What a provider says of one client today, read into its account. Nothing is written at the provider. */
import { defined } from '#base/defined';
import type { ClientAccount, Ledger } from '#domain/provisioning/ledger';
import type { Provider, ProviderResult } from '#domain/provisioning/provider';
import { KeptAccount, otherClient, recordedClient, withReport } from './kept-account.ts';

export interface RefreshDeps {
  readonly provider: Provider;
  readonly ledger: Pick<Ledger, 'save'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with a client whose access is to be restored, by whoever may change something. */
  readonly onDetached?: (account: ClientAccount) => void;
}

/** Milliseconds between two mails about secrets that a provider renews unasked: one that does so at each look asks for none. */
const renewalPauseMs = 86_400_000;

export async function refreshAccount(
  deps: RefreshDeps,
  account: ClientAccount,
): Promise<ProviderResult<ClientAccount>> {
  const recorded = recordedClient(account);
  if (recorded === undefined) return { ok: true, value: account };
  const { cell, id } = account;
  const kept = new KeptAccount(deps.ledger, account);
  const reading = await deps.provider.read({ cell, id }, recorded, kept.keep);
  if (!reading.ok) return reading;
  const { value } = reading;
  if (value.kind === 'unknown') return { ok: true, value: account };
  const other = value.kind === 'found' ? otherClient(account, value.client) : undefined;
  if (value.kind === 'found' && other === undefined) {
    if (value.detached === true) deps.onDetached?.(account);
    const seen = withReport(kept.account, value.client);
    return {
      ok: true,
      value: await saveFound(deps, { ...seen, state: wasLost(seen) ? 'active' : seen.state }),
    };
  }
  // A client that works and could not be managed any more before now stays what it is.
  if (other === undefined && (account.unmanageable === true || account.intent !== undefined))
    return { ok: true, value: account };
  const lost: ClientAccount = { ...account, state: 'lost' };
  const first = account.state !== 'lost';
  const message = value.kind === 'hidden' ? value.message : other?.message;
  const event = defined({ cell, id, what: 'lost' as const, message });
  await deps.ledger.save(lost, first ? event : undefined);
  return { ok: true, value: lost };
}

function wasLost({ state }: ClientAccount): boolean {
  return state === 'lost';
}

/** Keeps what was seen, and hands over the secret that the provider gave anew, where nothing under way will. */
async function saveFound({ ledger, now }: RefreshDeps, account: ClientAccount): Promise<ClientAccount> {
  const { cell, id, clientId, renewedAt, secret, state, intent } = account;
  const isRenewed = secret !== undefined && state === 'active' && intent === undefined;
  if (!isRenewed || (renewedAt !== undefined && now() - renewedAt < renewalPauseMs))
    return ledger.save(account);
  const event = defined({ cell, id, what: 'renewed' as const, clientId });
  return ledger.save({ ...account, renewedAt: now() }, event, 'changed');
}

/**
 * The issues in which people are asked, looked at in each run: what closing one says, whoever closed it, and what becomes
 * of one that the registry asks for no longer.
 */
import type { ClientAccounts } from '#application/ledger/client-accounts';
import { defined } from '#base/defined';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { requestTranslator } from '#domain/provisioning/manual-request';
import { clientKey, type Plan } from '#domain/provisioning/plan';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import { declineRequest, notClosedByThat } from './manual-requests.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { RegistrySnapshot } from './registry-source.ts';

/** Takes note of requests that people closed, and opens again those that were not theirs to close. */
export async function recordClosedRequests(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  snapshot: RegistrySnapshot,
): Promise<void> {
  for (const known of accounts.all()) {
    const { request } = known;
    const tracker = deps.cells.get(known.cell)?.requests?.tracker;
    if (tracker !== undefined) {
      if (hasNoDefinition(snapshot, known)) await withdrawRenewal(deps, accounts, tracker, known);
      else await recordRenewal(deps, accounts, tracker, known);
    }
    if (request === undefined || request.declined === true || tracker === undefined) continue;
    const state = await tracker.state(Number(request.name));
    if (!state.ok || state.value.kind === 'open') continue;
    // A command in the same issue may have confirmed it meanwhile.
    const account = await accounts.load(known);
    if (account?.request?.name !== request.name) continue;
    if (state.value.kind === 'declined') await declineRequest(accounts, account, state.value.by);
    else await tracker.reopen(Number(request.name), notClosedByThat(state.value, deps.language));
  }
}

/** Whether the definition of a client that was there is in the registry no longer. */
function hasNoDefinition({ blobs, held }: RegistrySnapshot, account: ClientAccount): boolean {
  const key = clientKey(account);
  return !blobs.has(key) && account.awaited !== true && !held.some((one) => clientKey(one) === key);
}

/** Asks for another secret no longer: nobody is to sign in through that client. */
async function withdrawRenewal(
  { language }: ReconcileDeps,
  accounts: ClientAccounts,
  tracker: IssueTracker,
  { renewal, ...ref }: ClientAccount,
): Promise<void> {
  if (renewal === undefined) return;
  const closed = await tracker.close(Number(renewal), requestTranslator(language)('renewal-withdrawn'));
  if (!closed.ok) return;
  await accounts.amend(ref, ({ renewal: present, ...rest }) =>
    present === renewal ? { account: rest } : undefined,
  );
}

/** The same of a request for another secret. */
async function recordRenewal(
  { language }: ReconcileDeps,
  accounts: ClientAccounts,
  tracker: IssueTracker,
  known: ClientAccount,
): Promise<void> {
  if (known.renewal === undefined) return;
  const state = await tracker.state(Number(known.renewal));
  if (!state.ok || state.value.kind === 'open') return;
  const account = await accounts.load(known);
  if (account?.renewal !== known.renewal) return;
  if (state.value.kind !== 'declined') {
    await tracker.reopen(Number(known.renewal), notClosedByThat(state.value, language));
    return;
  }
  const { cell, id, clientId } = account;
  const event = defined({ cell, id, what: 'declined' as const, clientId, by: state.value.by.login });
  await accounts.amend(account, ({ renewal, ...rest }) =>
    renewal === known.renewal ? { account: rest, event } : undefined,
  );
}

/** Takes back requests of changes that the registry no longer asks for; of what was begun, the opening may have gone unanswered. */
export async function withdrawStale(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  snapshot: RegistrySnapshot,
  plan: Plan,
): Promise<void> {
  const asked = new Set([...plan.steps.map(clientKey), ...snapshot.held.map(clientKey)]);
  for (const known of accounts.all()) {
    const provider = deps.cells.get(known.cell)?.provider;
    const isAsked = ({ request, intent }: ClientAccount) => request !== undefined || intent !== undefined;
    if (!isAsked(known) || provider?.withdraw === undefined || asked.has(clientKey(known))) continue;
    const account = await accounts.load(known);
    if (account === undefined || !isAsked(account)) continue;
    const { request, ...rest } = account;
    const withdrawn = await provider.withdraw(account);
    if (withdrawn.ok && request !== undefined) await accounts.save(rest);
  }
}

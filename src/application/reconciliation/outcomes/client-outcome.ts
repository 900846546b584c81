/** What became of one client, by the ledger and by what the run decided and did: for the readers of its pull request. */

import { serverChangeFailure } from '#application/reconciliation/known-servers';
import type { Reconciliation } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { ServedCell } from '#application/reconciliation/served-cell';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import { mayPass } from '#domain/provisioning/approval-gate';
import { changesLeftToPeople } from '#domain/provisioning/client-metadata';
import type { ClientAccount, FormerClient } from '#domain/provisioning/ledger';
import type { ClientOutcome, OutcomeState } from '#domain/provisioning/outcome';
import { type Action, clientKey } from '#domain/provisioning/plan';
import { handsKeysOver } from '#domain/provisioning/provider';

const doneStates: Readonly<Record<Action, OutcomeState>> = {
  create: 'created',
  update: 'updated',
  revive: 'revived',
  deactivate: 'deactivated',
  delete: 'deleted',
};

/** What is published of one client for the readers of the pull request that brought its present definition. */
export function outcomeOf(
  deps: ReconcileDeps,
  result: Reconciliation,
  key: string,
  pull: number,
): ClientOutcome {
  const [network, environment, id = ''] = key.split('/');
  const cell: CellName = `${network === 'rie' ? 'rie' : 'internet'}/${
    environment === 'production' ? 'production' : 'integration'
  }`;
  const served = deps.cells.get(cell);
  const account = result.accounts.get(key);
  const state = stateOf(result, key, cell, served !== undefined, pull);
  const decided = result.decidedSteps.find((one) => clientKey(one.step) === key);
  const detail = result.heldByLookups.get(key);
  const wanted = account?.wanted;
  const request = account?.request;
  const failed = state === 'failed' || state === 'retrying' || state === 'lost';
  const now = result.results.flatMap((one) =>
    one.kind === 'failed' && clientKey(one.step) === key ? [one.failure] : [],
  )[0];
  const trouble = result.unread.get(key) ?? result.unreachable.get(cell);
  const moved = state === 'held' ? result.moved.find((one) => one.cell === cell) : undefined;
  return defined({
    cell,
    id,
    state,
    cellInfo: served && { ...served.info, method: account?.method ?? served.info.method },
    clientId: account?.clientId,
    handle: account?.handle,
    metadata: served && wanted,
    left: served && wanted && changesLeftToPeople(wanted, served.provider.governedFields),
    granted: account?.granted,
    probes: account?.probes,
    issue: served?.requests?.inRegistry === true && request !== undefined ? Number(request.name) : undefined,
    step: decided?.step,
    stopped: decided?.reason,
    message: moved
      ? serverChangeFailure(cell, moved).message
      : failed
        ? (decided?.failure ?? (state === 'lost' ? undefined : trouble) ?? account?.failure ?? now)?.message
        : undefined,
    differing: account?.accepted,
    untold: account?.untold,
    detail,
    freeze: state === 'frozen' ? result.frozen.find((one) => one.cell === cell) : undefined,
    unmanageable: account?.unmanageable,
    former: formerOf(account?.former, served, deps.removalDelay),
    renewal:
      served?.requests?.inRegistry === true && account?.renewal !== undefined
        ? Number(account.renewal)
        : undefined,
    deletion:
      account?.inactiveSince === undefined
        ? undefined
        : new Date(account.inactiveSince + deps.removalDelay).toISOString(),
  });
}

/** Whole days, for people. */
function daysOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 86_400_000);
}

/** What is published of a client that was replaced. That its keys were read is known of one-time pages only. */
function formerOf(
  former: FormerClient | undefined,
  served: ServedCell | undefined,
  removalDelay: number,
): ClientOutcome['former'] {
  if (former === undefined || served === undefined) return undefined;
  const { clientId, revoked, failure, undropped } = former;
  const days = handsKeysOver[served.provider.kind] ? daysOf(removalDelay) : undefined;
  return { clientId, ...defined({ revoked, failure, undropped, days }) };
}

function stateOf(
  result: Reconciliation,
  key: string,
  cell: CellName,
  served: boolean,
  pull: number,
): OutcomeState {
  if (!served) return 'unserved';
  const decision = result.decidedSteps.find((one) => clientKey(one.step) === key)?.decision;
  if (decision !== undefined && result.moved.some((one) => one.cell === cell)) return 'held';
  if (decision === 'stopped' || decision === 'guarded') return decision;
  // What people were asked for before the freeze is theirs to do.
  if (decision === 'frozen' && result.accounts.get(key)?.request === undefined) return decision;
  if (decision === 'refused') return 'failed';
  const heldHere = result.snapshot.held.some((one) => one.cell === cell && clientKey(one) === key);
  if (result.heldByLookups.has(key) || heldHere) return 'held';
  const account = result.accounts.get(key);
  // Not begun, since the provider does not answer; or done with for good.
  if (account === undefined) return result.snapshot.blobs.has(key) ? 'retrying' : 'deleted';
  return accountState(account, pull);
}

function accountState(account: ClientAccount, pull: number): OutcomeState {
  if (account.state === 'lost') return 'lost';
  if (account.failure !== undefined) return mayPass(account.failure) ? 'retrying' : 'failed';
  if (account.request !== undefined) return account.request.declined === true ? 'declined' : 'requested';
  if (account.intent !== undefined || account.state === 'begun') return 'retrying';
  const { last } = account;
  if (account.state === 'inactive') return 'deactivated';
  return last === undefined || last.pull !== pull ? 'unchanged' : doneStates[last.action];
}

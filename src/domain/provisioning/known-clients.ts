/** From the ledger to what a plan starts from. */
import type { Account } from './ledger.ts';
import type { CellState, KnownClient } from './plan.ts';
import type { Provider } from './provider.ts';

/**
 * A creation that was begun and not finished counts as not there yet, so that its plan stays, digest included, the one
 * that people approved.
 */
export function knownBy(account: Account): KnownClient {
  const unfinished = account.state === 'begun' || account.intent?.action === 'create';
  return {
    id: account.id,
    ...(account.clientId === undefined ? {} : { clientId: account.clientId }),
    state: account.state === 'lost' ? 'lost' : unfinished ? 'unfinished' : stateOf(account),
    metadata: account.seen,
    ...(account.inactiveSince === undefined ? {} : { inactiveSince: account.inactiveSince }),
  };
}

function stateOf(account: Account): 'active' | 'inactive' {
  return account.state === 'inactive' ? 'inactive' : 'active';
}

export function cellState(
  provider: Pick<Provider, 'cell' | 'kind' | 'governs'>,
  accounts: readonly Account[],
): CellState {
  return {
    cell: provider.cell,
    provider: provider.kind,
    governs: provider.governs,
    clients: accounts.filter((account) => account.cell === provider.cell).map(knownBy),
  };
}

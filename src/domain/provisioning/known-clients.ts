/** From the ledger to what a plan starts from. */
import type { ClientAccount } from './ledger.ts';
import type { CellState, KnownClient } from './plan.ts';
import type { Provider } from './provider.ts';

/**
 * A creation that was begun and not finished counts as not there yet, so that its plan stays, digest included, the one
 * that people approved.
 */
export function knownClient(account: ClientAccount): KnownClient {
  const unfinished = account.state === 'begun' || account.intent?.action === 'create';
  return {
    id: account.id,
    ...(account.clientId === undefined ? {} : { clientId: account.clientId }),
    state: account.state === 'lost' ? 'lost' : unfinished ? 'unfinished' : stateOf(account),
    metadata: account.seen,
    ...(account.inactiveSince === undefined ? {} : { inactiveSince: account.inactiveSince }),
  };
}

function stateOf(account: ClientAccount): 'active' | 'inactive' {
  return account.state === 'inactive' ? 'inactive' : 'active';
}

export function cellState(
  provider: Pick<Provider, 'cell' | 'kind' | 'governedFields'>,
  accounts: readonly ClientAccount[],
): CellState {
  return {
    cell: provider.cell,
    provider: provider.kind,
    governedFields: provider.governedFields,
    clients: accounts.filter((account) => account.cell === provider.cell).map(knownClient),
  };
}

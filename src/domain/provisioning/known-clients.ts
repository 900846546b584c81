/** From the ledger to what a plan starts from. */
import { metadataFields, sameFieldValue } from './client-metadata.ts';
import type { ClientAccount } from './ledger.ts';
import type { CellState, KnownClient } from './plan.ts';
import type { Provider, ReportedMetadata } from './provider.ts';

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
    metadata: compared(account),
    ...(account.inactiveSince === undefined ? {} : { inactiveSince: account.inactiveSince }),
    ...(account.awaited === undefined ? {} : { awaited: account.awaited }),
  };
}

/**
 * What the provider says, as it is to be compared with a definition: where it made something else of what was asked for,
 * and that was accepted, it says what was asked for, as long as it goes on saying so.
 */
function compared({ seen, accepted = {}, wanted }: ClientAccount): ReportedMetadata {
  if (wanted === undefined) return seen;
  const kept = metadataFields.filter(
    (field) => accepted[field] !== undefined && sameFieldValue(seen[field], accepted[field]),
  );
  return { ...seen, ...Object.fromEntries(kept.map((field) => [field, wanted[field]])) };
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

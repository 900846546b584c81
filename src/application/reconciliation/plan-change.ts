/** What merging a pull request would do to the identity providers, as its review shows it. */

import { setImmediate } from 'node:timers/promises';
import type { SqlLedger } from '#application/ledger/sql-ledger';
import type { ClientAtPath, PlannedChange, ProposedChange, TouchedClients } from '#application/mirror/deps';
import { cellNames } from '#base/config/cells';
import { cellName, definitionsFolder, placeFromPath } from '#domain/definition/cell';
import { cellState } from '#domain/provisioning/known-clients';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey, planFor } from '#domain/provisioning/plan';
import { freezesAt } from '#domain/registry/freeze';
import type { ReconcileDeps } from './reconcile-deps.ts';

interface Deps extends Pick<ReconcileDeps, 'cells' | 'store' | 'now' | 'removalDelay'> {
  readonly ledger: Pick<SqlLedger, 'loadEach'>;
}

/** Definitions from which on everyone else has a turn between the steps: thousands take some hundredths of a second in each. */
const many = 100;

/**
 * The clients of the definitions at these paths: all that the ledger has to tell a review, however many others there are.
 *
 * @param read where they were read already
 */
export async function touchedClients(
  deps: Deps,
  paths: readonly string[],
  read?: Pick<TouchedClients, 'accounts'>,
): Promise<TouchedClients> {
  const places = paths.flatMap((path) => placeFromPath(path) ?? []);
  const accounts =
    read?.accounts ??
    (await deps.ledger.loadEach(places.map((place) => ({ cell: cellName(place), id: place.id }))));
  return {
    accounts,
    present: new Map(
      accounts.flatMap((account) => {
        const client = clientOf(account);
        return client === undefined ? [] : [[pathOf(account), client]];
      }),
    ),
    plan: (change) => planChange(deps, accounts, change),
  };
}

/** The client of a definition, as far as the ledger knows: used, removed for now, lost, or being replaced. */
function clientOf(account: ClientAccount): ClientAtPath | undefined {
  if (account.state === 'begun' && account.former === undefined) return undefined;
  return account.awaited === undefined ? 'there' : 'adopted';
}

function pathOf(client: Parameters<typeof clientKey>[0]): string {
  return `${definitionsFolder}/${clientKey(client)}.yaml`;
}

/**
 * Nothing is applied after the merge but what was marked as shown.
 *
 * @param accounts those of the touched definitions
 */
async function planChange(
  deps: Deps,
  accounts: readonly ClientAccount[],
  change: ProposedChange,
): Promise<PlannedChange> {
  const { cells, removalDelay } = deps;
  const places = change.touched.flatMap((path) => placeFromPath(path) ?? []);
  const turn = () => (places.length < many ? undefined : setImmediate());
  await turn();
  const { steps } = planFor({
    desired: change.desired,
    cells: [...cells.values()].map((cell) => cellState(cell.provider, accounts)),
    now: deps.now(),
    removalDelay,
    only: new Set(places.map((place) => `${cellName(place)}/${place.id}`)),
  });
  await turn();
  const touched = cellNames.filter((name) => places.some((place) => cellName(place) === name));
  const facts = {
    steps: steps.map((step) => ({
      path: pathOf(step),
      cell: step.cell,
      action: step.action,
      changes: step.changes,
      left: step.left,
    })),
    unserved: touched.filter((name) => !cells.has(name)),
    frozen: freezesAt(change.freezes, deps.now()).filter(({ cell }) => touched.includes(cell)),
    manual: touched.filter((name) => cells.get(name)?.info.provider === 'manual'),
  };
  return {
    facts,
    markShown: (decisions) => deps.store.shownPlans.save(change.number, change.head, steps, decisions),
  };
}

/** What merging a pull request would do to the identity providers, as its review shows it. */

import { setImmediate } from 'node:timers/promises';
import type { ClientAtPath, PlannedChange, ProposedChange } from '#application/mirror/deps';
import { cellNames } from '#base/config/cells';
import { cellName, placeFromPath } from '#domain/definition/cell';
import { cellState } from '#domain/provisioning/known-clients';
import type { Ledger } from '#domain/provisioning/ledger';
import { clientKey, planFor } from '#domain/provisioning/plan';
import { freezesAt } from '#domain/registry/freeze';
import type { ReconcileDeps } from './reconcile-deps.ts';

/** Nothing is applied after the merge but what was marked as shown. */
export async function planChange(
  deps: Pick<ReconcileDeps, 'cells' | 'ledger' | 'store' | 'now' | 'removalDelay'>,
  change: ProposedChange,
): Promise<PlannedChange> {
  const { cells, removalDelay } = deps;
  const accounts = await deps.ledger.all();
  // Thousands of definitions take some hundredths of a second here, and before, and when the outcome is written.
  await setImmediate();
  const places = change.touched.flatMap((path) => placeFromPath(path) ?? []);
  const plan = planFor({
    desired: change.desired,
    cells: [...cells.values()].map((cell) => cellState(cell.provider, accounts)),
    now: deps.now(),
    removalDelay,
    only: new Set(places.map((place) => `${cellName(place)}/${place.id}`)),
  });
  await setImmediate();
  const touched = cellNames.filter((name) => places.some((place) => cellName(place) === name));
  const facts = {
    steps: plan.steps.map((step) => ({
      path: `service-providers/${clientKey(step)}.yaml`,
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
    markShown: (decisions) => deps.store.shownPlans.save(change.number, change.head, plan, decisions),
  };
}

/** The client of the definition at a path, as far as the ledger knows: used, removed for now, lost, or being replaced. */
export async function clientAtPath(ledger: Pick<Ledger, 'load'>, path: string): Promise<ClientAtPath> {
  const place = placeFromPath(path);
  const account = place && (await ledger.load({ cell: cellName(place), id: place.id }));
  if (account === undefined || (account.state === 'begun' && account.former === undefined)) return 'none';
  return account.awaited === undefined ? 'there' : 'adopted';
}

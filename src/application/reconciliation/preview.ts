/**
 * What reconciling would do now. The plan of the registry at a commit, each of its steps decided: what a run applies, and
 * what people are shown who only ask.
 */
import { setImmediate } from 'node:timers/promises';
import { ClientAccounts } from '#application/ledger/client-accounts';
import type { Origin } from '#application/reconciliation/store/origin-store';
import type { CellName } from '#base/config/cells';
import { type DecidedStep, decideSteps, mayRepair } from '#domain/provisioning/approval-gate';
import { cellState } from '#domain/provisioning/known-clients';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey, type Plan, planFor } from '#domain/provisioning/plan';
import type { ProviderFailure } from '#domain/provisioning/provider';
import { type Freeze, freezesAt } from '#domain/registry/freeze';
import { checkSteps, type Looked, refreshAccounts, silences } from './ask-providers.ts';
import { decisionsTaken, wordsOf } from './origins.ts';
import { type HeldByLookups, recheckSteps } from './recheck-steps.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { RegistrySnapshot } from './registry-source.ts';

/** What reconciling would do now. */
export interface Preview extends HeldByLookups, Looked {
  readonly plan: Plan;
  readonly decidedSteps: readonly DecidedStep[];
  /** Cells whose provider does not answer, or is in trouble, or is another server now, which are left alone this time. */
  readonly unreachable: ReadonlyMap<CellName, ProviderFailure>;
  /** The cells in which nothing is done for now. */
  readonly frozen: readonly Freeze[];
  /** By client, as the ledger has them: what the run writes afterwards shows here. */
  readonly accounts: ReadonlyMap<string, ClientAccount>;
}

/**
 * What reconciling would do now. Public services and providers are asked, and what they say is noted; nothing is changed
 * at the providers.
 *
 * @param options.sweep reads every client, and not only those that would change
 * @param options.known what was read already, by a run that this is a part of
 */
export async function preview(
  deps: ReconcileDeps,
  snapshot: RegistrySnapshot,
  options: {
    readonly sweep: boolean;
    readonly known?: { readonly origins: ReadonlyMap<string, Origin>; readonly accounts: ClientAccounts };
  },
): Promise<Preview> {
  const { store } = deps;
  const accounts = options.known?.accounts ?? (await ClientAccounts.of(deps.ledger));
  // Of thousands of definitions each plan takes some hundredths of a second: everyone else has a turn between them.
  const first = currentPlan(deps, accounts, snapshot, new Map());
  await setImmediate();
  const origins = options.known?.origins ?? (await store.origins.all());
  const decided = await decisionsTaken(deps, origins, snapshot);
  const { heldByLookups, heldSteps } = await recheckSteps(deps, snapshot, first, accounts, decided);
  const { health, ...looked } = await refreshAccounts(deps, accounts, options.sweep, first);
  const plan = currentPlan(deps, accounts, snapshot, heldByLookups);
  await setImmediate();
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  const frozen = freezesAt(snapshot.freezes ?? [], deps.now());
  const isFrozen = (name: CellName) => frozen.some(({ cell }) => cell === name);
  const refused = await checkSteps(deps, accounts, plan, desired, health);
  const decidedSteps = decideSteps(plan, {
    accounts: accounts.byClient,
    desired,
    refused,
    words: await wordsOf(deps, origins, snapshot),
    byOperator: deps.by !== undefined,
    confirmed: await store.confirmations.digests(),
    isFrozen,
    repair: (step, account) =>
      deps.cells.get(step.cell)?.repair === true && mayRepair(step, account, deps.now()),
  });
  const unreachable = silences(health);
  return {
    plan,
    decidedSteps,
    heldByLookups,
    heldSteps,
    unreachable,
    frozen,
    health,
    ...looked,
    accounts: accounts.byClient,
  };
}

function currentPlan(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  snapshot: RegistrySnapshot,
  heldByLookups: ReadonlyMap<string, string>,
): Plan {
  const present = accounts.all();
  const outside = snapshot.desired.filter((one) => heldByLookups.has(clientKey(one)));
  return planFor({
    desired: snapshot.desired.filter((one) => !heldByLookups.has(clientKey(one))),
    held: [...snapshot.held, ...outside],
    cells: [...deps.cells.values()].map((cell) => cellState(cell.provider, present)),
    now: deps.now(),
    removalDelay: deps.removalDelay,
  });
}

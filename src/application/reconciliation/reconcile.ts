/**
 * Brings the identity providers to what the default branch says. By level: everything is computed from the registry at
 * its head, the ledger and the providers, never from the event that asked for it, so that a missed event costs nothing
 * and a second run does nothing.
 */
import { ClientAccounts } from '#application/ledger/client-accounts';
import type { Origin } from '#application/reconciliation/store/origin-store';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey, guardedSteps, type Plan, type Step } from '#domain/provisioning/plan';
import type { ProviderFailure } from '#domain/provisioning/provider';
import { applyPlan } from './apply-plan.ts';
import { silences } from './ask-providers.ts';
import { confirmableDigests, spentConfirmations, waitingSteps } from './confirmable.ts';
import { describeClients } from './describe-clients.ts';
import type { DuplicateClient } from './duplicate-clients.ts';
import { type HeldCell, recordServers, withKnownServers } from './known-servers.ts';
import { causeOf, recordOrigins, wordsOf } from './origins.ts';
import { type Preview, preview } from './preview.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { type RegistrySnapshot, withHidden } from './registry-source.ts';
import { recordClosedRequests, withdrawStale } from './request-issues.ts';
import { noteArrivals, settleAccounts } from './settle-accounts.ts';
import { type SettingsNews, type SettingsToConfirm, settleSettings } from './settle-settings.ts';
import type { StepResult } from './step-run.ts';
import { recordUnknown, unknownAmong } from './unknown-clients.ts';

/** What a run saw, decided and did. */
export interface Reconciliation extends Preview {
  /** Cells that are held, since their configuration names another server than their clients were made at. */
  readonly moved: readonly HeldCell[];
  readonly commit: string;
  readonly snapshot: RegistrySnapshot;
  readonly results: readonly StepResult[];
  /** Clients that came to be beside a recorded one. */
  readonly duplicateClients: readonly DuplicateClient[];
  /** Clients that carry Greffier's address and are no definition's, and the cells of which that is new. */
  readonly unknown: Awaited<ReturnType<typeof recordUnknown>>;
  readonly origins: ReadonlyMap<string, Origin>;
  /** Cells whose freeze began, was changed or ended since the run before. */
  readonly freezeChanges: readonly CellName[];
  /** Settings of the default branch that are not in force as they stand. */
  readonly heldSettings?: SettingsToConfirm;
  /** What was found of the settings, and was not known before. */
  readonly settingsNews?: SettingsNews;
  /** Present when something may pass by itself: seconds to wait, where a provider said so. */
  readonly retry?: { readonly reason: string; readonly after?: number; readonly wait?: true };
}

/** @param sweep reads every client (some at a time where they cannot be listed), and not only those that change */
export async function reconcile(given: ReconcileDeps, sweep: boolean): Promise<Reconciliation> {
  const deps = await withKnownServers(given);
  const moved = await recordServers(deps);
  const begun = deps.now();
  const commit = await deps.source.head();
  const remembered = sweep ? await deps.source.verifiedAt(commit) : await deps.source.at(commit);
  const accounts = await ClientAccounts.of(deps.ledger);
  // No client goes because its file is missing from what is remembered: the registry itself must say so.
  const isDoubtful = !sweep && (await missesFiles(deps, remembered, accounts));
  const read = isDoubtful ? await deps.source.verifiedAt(commit) : remembered;
  const settled = await settleSettings(deps, withHidden(read, accounts.all()), begun);
  const { snapshot, heldSettings, settingsNews } = settled;
  // Who pushed since then is asked once more, of the settings as of what was pushed with them.
  const { origins, waitsFor } =
    settled.waitsFor === undefined
      ? await recordOrigins(deps, snapshot)
      : { origins: await deps.store.origins.all(), waitsFor: settled.waitsFor };
  await noteArrivals(accounts, snapshot, origins);
  await recordClosedRequests(deps, accounts, snapshot);

  const previewed = await preview(deps, snapshot, { sweep, known: { origins, accounts } });
  const { plan, health, unread } = previewed;
  await shareConfirmations(deps, plan);
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  const done = await applyPlan(deps, accounts, previewed, async (step) => {
    const origin = origins.get(clientKey(step));
    const merge = origin?.pull === undefined ? undefined : await deps.store.merges.find(origin.pull);
    const cause = { ...causeOf(origin, merge, snapshot.commit), ...defined({ by: deps.by }) };
    return defined({ desired: desired.get(clientKey(step)), cause });
  });
  const { results, duplicateClients } = done;

  const found = Array.from(previewed.unlinked, ([cell, clients]) => {
    const ofCell = accounts.all().filter((account) => account.cell === cell);
    return [cell, unknownAmong(clients, ofCell, duplicateClients)] as const;
  });
  const unknown = await recordUnknown(deps.store, deps.cells.keys(), new Map(found));
  const { observations } = deps.store;
  const freezeChanges = await observations.recordFreezes(deps.cells.keys(), previewed.frozen, commit);
  await withdrawStale(deps, accounts, snapshot, plan);
  await settleAccounts(deps, accounts, snapshot, previewed);
  await describeClients(accounts, snapshot, previewed, () => wordsOf(deps, origins, snapshot));
  const isWhole = await settleConfirmations(deps, previewed, results, origins);
  if (isWhole && sweep) await deps.store.origins.compared();

  const unreachable = silences(health);
  const waits = waitsFor === undefined ? undefined : { reason: waitsFor };
  const others = [...unreachable.values(), ...unread.values(), ...done.failures];
  const retry = retryOf(results, others, done.isUnfinished) ?? waits;
  return {
    ...previewed,
    unreachable,
    moved,
    commit,
    snapshot,
    results,
    duplicateClients,
    unknown,
    origins,
    freezeChanges,
    ...defined({ retry, heldSettings, settingsNews }),
  };
}

/** Many that were confirmed together are confirmed each: whoever goes on after a crash is not to ask about the rest. */
async function shareConfirmations({ store }: ReconcileDeps, { guards, steps }: Plan): Promise<void> {
  const confirmed = await store.confirmations.digests();
  for (const guard of guards)
    if (confirmed.has(guard.digest))
      await store.confirmations.share(
        guard.digest,
        guardedSteps(guard, steps).map(({ digest }) => digest),
      );
}

/**
 * Takes away the confirmations that were used, and notes what may be confirmed from now on.
 *
 * @returns whether the run was of all cells: that of one knows nothing of what the others wait for
 */
async function settleConfirmations(
  { store, cells, configuredCells }: ReconcileDeps,
  previewed: Preview,
  results: readonly { readonly step: Step }[],
  origins: ReadonlyMap<string, Origin>,
): Promise<boolean> {
  const tried = new Set(results.map((one) => one.step.digest));
  if (!configuredCells.every((cell) => cells.has(cell))) {
    await store.confirmations.consume([...tried]);
    return false;
  }
  const held = (await store.settings.find())?.held;
  const confirmed = await store.confirmations.digests();
  await store.confirmations.consume(spentConfirmations(confirmed, previewed, tried, held));
  const commit = await store.origins.reconciledCommit();
  const waiting = defined({ commit, steps: waitingSteps(previewed) });
  await store.confirmations.saveConfirmable(confirmableDigests(previewed, origins, held), waiting);
  return true;
}

/** Whether a file is not there that was there, or whose client something would happen to for that. */
async function missesFiles(
  { store, now, removalDelay }: ReconcileDeps,
  { blobs }: RegistrySnapshot,
  accounts: ClientAccounts,
): Promise<boolean> {
  const waits = ({ state, inactiveSince = 0 }: ClientAccount) =>
    state === 'inactive' && now() < inactiveSince + removalDelay;
  const isMissing = (account: ClientAccount) => !blobs.has(clientKey(account)) && account.awaited !== true;
  if (accounts.all().some((account) => isMissing(account) && !waits(account))) return true;
  const origins = await store.origins.all();
  return [...origins.values()].some(({ client, blob }) => blob !== undefined && !blobs.has(client));
}

function retryOf(
  results: readonly StepResult[],
  others: readonly ProviderFailure[],
  isUnfinished: boolean,
): Reconciliation['retry'] {
  // There was no time for it: that is no failure.
  if (isUnfinished) return { reason: 'unfinished', after: 0, wait: true };
  const failures = results.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
  // What is wrong with a provider as a whole is looked at again in the next sweep.
  const passing = [...failures, ...others].filter(({ fault }) => fault === 'passing');
  const [first] = passing;
  if (first === undefined) return undefined;
  const after = Math.max(...passing.map((failure) => failure.after ?? 0));
  return defined({ reason: first.message.key, after: after > 0 ? after : undefined });
}

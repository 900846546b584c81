/**
 * Takes the steps of a plan that are to be taken: cell beside cell, in each of them one after the other. Then closes what
 * other clients have taken the place of, and removes what came to be twice.
 */
import type { ClientAccounts } from '#application/ledger/client-accounts';
import { isFault } from '#application/pull-requests/fault';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import { placeOf } from '#domain/definition/rules/judging';
import { failure } from '#domain/provisioning/failures';
import { cellState } from '#domain/provisioning/known-clients';
import { type Cause, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { clientKey, planFor, type Step } from '#domain/provisioning/plan';
import type { ProviderFailure } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { applyStep } from './apply-step.ts';
import { inEachCell, troublesLast } from './ask-providers.ts';
import { type DuplicateClient, removeDuplicates } from './duplicate-clients.ts';
import { recordedClient } from './kept-account.ts';
import { narrowFormer } from './narrow-former.ts';
import type { Preview } from './preview.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { closeFormer, isDue } from './replace-client.ts';
import type { ServedCell } from './served-cell.ts';
import type { StepResult } from './step-run.ts';

/** What was done in all cells, and what in them is left for another run. */
interface Applied {
  readonly results: readonly StepResult[];
  readonly duplicateClients: readonly DuplicateClient[];
  /** What could not be done at clients that others replace. */
  readonly failures: readonly ProviderFailure[];
  readonly isUnfinished: boolean;
}

/** @param readied what a step takes besides: its definition, and why it is taken */
export async function applyPlan(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  { decidedSteps, health, unread, postponed, detached, frozen }: Preview,
  readied: (step: Step) => Promise<{ readonly desired?: DesiredClient; readonly cause: Cause }>,
): Promise<Applied> {
  const results: StepResult[] = [];
  const duplicateClients: DuplicateClient[] = [];
  const failures: ProviderFailure[] = [];
  let isUnfinished = false;
  await inEachCell(deps, async (name, cell) => {
    const own = health.get(name);
    const isFrozen = frozen.some((freeze) => freeze.cell === name);
    const toRestore = isFrozen ? [] : accounts.all().filter((one) => one.cell === name);
    for (const known of toRestore.filter((one) => detached.has(clientKey(one)))) {
      const recorded = recordedClient(known);
      if (recorded === undefined || cell.provider.restore === undefined || own?.failure !== undefined)
        continue;
      own?.note(await cell.provider.restore(known, recorded));
    }
    const ofCell = decidedSteps.filter(({ step, decision }) => step.cell === name && decision === 'apply');
    for (const one of troublesLast(ofCell, ({ step }) => accounts.byClient.get(clientKey(step)))) {
      const { step, repairs } = one;
      if (cell.unavailable !== undefined || own === undefined || own.failure !== undefined) break;
      if (unread.has(clientKey(step))) continue;
      if (own.isLate || postponed.has(clientKey(step))) {
        isUnfinished = true;
        continue;
      }
      const { provider, probe } = cell;
      const stepDeps = defined({ provider, ledger: accounts, now: deps.now, probe });
      const { desired, cause } = await readied(step);
      // What a person said since it was planned may have done it.
      if (!isStillDue(step, await accounts.load(step), desired, provider, deps)) continue;
      const result = await applyStep(stepDeps, step, desired, cause, repairs).catch(ownFault(step, accounts));
      results.push(result);
      own.note(result.kind === 'failed' ? result.failure : { ok: true });
      if (result.kind === 'done' && result.account?.state === 'active')
        await probeClient(accounts, cell, result.account);
    }
    // A second client that is taken away is a change at the provider like any other.
    const mayClose = own?.failure === undefined && !isFrozen && cell.unavailable === undefined;
    if (mayClose) failures.push(...(await tendFormers(deps, accounts, name, cell)));
    if (own?.failure === undefined && !isFrozen)
      duplicateClients.push(...(await removeCellDuplicates(deps, accounts, name, cell)));
  });
  return { results, duplicateClients, failures, isUnfinished };
}

/** Whether a step is what its client takes, by its account as it is now. */
function isStillDue(
  step: Step,
  account: ClientAccount | undefined,
  desired: DesiredClient | undefined,
  provider: ServedCell['provider'],
  { now, removalDelay }: Pick<ReconcileDeps, 'now' | 'removalDelay'>,
): boolean {
  const { steps } = planFor({
    desired: desired === undefined ? [] : [desired],
    cells: [cellState(provider, account === undefined ? [] : [account])],
    now: now(),
    removalDelay,
  });
  return steps.some(({ digest }) => digest === step.digest);
}

/** What became of a step at which Greffier itself failed: the others are not to wait for it. */
function ownFault(step: Step, accounts: ClientAccounts): (problem: unknown) => StepResult {
  return (problem) => {
    const account = accounts.byClient.get(clientKey(step));
    // What GitHub answers to a cell that people provision, the queue knows how to take.
    if (!isFault(problem) || statusOf(problem) !== undefined) throw problem;
    const own = account ?? newAccount(step);
    return {
      kind: 'failed',
      step,
      account: own,
      failure: failure('own-fault', { problem: placeOf(problem) }),
    };
  };
}

/**
 * Closes the clients of a cell that were replaced, once they may be; of those that work on, takes what their definitions
 * dropped. What does not succeed is noted, and tried again.
 */
async function tendFormers(
  { ledger, now, removalDelay }: ReconcileDeps,
  accounts: ClientAccounts,
  name: CellName,
  { provider, probe }: ServedCell,
): Promise<readonly ProviderFailure[]> {
  const failures: ProviderFailure[] = [];
  for (const known of accounts.all()) {
    if (known.cell !== name || known.former === undefined) continue;
    const account = await accounts.load(known);
    const former = account?.former;
    if (account === undefined || former === undefined) continue;
    if (isDue(account, await ledger.keysReadAt(account), now(), removalDelay))
      await closeFormer(defined({ ledger: accounts, provider, probe }), { ...account, former });
    const still = await accounts.load(known);
    if (still?.former === undefined) continue;
    const failed = await narrowFormer({ ledger: accounts, provider }, { ...still, former: still.former });
    if (failed !== undefined) failures.push(failed);
  }
  return failures;
}

/** Removes the duplicates of clients of a cell whose creation once went unanswered. */
async function removeCellDuplicates(
  { now }: Pick<ReconcileDeps, 'now'>,
  accounts: ClientAccounts,
  name: CellName,
  { provider }: ServedCell,
): Promise<readonly DuplicateClient[]> {
  const duplicateClients: DuplicateClient[] = [];
  for (const known of accounts.all()) {
    if (known.cell !== name || known.unansweredSince === undefined) continue;
    const account = await accounts.load(known);
    if (account !== undefined)
      duplicateClients.push(...(await removeDuplicates({ provider, ledger: accounts, now }, account)));
  }
  return duplicateClients;
}

/** Redirect URIs of one client that are tried, at most. */
const maxProbes = 10;

/** Asks the provider, as a browser would, whether the client works, and notes its answers. */
async function probeClient(
  accounts: ClientAccounts,
  cell: ServedCell,
  account: ClientAccount,
): Promise<void> {
  const { clientId, wanted } = account;
  if (cell.probe === undefined || clientId === undefined || wanted === undefined) return;
  const probes = [];
  for (const uri of wanted.redirect_uris.slice(0, maxProbes))
    probes.push({ uri, answer: await cell.probe(clientId, uri) });
  await accounts.save({ ...account, probes });
}

/**
 * Takes one step of a plan to its end, whatever happens on the way.
 *
 * Every request to the provider is announced in the ledger before, and its result recorded right after; what an
 * earlier attempt left half done is taken up where it stopped. A kill between any two instructions leaves one
 * client of one definition, or none.
 */

import { defined } from '#base/defined';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { type Cause, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import type { Action, Step } from '#domain/provisioning/plan';
import type { ClientMetadata } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import { abandonCreation, createClient } from './create-client.ts';
import { removeClient, withoutFormer } from './remove-client.ts';
import { type ApplyStepDeps, type StepResult, StepRun } from './step-run.ts';
import { updateClient } from './update-client.ts';

/**
 * @param desired the definition; absent for the steps of a removal
 * @param repairs whether nobody asked for it: drift that is put right
 */
export async function applyStep(
  deps: ApplyStepDeps,
  step: Step,
  desired: DesiredClient | undefined,
  cause: Cause,
  repairs = false,
): Promise<StepResult> {
  const loaded = await deps.ledger.load(step);
  const before = loaded ?? newAccount(step);
  const wanted = wantedOf(step.action, desired, before);
  if (wanted === undefined && step.action !== 'delete')
    throw new Error(`${step.action} of ${step.cell}/${step.id} without knowing what is wanted`);
  const resumed = before.intent !== undefined;
  // People were asked for this very thing, and are at it or have declined.
  if (before.request?.digest === step.digest && !resumed) return { kind: 'requested', step, account: before };
  const begun = ({ failure: _, ...clean }: ClientAccount): ClientAccount => ({
    ...clean,
    intent: { action: step.action, digest: step.digest },
    ...defined({ wanted, repaired: repairs ? { digest: step.digest, at: deps.now() } : undefined }),
  });
  // Keys that were on their way to someone who is no contact any more are in the account again.
  const account =
    loaded === undefined
      ? await deps.ledger.save(begun(before))
      : await deps.ledger.amend(step, (present) =>
          isAsRead(present, loaded) ? { account: begun(present) } : undefined,
        );
  // A person said meanwhile that it is done, or the operator which client is its own: the next plan sees what differs.
  if (account === undefined || account.clientId !== before.clientId)
    return { kind: 'done', step, ...defined({ account: account ?? (await deps.ledger.load(step)) }) };
  const run = new StepRun(deps, step, cause, before);
  if (wanted === undefined || !wanted.active) {
    const alone = await withoutFormer(run, account);
    // A former client that cannot be closed is no reason to let people in by the other one.
    if (wanted !== undefined && account.handle !== undefined) return updateClient(run, alone.account, wanted);
    if (alone.failure !== undefined) return run.failed(alone.account, alone.failure);
    return wanted === undefined
      ? removeClient(run, alone.account)
      : abandonCreation(run, alone.account, wanted);
  }
  return account.handle === undefined
    ? createClient(run, account, wanted)
    : updateClient(run, account, wanted);
}

/** Whether an account is still what a step is taken by: what people say of it meanwhile may make the step another, or none. */
function isAsRead(present: ClientAccount, read: ClientAccount): boolean {
  const basis = ({ state, clientId, intent, request }: ClientAccount) =>
    JSON.stringify([state, clientId, intent?.digest, request?.name, request?.digest, request?.declined]);
  return basis(present) === basis(read);
}

/** What the client is to become. */
function wantedOf(
  action: Action,
  desired: DesiredClient | undefined,
  account: ClientAccount,
): ClientMetadata | undefined {
  if (action === 'delete') return undefined;
  if (action !== 'deactivate') return desired === undefined ? undefined : wantedMetadata(desired);
  return account.wanted === undefined ? undefined : { ...account.wanted, active: false };
}

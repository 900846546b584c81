/** Which steps of a plan may be taken now: what people approved is what is applied, or it stops. Pure. */
import type { DesiredClient } from '#domain/registry/registry';
import { metadataFields, sameFieldValue, wantedMetadata } from './client-metadata.ts';
import type { ClientAccount } from './ledger.ts';
import { clientKey, type Plan, type Step } from './plan.ts';
import type { ClientMetadata } from './provider.ts';

export type StepDecision =
  /** To be taken. */
  | 'apply'
  /** The registry asks for nothing new: the provider was changed under it. */
  | 'drift'
  /** What would be done is not what the review of its pull request showed. */
  | 'stopped'
  /** Part of too many removals. */
  | 'guarded'
  /** This very step failed before, and will not pass by itself. */
  | 'failed';

export interface DecidedStep {
  readonly step: Step;
  readonly decision: StepDecision;
}

export interface GateInput {
  readonly accounts: ReadonlyMap<string, ClientAccount>;
  readonly desired: ReadonlyMap<string, DesiredClient>;
  /** By client: the digest of the step that its last pull request showed before it was merged. */
  readonly shown: ReadonlyMap<string, string>;
  /** Digests that someone confirmed since. */
  readonly confirmed: ReadonlySet<string>;
  /** Whether drift is put right without asking. */
  readonly repair: (step: Step) => boolean;
}

export function decideSteps(plan: Plan, input: GateInput): readonly DecidedStep[] {
  const guarded = new Set(
    plan.guards.filter((guard) => !input.confirmed.has(guard.digest)).map((guard) => guard.cell),
  );
  return plan.steps.map((step) => ({ step, decision: decide(step, guarded, input) }));
}

function decide(step: Step, guarded: ReadonlySet<string>, input: GateInput): StepDecision {
  const key = clientKey(step);
  const account = input.accounts.get(key);
  if (input.confirmed.has(step.digest)) return failedBefore(step, account) ? 'failed' : 'apply';
  // What was begun is finished: it was allowed when it was begun.
  if (account?.intent?.digest === step.digest && !failedBefore(step, account)) return 'apply';
  // All of a guarded cell waits: a folder that was renamed removes here what it adds there.
  if (guarded.has(step.cell) && step.action !== 'delete') return 'guarded';
  if (failedBefore(step, account)) return 'failed';
  if (isDrift(step, account, input.desired.get(key))) return input.repair(step) ? 'apply' : 'drift';
  const shown = input.shown.get(key);
  // A deletion follows from the removal that was shown; what nobody was shown (a direct push) has nothing to differ from.
  if (step.action === 'delete' || shown === undefined) return 'apply';
  return shown === step.digest ? 'apply' : 'stopped';
}

function failedBefore(step: Step, account: ClientAccount | undefined): boolean {
  return account?.failure !== undefined && account.failure.digest === step.digest && !account.failure.retry;
}

function isDrift(
  step: Step,
  account: ClientAccount | undefined,
  desired: DesiredClient | undefined,
): boolean {
  if (step.action !== 'update' || account?.wanted === undefined || desired === undefined) return false;
  if (account.intent !== undefined || account.request !== undefined) return false;
  return sameMetadata(account.wanted, wantedMetadata(desired));
}

function sameMetadata(one: ClientMetadata, other: ClientMetadata): boolean {
  return metadataFields.every((field) => sameFieldValue(one[field], other[field]));
}

/** Which steps of a plan may be taken now: what people approved is what is applied, or it stops. Pure. */
import type { Desired } from '#domain/registry/registry';
import { fields, sameValue, wantedBy } from './client-metadata.ts';
import type { Account } from './ledger.ts';
import { clientKey, type Plan, type Step } from './plan.ts';
import type { ClientMetadata } from './provider.ts';

export type Ruling =
  /** To be taken. */
  | 'apply'
  /** The registry asks for nothing new: the provider was changed under it. */
  | 'drift'
  /** What would be done is not what the review of its pull request showed. */
  | 'stopped'
  /** Part of too many removals. */
  | 'guarded'
  /** This very step failed before, and will not mend by itself. */
  | 'failed';

export interface Ruled {
  readonly step: Step;
  readonly ruling: Ruling;
}

export interface Grounds {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly desired: ReadonlyMap<string, Desired>;
  /** By client: the digest of the step that its last pull request showed before it was merged. */
  readonly shown: ReadonlyMap<string, string>;
  /** Digests that someone confirmed since. */
  readonly confirmed: ReadonlySet<string>;
  /** Whether drift is put right without asking. */
  readonly repair: (step: Step) => boolean;
}

export function rule(plan: Plan, grounds: Grounds): readonly Ruled[] {
  const guarded = new Set(
    plan.guards.filter((guard) => !grounds.confirmed.has(guard.digest)).map((guard) => guard.cell),
  );
  return plan.steps.map((step) => ({ step, ruling: rulingOf(step, guarded, grounds) }));
}

function rulingOf(step: Step, guarded: ReadonlySet<string>, grounds: Grounds): Ruling {
  const key = clientKey(step);
  const account = grounds.accounts.get(key);
  if (grounds.confirmed.has(step.digest)) return failedBefore(step, account) ? 'failed' : 'apply';
  // What was begun is finished: it was allowed when it was begun.
  if (account?.intent?.digest === step.digest && !failedBefore(step, account)) return 'apply';
  // All of a guarded cell waits: a folder that was renamed removes here what it adds there.
  if (guarded.has(step.cell) && step.action !== 'delete') return 'guarded';
  if (failedBefore(step, account)) return 'failed';
  if (isDrift(step, account, grounds.desired.get(key))) return grounds.repair(step) ? 'apply' : 'drift';
  const shown = grounds.shown.get(key);
  // A deletion follows from the removal that was shown; what nobody was shown (a direct push) has nothing to differ from.
  if (step.action === 'delete' || shown === undefined) return 'apply';
  return shown === step.digest ? 'apply' : 'stopped';
}

function failedBefore(step: Step, account: Account | undefined): boolean {
  return account?.failure !== undefined && account.failure.digest === step.digest && !account.failure.retry;
}

function isDrift(step: Step, account: Account | undefined, desired: Desired | undefined): boolean {
  if (step.action !== 'update' || account?.wanted === undefined || desired === undefined) return false;
  if (account.intent !== undefined || account.request !== undefined) return false;
  return sameMetadata(account.wanted, wantedBy(desired));
}

function sameMetadata(one: ClientMetadata, other: ClientMetadata): boolean {
  return fields.every((field) => sameValue(one[field], other[field]));
}

/** Which steps of a plan may be taken now: what people approved is what is applied, or it stops. Pure. */
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { DesiredClient } from '#domain/registry/registry';
import { sameMetadata, wantedMetadata } from './client-metadata.ts';
import { faultOf } from './failures.ts';
import type { ClientAccount, Failure } from './ledger.ts';
import { clientKey, guardedSteps, type Plan, type Step } from './plan.ts';
import type { ProviderFailure } from './provider.ts';

export type StepDecision =
  /** To be taken. */
  | 'apply'
  /** The registry asks for nothing new: the provider was changed under it. */
  | 'drift'
  /** Nobody whose word it takes has given it: it waits for a confirmation. */
  | 'stopped'
  /** Part of too many removals. */
  | 'guarded'
  /** This very step failed before, and will not pass by itself. */
  | 'failed'
  /** The provider does not offer what it takes. */
  | 'refused'
  /** All its words were given, and its cell is frozen for now. */
  | 'frozen';

/**
 * Why a step is stopped. `not-shown`: its pull request was merged before its review showed the step. `differs`: the review
 * showed something else. `not-approved`, `pushed`: production takes approvals, or a confirmation. `unknown`: nobody said
 * where the definition comes from.
 */
export type StopReason = 'not-shown' | 'differs' | 'not-approved' | 'pushed' | 'unknown';

export interface DecidedStep {
  readonly step: Step;
  readonly decision: StepDecision;
  /** What is missing of its word: present when it is stopped, and where it waits among many whose word was not given. */
  readonly reason?: StopReason;
  /** Present when it is refused. */
  readonly failure?: ProviderFailure;
  /** It puts drift right that nobody was asked about. */
  readonly repairs?: true;
}

/** What brought a definition to what it is now, which is the word on which its client may become the same. */
export type Word =
  /** It was there when Greffier came to this registry, or when the operator had it serve this cell. */
  | { readonly kind: 'installed' }
  /** Someone who may push to the default branch. */
  | { readonly kind: 'push' }
  | {
      readonly kind: 'pull';
      /** The digest of the step that the review showed at the commit that was merged. */
      readonly shown?: string;
      /** Whether those whom the settings ask for production had approved that commit. */
      readonly approved: boolean;
    };

export interface GateInput {
  readonly accounts: ReadonlyMap<string, ClientAccount>;
  readonly desired: ReadonlyMap<string, DesiredClient>;
  /** By client; absent where nobody said where its definition, as it is now, comes from. */
  readonly words: ReadonlyMap<string, Word>;
  /** Whether the operator runs this by hand, which is a word of its own where there is no other. */
  readonly byOperator: boolean;
  /** Digests that someone confirmed since. */
  readonly confirmed: ReadonlySet<string>;
  /** Whether this drift is put right without asking. */
  readonly repair: (step: Step, account: ClientAccount | undefined) => boolean;
  /** Whether nothing is done in a cell for now, on whosever word: not even what was begun, or is put right. */
  readonly isFrozen?: (cell: CellName) => boolean;
  /** By client: what its provider does not offer. */
  readonly refused?: ReadonlyMap<string, ProviderFailure>;
}

/** Milliseconds between two repairs of one client: each of them may renew its secret. */
const repairPauseMs = 86_400_000;

/**
 * Whether drift may be put right that nobody was asked about. What came back just as it was after it was put right is
 * told, and left: the provider does not take it, or somebody else puts it there.
 */
export function mayRepair(step: Step, account: ClientAccount | undefined, now: number): boolean {
  const repaired = account?.repaired;
  return repaired === undefined || (repaired.digest !== step.digest && now - repaired.at >= repairPauseMs);
}

export function decideSteps(plan: Plan, input: GateInput): readonly DecidedStep[] {
  const { guards, steps } = plan;
  const confirmed = guards.filter(({ digest }) => input.confirmed.has(digest));
  const agreed = new Set(confirmed.flatMap((guard) => guardedSteps(guard, steps)));
  const open = guards.filter((guard) => !confirmed.includes(guard));
  const asked = new Set(open.flatMap((guard) => guardedSteps(guard, steps)));
  // All of a cell with many removals waits: a folder that was renamed removes here what it adds there.
  const still = new Set(open.filter(({ kind }) => kind === 'removals').map(({ cell }) => cell));
  const isGuarded = (step: Step) => asked.has(step) || still.has(step.cell);
  return plan.steps.map((step) => {
    const decided = decide(step, { isGuarded: isGuarded(step), isAgreed: agreed.has(step) }, input);
    const decision = input.isFrozen?.(step.cell) === true ? whileFrozen(decided) : decided;
    if (decision === 'repair') return { step, ...refusedOr(step, input), repairs: true };
    if (decision === 'apply') return { step, ...refusedOr(step, input) };
    if (typeof decision !== 'string') return { step, decision: 'stopped', ...decision };
    if (decision !== 'guarded') return { step, decision };
    const reason = missingWord(step, input.words.get(clientKey(step)), input.byOperator);
    return { step, decision, ...defined({ reason }) };
  });
}

/** What would be done waits for the end of the freeze; what waits for something else goes on waiting for it. */
function whileFrozen<D>(decision: D | 'apply' | 'repair'): D | 'frozen' | 'drift' {
  return decision === 'apply' ? 'frozen' : decision === 'repair' ? 'drift' : decision;
}

function refusedOr(step: Step, { refused }: GateInput): Pick<DecidedStep, 'decision' | 'failure'> {
  const failure = refused?.get(clientKey(step));
  return failure === undefined ? { decision: 'apply' } : { decision: 'refused', failure };
}

/** Whether a step is, or waits for, one of so many that a person is asked; whether a person has agreed to them all. */
interface Guarded {
  readonly isGuarded: boolean;
  readonly isAgreed: boolean;
}

function decide(
  step: Step,
  guarded: Guarded,
  input: GateInput,
): Exclude<StepDecision, 'stopped' | 'refused' | 'frozen'> | 'repair' | { readonly reason: StopReason } {
  const key = clientKey(step);
  const account = input.accounts.get(key);
  const isGuarded = guarded.isGuarded && step.action !== 'delete';
  if (input.confirmed.has(step.digest)) return failedBefore(step, account) ? 'failed' : 'apply';
  if (failedBefore(step, account)) return isGuarded ? 'guarded' : 'failed';
  // What was begun is finished, and what people were asked for is left to them: it was allowed when it was begun.
  if (account?.intent?.digest === step.digest || account?.request?.digest === step.digest) return 'apply';
  if (isGuarded) return 'guarded';
  if (isDrift(step, account, input.desired.get(key))) return input.repair(step, account) ? 'repair' : 'drift';
  // A deletion follows from the removal that was allowed; so does each of many that were confirmed together.
  if (step.action === 'delete' || guarded.isAgreed) return 'apply';
  const reason = missingWord(step, input.words.get(key), input.byOperator);
  return reason === undefined ? 'apply' : { reason };
}

/** What is missing of the word that a step takes; undefined when nothing is. */
function missingWord(step: Step, word: Word | undefined, byOperator: boolean): StopReason | undefined {
  const inProduction = step.cell.endsWith('/production');
  switch (word?.kind) {
    case undefined:
      return byOperator ? undefined : 'unknown';
    case 'installed':
      return undefined;
    case 'push':
      return inProduction ? 'pushed' : undefined;
    case 'pull':
      if (word.shown === undefined) return 'not-shown';
      if (word.shown !== step.digest) return 'differs';
      return inProduction && !word.approved ? 'not-approved' : undefined;
  }
}

/** Whether a word is enough for what production shows of a definition and no step changes, such as its description. */
export function isWordForProduction(word: Word | undefined): boolean {
  return word?.kind === 'installed' || (word?.kind === 'pull' && word.approved);
}

function failedBefore(step: Step, account: ClientAccount | undefined): boolean {
  const failure = account?.failure;
  return failure !== undefined && failure.digest === step.digest && !mayPass(failure);
}

/** Whether a failure may pass by itself, by what is known of it now: an earlier version may have taken it for final. */
export function mayPass({ message, retry }: Pick<Failure, 'message' | 'retry'>): boolean {
  const fault = faultOf(message);
  return fault === undefined ? retry : fault === 'provider' || fault === 'passing';
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

/**
 * What public services hold of a plan: they are asked again about the definitions whose clients would be made or changed.
 * Their silence is no consent: the step waits, until they answer or a writer confirms it, who was told what is missing.
 */
import { setImmediate } from 'node:timers/promises';
import type { ClientAccounts } from '#application/ledger/client-accounts';
import { isFault } from '#application/pull-requests/fault';
import { defined } from '#base/defined';
import { codeSpan } from '#base/i18n/render';
import { placeOf } from '#domain/definition/rules/judging';
import { failure } from '#domain/provisioning/failures';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { translateProvisioning } from '#domain/provisioning/messages';
import { unansweredText } from '#domain/provisioning/outcome-lines';
import { clientKey, type Plan, type Step } from '#domain/provisioning/plan';
import type { DecisionsTaken } from './origins.ts';
import type { Objection } from './recheck-outside-answers.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { RegistrySnapshot } from './registry-source.ts';

export interface HeldByLookups {
  /** By client: why a lookup holds it. */
  readonly heldByLookups: ReadonlyMap<string, string>;
  /** The steps that they hold; a writer may confirm those of which nobody said anything, or that a person decides. */
  readonly heldSteps: readonly {
    readonly step: Step;
    readonly isConfirmable: boolean;
    /** Where Greffier itself failed at it. */
    readonly fault?: string;
  }[];
}

/** @param decided by client, what people have decided already of what services say */
export async function recheckSteps(
  deps: ReconcileDeps,
  snapshot: RegistrySnapshot,
  plan: Plan,
  accounts: ClientAccounts,
  decided: ReadonlyMap<string, DecisionsTaken>,
): Promise<HeldByLookups> {
  const held = new Map<string, string>();
  const heldSteps: HeldByLookups['heldSteps'][number][] = [];
  const confirmed = await deps.store.confirmations.digests();
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  for (const step of plan.steps) {
    await setImmediate();
    const one = desired.get(clientKey(step));
    if (isReplacement(step, accounts.byClient.get(clientKey(step)))) continue;
    const objection =
      one === undefined
        ? undefined
        : await deps.recheck(one).catch((problem: unknown): Objection => {
            if (!isFault(problem)) throw problem;
            const fault = placeOf(problem);
            const { message } = failure('own-fault', { problem: fault });
            const text = translateProvisioning(message, deps.language, codeSpan);
            return { kind: 'refused', text, fault };
          });
    if (objection === undefined) continue;
    const { kind, text, fault, decisions = [] } = objection;
    if (kind !== 'refused' && confirmed.has(step.digest)) continue;
    const account = accounts.byClient.get(clientKey(step));
    // What people were asked for is left to them: it is not taken back because somebody does not answer.
    if (kind === 'silent' && account?.request?.digest === step.digest) continue;
    if (kind === 'undecided' && isDecided(step, account, decided.get(clientKey(step)), decisions)) continue;
    heldSteps.push(defined({ step, isConfirmable: kind !== 'refused', fault }));
    held.set(clientKey(step), kind === 'refused' ? text : unansweredText(kind, text, step, deps.language));
  }
  return { heldByLookups: held, heldSteps };
}

/**
 * Whether a step only makes other keys for a service that is live as it stands: what services say of live clients is told,
 * and changes nothing of them.
 */
function isReplacement({ digest }: Step, account: ClientAccount | undefined): boolean {
  return account?.former !== undefined && account.intent?.digest === digest;
}

/** Whether a person has decided already: the review that was merged asked them, or the step was allowed when it was begun. */
function isDecided(
  { digest }: Step,
  account: ClientAccount | undefined,
  taken: DecisionsTaken | undefined,
  decisions: readonly string[],
): boolean {
  if (account?.intent?.digest === digest || account?.request?.digest === digest) return true;
  return taken === 'all' || decisions.every((one) => taken?.includes(one));
}

/** What a person may confirm after a run, and which confirmations it has used up. Pure. */
import type { HeldSettings } from '#application/mirror/agreed-settings';
import type { Origin } from '#application/reconciliation/store/origin-store';
import { clientKey, guardedSteps, type Step } from '#domain/provisioning/plan';
import type { Preview } from './preview.ts';

/** What a person may confirm after a run, and whose change it is. What nobody can tell of yet is none of it. */
export function confirmableDigests(
  { decidedSteps, plan, heldSteps }: Pick<Preview, 'decidedSteps' | 'plan' | 'heldSteps'>,
  origins: ReadonlyMap<string, Origin>,
  settings?: HeldSettings,
): ReadonlyMap<string, readonly string[]> {
  const digests = new Map<string, readonly string[]>();
  if (settings?.authors !== undefined) digests.set(settings.digest, settings.authors);
  const authorsOf = (step: Step) => origins.get(clientKey(step))?.authors ?? [];
  for (const { step, decision, reason } of decidedSteps) {
    if (decision === 'drift') digests.set(step.digest, []);
    if (decision === 'stopped' && reason !== 'unknown') digests.set(step.digest, authorsOf(step));
  }
  for (const { step, isConfirmable } of heldSteps)
    if (isConfirmable) digests.set(step.digest, authorsOf(step));
  const guarded = decidedSteps.filter(({ decision }) => decision === 'guarded');
  for (const guard of plan.guards) {
    const steps = new Set(guardedSteps(guard, plan.steps));
    const many = guarded.filter(({ step }) => steps.has(step));
    if (many.length === 0 || many.some(({ reason }) => reason === 'unknown')) continue;
    // Many at once take no less than each of them does alone.
    const wordless = many.filter(({ reason }) => reason !== undefined);
    digests.set(guard.digest, [...new Set(wordless.flatMap(({ step }) => authorsOf(step)))].sort());
  }
  return digests;
}

/** The digests of the steps that wait for somebody's word, or for the end of a freeze, by client. */
export function waitingSteps({
  decidedSteps,
  heldSteps,
}: Pick<Preview, 'decidedSteps' | 'heldSteps'>): Readonly<Record<string, string>> {
  const waits = ['stopped', 'guarded', 'frozen'];
  const steps = [
    ...decidedSteps.flatMap(({ step, decision }) => (waits.includes(decision) ? [step] : [])),
    ...heldSteps.map(({ step }) => step),
  ];
  return Object.fromEntries(steps.map((step) => [clientKey(step), step.digest]));
}

/**
 * The confirmations that are used up by a run of all cells, or that nothing asks for any more.
 *
 * @param tried the digests of the steps that were begun
 */
export function spentConfirmations(
  confirmed: Iterable<string>,
  { plan, heldSteps }: Pick<Preview, 'plan' | 'heldSteps'>,
  tried: ReadonlySet<string>,
  settings?: Pick<HeldSettings, 'digest'>,
): readonly string[] {
  const isOpen = new Map<string, boolean>();
  if (settings !== undefined) isOpen.set(settings.digest, true);
  for (const { step } of heldSteps) isOpen.set(step.digest, true);
  for (const { digest } of plan.steps) isOpen.set(digest, !tried.has(digest));
  for (const guard of plan.guards)
    isOpen.set(guard.digest, !guardedSteps(guard, plan.steps).some((step) => tried.has(step.digest)));
  return [...confirmed].filter((digest) => isOpen.get(digest) !== true);
}

/** Whether work failed for something that does not pass by itself. */
import { LeaseLost } from '#base/lease-lost';
import { EmptyRepository } from '#infrastructure/github/client/repository-client';
import { classifyError } from '#infrastructure/queue/retry-policy';

/** Tries, some half a minute of them, after which what should pass has not. */
const patience = 5;

/** A fault, which is Greffier's own until somebody shows whose it is. */
export function isFault(problem: unknown): boolean {
  if (problem instanceof LeaseLost || problem instanceof EmptyRepository) return false;
  return classifyError(problem, Date.now()).cause === 'fault';
}

/**
 * A fault, or something that should have passed by now: GitHub does not show what there must be.
 *
 * @param attempt from 1
 */
export function isLasting(problem: unknown, attempt: number): boolean {
  if (problem instanceof LeaseLost) return false;
  return isFault(problem) || (attempt >= patience && classifyError(problem, Date.now()).cause === 'outage');
}

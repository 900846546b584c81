/**
 * What GitHub refuses for good to have said: a locked conversation, an issue that was deleted, a commit that is gone, a label
 * that it does not take. Each thing said is said by itself, and such an answer silences no other.
 */
import { statusOf } from '#infrastructure/github/client/repository-client';
import { classifyError } from '#infrastructure/queue/retry-policy';

export interface Refusal {
  /** A kind: `check`, `comment`, `labels`, `reaction`, `answer`, `suggestions`, `reviewers`. */
  readonly what: string;
  readonly status: number;
}

/**
 * The status of an answer that will be the same however often it is asked for; undefined for what may pass. That something
 * is not there (404) is no such answer: names move, and replicas lag.
 */
export function refusalStatus(problem: unknown): number | undefined {
  const status = statusOf(problem);
  const mayPass = status === undefined || status === 401 || status === 404 || status === 409;
  return mayPass || classifyError(problem, 0).cause !== 'fault' ? undefined : status;
}

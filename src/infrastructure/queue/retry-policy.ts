/** How to take an error of the world: whether it passes, and when to come back. */

import { unknownAnswerCode } from '#base/unknown-answer';
import { type Headers, requestedDelaySeconds } from '#infrastructure/http-client/retry-after';

/** What an error means for the work that met it. */
export interface RetryDecision {
  /** `limit`: asked to slow down. `outage`: it should pass by itself. `fault`: trying again may not help. */
  readonly cause: 'limit' | 'outage' | 'fault';
  /** Seconds that the other side asked for. */
  readonly after?: number;
}

/** Errors of Node's sockets, name resolution and `fetch` that say nothing about the request itself. */
const transientErrorCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  unknownAnswerCode,
]);

/** Seconds to wait when GitHub limits without saying for how long (its documentation: at least one minute). */
const defaultLimitSeconds = 60;

/** Reads an error that a job ended with. `now` in milliseconds since 1970. */
export function classifyError(error: unknown, now: number): RetryDecision {
  for (let cause: unknown = error; typeof cause === 'object' && cause !== null; cause = causeOf(cause)) {
    const status = 'status' in cause && typeof cause.status === 'number' ? cause.status : undefined;
    if (status !== undefined) {
      const after = requestedDelaySeconds(headersOf(cause), now);
      const secondary = status === 403 && /secondary rate limit|abuse detection/i.test(String(error));
      if (status === 429 || secondary || (status === 403 && after !== undefined))
        return { cause: 'limit', after: after ?? defaultLimitSeconds };
      // Octokit gives 500 to a connection that failed, and keeps the reason as its cause.
      if (status >= 500 || status === 408)
        return after === undefined ? { cause: 'outage' } : { cause: 'outage', after };
      return { cause: 'fault' };
    }
    if ('code' in cause && typeof cause.code === 'string' && transientErrorCodes.has(cause.code))
      return { cause: 'outage' };
    if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.message === 'fetch failed'))
      return { cause: 'outage' };
  }
  return { cause: 'fault' };
}

function causeOf(error: object): unknown {
  return 'cause' in error ? error.cause : undefined;
}

function headersOf(error: object): Headers {
  const response = 'response' in error ? error.response : undefined;
  const headers =
    typeof response === 'object' && response !== null && 'headers' in response ? response.headers : undefined;
  return typeof headers === 'object' && headers !== null ? (headers as Headers) : {};
}

/** Tries of work that a fault ends, and of work that only meets outages: about two hours of them. */
export const maxAttempts = { fault: 5, outage: 20, limit: Number.POSITIVE_INFINITY } as const;

const maxBackOffSeconds = 600;

/**
 * Seconds before the next try: doubled each time up to ten minutes, half of it by chance, so that what failed
 * together does not come back together. `chance` in [0, 1).
 */
export function backOffSeconds(attempt: number, chance: number): number {
  const whole = Math.min(maxBackOffSeconds, 2 ** Math.min(attempt, 12));
  return (whole / 2) * (1 + chance);
}

/** Seconds before failed work is tried again: never sooner than the other side asked, nor than tries so far make wise. */
export function secondsBeforeRetry(decision: RetryDecision, attempt: number, chance: number): number {
  return Math.max(decision.after ?? 0, backOffSeconds(attempt, chance));
}

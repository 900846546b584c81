/** One question to a public service: bounded, paced as the service asks, and never an error. */

import { parseJson } from '#base/json';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { retryAfterSeconds } from '#infrastructure/http-client/retry-after';

export interface HttpOptions {
  readonly fetch: Fetch;
  /** Who asks: the services want a name that they can look up. */
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface LookupResponse {
  readonly status: number;
  /** Undefined when it is not JSON. */
  readonly body: unknown;
}

const requestTimeoutMs = 10_000;
const maxBodyBytes = 2 * 1024 * 1024;
/** Seconds for which a service is not asked that says "later" without saying when. */
const defaultPause = 60;
/** A service that so many questions in a row could not reach is not asked for a while: each would wait in vain. */
const maxConsecutiveFailures = 3;
const failurePauseMs = 30_000;
/** Seconds; a service with a longer `Retry-After` is asked again after this. */
const maxPause = 3_600;

/** A client of one service: at most one request every `minIntervalMs` milliseconds, and none while it asks to wait. */
export class ThrottledClient {
  readonly #options: HttpOptions;
  readonly #minIntervalMs: number;
  #nextAt = 0;
  #pausedUntil = 0;
  #failures = 0;

  constructor(options: HttpOptions, minIntervalMs: number) {
    this.#options = options;
    this.#minIntervalMs = minIntervalMs;
  }

  /** @returns undefined when there is no answer: unreachable, too long, or it asks to come back later */
  async request(url: URL, init: RequestInit = {}): Promise<LookupResponse | undefined> {
    const { fetch, userAgent, now, wait } = this.#options;
    if (now() < this.#pausedUntil) return undefined;
    const due = Math.max(now(), this.#nextAt);
    this.#nextAt = due + this.#minIntervalMs;
    if (due > now()) await wait(due - now());
    // Those before it in the row may have found out meanwhile.
    if (now() < this.#pausedUntil) return undefined;
    try {
      const response = await fetch(url, {
        ...init,
        headers: { accept: 'application/json', 'user-agent': userAgent, ...init.headers },
        redirect: 'error',
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      if (response.status === 429 || response.status === 503) {
        const asked = retryAfterSeconds(response.headers.get('retry-after'), now());
        this.#pausedUntil = now() + Math.min(asked ?? defaultPause, maxPause) * 1000;
        await response.body?.cancel();
        return undefined;
      }
      this.#failures = 0;
      const text = await readBoundedText(response.body, maxBodyBytes);
      return text === undefined ? undefined : { status: response.status, body: parseJson(text) };
    } catch {
      // Whatever the network did, the answer is missing; what was asked may hold a token and is not logged.
      this.#failures += 1;
      if (this.#failures >= maxConsecutiveFailures) this.#pausedUntil = now() + failurePauseMs;
      return undefined;
    }
  }
}

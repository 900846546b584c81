/** One question to a public service: bounded, paced as the service asks, and never an error. */

import { defined } from '#base/defined';
import { parseJson } from '#base/json';
import { type NetworkFault, networkFault } from '#base/network-fault';
import type { OutsideAnswer } from '#domain/registry/outside-answers';
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
  /** Is told why a service gives no answer, once until it gives one or the reason is another. */
  readonly onSilence?: (silence: Silence) => void;
}

/** Why a service gives no answer: nothing of what was asked, which may hold a token. */
export interface Silence {
  /** The host that was asked. */
  readonly service: string;
  /** Undefined when something else went wrong than what the network tells. */
  readonly network?: NetworkFault;
  /** Of an answer that cannot be used: an account that is refused, a fault of the service. */
  readonly status?: number;
}

export interface LookupResponse {
  /** Undefined when there is no answer: unreachable, too long, or it asks to come back later. */
  readonly status?: number;
  /** Undefined when it is not JSON. */
  readonly body?: unknown;
  readonly network?: NetworkFault;
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
  /** Why it is left in peace. */
  #pausedFor: LookupResponse = {};
  #told = '';

  constructor(options: HttpOptions, minIntervalMs: number) {
    this.#options = options;
    this.#minIntervalMs = minIntervalMs;
  }

  async request(url: URL, init: RequestInit = {}): Promise<LookupResponse> {
    const { fetch, userAgent, now, wait } = this.#options;
    if (now() < this.#pausedUntil) return this.#pausedFor;
    const due = Math.max(now(), this.#nextAt);
    this.#nextAt = due + this.#minIntervalMs;
    if (due > now()) await wait(due - now());
    // Those before it in the row may have found out meanwhile.
    if (now() < this.#pausedUntil) return this.#pausedFor;
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
        this.#pausedFor = { status: response.status };
        await response.body?.cancel();
        return this.#pausedFor;
      }
      this.#failures = 0;
      const text = await readBoundedText(response.body, maxBodyBytes);
      return text === undefined ? {} : { status: response.status, body: parseJson(text) };
    } catch (error) {
      // Whatever the network did, the answer is missing; what was asked may hold a token and is not logged.
      const silent = defined({ network: networkFault(error) });
      this.#failures += 1;
      if (this.#failures >= maxConsecutiveFailures) {
        this.#pausedUntil = now() + failurePauseMs;
        this.#pausedFor = silent;
      }
      return silent;
    }
  }

  /**
   * What a question came to, told where there is no answer.
   *
   * @param value what was read in the response; undefined when it cannot be used
   */
  answer<T>(url: URL, { status, network }: LookupResponse, value: T | undefined): OutsideAnswer<T> {
    const { now, onSilence } = this.#options;
    if (value !== undefined) {
      this.#told = '';
      return { ok: true, value, at: new Date(now()).toISOString() };
    }
    const { host } = url;
    const cause = `${network ?? status ?? ''} ${host}`;
    if (this.#told !== cause) onSilence?.(defined({ service: host, network, status }));
    this.#told = cause;
    return { ok: false, reason: 'unreachable', ...(network !== undefined && { fault: { network, host } }) };
  }
}

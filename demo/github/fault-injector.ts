/** Things that go wrong between an App and GitHub, on purpose: for tests that show that nothing is lost by them. */

export type ApiFault =
  /** A server error, before anything was done. */
  | { readonly kind: 'error'; readonly status: 500 | 502 | 503 | 504 }
  /** A replica that lags, a permission that is being changed: what is there is said not to be. */
  | { readonly kind: 'not-found' }
  /** For good: a conversation that was locked, an issue that was deleted, something that it does not take. */
  | { readonly kind: 'refusal'; readonly status: 403 | 405 | 409 | 410 | 422; readonly message: string }
  /** The secondary rate limit: 403 with `Retry-After` in seconds (429 when `status` says so). */
  | { readonly kind: 'secondary-limit'; readonly retryAfter: number; readonly status?: 403 | 429 }
  /** The hourly budget is used up: 403, nothing remaining, and a reset in so many seconds. */
  | { readonly kind: 'primary-limit'; readonly resetAfter: number }
  /** The connection is cut before anything was done. */
  | { readonly kind: 'reset' }
  /** It was done, and the connection is cut before the answer: the caller cannot know. */
  | { readonly kind: 'reset-after' }
  /** It was done, and the answer is a server error. */
  | { readonly kind: 'error-after'; readonly status: 500 | 502 | 503 | 504 }
  /** No answer ever; the caller has to give up by itself. */
  | { readonly kind: 'silence' }
  /** The answer comes so many milliseconds late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Somebody does something just before the request is answered. */
  | { readonly kind: 'meanwhile'; readonly act: () => void };

export type DeliveryFault = 'drop' | 'duplicate';

interface PlannedFault<T> {
  readonly fault: T;
  /** A route such as `POST /repos/{owner}/{repo}/check-runs`, or an event's name; any when absent. */
  readonly on: string | undefined;
  times: number;
}

/** Deterministic chance: a seed gives the same faults again (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class FaultInjector {
  readonly #planned: PlannedFault<ApiFault>[] = [];
  readonly #plannedDeliveries: PlannedFault<DeliveryFault>[] = [];
  #random: (() => ApiFault | undefined) | undefined;
  #randomDelivery: (() => DeliveryFault | undefined) | undefined;

  /** The next requests (one unless `times` says more) meet this fault; `on` narrows it to one route. */
  inject(fault: ApiFault, { on, times = 1 }: { readonly on?: string; readonly times?: number } = {}): void {
    this.#planned.push({ fault, on, times });
  }

  /** The next webhooks are lost or doubled; `on` narrows it to one event. */
  injectDelivery(
    fault: DeliveryFault,
    { on, times = 1 }: { readonly on?: string; readonly times?: number } = {},
  ): void {
    this.#plannedDeliveries.push({ fault, on, times });
  }

  /** From now on a request meets one of `faults` with this probability (0 to 1). The same seed, the same story. */
  injectRandomly(probability: number, faults: readonly ApiFault[], seed = 1): void {
    this.#random = randomFault(probability, faults, seededRandom(seed));
  }

  injectDeliveryRandomly(probability: number, faults: readonly DeliveryFault[], seed = 1): void {
    this.#randomDelivery = randomFault(probability, faults, seededRandom(seed));
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.#planned.length = 0;
    this.#plannedDeliveries.length = 0;
    this.#random = undefined;
    this.#randomDelivery = undefined;
  }

  forRequest(route: string): ApiFault | undefined {
    return takePlanned(this.#planned, route) ?? this.#random?.();
  }

  forDelivery(event: string): DeliveryFault | undefined {
    return takePlanned(this.#plannedDeliveries, event) ?? this.#randomDelivery?.();
  }
}

function takePlanned<T>(plans: PlannedFault<T>[], subject: string): T | undefined {
  const plan = plans.find((one) => one.times > 0 && (one.on === undefined || one.on === subject));
  if (plan === undefined) return undefined;
  plan.times--;
  return plan.fault;
}

function randomFault<T>(
  probability: number,
  faults: readonly T[],
  random: () => number,
): () => T | undefined {
  return () => (random() < probability ? faults[Math.floor(random() * faults.length)] : undefined);
}

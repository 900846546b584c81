/** What goes wrong in a round, by chance from a seed, and how often it did. */
import { seededRandom } from '#demo/github/fault-injector';

/**
 * What a request meets. `…-after`: it was done, and the caller cannot know. `silence`: no answer, so that the caller
 * has to give up by itself. `kill`: the program is ended by SIGKILL before the request arrives, or after it was done.
 */
export const faultKinds = [
  'error',
  'error-after',
  'too-many',
  'secondary-limit',
  'reset',
  'reset-after',
  'silence',
  'silence-after',
  'kill',
  'kill-after',
] as const;

export type ChaosFaultKind = (typeof faultKinds)[number];

/** Which server the requests are for. */
export type Upstream = 'github' | 'partner' | 'openid' | 'lookups' | 'smtp';

/** In a hundred faults. Whoever is silent is waited for during 15 to 30 seconds, so that silences are rare. */
const shares: readonly (readonly [ChaosFaultKind, number])[] = [
  ['error', 24],
  ['error-after', 14],
  ['too-many', 8],
  ['secondary-limit', 8],
  ['reset', 20],
  ['reset-after', 22],
  ['silence', 2],
  ['silence-after', 2],
];

export class ChaosFaults {
  readonly counts = new Map<ChaosFaultKind, number>();
  /** Requests that passed by, and those whose answer did not reach the caller though they were done. */
  requests = 0;
  readonly unanswered = new Map<Upstream, number>();
  readonly #random: () => number;
  readonly #rate: number;
  #on = false;
  #kill: { readonly now: () => void; requestsLeft: number } | undefined;

  /** @param rate the part of all requests that meets a fault, 0 to 1 */
  constructor(seed: number, rate: number) {
    this.#random = seededRandom(seed);
    this.#rate = rate;
  }

  start(): void {
    this.#on = true;
  }

  /** From now on nothing goes wrong. */
  stop(): void {
    this.#on = false;
    this.#kill = undefined;
  }

  /** After so many more requests, to whatever service, one meets a kill: just before it is done, or just after. */
  armKill(kill: () => void, requestsLeft: number): void {
    this.#kill = { now: kill, requestsLeft };
  }

  /** What a request to a service meets now, if anything. A kill has happened when this returns it. */
  next(service: Upstream): ChaosFaultKind | undefined {
    this.requests += 1;
    if (!this.#on) return undefined;
    if (this.#kill !== undefined && --this.#kill.requestsLeft === 0)
      return this.#count(this.#random() < 0.5 ? 'kill' : 'kill-after', service);
    if (this.#random() >= this.#rate) return undefined;
    let left = this.#random() * shares.reduce((sum, [, share]) => sum + share, 0);
    const [kind] = shares.find(([, share]) => {
      left -= share;
      return left < 0;
    }) ?? ['error' as const];
    // Only GitHub has a secondary limit; and mail servers do not answer with statuses of HTTP.
    return this.#count(kind === 'secondary-limit' && service !== 'github' ? 'too-many' : kind, service);
  }

  /** Ends the program: called by whoever met `kill`, at the moment that it stands for. */
  kill(): void {
    const kill = this.#kill;
    this.#kill = undefined;
    kill?.now();
  }

  get total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  #count(kind: ChaosFaultKind, service: Upstream): ChaosFaultKind {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (kind.endsWith('-after')) this.unanswered.set(service, (this.unanswered.get(service) ?? 0) + 1);
    return kind;
  }
}

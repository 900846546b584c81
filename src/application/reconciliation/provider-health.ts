/**
 * How the provider of a cell answers during one run, and whether it is asked on: one that is dead, or in trouble for
 * whatever it is asked, holds nobody up for longer than it takes to see that.
 */
import type { ProviderFailure } from '#domain/provisioning/provider';

/** Answers in a row that were none, about different clients, after which it is the provider and not a client. */
const maxFailures = 2;
/** Milliseconds for which one run asks one provider; what is left is for the next one, which follows at once. */
const maxRunMs = 120_000;

export class ProviderHealth {
  readonly #now: () => number;
  readonly #begun: number;
  #answered = false;
  #inARow = 0;
  #last: ProviderFailure | undefined;
  #isDown = false;

  readonly #maxMs: number;

  /**
   * @param now milliseconds since 1970
   * @param isPatient whether it is asked however long that takes
   */
  constructor(now: () => number, isPatient = false) {
    this.#now = now;
    this.#maxMs = isPatient ? Number.POSITIVE_INFINITY : maxRunMs;
    this.#begun = now();
  }

  /** What came of asking it about one client. A refusal that is the client's or the definition's is an answer too. */
  note(outcome: { readonly ok: true } | ProviderFailure): void {
    if (outcome.ok || outcome.fault === 'definition' || outcome.fault === 'client') {
      this.#answered = true;
      this.#inARow = 0;
      return;
    }
    this.#last = outcome;
    this.#inARow += 1;
    if (outcome.fault === 'provider' || this.#inARow >= maxFailures) this.#isDown = true;
  }

  /** It failed where nothing was asked about any client. */
  giveUp(failure: ProviderFailure): void {
    this.#last = failure;
    this.#isDown = true;
  }

  /** Why it is not asked any more in this run. */
  get failure(): ProviderFailure | undefined {
    return this.#isDown ? this.#last : undefined;
  }

  /** Why it is not known how it is, once all was asked: it failed, and never answered. */
  get silence(): ProviderFailure | undefined {
    return this.failure ?? (this.#answered ? undefined : this.#last);
  }

  /** Whether it answered, so that what was wrong with it is over. */
  get isWell(): boolean {
    return this.#answered && !this.#isDown;
  }

  /** Half of the time is for looking, so that something is done in every run. */
  get isHalfway(): boolean {
    return this.#now() - this.#begun > this.#maxMs / 2;
  }

  get isLate(): boolean {
    return this.#now() - this.#begun > this.#maxMs;
  }
}

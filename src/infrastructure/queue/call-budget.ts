/**
 * What each account's work costs of the calls to GitHub that an installation has in an hour. Whoever pushes without end
 * makes as many reviews; were all calls spent on them, nothing more would be provisioned or reviewed for anyone.
 *
 * Each process counts for itself: what is left of the hour's calls, GitHub tells all of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { defined } from '#base/defined';
import type { Job, JobKind } from './job-kinds.ts';

/** What GitHub said of the hour of an installation with an answer; what it did not say is undefined. */
export interface SpentCall {
  readonly installation: number | undefined;
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** Seconds since 1970. */
  readonly reset: number | undefined;
}

interface Hour {
  limit: number;
  remaining: number;
  readonly reset: number;
  /** Calls of each account's work. */
  readonly used: Map<string, number>;
}

/** While there are more of the hour's calls than this, nobody waits. */
const plenty = 1 / 2;
/**
 * Of the hour's calls, for one account, once there is no plenty. Commands are what those who look after the registry act by, also
 * after a day of reviews; there are only as many as GitHub lets people write.
 */
const shares: Partial<Record<JobKind, number>> = { review: 1 / 5, request: 1 / 5, command: 1 / 2 };
/** Seconds by which GitHub's answers differ about when one and the same hour ends. */
const slack = 60;

export class CallBudget {
  readonly #sender = new AsyncLocalStorage<string>();
  readonly #hours = new Map<number, Hour>();

  /** Does what somebody caused: what it asks GitHub is theirs. */
  during<T>({ sender }: Pick<Job, 'sender'>, work: () => T): T {
    return sender === undefined ? work() : this.#sender.run(sender, work);
  }

  /**
   * Begins what a review will ask GitHub before its turn has come: that is its sender's too, and nothing is begun where it
   * is to wait.
   */
  ahead(sender: string | undefined, installation: number | undefined, begin: () => void): void {
    const review = { kind: 'review', ...defined({ sender }) } as const;
    if (this.wait(review, installation, Date.now()) === undefined) this.during(review, begin);
  }

  /** To be told of every answer, where it was asked for. */
  spent({ installation, limit, remaining, reset }: SpentCall): void {
    if (installation === undefined || limit === undefined || remaining === undefined || reset === undefined)
      return;
    let hour = this.#hours.get(installation);
    if (hour === undefined || reset > hour.reset + slack) {
      hour = { limit, remaining, reset, used: new Map() };
      this.#hours.set(installation, hour);
    }
    if (reset < hour.reset - slack) return;
    hour.limit = limit;
    // Answers overtake each other: of one hour there are never more left again.
    hour.remaining = Math.min(hour.remaining, remaining);
    const sender = this.#sender.getStore();
    if (sender !== undefined) hour.used.set(sender, (hour.used.get(sender) ?? 0) + 1);
  }

  /**
   * Seconds until a job may go on, whose sender has had their share; undefined where it may now.
   *
   * @param now milliseconds since 1970
   */
  wait(
    { kind, sender }: Pick<Job, 'kind' | 'sender'>,
    installation: number | undefined,
    now: number,
  ): number | undefined {
    const hour = installation === undefined ? undefined : this.#hours.get(installation);
    const share = shares[kind];
    if (hour === undefined || sender === undefined || share === undefined) return undefined;
    const seconds = hour.reset - Math.floor(now / 1000);
    const isSpent = (hour.used.get(sender) ?? 0) >= hour.limit * share;
    return isSpent && hour.remaining < hour.limit * plenty && seconds > 0 ? seconds : undefined;
  }
}

/**
 * Each thing that is told is told by itself: one that GitHub refuses (a locked conversation, a repository without issues)
 * silences no other. What it refuses for good is remembered with its content, so that the same is not tried again, and
 * told to the operator once; what may pass is tried again with the job. That something is not there is no answer: it is
 * told to the operator as well, and tried again in every run.
 */

import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import { LeaseLost } from '#base/lease-lost';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { classifyError } from '#infrastructure/queue/retry-policy';

/** Something that GitHub does not let Greffier say, and the status of its answer. */
export interface Refusal {
  readonly what: string;
  readonly status: number;
}

export class TellEach {
  readonly #deps: Pick<ReconcileDeps, 'store' | 'now'>;
  readonly #refusals: Refusal[] = [];
  #passing: unknown;

  constructor(deps: Pick<ReconcileDeps, 'store' | 'now'>) {
    this.#deps = deps;
  }

  /**
   * @param what names it, the same one in every run
   * @param content stands for what it says: the same is not tried again once it was refused
   * @returns whether that is done with: told, or refused for good
   */
  async tell(what: string, content: string, work: () => Promise<void>): Promise<boolean> {
    const { store, now } = this.#deps;
    const topic = `refused ${what}`;
    const refused = (await store.topics.find(topic))?.digest ?? '';
    if (refused === content) return true;
    const missing = `missing ${content}`;
    try {
      await work();
      // It is listened to again, whatever was refused before.
      if (refused !== '') await store.topics.save(topic, undefined, '');
      return true;
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      const status = statusOf(error);
      if (status === undefined || classifyError(error, now()).cause !== 'fault') {
        this.#passing ??= error;
        return false;
      }
      const isMissing = status === 404;
      if (isMissing && refused === missing) return false;
      await store.topics.save(topic, undefined, isMissing ? missing : content);
      this.#refusals.push({ what, status });
      return !isMissing;
    }
  }

  /** @returns what was refused for the first time. @throws what may pass, once all the rest was told */
  end(): readonly Refusal[] {
    if (this.#passing !== undefined) throw this.#passing;
    return this.#refusals;
  }
}

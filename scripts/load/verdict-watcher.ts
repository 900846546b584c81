/** Waits for verdicts: the moment at which a GitHub has a completed check run on a commit. */
import type { ApiExchange } from '#demo/github/rest-api';

export class VerdictWatcher {
  /** `performance.now()` by commit. */
  readonly #at = new Map<string, number>();
  readonly #waiting = new Map<string, (at: number) => void>();

  /** To be shown every request to the GitHub. */
  readonly observe = ({ method, template, requestBody, status }: ApiExchange): void => {
    if (method !== 'POST' || !template.endsWith('/check-runs') || status !== 201) return;
    const { head_sha: head, status: state } = requestBody as { head_sha: string; status: string };
    if (state !== 'completed') return;
    const now = performance.now();
    this.#at.set(head, now);
    this.#waiting.get(head)?.(now);
  };

  /** Resolves with the moment of the verdict on a commit, also when it is past. */
  of(head: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const known = this.#at.get(head);
    if (known !== undefined) resolve(known);
    else this.#waiting.set(head, resolve);
    return promise;
  }
}

/**
 * Waits for verdicts: the moment at which a GitHub has a completed check run on a commit. Notes on the way when it was asked
 * for what a verdict needs.
 */
import type { ApiExchange } from '#demo/github/rest-api';

export class VerdictWatcher {
  /** `performance.now()` by commit. */
  readonly #at = new Map<string, number>();
  readonly #waiting = new Map<string, (at: number) => void>();
  /** Likewise, what was asked for first, and answered when. */
  readonly #answered = new Map<string, Map<Step, number>>();

  /** To be shown every request to the GitHub. */
  readonly observe = (exchange: ApiExchange): void => {
    const { method, template, requestBody, status } = exchange;
    const asked = stepOf(exchange);
    if (asked !== undefined) this.#note(...asked);
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

  /** When this was answered about a commit; undefined when nobody asked for it. */
  answered(head: string, step: Step): number | undefined {
    return this.#answered.get(head)?.get(step);
  }

  #note(head: string, step: Step): void {
    const steps = this.#answered.get(head) ?? new Map<Step, number>();
    if (!steps.has(step)) steps.set(step, performance.now());
    this.#answered.set(head, steps);
  }
}

/** What is asked of GitHub for a verdict, and names the commit that it is about. */
export const verdictSteps = ['pull request', 'comparison', 'file'] as const;
type Step = (typeof verdictSteps)[number];

function stepOf({ template, params, query, answerBody }: ApiExchange): readonly [string, Step] | undefined {
  if (template.endsWith('/pulls/{pull_number}'))
    return [(answerBody as { head: { sha: string } }).head.sha, 'pull request'];
  if (template.endsWith('/compare/{basehead}')) return [params.basehead?.split('...')[1] ?? '', 'comparison'];
  return template.endsWith('/contents/{path}') ? [query.ref ?? '', 'file'] : undefined;
}

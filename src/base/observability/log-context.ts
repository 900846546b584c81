/** Which request is being worked for: carried along everything that one job does, so that each line of the log says it. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** What names a piece of work in the log. */
export interface Followed {
  /** The delivery's id, or what else asked for the work. */
  readonly request: string;
  readonly job?: number;
  readonly kind?: string;
}

const current = new AsyncLocalStorage<Followed>();

/** Does a piece of work, and everything that it calls, under its name. */
export function follow<T>(work: Followed, deed: () => Promise<T>): Promise<T> {
  return current.run(work, deed);
}

/** What is worked for now; undefined outside of any job. */
export function followed(): Followed | undefined {
  return current.getStore();
}

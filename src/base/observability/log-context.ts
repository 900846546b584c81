/** The request that is being worked for: carried along everything that one job does, so that each log line names it. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** What names a piece of work in the log. */
export interface LogContext {
  /** The delivery's id, or what else asked for the work. */
  readonly request: string;
  readonly job?: number;
  readonly kind?: string;
}

const current = new AsyncLocalStorage<LogContext>();

/** Runs a function, and everything that it calls, with this context. */
export function withLogContext<T>(context: LogContext, run: () => T): T {
  return current.run(context, run);
}

/** The context of the work that runs now; undefined outside of any job. */
export function logContext(): LogContext | undefined {
  return current.getStore();
}

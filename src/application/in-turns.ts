/** Long work of the domain, which knows no time, done so that everyone else has a turn between its steps. */
import { setImmediate } from 'node:timers/promises';

/** @param work one step at a time, none of which takes long by itself */
export async function inTurns<Result>(work: Generator<undefined, Result, undefined>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

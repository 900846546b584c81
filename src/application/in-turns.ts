/** Long work of the domain, which knows no time, done so that everyone else has a turn between its steps. */
import { setImmediate } from 'node:timers/promises';
import type { Steps } from '#base/steps';

export async function inTurns<Result>(work: Steps<Result>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

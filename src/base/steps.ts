/** Long work without time of its own: whoever has it done decides whether others get a turn between its steps. */

/** None of the steps takes long by itself. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Does the work in one go. */
export function atOnce<Result>(work: Steps<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

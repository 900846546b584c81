/**
 * The threats that Greffier is built against: who could do what, what is in the way, and the test that fails when
 * that is taken away. `docs/threat-model.md` is written from here (`npm run generate`); `npm run threats` takes each
 * protection away in a copy of the project, and sees its test fail.
 */

/** One line that protects, and the test that notices when it is gone. */
export interface Proof {
  /** Where it stands. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly line: string;
  /** What is written in its place: the program without the protection. */
  readonly without: string;
  readonly test: string;
  /** A part of the test's title; of a recorded review its folder, of a rule its id. */
  readonly title: string;
}

export interface Threat {
  readonly threat: string;
  /** What is in the way, in a sentence. */
  readonly protection: string;
  readonly proofs: readonly Proof[];
}

/** Someone or something that is not trusted, or only so far. */
export interface ThreatActor {
  readonly name: string;
  readonly can: string;
  readonly cannot: string;
  readonly threats: readonly Threat[];
}

/** Shortens the tables below: `proof(file, line, without, test, title)`, folders left out. */
export function proof(file: string, line: string, without: string, test: string, title: string): Proof {
  return { file: `src/${file}`, line, without, test: `test/${test}.test.ts`, title };
}

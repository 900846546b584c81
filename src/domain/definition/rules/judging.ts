/** Runs what judges a definition, so that what is wrong with Greffier itself becomes a finding like any other. */
import { fileUnjudged } from './file/unjudged.ts';
import type { Report } from './rule.ts';

/** What is reported where a judgement failed: of `file/unjudged`, on the whole file. */
export interface UnjudgedReport {
  readonly rule: typeof fileUnjudged;
  readonly report: Report<'rule'>;
}

/**
 * @param what failed: the id of a rule, or what was done with the file
 * @param problem whatever was thrown: of it only its kind and where in the code it happened are told, since its words may
 *   hold anything
 */
export function unjudged(what: string, problem: unknown): UnjudgedReport {
  const values = { what, problem: problem instanceof Unread ? problem.message : placeOf(problem) };
  const report = { pointer: '', messageId: 'rule', values } as const;
  return { rule: fileUnjudged, report };
}

/**
 * Does a part of a judgement.
 *
 * @param failed is told when it throws; what was reported until then stands
 */
export function judging(what: string, work: () => void, failed: (unjudged: UnjudgedReport) => void): void {
  try {
    work();
  } catch (problem) {
    failed(unjudged(what, problem));
  }
}

/** What failed before, and was noted then (`placeOf`). */
export class Unread extends Error {}

/** As `TypeError, url/host.ts:12`. */
export function placeOf(problem: unknown): string {
  if (!(problem instanceof Error)) return typeof problem;
  const frame = /([\w.-]+\/[\w.-]+\.[jt]s:\d+)/.exec(firstFrame(problem))?.[1];
  return frame === undefined ? problem.name : `${problem.name}, ${frame}`;
}

function firstFrame({ stack = '' }: Error): string {
  return stack.split('\n').find((line) => line.trim().startsWith('at ')) ?? '';
}

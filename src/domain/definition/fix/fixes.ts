/** The one loop that corrects a text: `greffier fix` and `/greffier fix` give the same. */
import type { Edit, Finding, Fix } from '#domain/definition/finding';
import { readDefinition } from '#domain/definition/read-definition';
import { applyEdits } from './apply-edits.ts';
import { type CorrectedLines, correctedLines } from './corrected-lines.ts';

export interface FixResult {
  readonly text: string;
  /** The fixes that were applied, each as it was found, in the order of their application. */
  readonly applied: readonly AppliedFix[];
}

export interface AppliedFix extends Finding {
  readonly fix: Fix;
  /** The lines that it changed, and what they became. */
  readonly lines: readonly CorrectedLines[];
}

/** A text needs at most one round for each of its findings; more would be a fix that undoes another. */
const maxFixes = 300;

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((one, other) => one.range.start.line - other.range.start.line);
}

function hasFix(finding: Finding): finding is Finding & { readonly fix: Fix } {
  return finding.fix !== undefined;
}

/**
 * Applies every fix of a text, one after the other: each is worked out on the text that the earlier ones left.
 *
 * @param path of the file, relative to the root of the registry
 */
export function applyFixes(path: string, text: string): FixResult {
  const encoder = new TextEncoder();
  const applied: AppliedFix[] = [];
  const seen = new Set([text]);
  let here = text;
  while (applied.length < maxFixes) {
    const { findings } = readDefinition({ path, bytes: encoder.encode(here) });
    let next: string | undefined;
    for (const finding of findings.filter(hasFix)) {
      const candidate = applyEdits(here, finding.fix.edits);
      // A text that was there before would send us round in circles.
      if (seen.has(candidate)) continue;
      next = candidate;
      applied.push({ ...finding, lines: correctedLines(here, inOrder(finding.fix.edits)) });
      break;
    }
    if (next === undefined) break;
    seen.add(next);
    here = next;
  }
  return { text: here, applied };
}

/** The one loop that corrects a text: `greffier fix` and `/greffier fix` give the same. */
import type { Finding, Fix } from '#domain/definition/finding';
import { readDefinition } from '#domain/definition/read-definition';
import { applyEdits } from './apply-edits.ts';

export interface FixResult {
  readonly text: string;
  /** The fixes that were applied, each as it was found, in the order of their application. */
  readonly applied: readonly (Finding & { readonly fix: Fix })[];
}

/** A text needs at most one round for each of its findings; more would be a fix that undoes another. */
const maxFixes = 300;

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
  const applied: (Finding & { readonly fix: Fix })[] = [];
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
      applied.push(finding);
      break;
    }
    if (next === undefined) break;
    seen.add(next);
    here = next;
  }
  return { text: here, applied };
}

/** Runs the rules that need more than one file. Pure: what is given in decides what comes out. */
import type { Report } from '#domain/definition/rules/rule';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import type { Change } from './changes.ts';
import { type Claims, claimsOf } from './claims.ts';
import type { Answers } from './outside-answers.ts';
import type { Entry, Registry } from './registry.ts';
import { meetingsOf } from './related-definitions.ts';
import { changeRules, openRules, outsideRules, registryRules } from './rules/all.ts';
import type { ChangeContext, Notice, OpenClaim } from './rules/rule.ts';

/** Comparing all names at once pays from about this many on. */
const manyPaths = 50;

/**
 * Judges definitions among all of the registry.
 *
 * @param paths what to report on; the whole registry when absent. Paths that it does not hold are passed over.
 * @returns sorted by path.
 */
export function judgeRegistry(registry: Registry, paths?: readonly string[]): readonly Notice[] {
  if (paths !== undefined && paths.length > manyPaths) registry.compareNames();
  const judged = paths === undefined ? registry.suspects() : [...new Set(paths)].sort();
  return judged.flatMap((path) => {
    const claims = registry.get(path);
    return claims === undefined ? [] : judgeAmong(registry, claims);
  });
}

function judgeAmong(registry: Registry, claims: Claims): Notice[] {
  const meetings = meetingsOf(registry, claims);
  const notices: Notice[] = [];
  for (const rule of registryRules)
    rule.check(claims, meetings, (report) => notices.push({ path: claims.path, rule: rule.id, report }));
  return notices;
}

/**
 * Judges what a change does to definitions: owners, organizations, domains, removals and so on.
 *
 * @param open what other open pull requests claim.
 * @returns by rule, then by path.
 */
export function judgeChanges(
  changes: readonly Change[],
  context: ChangeContext,
  open: readonly OpenClaim[] = [],
): readonly Notice[] {
  const notices: Notice[] = [];
  const noticeOf = (rule: RuleId) => (path: string, report: Report) => notices.push({ path, rule, report });
  for (const rule of changeRules) rule.check(changes, context, noticeOf(rule.id));
  if (open.length > 0) {
    for (const change of changes) {
      if (change.kind === 'removed') continue;
      const claims = claimsOf(change.after);
      for (const rule of openRules)
        rule.check(claims, open, (report) => notices.push({ path: claims.path, rule: rule.id, report }));
    }
  }
  return notices;
}

/** Judges a definition by what public services answered about it. */
export function judgeOutside(entry: Entry, answers: Answers): readonly Notice[] {
  const notices: Notice[] = [];
  for (const rule of outsideRules)
    rule.check(entry, answers, (report) => notices.push({ path: entry.path, rule: rule.id, report }));
  return notices;
}

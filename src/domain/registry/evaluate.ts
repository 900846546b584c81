/** Runs the rules that need more than one file. Pure: what is given in decides what comes out. */
import { atOnce, type Steps } from '#base/steps';
import { judging, type UnjudgedReport, Unread } from '#domain/definition/rules/judging';
import type { Report } from '#domain/definition/rules/rule';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import type { Change } from './changes.ts';
import { type Claims, claimsOf } from './claims.ts';
import type { OutsideAnswers } from './outside-answers.ts';
import type { Entry, Registry } from './registry.ts';
import { collisionsOf } from './related-definitions.ts';
import { changeRules, openRules, outsideRules, registryRules } from './rules/all.ts';
import type { ChangeContext, OpenClaim, RegistryFinding } from './rules/rule.ts';

/** Comparing all names at once pays from about this many on. */
const minPathsToCompareNames = 50;

/**
 * Evaluates definitions among all of the registry.
 *
 * @param paths what to report on; the whole registry when absent. Paths that it does not hold are passed over.
 * @returns sorted by path.
 */
export function evaluateRegistry(registry: Registry, paths?: readonly string[]): readonly RegistryFinding[] {
  return atOnce(evaluateRegistryInSteps(registry, paths));
}

/** The same, a definition at a step. */
export function* evaluateRegistryInSteps(
  registry: Registry,
  paths?: readonly string[],
): Steps<readonly RegistryFinding[]> {
  if (paths !== undefined && paths.length > minPathsToCompareNames) registry.compareNames();
  const selected = paths === undefined ? yield* registry.candidatesInSteps() : [...new Set(paths)].sort();
  const findings: RegistryFinding[] = [];
  for (const path of selected) {
    const claims = registry.get(path);
    if (claims !== undefined) findings.push(...evaluateDefinition(registry, claims));
    yield;
  }
  return findings;
}

function evaluateDefinition(registry: Registry, claims: Claims): RegistryFinding[] {
  return findingsOf(claims.path, (judge) => {
    const collisions = collisionsOf(registry, claims);
    if (collisions.unread !== undefined) throw new Unread(collisions.unread);
    for (const rule of registryRules) judge(rule.id, (report) => rule.check(claims, collisions, report));
  });
}

/**
 * What rules report of one definition. One that throws has judged nothing: that is reported of the definition, and the
 * others go on.
 *
 * @param work runs them
 */
function findingsOf(
  path: string,
  work: (judge: (rule: RuleId, check: (report: (found: Report) => void) => void) => void) => void,
): RegistryFinding[] {
  const findings: RegistryFinding[] = [];
  const failed = ({ rule, report }: UnjudgedReport) => findings.push({ path, rule: rule.id, report });
  const judge = (rule: RuleId, check: (report: (found: Report) => void) => void) =>
    judging(rule, () => check((report) => findings.push({ path, rule, report })), failed);
  judging('registre', () => work(judge), failed);
  return findings;
}

/**
 * Evaluates what a change does to definitions: owners, organizations, domains, removals and so on; a rule at a step.
 *
 * @param open what other open pull requests claim.
 * @returns by rule, then by path.
 */
export function* evaluateChangesInSteps(
  changes: readonly Change[],
  context: ChangeContext,
  open: readonly OpenClaim[] = [],
): Steps<readonly RegistryFinding[]> {
  const findings: RegistryFinding[] = [];
  const reporterFor = (rule: RuleId) => (path: string, report: Report) =>
    findings.push({ path, rule, report });
  for (const rule of changeRules) {
    judging(
      rule.id,
      () => rule.check(changes, context, reporterFor(rule.id)),
      // Which of the definitions it was, it does not say.
      (failed) => {
        for (const { path } of changes) reporterFor(failed.rule.id)(path, failed.report);
      },
    );
    yield;
  }
  for (const change of open.length > 0 ? changes : []) {
    if (change.kind === 'removed') continue;
    findings.push(
      ...findingsOf(change.path, (judge) => {
        const claims = claimsOf(change.after);
        for (const rule of openRules) judge(rule.id, (report) => rule.check(claims, open, report));
      }),
    );
    yield;
  }
  return findings;
}

/** The same, at once. */
export function evaluateChanges(
  ...given: Parameters<typeof evaluateChangesInSteps>
): readonly RegistryFinding[] {
  return atOnce(evaluateChangesInSteps(...given));
}

/** Evaluates a definition by what public services answered about it. */
export function evaluateOutsideAnswers(entry: Entry, answers: OutsideAnswers): readonly RegistryFinding[] {
  return findingsOf(entry.path, (judge) => {
    for (const rule of outsideRules) judge(rule.id, (report) => rule.check(entry, answers, report));
  });
}

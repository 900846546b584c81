/**
 * What a rule set of the default branch demands before it moves (docs.github.com, « Available rules for rulesets »): checks,
 * each of them from the App that is named as its source, and approvals.
 */
import { ApiError } from './api-error.ts';
import {
  type Account,
  type App,
  isPullRequest,
  type PullRequest,
  type Repository,
  type Role,
} from './state.ts';

/** Of whom checks are, and who has which role. */
export interface RuleContext {
  readonly app: App;
  may(who: Account, role: Role, of: Repository): boolean;
}

/** Conclusions with which a required check lets pass. */
const passing: ReadonlySet<string | null> = new Set(['success', 'neutral', 'skipped']);

/** What the rules say against merging, in GitHub's own words; nothing when it may be merged. */
export function mergeViolations(context: RuleContext, of: Repository, { pull }: PullRequest): string[] {
  if (pull.baseRef !== of.defaultBranch) return [];
  return [...checkViolations(context, of, pull.headSha), ...reviewViolations(context, of, pull)];
}

/**
 * What the rules say against moving the default branch to a commit otherwise than by a merge.
 *
 * @param ref a full reference
 */
export function pushViolations(
  context: RuleContext,
  of: Repository,
  ref: string,
  sha: string | undefined,
): string[] {
  if (ref !== `refs/heads/${of.defaultBranch}`) return [];
  const reviewed = of.requiredApprovals > 0 ? ['Changes must be made through a pull request.'] : [];
  if (sha !== undefined) return [...reviewed, ...checkViolations(context, of, sha)];
  return of.requiredChecks.length > 0 || of.requiredApprovals > 0 ? ['Cannot delete this branch'] : [];
}

/** As GitHub refuses: 405 for a merge, 422 for a reference. */
export function ruleError(status: 405 | 422, violations: readonly string[]): ApiError {
  return new ApiError(status, `Repository rule violations found\n\n${violations.join('\n\n')}\n\n`);
}

function checkViolations(context: RuleContext, of: Repository, sha: string): string[] {
  return of.requiredChecks.flatMap(({ context: name, appId }) => {
    const required = `Required status check "${name}"`;
    // There is one App here, which wrote every run: a check of another one never comes.
    const fromIt = appId === undefined || appId === context.app.id;
    const run = of.checkRuns.findLast((one) => fromIt && one.headSha === sha && one.name === name);
    if (run === undefined) return [`${required} is expected.`];
    if (run.status !== 'completed') return [`${required} is in progress.`];
    return passing.has(run.conclusion) ? [] : [`${required} is failing.`];
  });
}

/** The last word of each person who may write, of the head as it is. */
function reviewViolations(context: RuleContext, of: Repository, pull: PullRequest['pull']): string[] {
  const count = of.requiredApprovals;
  if (count === 0) return [];
  const words = new Map(
    pull.reviews
      .filter(({ state, author }) => state !== 'COMMENTED' && context.may(author, 'write', of))
      .map(({ author, state }) => [author, state]),
  );
  const given = [...words.values()];
  const plural = count === 1 ? 'review is' : 'reviews are';
  return [
    ...(given.includes('CHANGES_REQUESTED') ? ['Changes have been requested.'] : []),
    ...(given.filter((state) => state === 'APPROVED').length < count
      ? [`At least ${count} approving ${plural} required by reviewers with write access.`]
      : []),
  ];
}

/** Commits that the default branch may move to by `git push`, among those that checks ran on. */
export function pushableCommits(context: RuleContext, of: Repository): string[] {
  const main = `refs/heads/${of.defaultBranch}`;
  const heads = [...of.issues.values()].filter(isPullRequest).map(({ pull }) => pull.headSha);
  return [...new Set(heads)].filter((sha) => pushViolations(context, of, main, sha).length === 0);
}

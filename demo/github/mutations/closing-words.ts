/**
 * The issues that a pull request closes by being merged into the default branch, in the name of whoever merges it: those that its
 * description names after a keyword (docs.github.com, « Linking a pull request to an issue »).
 */
import type { Account, PullRequest, Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { updateIssue } from './issues.ts';

const naming = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+(?:([\w.-]+\/[\w.-]+))?#(\d{1,9})\b/gi;

export function closeNamedIssues(store: GitHubStore, of: Repository, one: PullRequest, by: Account): void {
  if (one.pull.baseRef !== of.defaultBranch) return;
  for (const [, name, number] of (one.body ?? '').matchAll(naming)) {
    const at = name === undefined ? of : store.repositories.get(name.toLowerCase());
    const issue = at?.issues.get(Number(number));
    if (at !== undefined && issue?.pull === undefined && issue?.state === 'open')
      updateIssue(store, at, issue, { state: 'closed' }, by);
  }
}

/** Merging a pull request, by each of GitHub's methods. */
import { ApiError } from '#demo/github/api-error';
import { mergeCommits } from '#demo/github/git/merge/merge-commits';
import { mergeViolations, ruleError } from '#demo/github/rules';
import type { Account, MergeMethod, PullRequest, Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { rebase } from '#demo/github/test-merges';
import { updateReference } from './branches.ts';
import { closeNamedIssues } from './closing-words.ts';
import { emitIssueEvent } from './issues.ts';

/** What GitHub answers when a repository does not allow a method. */
const notAllowed: Readonly<Record<MergeMethod, string>> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

export interface MergeRequest {
  readonly method?: MergeMethod | undefined;
  /** What the head has to be: another one is refused with 409. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

/** Merges into the base branch as it is now. Answers the commit that the branch is at afterwards. */
export function performMerge(
  store: GitHubStore,
  of: Repository,
  one: PullRequest,
  by: Account,
  request: MergeRequest = {},
): string {
  const { method = 'merge', sha } = request;
  const { pull } = one;
  if (one.state === 'closed') throw new ApiError(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new ApiError(405, 'Pull Request is still a draft');
  if (!of.mergeMethods.has(method)) throw new ApiError(405, notAllowed[method]);
  if (sha !== undefined && sha !== pull.headSha)
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  const violations = mergeViolations(store, of, one);
  if (violations.length > 0) throw ruleError(405, violations);
  const base = of.git.branch(pull.baseRef);
  if (base === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  const commits = mergeOnto(store, of, one, by, base, request);
  markMerged(store, one, by, commits);
  const tip = commits.at(-1) ?? base;
  updateReference(store, of, `refs/heads/${pull.baseRef}`, tip, by, 'pr_merge');
  emitIssueEvent(store, of, one, 'closed', by);
  closeNamedIssues(store, of, one, by);
  return tip;
}

/** Makes the commits of a merge over a base, and moves nothing. Answers them in order. */
export function mergeOnto(
  store: GitHubStore,
  of: Repository,
  one: PullRequest,
  by: Account,
  base: string,
  { method = 'merge', title, message }: MergeRequest,
): readonly string[] {
  const { pull } = one;
  const { objects } = of.git;
  const tree = mergeCommits(of.git, base, pull.headSha);
  if (tree === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  const committer = store.signature(by);
  const commit = (parents: readonly string[], text: string) =>
    objects.writeCommit({ tree, parents, author: committer, committer, message: text });
  if (method === 'merge') {
    const head = `${pull.headRepository.owner.login}/${pull.headRef}`;
    const firstLine = title ?? `Merge pull request #${one.number} from ${head}`;
    return [commit([base, pull.headSha], `${firstLine}\n\n${message ?? one.title}`)];
  }
  if (method === 'squash')
    return [commit([base], [title ?? `${one.title} (#${one.number})`, message].filter(Boolean).join('\n\n'))];
  const reapplied = rebase(of.git, base, pull.headSha, tree);
  if (reapplied === undefined) throw new ApiError(405, "This branch can't be rebased");
  const commits: string[] = [];
  for (const { original, tree: after } of reapplied) {
    const from = objects.commit(original);
    if (from === undefined) throw new Error(`${original} is no commit`);
    const parents = [commits.at(-1) ?? base];
    // GitHub always makes new commits, with whoever merges as their committer.
    commits.push(
      objects.writeCommit({ tree: after, parents, author: from.author, committer, message: from.message }),
    );
  }
  return commits;
}

export function markMerged(
  store: GitHubStore,
  one: PullRequest,
  by: Account,
  commits: readonly string[],
): void {
  one.pull.merged = { sha: commits.at(-1) ?? one.pull.headSha, commits, at: store.now(), by };
  one.state = 'closed';
  one.closedAt = store.now();
  one.closedBy = by;
  one.updatedAt = store.now();
}

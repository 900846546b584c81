/**
 * Test merges: what GitHub makes of an open pull request to know whether it can be merged.
 *
 * After a push to the head (and when a pull request is made, or gets another base) GitHub works it out in the
 * background; when the base branch moves it does so as soon as someone asks for the pull request. Until it is known,
 * `mergeable` is `null`; webhooks and the answer to the request that changed something are sent too early and say so
 * (docs.github.com, « Get a pull request », and « Checking mergeability of pull requests »: references under
 * `refs/pull/` « become outdated without warning »). On a conflict `mergeable` is `false`, and `merge_commit_sha` and
 * `refs/pull/{n}/merge` stay with the last merge that worked, if there was any.
 */
import { applyCommit, mergeCommits } from './git/merge/merge-commits.ts';
import type { GitRepository } from './git/repository.ts';
import type { Mergeability, PullRequest, Repository } from './state.ts';
import type { GitHubStore } from './store.ts';

/** How GitHub goes about it. A test may change this at any moment. */
export interface TestMergeSettings {
  /** How many times asking for a pull request answers `mergeable: null` before the answer is there. */
  readsUnknown: number;
  /**
   * Whether the test merge is made again whenever the base branch moves, as GitHub Enterprise Server does and
   * github.com did, or only when the head moves, the common ancestor changes or the last one is older than twelve
   * hours, as github.com does since February 2026 (github.blog, « Changes to test merge commit generation for pull
   * requests »). `mergeable` is up to date in both cases.
   */
  madeAgain: 'when the base moves' | 'when the common ancestor changes';
}

const oldAge = 12 * 60 * 60 * 1000;

/** Begins to work out in the background whether a pull request can be merged. */
export function startTestMerge(store: GitHubStore, of: Repository, one: PullRequest): void {
  one.pull.readsUnknown = store.testMerges.readsUnknown;
  // After the webhooks and the answer of the request at hand.
  if (one.pull.readsUnknown === 0) queueMicrotask(() => finishTestMerge(store, of, one));
}

/** What asking for a pull request sets off: a test merge, when the last one is out of date. */
export function requestTestMerge(store: GitHubStore, of: Repository, one: PullRequest): void {
  if (one.state !== 'open' || knownMergeability(of, one) !== undefined) return;
  const left = one.pull.readsUnknown ?? store.testMerges.readsUnknown;
  one.pull.readsUnknown = left - 1;
  if (left === 0) finishTestMerge(store, of, one);
}

/** Whether an open pull request can be merged into its base as it is now; undefined while that is not known. */
export function knownMergeability(of: Repository, one: PullRequest): Mergeability | undefined {
  const known = one.pull.mergeability;
  const isCurrent = known?.head === one.pull.headSha && known.base === of.git.branch(one.pull.baseRef);
  return one.state === 'open' && isCurrent ? known : undefined;
}

function finishTestMerge(store: GitHubStore, of: Repository, one: PullRequest): void {
  const { pull } = one;
  const base = of.git.branch(pull.baseRef);
  delete pull.readsUnknown;
  if (one.state !== 'open' || base === undefined || knownMergeability(of, one) !== undefined) return;
  const tree = mergeCommits(of.git, base, pull.headSha);
  pull.mergeability = {
    head: pull.headSha,
    base,
    mergeable: tree !== undefined,
    rebaseable: tree !== undefined && rebase(of.git, base, pull.headSha, tree) !== undefined,
  };
  const head = of.git.objects.commit(pull.headSha);
  if (tree === undefined || head === undefined || !isDue(store, of, one, base)) return;
  const date = store.now();
  const sha = of.git.objects.writeCommit({
    tree,
    parents: [base, pull.headSha],
    author: { ...head.author, date },
    committer: { name: 'GitHub', email: 'noreply@github.com', date },
    message: `Merge ${pull.headSha} into ${base}`,
  });
  pull.testMerge = { head: pull.headSha, base, baseRef: pull.baseRef, sha, at: date };
  of.git.refs.set(`refs/pull/${one.number}/merge`, sha);
}

function isDue(store: GitHubStore, of: Repository, { pull }: PullRequest, base: string): boolean {
  const last = pull.testMerge;
  if (last?.head !== pull.headSha || last.baseRef !== pull.baseRef) return true;
  if (store.testMerges.madeAgain === 'when the base moves') return last.base !== base;
  return (
    of.git.mergeBase(last.base, last.head) !== of.git.mergeBase(base, pull.headSha) ||
    store.now().getTime() - last.at.getTime() > oldAge
  );
}

/** A commit to make over another one: what it is made from, and its tree. */
export interface ReappliedCommit {
  readonly original: string;
  readonly tree: string;
}

/**
 * The commits of a head, one by one over the tip of the base branch, without its merges. Undefined where GitHub says
 * that the branch cannot be rebased: on a conflict, when a commit has nothing left to change, and when it would come
 * to something else than a merge (docs.github.com, « About pull request merges »: « unsafe »).
 */
export function rebase(
  git: GitRepository,
  base: string,
  head: string,
  mergedTree: string,
): readonly ReappliedCommit[] | undefined {
  const before = git.objects.commit(base);
  if (before === undefined) return undefined;
  const commits: ReappliedCommit[] = [];
  let tree = before.tree;
  for (const { sha, commit } of git.commitsBetween(base, head)) {
    if (commit.parents.length > 1) continue;
    const next = applyCommit(git, sha, tree);
    const wasEmpty = commit.tree === git.objects.commit(commit.parents[0] ?? '')?.tree;
    if (next === undefined || (next === tree && !wasEmpty)) return undefined;
    tree = next;
    commits.push({ original: sha, tree });
  }
  return tree === mergedTree ? commits : undefined;
}

/** Moving references, and what follows from it: pushes, and new commits on open pull requests. */
import type { FileChanges } from '#demo/github/git/repository';
import { pushViolations, ruleError } from '#demo/github/rules';
import { changesOfCommit, gitDate } from '#demo/github/serializers/git';
import { serializeFullPullRequest } from '#demo/github/serializers/pull';
import { openPullRequests } from '#demo/github/serializers/repository';
import { type Account, type ActivityKind, fullName, type Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { startTestMerge } from '#demo/github/test-merges';

const zeroSha = '0'.repeat(40);
/** Moves that the rules were asked about before. */
const merges: ReadonlySet<ActivityKind> = new Set(['pr_merge', 'merge_queue_merge']);

/**
 * Points a reference somewhere else (or removes it, without `sha`) and sends the webhooks that follow.
 *
 * @throws 422 when it is no merge and the rules of the branch are against it
 */
export function updateReference(
  store: GitHubStore,
  of: Repository,
  ref: string,
  sha: string | undefined,
  by: Account,
  kind: ActivityKind = moveKind(of, ref, sha),
): void {
  const before = of.git.refs.get(ref);
  if (before === sha) return;
  const violations = merges.has(kind) ? [] : pushViolations(store, of, ref, sha);
  if (violations.length > 0) throw ruleError(422, violations);
  if (ref.startsWith('refs/heads/'))
    of.activities.push({
      id: store.nextId(),
      ref,
      before: before ?? zeroSha,
      after: sha ?? zeroSha,
      at: store.now(),
      kind,
      by,
    });
  if (sha === undefined) of.git.refs.delete(ref);
  else of.git.refs.set(ref, sha);
  of.pushedAt = store.now();
  store.emitWebhook('push', undefined, of, by, pushPayload(store, of, ref, before, sha, by));
  if (sha !== undefined && ref.startsWith('refs/heads/'))
    updatePullRequestHeads(store, of, ref.slice('refs/heads/'.length), before, sha, by);
}

function moveKind(of: Repository, ref: string, sha: string | undefined): ActivityKind {
  const before = of.git.refs.get(ref);
  if (sha === undefined) return 'branch_deletion';
  if (before === undefined) return 'branch_creation';
  return of.git.ancestors(sha).has(before) ? 'push' : 'force_push';
}

/** Commits files on a branch, which is created from `from` when it is not there. */
export function commitOnBranch(
  store: GitHubStore,
  of: Repository,
  branch: string,
  changes: FileChanges,
  message: string,
  by: Account,
  from = of.git.branch(of.defaultBranch),
): string {
  const parent = of.git.branch(branch) ?? from;
  const sha = of.git.commitFiles(parent === undefined ? [] : [parent], changes, message, store.signature(by));
  updateReference(store, of, `refs/heads/${branch}`, sha, by);
  return sha;
}

function updatePullRequestHeads(
  store: GitHubStore,
  of: Repository,
  branch: string,
  before: string | undefined,
  after: string,
  by: Account,
): void {
  for (const base of store.repositories.values())
    for (const one of openPullRequests(base)) {
      if (one.pull.headRepository !== of || one.pull.headRef !== branch) continue;
      one.pull.headSha = after;
      one.pull.baseSha = base.git.branch(one.pull.baseRef) ?? one.pull.baseSha;
      one.updatedAt = store.now();
      base.git.refs.set(`refs/pull/${one.number}/head`, after);
      store.emitWebhook('pull_request', 'synchronize', base, by, {
        number: one.number,
        before: before ?? zeroSha,
        after,
        pull_request: serializeFullPullRequest(store, base, one),
      });
      startTestMerge(store, base, one);
    }
}

function pushPayload(
  store: GitHubStore,
  of: Repository,
  ref: string,
  before: string | undefined,
  after: string | undefined,
  by: Account,
) {
  const commits =
    after === undefined || of.git.objects.commit(after) === undefined
      ? []
      : before === undefined
        ? newCommits(of, ref, after)
        : of.git.commitsBetween(before, after).map(({ sha }) => sha);
  const pushed = commits.map((sha) => pushedCommit(store, of, sha));
  return {
    ref,
    before: before ?? zeroSha,
    after: after ?? zeroSha,
    base_ref: null,
    created: before === undefined,
    deleted: after === undefined,
    forced: before !== undefined && after !== undefined && !of.git.ancestors(after).has(before),
    compare: `${store.html}/${fullName(of)}/compare/${(before ?? zeroSha).slice(0, 12)}...${(after ?? zeroSha).slice(0, 12)}`,
    // GitHub lists 2,048 commits at most.
    commits: pushed.slice(0, 2048),
    head_commit: after === undefined ? null : pushedCommit(store, of, after),
    pusher: { name: by.login, email: store.signature(by).email },
  };
}

/** The commits that a new branch brings and no other reference has. */
function newCommits(of: Repository, ref: string, head: string): string[] {
  const base = of.git.branch(of.defaultBranch);
  if (ref === `refs/heads/${of.defaultBranch}` || base === undefined) return [head];
  return of.git.commitsBetween(base, head).map(({ sha }) => sha);
}

function pushedCommit(store: GitHubStore, of: Repository, sha: string) {
  const commit = of.git.objects.commit(sha);
  if (commit === undefined) return null;
  const files = changesOfCommit(of, sha);
  const paths = (status: string) => files.filter((file) => file.status === status).map((file) => file.path);
  const person = (who: { name: string; email: string; date: Date }) => {
    const known = store.accountByEmail(who.email);
    return {
      name: who.name,
      email: who.email,
      date: gitDate(who.date),
      ...(known === undefined ? {} : { username: known.login }),
    };
  };
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: gitDate(commit.committer.date),
    url: `${store.html}/${fullName(of)}/commit/${sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: [...paths('added'), ...paths('renamed')],
    removed: [
      ...paths('removed'),
      ...files.flatMap((file) => (file.previousPath === undefined ? [] : [file.previousPath])),
    ],
    modified: paths('modified'),
  };
}

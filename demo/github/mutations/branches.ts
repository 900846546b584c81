/** Moving references, and what follows from it: pushes, and new commits on open pull requests. */
import type { FileChanges } from '#demo/github/git/repository';
import { changesOfCommit, gitDate } from '#demo/github/shapes/git';
import { fullPullRequest } from '#demo/github/shapes/pull';
import { openPullRequests } from '#demo/github/shapes/repository';
import { type Account, fullName, type Repository } from '#demo/github/state';
import type { World } from '#demo/github/world';

const nothing = '0'.repeat(40);

/** Points a reference somewhere else (or removes it, without `sha`) and tells whom it may concern. */
export function moveReference(
  world: World,
  of: Repository,
  ref: string,
  sha: string | undefined,
  by: Account,
): void {
  const before = of.git.refs.get(ref);
  if (before === sha) return;
  if (sha === undefined) of.git.refs.delete(ref);
  else of.git.refs.set(ref, sha);
  of.pushedAt = world.now();
  world.tell('push', undefined, of, by, pushPayload(world, of, ref, before, sha, by));
  if (sha !== undefined && ref.startsWith('refs/heads/'))
    followPullRequests(world, of, ref.slice('refs/heads/'.length), before, sha, by);
}

/** Commits files on a branch, which is created from `from` when it is not there. */
export function commitOnBranch(
  world: World,
  of: Repository,
  branch: string,
  changes: FileChanges,
  message: string,
  by: Account,
  from = of.git.branch(of.defaultBranch),
): string {
  const parent = of.git.branch(branch) ?? from;
  const sha = of.git.commitFiles(parent === undefined ? [] : [parent], changes, message, world.signature(by));
  moveReference(world, of, `refs/heads/${branch}`, sha, by);
  return sha;
}

function followPullRequests(
  world: World,
  of: Repository,
  branch: string,
  before: string | undefined,
  after: string,
  by: Account,
): void {
  for (const base of world.repositories.values())
    for (const one of openPullRequests(base)) {
      if (one.pull.headRepository !== of || one.pull.headRef !== branch) continue;
      one.pull.headSha = after;
      one.pull.baseSha = base.git.branch(one.pull.baseRef) ?? one.pull.baseSha;
      one.updatedAt = world.now();
      base.git.refs.set(`refs/pull/${one.number}/head`, after);
      world.tell('pull_request', 'synchronize', base, by, {
        number: one.number,
        before: before ?? nothing,
        after,
        pull_request: fullPullRequest(world, base, one),
      });
    }
}

function pushPayload(
  world: World,
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
  const told = commits.map((sha) => pushedCommit(world, of, sha));
  return {
    ref,
    before: before ?? nothing,
    after: after ?? nothing,
    base_ref: null,
    created: before === undefined,
    deleted: after === undefined,
    forced: before !== undefined && after !== undefined && !of.git.ancestors(after).has(before),
    compare: `${world.html}/${fullName(of)}/compare/${(before ?? nothing).slice(0, 12)}...${(after ?? nothing).slice(0, 12)}`,
    // GitHub tells of 2,048 commits at most.
    commits: told.slice(0, 2048),
    head_commit: after === undefined ? null : pushedCommit(world, of, after),
    pusher: { name: by.login, email: world.signature(by).email },
  };
}

/** The commits that a new branch brings and no other reference has. */
function newCommits(of: Repository, ref: string, head: string): string[] {
  const base = of.git.branch(of.defaultBranch);
  if (ref === `refs/heads/${of.defaultBranch}` || base === undefined) return [head];
  return of.git.commitsBetween(base, head).map(({ sha }) => sha);
}

function pushedCommit(world: World, of: Repository, sha: string) {
  const commit = of.git.objects.commit(sha);
  if (commit === undefined) return null;
  const files = changesOfCommit(of, sha);
  const paths = (status: string) => files.filter((file) => file.status === status).map((file) => file.path);
  const person = (who: { name: string; email: string; date: Date }) => {
    const known = world.accountByEmail(who.email);
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
    url: `${world.html}/${fullName(of)}/commit/${sha}`,
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

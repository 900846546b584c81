/** Merging two commits, and applying one commit elsewhere. */
import type { Signature } from '#demo/github/git/objects';
import type { GitRepository } from '#demo/github/git/repository';
import { mergeTrees } from './merge-trees.ts';

const nobody: Signature = { name: 'GitHub', email: 'noreply@github.com', date: new Date(0) };

/**
 * The tree of two commits merged, as `git merge-tree --write-tree` gives it; undefined on a conflict, and for
 * histories with nothing in common.
 *
 * Of several best common ancestors one is made by merging them, as Git does. Where those conflict Git goes on with
 * the conflict markers in their files; here the answer is a conflict.
 */
export function mergeCommits(git: GitRepository, ours: string, theirs: string): string | undefined {
  const ancestor = commonAncestor(git, git.mergeBases(ours, theirs));
  return ancestor === undefined ? undefined : mergeOver(git, ancestor, ours, theirs);
}

/** A tree with what a commit changed since its first parent: a cherry-pick. Undefined on a conflict. */
export function applyCommit(git: GitRepository, sha: string, onto: string): string | undefined {
  const commit = git.objects.commit(sha);
  if (commit === undefined) return undefined;
  const parent = git.objects.commit(commit.parents[0] ?? '');
  return mergeTrees(git, { base: parent?.tree, ours: onto, theirs: commit.tree });
}

function mergeOver(
  git: GitRepository,
  ancestor: string | undefined,
  ours: string,
  theirs: string,
  options?: { readonly folderRenames: boolean },
): string | undefined {
  const tree = (commit: string | undefined) =>
    commit === undefined ? undefined : git.objects.commit(commit)?.tree;
  const [left, right] = [tree(ours), tree(theirs)];
  if (left === undefined || right === undefined) return undefined;
  return mergeTrees(git, { base: tree(ancestor), ours: left, theirs: right }, options);
}

/** One commit for all best common ancestors; undefined when they conflict, or when there is none. */
function commonAncestor(git: GitRepository, bases: readonly string[]): string | undefined {
  const seconds = (commit: string) => git.objects.commit(commit)?.committer.date.getTime() ?? 0;
  const [first, ...others] = bases.toSorted((a, b) => seconds(a) - seconds(b));
  let merged = first;
  for (const other of others) {
    if (merged === undefined) return undefined;
    const below = git.mergeBases(merged, other);
    const ancestor = commonAncestor(git, below);
    if (ancestor === undefined && below.length > 0) return undefined;
    // Folders that were renamed are not looked for among ancestors.
    const tree = mergeOver(git, ancestor, merged, other, { folderRenames: false });
    merged =
      tree === undefined
        ? undefined
        : git.objects.writeCommit({
            tree,
            parents: [merged, other],
            author: nobody,
            committer: nobody,
            message: 'merged common ancestors',
          });
  }
  return merged;
}

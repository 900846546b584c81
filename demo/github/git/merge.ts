/** Merging two commits: by file, and inside a file by lines when both sides edited it. */
import { diffTrees } from './changes.ts';
import { splitLines, steps } from './diff.ts';
import type { FileChange, GitRepository } from './repository.ts';

/** The tree of `ours` with what `theirs` changed since their common ancestor; undefined on a conflict. */
export function mergeTrees(git: GitRepository, ours: string, theirs: string): string | undefined {
  const treeOf = (commit: string | undefined) =>
    commit === undefined ? undefined : git.objects.commit(commit)?.tree;
  const [ourTree, theirTree] = [treeOf(ours), treeOf(theirs)];
  const baseTree = treeOf(git.mergeBase(ours, theirs));
  if (ourTree === undefined || ourTree === baseTree) return theirTree;
  const theirChanges = diffTrees(git, baseTree, theirTree);
  const changes: Record<string, FileChange> = {};
  const both = [
    ...theirChanges.removed.map((before) => ({ before, after: undefined })),
    ...theirChanges.added.map((after) => ({ before: undefined, after })),
    ...theirChanges.edited.map(([before, after]) => ({ before, after })),
  ];
  for (const { before, after } of both) {
    const path = after?.path ?? before?.path ?? '';
    const mine = git.entryAt(ourTree, path);
    if (mine?.sha === before?.sha) changes[path] = after ?? null;
    else if (mine?.sha !== after?.sha) {
      const merged =
        mine === undefined || after === undefined || before === undefined
          ? undefined
          : mergeBlobs(git, before.sha, mine.sha, after.sha);
      if (merged === undefined || after === undefined) return undefined;
      changes[path] = { content: merged, mode: after.mode };
    }
  }
  return git.writeFiles(ourTree, changes);
}

function mergeBlobs(git: GitRepository, base: string, ours: string, theirs: string): string | undefined {
  const text = (sha: string) => git.objects.blob(sha)?.toString('utf8') ?? '';
  const origin = splitLines(text(base));
  const [left, right] = [edits(origin, splitLines(text(ours))), edits(origin, splitLines(text(theirs)))];
  // Touching edits conflict, as they do in git.
  for (const a of left)
    for (const b of right) if (a.from <= b.to && b.from <= a.to && !sameEdit(a, b)) return undefined;
  const all = [...left, ...right.filter((b) => !left.some((a) => sameEdit(a, b)))].toSorted(
    (a, b) => b.from - a.from,
  );
  for (const edit of all) origin.splice(edit.from, edit.to - edit.from, ...edit.lines);
  return origin.join('');
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const sameEdit = (a: Edit, b: Edit): boolean =>
  a.from === b.from && a.to === b.to && a.lines.join('') === b.lines.join('');

/** The edits from one text to another, in lines of the first. */
function edits(before: readonly string[], after: readonly string[]): Edit[] {
  const found: { from: number; to: number; lines: string[] }[] = [];
  let at = 0;
  let open: { from: number; to: number; lines: string[] } | undefined;
  for (const step of steps(before, after)) {
    if (step.kind === ' ') open = undefined;
    else {
      if (open === undefined) {
        open = { from: at, to: at, lines: [] };
        found.push(open);
      }
      if (step.kind === '+') open.lines.push(step.line);
      else open.to = at + 1;
    }
    if (step.kind !== '+') at++;
  }
  return found;
}

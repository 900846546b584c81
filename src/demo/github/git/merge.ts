/** Merging two commits: by file, and inside a file by lines when both sides edited it. */
import { linesOf, steps } from './diff.ts';
import type { FileChange, GitRepository } from './repository.ts';

/** The tree of `ours` with what `theirs` changed since their common ancestor; undefined on a conflict. */
export function mergeTrees(git: GitRepository, ours: string, theirs: string): string | undefined {
  const treeOf = (commit: string | undefined) =>
    commit === undefined ? undefined : git.objects.commit(commit)?.tree;
  const filesOf = (tree: string | undefined) =>
    new Map((tree === undefined ? [] : git.files(tree)).map((file) => [file.path, file]));
  const [ourTree, theirTree] = [treeOf(ours), treeOf(theirs)];
  const baseTree = treeOf(git.mergeBase(ours, theirs));
  if (ourTree === baseTree) return theirTree;
  const [base, mine, other] = [filesOf(baseTree), filesOf(ourTree), filesOf(theirTree)];
  const changes: Record<string, FileChange> = {};
  for (const path of new Set([...base.keys(), ...other.keys()])) {
    const [b, m, o] = [base.get(path), mine.get(path), other.get(path)];
    if (o?.sha === b?.sha && o?.mode === b?.mode) continue;
    if (m?.sha === b?.sha) changes[path] = o === undefined ? null : { sha: o.sha, mode: o.mode };
    else if (m?.sha !== o?.sha) {
      const merged =
        m === undefined || o === undefined || b === undefined
          ? undefined
          : mergeBlobs(git, b.sha, m.sha, o.sha);
      if (merged === undefined || o === undefined) return undefined;
      changes[path] = { content: merged, mode: o.mode };
    }
  }
  return git.writeFiles(ourTree, changes);
}

function mergeBlobs(git: GitRepository, base: string, ours: string, theirs: string): string | undefined {
  const text = (sha: string) => git.objects.blob(sha)?.toString('utf8') ?? '';
  const origin = linesOf(text(base));
  const [left, right] = [edits(origin, linesOf(text(ours))), edits(origin, linesOf(text(theirs)))];
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

/** What changed between two trees, file by file, renames recognised, as `git diff -M` and GitHub show it. */
import { diffTexts } from './diff.ts';
import { findRenamesBetween } from './merge/renames.ts';
import { SimilarityIndex } from './merge/similarity.ts';
import type { Mode } from './objects.ts';
import type { GitRepository, GitTreeFile } from './repository.ts';

export interface FileDiff {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  /** Set when renamed. */
  readonly previousPath?: string;
  /** The blob after the change; before it, when the file was removed. */
  readonly sha: string;
  readonly mode: Mode;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary files and for renames without an edit. */
  readonly patch?: string;
}

/** The files that differ between two trees, ordered by path. */
export function changedFilesBetween(
  git: GitRepository,
  before: string | undefined,
  after: string,
): FileDiff[] {
  const { removed, added, edited } = diffTrees(git, before, after);
  const similarity = new SimilarityIndex((sha) => git.objects.blob(sha));
  const sources = new Map(
    findRenamesBetween(removed.toSorted(byPath), added.toSorted(byPath), similarity).map(({ from, to }) => [
      to,
      from,
    ]),
  );
  const moved = new Set(sources.values());
  const old = new Map(removed.map((file) => [file.path, file]));
  const arrived = (file: GitTreeFile): FileDiff => {
    const source = old.get(sources.get(file.path) ?? '');
    return source === undefined
      ? describeFile(git, { ...file, status: 'added' }, undefined, file.sha)
      : describeFile(git, { ...file, status: 'renamed', previousPath: source.path }, source.sha, file.sha);
  };
  return [
    ...added.map(arrived),
    ...removed
      .filter(({ path }) => !moved.has(path))
      .map((file) => describeFile(git, { ...file, status: 'removed' }, file.sha, undefined)),
    ...edited.map(([from, file]) => describeFile(git, { ...file, status: 'modified' }, from.sha, file.sha)),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const byPath = (a: GitTreeFile, b: GitTreeFile): number =>
  Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));

export interface TreeDiff {
  readonly removed: GitTreeFile[];
  readonly added: GitTreeFile[];
  readonly edited: [GitTreeFile, GitTreeFile][];
}

/** The files that are in one tree only, or differ. A folder that is the same on both sides is not entered. */
export function diffTrees(
  git: GitRepository,
  before: string | undefined,
  after: string | undefined,
  prefix = '',
): TreeDiff {
  const result: TreeDiff = { removed: [], added: [], edited: [] };
  if (before === after) return result;
  const entries = (tree: string | undefined) =>
    new Map((tree === undefined ? [] : (git.objects.tree(tree) ?? [])).map((entry) => [entry.name, entry]));
  const old = entries(before);
  const fresh = entries(after);
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const left = old.get(name);
    const right = fresh.get(name);
    if (left?.sha === right?.sha && left?.mode === right?.mode) continue;
    const path = prefix + name;
    const leftFolder = left?.mode === '040000' ? left.sha : undefined;
    const rightFolder = right?.mode === '040000' ? right.sha : undefined;
    if (leftFolder !== undefined || rightFolder !== undefined) {
      const inside = diffTrees(git, leftFolder, rightFolder, `${path}/`);
      result.removed.push(...inside.removed);
      result.added.push(...inside.added);
      result.edited.push(...inside.edited);
    }
    const leftFile = left !== undefined && leftFolder === undefined ? { ...left, path } : undefined;
    const rightFile = right !== undefined && rightFolder === undefined ? { ...right, path } : undefined;
    if (leftFile !== undefined && rightFile !== undefined) result.edited.push([leftFile, rightFile]);
    else if (leftFile !== undefined) result.removed.push(leftFile);
    else if (rightFile !== undefined) result.added.push(rightFile);
  }
  return result;
}

function describeFile(
  git: GitRepository,
  file: GitTreeFile & { status: FileDiff['status']; previousPath?: string },
  before: string | undefined,
  after: string | undefined,
): FileDiff {
  const old = before === undefined ? '' : text(git, before);
  const fresh = after === undefined ? '' : text(git, after);
  const base = {
    path: file.path,
    status: file.status,
    sha: after ?? before ?? '',
    mode: file.mode,
    ...(file.previousPath === undefined ? {} : { previousPath: file.previousPath }),
  };
  if (old === undefined || fresh === undefined) return { ...base, additions: 0, deletions: 0 };
  const { patch, additions, deletions } = diffTexts(old, fresh);
  return { ...base, additions, deletions, ...(patch === '' ? {} : { patch }) };
}

/** A blob's text; undefined for what git takes for binary (a NUL in the first 8,000 bytes). */
function text(git: GitRepository, sha: string): string | undefined {
  const bytes = git.objects.blob(sha);
  return bytes === undefined || bytes.subarray(0, 8000).includes(0) ? undefined : bytes.toString('utf8');
}

/** What changed between two trees, file by file, renames recognised, as `git diff -M` and GitHub show it. */
import { diffTexts, splitLines } from './diff.ts';
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

/** A file counts as renamed when at least this share of it is the same (git's own default). */
const similarEnough = 0.5;

/** The files that differ between two trees, ordered by path. */
export function changedFilesBetween(
  git: GitRepository,
  before: string | undefined,
  after: string,
): FileDiff[] {
  const { removed: gone, added: come, edited } = diffTrees(git, before, after);
  const renamed: FileDiff[] = [];
  const left = new Set(gone);
  const added: GitTreeFile[] = [];
  for (const file of come) {
    const source = bestSource(git, file, [...left]);
    if (source === undefined) added.push(file);
    else {
      left.delete(source);
      renamed.push(
        describeFile(git, { ...file, status: 'renamed', previousPath: source.path }, source.sha, file.sha),
      );
    }
  }
  return [
    ...added.map((file) => describeFile(git, { ...file, status: 'added' }, undefined, file.sha)),
    ...[...left].map((file) => describeFile(git, { ...file, status: 'removed' }, file.sha, undefined)),
    ...edited.map(([old, file]) => describeFile(git, { ...file, status: 'modified' }, old.sha, file.sha)),
    ...renamed,
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

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

function bestSource(
  git: GitRepository,
  file: GitTreeFile,
  candidates: readonly GitTreeFile[],
): GitTreeFile | undefined {
  const same = candidates.find((candidate) => candidate.sha === file.sha);
  if (same !== undefined) return same;
  let best: GitTreeFile | undefined;
  let most = similarEnough;
  for (const candidate of candidates) {
    const share = similarity(text(git, candidate.sha), text(git, file.sha));
    if (share >= most) [best, most] = [candidate, share];
  }
  return best;
}

/** The share of bytes that are in lines of both texts. */
function similarity(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined || a === '' || b === '') return 0;
  const counts = new Map<string, number>();
  for (const line of splitLines(a)) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of splitLines(b)) {
    const count = counts.get(line) ?? 0;
    if (count > 0) {
      counts.set(line, count - 1);
      common += line.length;
    }
  }
  return common / Math.max(a.length, b.length);
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

/**
 * What merging a pull request would make of the default branch. That, and not what its author changed in a copy of their
 * choosing, is what is judged: Git follows renames, and merges what both sides changed.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import { pathsOf } from '#domain/review/evaluate/sides';
import type { FileFact, UnknownMergeResult } from '#domain/review/facts/facts';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import {
  type Comparison,
  compareCommits,
  compareTestMerge,
  listPullRequestFiles,
  type PullReading,
  readPullRequest,
} from '#infrastructure/github/read/pull-request';

/** Why nothing could be collected now: to be tried again in a moment. */
export interface HeadMoved {
  readonly retryReason: string;
}

/** What merging changes in the base, or why that cannot be told until the branch is updated. */
export type MergeResult = KeptComparison | UntoldMergeResult | HeadMoved;

export interface UntoldMergeResult {
  readonly unknown: UnknownMergeResult;
  /** What the author changed. */
  readonly files: readonly FileFact[];
}

function touchedPaths(files: readonly FileFact[]): Set<string> {
  return new Set(files.flatMap(pathsOf));
}

function disjoint(files: readonly FileFact[], others: readonly FileFact[]): boolean {
  const paths = touchedPaths(others);
  return !files.flatMap(pathsOf).some((path) => paths.has(path));
}

/** What the author changed, from where they began. */
async function ownChanges(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
): Promise<Comparison | HeadMoved> {
  const compared = await compareCommits(deps.repository, base, pull.head);
  if (compared === undefined) throw new UnknownAnswer(`the commits ${base} and ${pull.head}`);
  if (compared.complete && compared.files.length === pull.changedFiles) return compared;
  const listed = await listPullRequestFiles(deps.repository, pull.number);
  // The list is by number, not by commit: it is only of this head if the head is still the same.
  const after = await readPullRequest(deps.repository, pull.number);
  if (after?.head !== pull.head) return { retryReason: 'the head moved while its files were read' };
  const complete = listed.complete && listed.items.length === after.changedFiles;
  return { ...compared, files: listed.items, complete };
}

/**
 * GitHub's own test merge, where both sides changed the same files. It does not make it again for every move of the base
 * (github.com, since February 2026): it is believed where what came after it touches none of these files.
 */
async function fromTestMerge(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
  own: Comparison,
): Promise<MergeResult> {
  const { mergeable, testMerge } = pull;
  const untold = (unknown: UnknownMergeResult) => ({ unknown, files: own.files });
  if (mergeable === false) return untold('conflict');
  const merged =
    mergeable === undefined || testMerge === undefined
      ? undefined
      : await compareTestMerge(deps.repository, base, testMerge);
  const [into, from] = merged?.parents ?? [];
  if (testMerge === undefined || merged === undefined || into !== merged.mergeBase || from !== pull.head)
    return untold('pending');
  if (!merged.complete) return untold('outdated');
  if (into !== base) {
    const since = await compareCommits(deps.repository, into, base);
    const known = since?.complete === true && since.mergeBase === into;
    if (!known || !disjoint([...own.files, ...merged.files], since.files)) return untold('outdated');
  }
  const headBlobs = new Map(own.files.map(({ path, blob }) => [path, blob]));
  // Where Git merged two texts, or moved one to another path, no line is a line of the head's file.
  const files = merged.files.map(
    (file): FileFact =>
      file.blob === undefined || headBlobs.get(file.path) === file.blob ? file : { ...file, merged: true },
  );
  return { ...merged, files, base, head: pull.head, result: testMerge };
}

/**
 * What merging the head of a pull request into a commit of the default branch would change in it, renames followed. A
 * branch that the default branch has not left behind costs one call, another one two; only where both sides touched the
 * same file does GitHub's test merge have to tell, for up to two more.
 *
 * @param base the head of the default branch
 * @param known what was found before, which holds for the same two commits
 */
export async function resultOfMerging(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
  known: KeptComparison | undefined,
): Promise<MergeResult> {
  if (known?.base === base && known.head === pull.head && known.result !== undefined) return known;
  const own = await ownChanges(deps, pull, base);
  if ('retryReason' in own) return own;
  const plain: KeptComparison = { ...own, base, head: pull.head, result: pull.head };
  if (own.mergeBase === base || !own.complete || own.files.length === 0) return plain;
  const others = await compareCommits(deps.repository, pull.head, base);
  if (others?.complete === true && others.mergeBase === own.mergeBase && disjoint(own.files, others.files))
    return plain;
  return await fromTestMerge(deps, pull, base, own);
}

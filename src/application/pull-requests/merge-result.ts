/**
 * What merging a pull request would make of the default branch. That, and not what its author changed in a copy of their
 * choosing, is what is judged: Git follows renames, and merges what both sides changed.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import { defined } from '#base/defined';
import { pathsOf } from '#domain/review/evaluate/sides';
import type { FileFact, UnknownMergeResult } from '#domain/review/facts/facts';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import {
  type Comparison,
  type ComparisonWithHistory,
  compareCommits,
  compareHistories,
  compareTestMerge,
  listPullRequestFiles,
} from '#infrastructure/github/read/comparison';
import { type PullReading, readPullRequest } from '#infrastructure/github/read/pull-request';

/** Why nothing could be collected now: to be tried again in a moment. */
export interface HeadMoved {
  readonly retryReason: string;
  /** Seconds; one when absent. */
  readonly after?: number;
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

/** What is kept of a comparison. */
function kept({ mergeBase, baseTree, files, complete }: Comparison): Comparison {
  return { mergeBase, ...defined({ baseTree }), files, complete };
}

/** Whether what both sides changed is apart: then merging makes of each file what the side that changed it has made of it. */
function disjoint(files: readonly FileFact[], others: readonly FileFact[]): boolean {
  const paths = touchedPaths(others);
  return (
    !files.flatMap(pathsOf).some((path) => paths.has(path)) &&
    !mayFollowFolder(files, others) &&
    !mayFollowFolder(others, files)
  );
}

/**
 * Whether one side puts a file into a folder that the other may have renamed: Git takes it along to where the folder is now
 * (gitfaq, directory rename detection). A folder may have been renamed where a file of it went to another one.
 */
function mayFollowFolder(renaming: readonly FileFact[], adding: readonly FileFact[]): boolean {
  const left = new Set(
    renaming.flatMap(({ path, previousPath }) =>
      previousPath === undefined ? [] : foldersOf(previousPath).filter((folder) => !path.startsWith(folder)),
    ),
  );
  return adding.some(
    ({ status, path }) => status !== 'modified' && foldersOf(path).some((folder) => left.has(folder)),
  );
}

/** Every folder above a path, with a slash at its end. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}

/**
 * What the author changed, from where they began. A comparison of the two commits is exact as long as it is whole; the list
 * of the pull request, and the number of its files, may be those against a base of before, and can only add to it.
 */
async function ownChanges(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
): Promise<ComparisonWithHistory | HeadMoved> {
  const compared =
    (await deps.ahead?.comparison(base, pull.head)) ??
    (await compareHistories(deps.repository, base, pull.head));
  if (compared === undefined) throw new UnknownAnswer(`the commits ${base} and ${pull.head}`);
  if (compared.complete && compared.files.length === pull.changedFiles) return compared;
  const listed = await listPullRequestFiles(deps.repository, pull.number);
  // The list is by number, not by commit: it is only of this head if the head is still the same.
  const after = await readPullRequest(deps.repository, pull.number);
  if (after?.head !== pull.head) return { retryReason: 'the head moved while its files were read' };
  const complete = listed.complete && listed.items.length === after.changedFiles;
  if (!compared.complete)
    return { ...compared, files: listed.items, complete: complete && pull.base === base };
  const paths = touchedPaths(compared.files);
  const more = listed.items.filter(({ path }) => !paths.has(path));
  return { ...compared, files: [...compared.files, ...more], complete };
}

/** Commits besides the nearest common ancestor that are looked at, a call each: a branch that was updated has one. */
const maxForks = 3;

/**
 * Whether two commits have no other nearest common ancestor than the one from which GitHub compares them. Where there are
 * several (a branch that merged for itself what the default branch merged too), Git merges from all of them: a
 * comparison from one of them says nothing of what merging changes.
 */
async function ancestorIsSole(
  deps: ReviewDeps,
  { mergeBase, standsOn }: ComparisonWithHistory,
): Promise<boolean> {
  const others = standsOn?.filter((sha) => sha !== mergeBase);
  if (others === undefined || others.length > maxForks) return false;
  for (const sha of others)
    if ((await compareCommits(deps.repository, sha, mergeBase))?.mergeBase !== sha) return false;
  return true;
}

/**
 * GitHub's own test merge, where both sides changed the same files. It does not make it again for every move of the base
 * (github.com, since February 2026): it is believed where what came after it touches none of these files.
 */
async function fromTestMerge(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
  own: ComparisonWithHistory,
  isSole: boolean,
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
    // Git would still merge from where it merged then.
    const sameAncestor = isSole && merged.commits?.includes(own.mergeBase) === false;
    const known = sameAncestor && since?.complete === true && since.mergeBase === into;
    if (!known || !disjoint([...own.files, ...merged.files], since.files)) return untold('outdated');
  }
  const headBlobs = new Map(own.files.map(({ path, blob }) => [path, blob]));
  // Where Git merged two texts, or moved one to another path, no line is a line of the head's file.
  const files = merged.files.map(
    (file): FileFact =>
      file.blob === undefined || headBlobs.get(file.path) === file.blob ? file : { ...file, merged: true },
  );
  const commits = defined({ commits: own.commits });
  return { ...kept(merged), ...commits, files, base, head: pull.head, result: testMerge };
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
  const commits = defined({ commits: own.commits });
  const plain: KeptComparison = { ...kept(own), ...commits, base, head: pull.head, result: pull.head };
  if (own.mergeBase === base || !own.complete) return plain;
  const isSole = await ancestorIsSole(deps, own);
  if (isSole && own.files.length === 0) return plain;
  const others = isSole ? await compareCommits(deps.repository, pull.head, base) : undefined;
  if (others?.complete === true && others.mergeBase === own.mergeBase && disjoint(own.files, others.files))
    return plain;
  return await fromTestMerge(deps, pull, base, own, isSole);
}

/**
 * Merging two trees with a common ancestor, as `git merge` does with its default strategy (`ort`), which GitHub uses
 * too (github.blog, « Scaling merge-ort across GitHub », 2023): renames of either side are followed, so that what the
 * other side did to the old path happens to the new one.
 *
 * Only whether the two merge and what comes of it is worked out: where Git would leave conflicts to people, the answer
 * is a conflict and no tree. `.gitattributes` are not read (no merge drivers), nor submodules (they conflict when both
 * sides moved them).
 */
import type { GitRepository } from '#demo/github/git/repository';
import { needsFolderDecision } from './folder-renames.ts';
import { mergeTexts } from './merge-texts.ts';
import { findRenames, type Rename } from './renames.ts';
import { SimilarityIndex } from './similarity.ts';
import {
  base,
  type ContestedPath,
  compareThreeTrees,
  maskOf,
  otherSide,
  ours,
  type SideIndex,
  theirs,
  type Version,
} from './three-way.ts';

export interface MergeInput {
  /** The tree of the common ancestor; none for histories without any. */
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
}

/** The merged tree; undefined on a conflict. */
export function mergeTrees(
  git: GitRepository,
  input: MergeInput,
  options: { readonly folderRenames: boolean } = { folderRenames: true },
): string | undefined {
  const difference = compareThreeTrees(git.objects, [input.base, input.ours, input.theirs]);
  const { changes } = difference;
  const similarity = new SimilarityIndex((sha) => git.objects.blob(sha));
  const found = {
    [ours]: findRenames(changes[ours], similarity),
    [theirs]: findRenames(changes[theirs], similarity),
  };
  if (options.folderRenames && needsFolderDecision(changes, found)) return undefined;
  const merge = new TreeMerge(git, difference.contested, new Map(difference.settled));
  const followed = merge.follow(
    ([ours, theirs] as const).flatMap((side) => found[side].renames.map((rename) => ({ ...rename, side }))),
  );
  return followed === conflict ? undefined : merge.tree();
}

/** What takes the place of a result when the sides cannot be merged. */
const conflict = 'conflict';

interface SideRename extends Rename {
  readonly side: SideIndex;
}

class TreeMerge {
  readonly #git: GitRepository;
  readonly #contested: ReadonlyMap<string, ContestedPath>;
  readonly #result: Map<string, Version>;

  constructor(
    git: GitRepository,
    contested: ReadonlyMap<string, ContestedPath>,
    settled: Map<string, Version>,
  ) {
    this.#git = git;
    this.#contested = contested;
    this.#result = settled;
  }

  /** Brings to the new path of each renamed file what the other side has at the old one. */
  follow(renames: readonly SideRename[]): typeof conflict | undefined {
    const bySource = Map.groupBy(renames, ({ from }) => from);
    // Git goes by the old path.
    for (const from of [...bySource.keys()].toSorted(byBytes)) {
      const [one, other] = bySource.get(from) ?? [];
      const origin = this.#contested.get(from);
      if (one === undefined || origin === undefined || origin.movedAway) continue;
      const followed =
        other === undefined ? this.#followOne(one, origin) : this.#followBoth(one, other, origin);
      if (followed === conflict) return conflict;
    }
    return undefined;
  }

  /** The same file renamed by both sides: the same way is fine. */
  #followBoth(one: SideRename, other: SideRename, origin: ContestedPath): typeof conflict | undefined {
    const target = this.#contested.get(one.to);
    if (one.to !== other.to || target === undefined) return conflict;
    target.versions[base] = origin.versions[base];
    target.fileMask |= maskOf(base);
    origin.movedAway = true;
    return undefined;
  }

  #followOne({ from, to, side }: SideRename, origin: ContestedPath): typeof conflict | undefined {
    const target = this.#contested.get(to);
    if (target === undefined) throw new Error(`A renaming of ${from} leads to ${to}, which is not there`);
    const other = otherSide(side);
    const [before, here, there] = [origin.versions[base], target.versions[side], origin.versions[other]];
    const isDeleted = origin.fileMask === maskOf(base);
    // Renamed on one side, deleted on the other.
    if (isDeleted || before === undefined || here === undefined || there === undefined) return conflict;
    const changedKind = isRegular(here) !== isRegular(there);
    const isTaken = (target.fileMask & maskOf(other)) !== 0;
    if (isTaken && !changedKind) {
      // The other side has another file there: the renamed one is merged first, then both meet.
      const merged =
        side === ours ? this.#mergeContents(before, here, there) : this.#mergeContents(before, there, here);
      if (merged === conflict) return conflict;
      target.versions[side] = merged;
      origin.movedAway = true;
      return undefined;
    }
    target.versions[base] = before;
    target.fileMask |= maskOf(base);
    if (changedKind) {
      origin.versions[base] = undefined;
      origin.fileMask &= ~maskOf(base);
      return undefined;
    }
    target.versions[other] = there;
    target.fileMask |= maskOf(other);
    origin.movedAway = true;
    return undefined;
  }

  /** Writes the merged tree; undefined on a conflict. */
  tree(): string | undefined {
    // A file where another tree has a folder comes last, the deepest first: it depends on what is left in the folder.
    const [plain, beside] = [0, 1].map((turn) =>
      [...this.#contested].filter(([, { folderMask }]) => Number(folderMask !== 0) === turn),
    );
    const ordered = [...(plain ?? []), ...(beside ?? []).toSorted(([a], [b]) => byBytes(b, a))];
    for (const [path, contested] of ordered) {
      const version = this.#outcome(contested);
      if (version === conflict) return undefined;
      if (version === undefined) continue;
      if (contested.folderMask !== 0 && this.#hasFolder(path)) return undefined;
      this.#result.set(path, version);
    }
    return this.#git.writeFiles(undefined, Object.fromEntries(this.#result));
  }

  #hasFolder(path: string): boolean {
    return [...this.#result.keys()].some((other) => other.startsWith(`${path}/`));
  }

  /** What is at a path in the end; undefined for nothing. */
  #outcome({
    versions,
    fileMask,
    matchMask,
    movedAway,
  }: ContestedPath): Version | typeof conflict | undefined {
    if (movedAway) return undefined;
    const [, left, right] = versions;
    if (matchMask !== 0) return matchMask === 3 ? right : left;
    if (fileMask === maskOf(base)) return undefined;
    if (fileMask === maskOf(ours)) return left;
    if (fileMask === maskOf(theirs)) return right;
    // Changed on one side, deleted on the other.
    if (left === undefined || right === undefined) return conflict;
    return this.#mergeContents(versions[base], left, right);
  }

  #mergeContents(before: Version | undefined, left: Version, right: Version): Version | typeof conflict {
    if (kindOf(left) !== kindOf(right)) return conflict;
    const mode = mergeModes(before, left, right);
    if (mode === undefined) return conflict;
    if (left.sha === right.sha || left.sha === before?.sha) return { mode, sha: right.sha };
    if (right.sha === before?.sha) return { mode, sha: left.sha };
    if (!isRegular(left)) return conflict;
    const blob = (version: Version | undefined) =>
      version === undefined || !isRegular(version)
        ? Buffer.alloc(0)
        : (this.#git.objects.blob(version.sha) ?? Buffer.alloc(0));
    const merged = mergeTexts(blob(before), blob(left), blob(right));
    if (merged === undefined) return conflict;
    return { mode, sha: this.#git.objects.write('blob', merged) };
  }
}

/** The mode that a side changed; undefined when both did, each in its way. */
function mergeModes(before: Version | undefined, left: Version, right: Version): Version['mode'] | undefined {
  if (left.mode === right.mode || left.mode === before?.mode) return right.mode;
  return right.mode === before?.mode ? left.mode : undefined;
}

const isRegular = ({ mode }: Version): boolean => mode === '100644' || mode === '100755';

const kindOf = (version: Version): string => (isRegular(version) ? 'file' : version.mode);

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * Renames that one side made, found as `git merge` finds them (git-scm.com, gitdiffcore, « diffcore-rename »): first
 * files that are the same byte for byte, then files of the same name elsewhere that are alike enough, then the most
 * alike of all that are left. Where most files of a removed folder went is where the folder went.
 */
import type { GitTreeFile } from '#demo/github/git/repository';
import { inHashOrder } from './hash-order.ts';
import { type SimilarityIndex, similarEnough, wholeFile } from './similarity.ts';
import type { FolderRelevance, SideChanges, Version } from './three-way.ts';

export interface Rename {
  readonly from: string;
  readonly to: string;
}

export interface SideRenames {
  readonly renames: readonly Rename[];
  /** How many files of each folder went where. */
  readonly folderMoves: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Files of the same name in another folder are compared first, and must be alike to this degree. */
const alikeForSameName = similarEnough + (wholeFile - similarEnough) / 2;

/** So many sources are remembered for each target. */
const candidatesPerTarget = 4;

/** So many identical sources are looked at for one target. */
const mostIdentical = 100;

/** With more files than this squared to compare, only those of the same name and identical ones are. */
const mostCompared = { inDiff: 1_000, inMerge: 7_000 } as const;

/** Stands for a folder not known yet; no folder is named so. */
const somewhere = '/';

const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

interface Candidate {
  readonly path: string;
  readonly version: Version;
}

interface Match {
  readonly source: Candidate;
  readonly target: Candidate;
  readonly score: number;
  readonly sameName: boolean;
}

/** Renames between two trees, as a comparison shows them: of what was removed and added, by path. */
export function findRenamesBetween(
  removed: readonly GitTreeFile[],
  added: readonly GitTreeFile[],
  similarity: SimilarityIndex,
): readonly Rename[] {
  const candidate = ({ path, mode, sha }: GitTreeFile): Candidate => ({ path, version: { mode, sha } });
  const sources = removed.map(candidate);
  const search = new RenameSearch(sources, added.map(candidate), similarity, new Map());
  const wanted = new Map(sources.map(({ path }) => [path, 'content'] as const));
  search.matchIdentical();
  search.matchSameNames(wanted);
  search.matchMostAlike(wanted, mostCompared.inDiff);
  return search.renames();
}

/** Renames that one side of a merge made. */
export function findRenames(
  { removed, added, relevantSources, removedFolders }: SideChanges,
  similarity: SimilarityIndex,
): SideRenames {
  // Nobody asks where a removed file went: then nothing is looked for.
  if (relevantSources.size === 0) return { renames: [], folderMoves: new Map() };
  // In a merge, an empty file is like any other.
  const isNotEmpty = ({ version }: Candidate) => version.sha !== emptyBlob;
  const search = new RenameSearch(
    removed.filter(isNotEmpty),
    added.filter(isNotEmpty),
    similarity,
    new Map(removedFolders),
  );
  search.matchIdentical();
  search.matchSameNames(relevantSources);
  search.matchMostAlike(relevantSources, mostCompared.inMerge);
  return { renames: search.renames(), folderMoves: search.folderMoves() };
}

class RenameSearch {
  readonly #similarity: SimilarityIndex;
  readonly #removedFolders: Map<string, FolderRelevance>;
  readonly #targets: readonly Candidate[];
  readonly #found = new Map<Candidate, Candidate>();
  readonly #moves = new Map<string, Map<string, number>>();
  #sources: Candidate[];

  constructor(
    removed: readonly Candidate[],
    added: readonly Candidate[],
    similarity: SimilarityIndex,
    removedFolders: Map<string, FolderRelevance>,
  ) {
    this.#similarity = similarity;
    this.#removedFolders = removedFolders;
    this.#sources = [...removed];
    this.#targets = added;
  }

  renames(): Rename[] {
    return [...this.#found].map(([target, source]) => ({ from: source.path, to: target.path }));
  }

  folderMoves(): Map<string, ReadonlyMap<string, number>> {
    const kept = [...this.#moves].filter(([folder]) => this.#relevance(folder) !== 'none');
    for (const [, counts] of kept) counts.delete(somewhere);
    return new Map(kept);
  }

  matchIdentical(): void {
    const bySha = Map.groupBy(this.#sources, ({ version }) => version.sha);
    const used = new Set<Candidate>();
    for (const target of this.#targets) {
      const identical = (bySha.get(target.version.sha) ?? [])
        .filter((source) => !used.has(source) && areAlikeInKind(source.version, target.version))
        .slice(0, mostIdentical);
      const source = identical.find(({ path }) => nameOf(path) === nameOf(target.path)) ?? identical[0];
      if (source === undefined) continue;
      used.add(source);
      this.#found.set(target, source);
    }
    this.#sources = this.#sources.filter((source) => !used.has(source));
    // Counted in the order of the targets, once all are found.
    for (const target of this.#targets) {
      const source = this.#found.get(target);
      if (source !== undefined) this.#countMove(source.path, target.path);
    }
  }

  matchSameNames(relevant: ReadonlyMap<string, unknown>): void {
    const targetAt = new Map(this.#openTargets().map((target) => [target.path, target]));
    const guesses = new Map([...this.#moves].map(([folder, counts]) => [folder, mostFrequent(counts)]));
    const sourcesNamed = Map.groupBy(this.#sources, ({ path }) => nameOf(path));
    const targetsNamed = Map.groupBy(this.#openTargets(), ({ path }) => nameOf(path));
    const used = new Set<Candidate>();
    for (const source of this.#sources) {
      const name = nameOf(source.path);
      const named = targetsNamed.get(name);
      if (!relevant.has(source.path) || named === undefined) continue;
      const isUnique = named.length === 1 && sourcesNamed.get(name)?.length === 1;
      const target = isUnique ? named[0] : targetAt.get(`${guesses.get(folderOf(source.path))}/${name}`);
      if (target === undefined || this.#found.has(target)) continue;
      if (this.#score(source, target, alikeForSameName) < alikeForSameName) continue;
      used.add(source);
      this.#found.set(target, source);
      this.#countMove(source.path, target.path);
    }
    this.#sources = this.#sources.filter((source) => !used.has(source));
  }

  matchMostAlike(relevant: ReadonlyMap<string, 'content' | 'location'>, most: number): void {
    this.#sources = this.#sources.filter(({ path }) => relevant.has(path));
    this.#dropNeedlessSources(relevant);
    if (this.#openTargets().length * this.#sources.length > most ** 2) return;
    const matches: Match[] = [];
    for (const target of this.#openTargets()) {
      const best: Match[] = [];
      for (const source of this.#sources) {
        const score = this.#score(source, target, similarEnough);
        keepIfBetter(best, {
          source,
          target,
          score,
          sameName: nameOf(source.path) === nameOf(target.path),
        });
      }
      matches.push(...best);
    }
    const used = new Set<Candidate>();
    for (const { source, target, score } of matches.toSorted(compareMatches)) {
      if (score < similarEnough || used.has(source) || this.#found.has(target)) continue;
      used.add(source);
      this.#found.set(target, source);
      this.#countMove(source.path, target.path);
    }
  }

  #openTargets(): Candidate[] {
    return this.#targets.filter((target) => !this.#found.has(target));
  }

  #score(source: Candidate, target: Candidate, least: number): number {
    if (!isRegular(source.version) || !isRegular(target.version)) return 0;
    return this.#similarity.between(source.version.sha, target.version.sha, least);
  }

  #relevance(folder: string): FolderRelevance {
    return this.#removedFolders.get(folder) ?? 'none';
  }

  /**
   * Counts that a file went from one folder to another. Where both paths end alike (`a/b/c/f` to `z/b/c/f`), the
   * folders around them moved as well.
   */
  #countMove(from: string, to: string): void {
    for (let [source, target, first] = [from, to, true]; ; first = false) {
      const folder = folderOf(source);
      if (!this.#removedFolders.has(folder)) return;
      if (!first && nameOf(source) !== nameOf(target)) return;
      const relevance = this.#relevance(folder);
      if (first || relevance === 'self') this.#count(folder, folderOf(target));
      if (relevance === 'none' || folder === '' || folderOf(target) === '') return;
      source = folder;
      target = folderOf(target);
    }
  }

  #count(from: string, to: string): void {
    const counts = this.#moves.get(from) ?? new Map<string, number>();
    this.#moves.set(from, counts);
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }

  /** Files that only matter for where their folder went are left alone once enough others have told. */
  #dropNeedlessSources(relevant: ReadonlyMap<string, 'content' | 'location'>): void {
    for (const { path } of this.#sources)
      for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
        if (this.#relevance(folder) === 'none') break;
        this.#count(folder, somewhere);
      }
    for (const [folder, counts] of this.#moves)
      if (this.#relevance(folder) === 'self' && isDecided(counts))
        this.#removedFolders.set(folder, 'ancestor');
    this.#sources = this.#sources.filter(({ path }) => {
      if (relevant.get(path) !== 'location') return true;
      for (let folder = folderOf(path); ; folder = folderOf(folder)) {
        const relevance = this.#relevance(folder);
        if (relevance !== 'ancestor') return relevance === 'self';
      }
    });
  }
}

const isRegular = ({ mode }: Version): boolean => mode === '100644' || mode === '100755';

const areAlikeInKind = (a: Version, b: Version): boolean =>
  (isRegular(a) && isRegular(b)) || a.mode === b.mode;

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [folder, count] of inHashOrder([...counts], ([folder]) => folder))
    if (count > most) [best, most] = [folder, count];
  return best;
}

/** Whether one folder has more than the next and all that are not known yet together. */
function isDecided(counts: ReadonlyMap<string, number>): boolean {
  const known = [...counts].filter(([folder]) => folder !== somewhere).map(([, count]) => count);
  const [first = 0, second = 0] = known.toSorted((a, b) => b - a);
  return first > second + (counts.get(somewhere) ?? 0);
}

/** The more alike first; among equals, the one of the same name. */
function compareMatches(a: Match, b: Match): number {
  return a.score === b.score ? Number(b.sameName) - Number(a.sameName) : b.score - a.score;
}

/** Keeps the best few, each in its place, so that equals stay in the order in which they were met. */
function keepIfBetter(kept: Match[], match: Match): void {
  if (kept.length < candidatesPerTarget) {
    kept.push(match);
    return;
  }
  let worst = 0;
  for (let at = 1; at < kept.length; at++) {
    const [one, other] = [kept[at], kept[worst]];
    if (one !== undefined && other !== undefined && compareMatches(one, other) > 0) worst = at;
  }
  const out = kept[worst];
  if (out !== undefined && compareMatches(out, match) > 0) kept[worst] = match;
}

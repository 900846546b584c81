/**
 * What three trees (a common ancestor and two sides) hold at each path where they are not all the same, and what each
 * side removed and added: the sources and targets among which renames are looked for.
 *
 * Written after what Git's default strategy (`ort`) does: it enters a folder only where that can matter, and which
 * removed files are worth looking for is part of what it finds.
 */
import type { Mode, ObjectStore, TreeEntry } from '#demo/github/git/objects';
import { inHashOrder } from './hash-order.ts';

/** A file, symbolic link or submodule of one of the three trees. */
export interface Version {
  readonly mode: Mode;
  readonly sha: string;
}

/** The common ancestor, our side, their side. */
export const base = 0;
export const ours = 1;
export const theirs = 2;
export type SideIndex = typeof ours | typeof theirs;
export const otherSide = (side: SideIndex): SideIndex => (side === ours ? theirs : ours);

/** A set of the three trees, as bits: 1 for the ancestor, 2 for our side, 4 for theirs. */
export type Mask = number;
export const maskOf = (index: 0 | SideIndex): Mask => 1 << index;
const allThree: Mask = 7;

/** A path at which not all three trees agree. */
export interface ContestedPath {
  /** By tree; undefined where there is no file, or a folder. */
  readonly versions: [Version | undefined, Version | undefined, Version | undefined];
  /** In which trees there is a file, or comes to be one by a rename. */
  fileMask: Mask;
  /** In which trees there is a folder. */
  readonly folderMask: Mask;
  /** Two trees that agree; 0 when none do. */
  readonly matchMask: Mask;
  /** The file went to another path, with what the other side did to it. */
  movedAway: boolean;
}

/** Why a removed file may have to be found again: for what is in it, or for where its folder went. */
export type SourceRelevance = 'content' | 'location';

/** How much it matters where a removed folder went: not, for a folder around it, or for files added in it. */
export type FolderRelevance = 'none' | 'ancestor' | 'self';

/** What one side removed and added since the ancestor. */
export interface SideChanges {
  readonly removed: { path: string; version: Version }[];
  readonly added: { path: string; version: Version }[];
  readonly relevantSources: Map<string, SourceRelevance>;
  /** Folders of the ancestor, or new ones of the other side, that this side does not have. */
  readonly removedFolders: Map<string, FolderRelevance>;
}

export interface ThreeWayDifference {
  readonly contested: ReadonlyMap<string, ContestedPath>;
  /** Paths, of files or whole folders, where the result is known. */
  readonly settled: ReadonlyMap<string, Version>;
  readonly changes: Readonly<Record<SideIndex, SideChanges>>;
}

type TreeIds = readonly [string | undefined, string | undefined, string | undefined];
type Row = readonly [TreeEntry | undefined, TreeEntry | undefined, TreeEntry | undefined];

/** A folder that only one side changed: not entered unless that side's renames may lead into it. */
interface PostponedFolder {
  readonly path: string;
  readonly row: Row;
  readonly renameMask: Mask;
}

const isFolder = (entry: TreeEntry | undefined): boolean => entry?.mode === '040000';

export function compareThreeTrees(objects: ObjectStore, trees: TreeIds): ThreeWayDifference {
  return new Traversal(objects).run(trees);
}

class Traversal {
  readonly #objects: ObjectStore;
  readonly #contested = new Map<string, ContestedPath>();
  readonly #settled = new Map<string, Version>();
  readonly #changes: Record<SideIndex, SideChanges> = { [ours]: noChanges(), [theirs]: noChanges() };
  readonly #postponed: Record<SideIndex, PostponedFolder[]> = { [ours]: [], [theirs]: [] };
  readonly #mayPostpone: Record<SideIndex, boolean> = { [ours]: true, [theirs]: true };

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  run(trees: TreeIds): ThreeWayDifference {
    this.#enter('', trees, 0);
    for (const side of [ours, theirs] as const) {
      const nothingToFind = this.#changes[side].relevantSources.size === 0;
      this.#mayPostpone[side] = nothingToFind;
      const postponed = inHashOrder(this.#postponed[side].splice(0), ({ path }) => path);
      for (const { path, row, renameMask } of postponed)
        if (nothingToFind) this.#settle(path, row[side]);
        else this.#enter(`${path}/`, folderIds(row), renameMask);
      for (const { path, row } of this.#postponed[side]) this.#settle(path, row[side]);
    }
    return { contested: this.#contested, settled: this.#settled, changes: this.#changes };
  }

  /**
   * @param renameMask of the folder: the side that still has it when the other removed it; all three when that side
   *   added a file to it, so that it matters where the other side moved the folder.
   */
  #enter(prefix: string, trees: TreeIds, renameMask: Mask): void {
    const rows = this.#rows(trees);
    const added = rows.some(([, row]) => fileMask(row) !== 0 && fileMask(row) === renameMask);
    for (const [name, row] of rows) this.#visit(prefix, name, row, added ? allThree : renameMask);
  }

  #rows(trees: TreeIds): [string, Row][] {
    const byTree = trees.map((tree) => {
      const entries = tree === undefined ? [] : (this.#objects.tree(tree) ?? []);
      return new Map(entries.map((entry) => [entry.name, entry]));
    });
    const names = new Set(byTree.flatMap((entries) => [...entries.keys()]));
    const rows = [...names].map((name): [string, Row] => [
      name,
      [byTree[base]?.get(name), byTree[ours]?.get(name), byTree[theirs]?.get(name)],
    ]);
    const key = ([name, row]: [string, Row]) => Buffer.from(fileMask(row) === 0 ? `${name}/` : name);
    return rows.toSorted((a, b) => Buffer.compare(key(a), key(b)));
  }

  #visit(prefix: string, name: string, row: Row, folderRenameMask: Mask): void {
    const path = prefix + name;
    const files = fileMask(row);
    const folders = folderMask(row);
    const matches = matchMask(row);
    if (matches === allThree || (files === allThree && matches !== 0)) {
      this.#settle(path, row[matches === 3 ? theirs : ours]);
      return;
    }
    const renameMask =
      folderRenameMask !== allThree && (folders === 3 || folders === 5) ? folders & ~1 : folderRenameMask;
    this.#noteFolder(path, prefix.slice(0, -1), files, folders, renameMask);
    this.#noteFile(path, row, files, matches, renameMask);
    const contested: ContestedPath = {
      versions: [fileVersion(row[base]), fileVersion(row[ours]), fileVersion(row[theirs])],
      fileMask: files,
      folderMask: folders,
      matchMask: matches & files,
      movedAway: false,
    };
    if (folders === 0) {
      this.#contested.set(path, contested);
      return;
    }
    const alone = sideThatChanged(files, folders, matches);
    if (renameMask !== allThree && alone !== undefined && this.#mayPostpone[alone]) {
      this.#postponed[alone].push({ path, row, renameMask });
      return;
    }
    if (files !== 0) this.#contested.set(path, contested);
    this.#enter(`${path}/`, folderIds(row), renameMask);
  }

  #noteFolder(path: string, parent: string, files: Mask, folders: Mask, renameMask: Mask): void {
    if (folders === 1 || folders === 3 || folders === 5)
      for (const side of [ours, theirs] as const)
        if ((folders & maskOf(side)) === 0)
          this.#changes[side].removedFolders.set(path, renameMask === allThree ? 'ancestor' : 'none');
    if (renameMask === allThree && (files === maskOf(ours) || files === maskOf(theirs)))
      this.#changes[files === maskOf(ours) ? theirs : ours].removedFolders.set(parent, 'self');
  }

  #noteFile(path: string, row: Row, files: Mask, matches: Mask, renameMask: Mask): void {
    if (files === 0 || files === allThree) return;
    for (const side of [ours, theirs] as const) {
      const [before, after] = [fileVersion(row[base]), fileVersion(row[side])];
      const { removed, added, relevantSources } = this.#changes[side];
      if (before === undefined && after !== undefined) added.push({ path, version: after });
      if (before === undefined || after !== undefined) continue;
      removed.push({ path, version: before });
      if ((matches & files) === 0) relevantSources.set(path, 'content');
      else if (renameMask === allThree) relevantSources.set(path, 'location');
    }
  }

  #settle(path: string, entry: TreeEntry | undefined): void {
    if (entry !== undefined) this.#settled.set(path, { mode: entry.mode, sha: entry.sha });
  }
}

function noChanges(): SideChanges {
  return { removed: [], added: [], relevantSources: new Map(), removedFolders: new Map() };
}

function maskWhere(row: Row, holds: (entry: TreeEntry) => boolean): Mask {
  return row.reduce((mask, entry, at) => (entry !== undefined && holds(entry) ? mask | (1 << at) : mask), 0);
}

const fileMask = (row: Row): Mask => maskWhere(row, (entry) => !isFolder(entry));
const folderMask = (row: Row): Mask => maskWhere(row, isFolder);

function matchMask([origin, left, right]: Row): Mask {
  const same = (a: TreeEntry | undefined, b: TreeEntry | undefined) =>
    a !== undefined && b !== undefined && a.mode === b.mode && a.sha === b.sha;
  if (same(origin, left)) return same(origin, right) ? allThree : 3;
  if (same(origin, right)) return 5;
  return same(left, right) ? 6 : 0;
}

/** The side whose folder it is, when the other side has nothing to say about it. */
function sideThatChanged(files: Mask, folders: Mask, matches: Mask): SideIndex | undefined {
  if (files === 0 && folders === maskOf(ours)) return ours;
  if (files === 0 && folders === maskOf(theirs)) return theirs;
  return matches === 3 ? theirs : matches === 5 ? ours : undefined;
}

const fileVersion = (entry: TreeEntry | undefined): Version | undefined =>
  entry === undefined || isFolder(entry) ? undefined : { mode: entry.mode, sha: entry.sha };

function folderIds(row: Row): TreeIds {
  const id = (entry: TreeEntry | undefined) => (isFolder(entry) ? entry?.sha : undefined);
  return [id(row[base]), id(row[ours]), id(row[theirs])];
}

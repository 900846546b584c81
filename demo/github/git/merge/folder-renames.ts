/**
 * Folders that one side renamed while the other put files into them (git-scm.com, « Directory rename detection »).
 * With Git's default, `merge.directoryRenames=conflict`, such a file makes the merge a conflict: Git suggests the new
 * folder and leaves the decision to people. Nothing is known of GitHub setting it otherwise.
 */
import { folderOf, type SideRenames } from './renames.ts';
import { otherSide, ours, type SideChanges, type SideIndex, theirs } from './three-way.ts';

export function needsFolderDecision(
  changes: Readonly<Record<SideIndex, SideChanges>>,
  found: Readonly<Record<SideIndex, SideRenames>>,
): boolean {
  const renamed = { [ours]: renamedFolders(found[ours]), [theirs]: renamedFolders(found[theirs]) };
  if (renamed[ours] === 'split' || renamed[theirs] === 'split') return true;
  const [byUs, byThem] = [new Map(renamed[ours]), new Map(renamed[theirs])];
  // What both sides renamed tells nothing of where a file of either should go.
  for (const folder of byUs.keys()) if (byThem.delete(folder)) byUs.delete(folder);
  const by = { [ours]: byUs, [theirs]: byThem };
  return ([ours, theirs] as const).some((side) => {
    const [mine, others] = [by[side], by[otherSide(side)]];
    const fromThere = pathsLedElsewhere(changes[otherSide(side)], by[side]);
    return changes[side].added.some(({ path }) => {
      if (fromThere.has(path)) return false;
      const folder = enclosing(path, others);
      const target = folder === undefined ? undefined : others.get(folder);
      // Not into a folder that this side renamed itself.
      return target !== undefined && !mine.has(target);
    });
  });
}

/** Where each folder went as a whole: where most of its files did. `split` when no place has the most. */
function renamedFolders({ folderMoves }: SideRenames): ReadonlyMap<string, string> | 'split' {
  const renamed = new Map<string, string>();
  for (const [folder, counts] of folderMoves) {
    const most = Math.max(0, ...counts.values());
    const targets = [...counts].filter(([, count]) => count === most);
    if (targets.length > 1) return 'split';
    const [target] = targets;
    if (target !== undefined) renamed.set(folder, target[0]);
  }
  return renamed;
}

/** Where files that a side added would be led by the other side's renamed folders. */
function pathsLedElsewhere(
  { added }: SideChanges,
  renamed: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  return new Set(
    added.flatMap(({ path }) => {
      const folder = enclosing(path, renamed);
      const target = folder === undefined ? undefined : renamed.get(folder);
      if (folder === undefined || target === undefined) return [];
      return [target === '' ? path.slice(folder.length + 1) : target + path.slice(folder.length)];
    }),
  );
}

/** The nearest folder around a path that was renamed. */
function enclosing(path: string, renamed: ReadonlyMap<string, string>): string | undefined {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
    if (renamed.has(folder)) return folder;
  return undefined;
}

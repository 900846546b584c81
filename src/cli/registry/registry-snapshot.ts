/** What reconciling reads of a registry on this disk: its definitions, evaluated, and the commit that they are of. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistrySnapshot } from '#application/reconciliation/registry-source';
import { type CellName, cellNames } from '#base/config/cells';
import { cellName, definitionsFolder } from '#domain/definition/cell';
import { evaluateRegistry } from '#domain/registry/evaluate';
import { readEntry } from '#domain/registry/read-entry';
import { type DesiredClient, Registry } from '#domain/registry/registry';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings, type Settings, settingsPath } from '#domain/registry/settings';
import { stricterSettings } from '#domain/registry/stricter-settings';
import { approvalRulesOf } from '#domain/review/evaluate/approvals';
import { blobId } from '#infrastructure/github/read/git-objects';
import { foldersInPlace, listDefinitions, readListedFile } from './registry-folder.ts';

/** Commit of a folder that is no clone. */
const noCommit = 'working-copy';

/** Whether a snapshot is exactly that of a commit. */
export function isCommitSnapshot(snapshot: RegistrySnapshot): boolean {
  return /^[0-9a-f]{40,64}$/.test(snapshot.commit);
}

/**
 * A registry on the disk, read and evaluated. Definitions with errors are held.
 *
 * @param agreed what was agreed of the settings: those in the folder, which someone may have pushed, hold no less
 */
export function readSnapshot(root: string, agreed?: Settings): RegistrySnapshot {
  const registry = new Registry();
  const desired: DesiredClient[] = [];
  const held: { cell: CellName; id: string }[] = foldersInPlace(root).map((place) => ({
    cell: cellName(place),
    id: place.id,
  }));
  const blobs = new Map<string, string>();
  const sound = new Map<string, DesiredClient>();
  for (const listed of listDefinitions(root)) {
    const file = readListedFile(root, listed);
    const entry = readEntry(file, '');
    if (entry === undefined) continue;
    const { path, place, definition } = entry;
    const cell = cellName(place);
    blobs.set(`${cell}/${place.id}`, blobId(file.bytes));
    registry.set(entry);
    if (definition === undefined) held.push({ cell, id: place.id });
    else sound.set(path, { path, cell, id: place.id, definition });
  }
  const faulty = new Set(
    evaluateRegistry(registry)
      .filter((finding) => (finding.report.severity ?? catalogue.rule(finding.rule)?.severity) === 'error')
      .map((finding) => finding.path),
  );
  for (const [path, one] of sound) {
    if (faulty.has(path)) held.push({ cell: one.cell, id: one.id });
    else desired.push(one);
  }
  return { commit: commitOf(root), desired, held, blobs, ...settingsOf(root, agreed) };
}

/** What the settings in the folder ask of approvals, and what they freeze: all, where nobody can tell. */
function settingsOf(
  root: string,
  agreed: Settings | undefined,
): Pick<RegistrySnapshot, 'approvals' | 'freezes'> {
  const path = join(root, settingsPath);
  const { settings: own, problems } = readSettings(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const settings = agreed === undefined ? own : stricterSettings(agreed, own);
  const isUnreadable = problems.some(({ pointer }) => pointer === '');
  return {
    approvals: approvalRulesOf(settings),
    freezes: isUnreadable ? cellNames.map((cell) => ({ cell, reason: '' })) : settings.freezes,
  };
}

/** The commit that is checked out, with a word when definitions differ from it; a word alone where there is none. */
function commitOf(root: string): string {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const commit = git('rev-parse', 'HEAD');
    return git('status', '--porcelain', '--', definitionsFolder) === '' ? commit : `${commit}+changes`;
  } catch {
    return noCommit;
  }
}

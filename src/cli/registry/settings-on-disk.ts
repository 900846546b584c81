/** The settings of a registry as they stand in a folder. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { settingsChange } from '#domain/registry/rules/settings-change';
import { readSettingsFile, type SettingsFile, settingsPath } from '#domain/registry/settings';
import { blobFact } from '#domain/review/facts/blob-fact';
import { settingsFileOf } from '#domain/review/facts/settings-file';
import { readListedFile } from './registry-folder.ts';

/** @returns undefined where there is no such file: the settings are then the default ones */
export function settingsOnDisk(root: string): SettingsFile | undefined {
  const found = lstatSync(join(root, settingsPath), { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  const { bytes, link } = readListedFile(root, { path: settingsPath, ordinary: found.isFile() });
  return settingsFileOf(blobFact(Uint8Array.from(bytes)), link === true);
}

/** What of the settings in the folder cannot be understood, by the rule that says so of a change. */
export function settingsFindings(root: string): readonly RegistryFinding[] {
  const file = settingsOnDisk(root);
  if (file === undefined) return [];
  return readSettingsFile(file).problems.map((problem) => ({
    path: settingsPath,
    rule: settingsChange.id,
    report: { ...problem, severity: 'error' },
  }));
}

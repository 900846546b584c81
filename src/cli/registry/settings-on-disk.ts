/** The settings of a registry as they stand in a folder. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '#base/defined';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { settingsChange } from '#domain/registry/rules/settings-change';
import {
  isNearSettings,
  readSettings,
  readSettingsFile,
  type SettingsFile,
  settingsPath,
} from '#domain/registry/settings';
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

/**
 * What of the settings in the folder cannot be understood, or is read by nobody: what the rule on their change says where
 * nothing changes.
 *
 * @param names what stands in the root and in the folder of the settings, from the root
 */
export function settingsFindings(root: string, names: readonly string[]): readonly RegistryFinding[] {
  const file = settingsOnDisk(root);
  const { settings } = file === undefined ? readSettings(undefined) : readSettingsFile(file);
  const asTheyAre = {
    settings,
    otherPaths: [],
    misnamedSettings: names.filter(isNearSettings),
    ...defined({ proposedSettings: file }),
  };
  const findings: RegistryFinding[] = [];
  settingsChange.check([], asTheyAre, (path, report) =>
    findings.push({ path, rule: settingsChange.id, report }),
  );
  return findings;
}

/** The settings of a registry as they stand in a folder. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { settingsChange } from '#domain/registry/rules/settings-change';
import { isNearSettings, readSettingsFile, type SettingsFile, settingsPath } from '#domain/registry/settings';
import type { SettingsProblem } from '#domain/registry/settings-messages';
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
 * What of the settings in the folder cannot be understood, or is read by nobody, by the rule that says so of a change.
 *
 * @param names what stands in the root and in the folder of the settings, from the root
 */
export function settingsFindings(root: string, names: readonly string[]): readonly RegistryFinding[] {
  const file = settingsOnDisk(root);
  const problems = file === undefined ? [] : readSettingsFile(file).problems;
  return [
    ...problems.map((problem) => finding(settingsPath, problem)),
    ...names
      .filter(isNearSettings)
      .map((path) =>
        finding(path, { pointer: '', line: 1, messageId: 'misnamed', values: { path: settingsPath } }),
      ),
  ];
}

function finding(path: string, problem: SettingsProblem): RegistryFinding {
  return { path, rule: settingsChange.id, report: { ...problem, severity: 'error' } };
}

/** Validates what a folder changes since a Git reference: `--base` of the command line. */
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { parisDay } from '#base/i18n/dates';
import type { Language } from '#base/i18n/message';
import { t } from '#cli/messages';
import { CliError } from '#cli/terminal';
import { definitionsFolder, placeFromPath } from '#domain/definition/cell';
import type { DefinitionFile } from '#domain/definition/read-definition';
import { changesBetween } from '#domain/registry/changes';
import { evaluateChanges } from '#domain/registry/evaluate';
import { readEntry } from '#domain/registry/read-entry';
import type { Entry } from '#domain/registry/registry';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { isNearSettings, readSettings, settingsPath } from '#domain/registry/settings';
import { type SettingsProblem, settingsMessages } from '#domain/registry/settings-messages';
import { blobId, hashOfId } from '#infrastructure/github/read/git-objects';
import { gitMessages, openGitBase } from './git.ts';
import { readListedFile } from './registry-folder.ts';
import { settingsOnDisk } from './settings-on-disk.ts';

export interface ChangeValidation {
  readonly findings: readonly RegistryFinding[];
  /** Every path that changes, those that are gone too. */
  readonly paths: ReadonlySet<string>;
  /** What was not understood of the settings at the base. */
  readonly problems: readonly SettingsProblem[];
}

/**
 * Who asks for the change and who agrees with it is not known here: `change/owner` is left to the pull request.
 *
 * @param root the root of the registry.
 * @throws CliError when Git does not know.
 */
export async function validateChangeSince(root: string, ref: string): Promise<ChangeValidation> {
  const opened = await openGitBase(root, ref);
  if (!opened.ok) throw new CliError(gitMessages[opened.messageId], opened.values);
  const { changed, read } = opened.base;
  const before: Entry[] = [];
  const after: Entry[] = [];
  for (const { path, before: old } of changed) {
    if (placeFromPath(path) === undefined) continue;
    const now = fileOnDisk(root, path);
    const was = old && readEntry({ path, bytes: old.bytes, link: old.link }, old.blob);
    if (was !== undefined) before.push(was);
    const is = now && readEntry(now, blobId(now.bytes, hashOfId(old?.blob)));
    if (is !== undefined) after.push(is);
  }
  const settingsFile = await read(settingsPath);
  const { settings, problems } = readSettings(
    settingsFile === undefined ? undefined : Buffer.from(settingsFile.bytes).toString('utf8'),
  );
  // What Git does not follow yet is not part of the change, but for definitions, which are about to be.
  const otherPaths = changed
    .filter(({ path, tracked }) => tracked && !path.startsWith(`${definitionsFolder}/`))
    .map(({ path }) => path);
  const proposed = otherPaths.includes(settingsPath)
    ? { proposedSettings: settingsOnDisk(root) ?? ({ unreadable: 'missing' } as const) }
    : {};
  const findings = evaluateChanges(changesBetween(before, after), {
    settings,
    otherPaths,
    misnamedSettings: otherPaths.filter((path) => isNearSettings(path) && existsSync(join(root, path))),
    today: parisDay(new Date()),
    ...proposed,
  });
  return { findings, paths: new Set(changed.map(({ path }) => path)), problems };
}

function fileOnDisk(root: string, path: string): DefinitionFile | undefined {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  const file = readListedFile(root, { path, ordinary: found.isFile() });
  // The bytes that `readListedFile` gives are only valid until its next call.
  return { ...file, bytes: Uint8Array.from(file.bytes) };
}

/** What was not understood of the settings, in a sentence. */
export function settingsProblemText({ messageId, values }: SettingsProblem, language: Language): string {
  return t(settingsMessages[messageId], language, values);
}

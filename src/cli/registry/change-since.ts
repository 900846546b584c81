/** Validates what a folder changes since a Git reference: `--base` of the command line. */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, Message } from '#base/i18n/message';
import { t } from '#cli/messages';
import { CliError } from '#cli/terminal';
import { definitionsFolder, placeFromPath } from '#domain/definition/cell';
import { type DefinitionFile, readDefinition } from '#domain/definition/read-definition';
import { changesBetween } from '#domain/registry/changes';
import { evaluateChanges } from '#domain/registry/evaluate';
import type { Entry } from '#domain/registry/registry';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import {
  readSettings,
  type SettingsProblem,
  settingsMessages,
  settingsPath,
} from '#domain/registry/settings';
import { gitMessages, openGitBase } from './git.ts';
import { readListedFile } from './registry-folder.ts';

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
    if (old !== undefined) before.push(...entryOf({ path, bytes: old.bytes, link: old.link }, old.blob));
    if (now !== undefined) after.push(...entryOf(now, blobId(now.bytes, old?.blob)));
  }
  const settingsFile = await read(settingsPath);
  const { settings, problems } = readSettings(
    settingsFile === undefined ? undefined : Buffer.from(settingsFile.bytes).toString('utf8'),
  );
  // What Git does not follow yet is not part of the change, but for definitions, which are about to be.
  const otherPaths = changed
    .filter(({ path, tracked }) => tracked && !path.startsWith(`${definitionsFolder}/`))
    .map(({ path }) => path);
  const findings = evaluateChanges(changesBetween(before, after), { settings, otherPaths });
  return { findings, paths: new Set(changed.map(({ path }) => path)), problems };
}

function fileOnDisk(root: string, path: string): DefinitionFile | undefined {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  const file = readListedFile(root, { path, ordinary: found.isFile() });
  // The bytes that `readListed` gives are only valid until its next call.
  return { ...file, bytes: Uint8Array.from(file.bytes) };
}

function entryOf(file: DefinitionFile, blob: string): readonly Entry[] {
  const place = placeFromPath(file.path);
  if (place === undefined) return [];
  const { path, partial, definition } = readDefinition(file);
  return [{ path, place, blob, ...(partial && { partial }), ...(definition && { definition }) }];
}

/** The id that Git gives to a content, in the repository's own kind of ids (SHA-1 has 40 digits, SHA-256 has 64). */
function blobId(bytes: Uint8Array, like = ''): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** What was not understood of the settings, in a sentence. */
export function settingsProblemText({ key, values }: Message, language: Language): string {
  const [, name] = key.split('#');
  const sentence = Object.entries(settingsMessages).find(([known]) => known === name)?.[1];
  if (sentence === undefined) throw new Error(`No sentence « ${key} »`);
  return t(sentence, language, values);
}

/** What a folder changes since a Git reference, judged: `--base` of the command line. */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, Message } from '#base/i18n/message';
import { say } from '#cli/messages';
import { Unable } from '#cli/terminal';
import { definitionsFolder, placeOf } from '#domain/definition/cell';
import { type DefinitionFile, readDefinition } from '#domain/definition/read-definition';
import { changesBetween } from '#domain/registry/changes';
import { judgeChanges } from '#domain/registry/evaluate';
import type { Entry } from '#domain/registry/registry';
import type { Notice } from '#domain/registry/rules/rule';
import { readSettings, type SettingsProblem, settingsPath, settingsWords } from '#domain/registry/settings';
import { gitWords, openBase } from './git.ts';
import { readListed } from './registry-folder.ts';

export interface ChangeJudgement {
  readonly notices: readonly Notice[];
  /** Every path that changes, those that are gone too. */
  readonly paths: ReadonlySet<string>;
  /** What was not understood of the settings at the base. */
  readonly problems: readonly SettingsProblem[];
}

/**
 * Who asks for the change and who agrees with it is not known here: `change/owner` is left to the pull request.
 *
 * @param root the root of the registry.
 * @throws Unable when Git cannot tell.
 */
export async function judgeSince(root: string, ref: string): Promise<ChangeJudgement> {
  const opened = await openBase(root, ref);
  if (!opened.ok) throw new Unable(gitWords[opened.words], opened.values);
  const { changed, read } = opened.base;
  const before: Entry[] = [];
  const after: Entry[] = [];
  for (const { path, before: old } of changed) {
    if (placeOf(path) === undefined) continue;
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
  const notices = judgeChanges(changesBetween(before, after), { settings, otherPaths });
  return { notices, paths: new Set(changed.map(({ path }) => path)), problems };
}

function fileOnDisk(root: string, path: string): DefinitionFile | undefined {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  const file = readListed(root, { path, ordinary: found.isFile() });
  // The bytes that `readListed` gives are only valid until its next call.
  return { ...file, bytes: Uint8Array.from(file.bytes) };
}

function entryOf(file: DefinitionFile, blob: string): readonly Entry[] {
  const place = placeOf(file.path);
  if (place === undefined) return [];
  const { path, draft, definition } = readDefinition(file);
  return [{ path, place, blob, ...(draft && { draft }), ...(definition && { definition }) }];
}

/** The id that Git gives to a content, in the repository's own kind of ids (SHA-1 has 40 digits, SHA-256 has 64). */
function blobId(bytes: Uint8Array, like = ''): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Says what was not understood of the settings. */
export function sayProblem({ key, values }: Message, language: Language): string {
  const [, name] = key.split('#');
  const sentence = Object.entries(settingsWords).find(([known]) => known === name)?.[1];
  if (sentence === undefined) throw new Error(`No sentence « ${key} »`);
  return say(sentence, language, values);
}

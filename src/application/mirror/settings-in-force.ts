/**
 * The settings that apply to a registry: those of its default branch, and where these cannot be read (or are gone) the
 * last ones that could. A file that is missing says nothing: whoever wants the defaults merges an empty one. Where they
 * hold less than was agreed, the stricter of both applies, value by value.
 */
import { defined } from '#base/defined';
import { readSettings, readSettingsFile, type Settings, settingsPath } from '#domain/registry/settings';
import type { SettingsProblem } from '#domain/registry/settings-messages';
import { settingsText } from '#domain/registry/settings-text';
import { loosenedSettings, stricterSettings } from '#domain/registry/stricter-settings';
import { blobFact } from '#domain/review/facts/blob-fact';
import { settingsFileOf } from '#domain/review/facts/settings-file';
import { type RepositoryClient, UnknownAnswer } from '#infrastructure/github/client/repository-client';
import { readBlob } from '#infrastructure/github/read/stored-objects';
import { agreedSettings } from './agreed-settings.ts';
import { lastReadableBlobs } from './last-readable.ts';
import type { RegistryView } from './mirror.ts';
import type { ReviewStore } from './review-store.ts';

/** The settings of the default branch, as they last could be read. */
export interface PresentSettings {
  /** The text that they come from; null where there never was one. */
  readonly text: string | null;
  readonly settings: Settings;
  /** The blob of that text. */
  readonly blob?: string;
  /** False where settings were written and could never be read: these are careful, and nobody's. */
  readonly isRead: boolean;
  /** Why what stands on the default branch is not in force; empty when it can be read. */
  readonly refused: readonly SettingsProblem[];
}

/** `text`: as one would write them, where they are in no file. */
export interface SettingsInForce extends Pick<PresentSettings, 'text' | 'settings' | 'refused'> {
  readonly present: PresentSettings;
}

export interface SettingsDeps {
  /** The key of the registry's rows in the store. */
  readonly repo: string;
  readonly repository: RepositoryClient;
  readonly store: ReviewStore;
}

/**
 * @param view undefined before the registry was ever read
 * @throws UnknownAnswer when GitHub does not show what it named before: the defaults are no settings
 */
export async function settingsInForce(
  deps: SettingsDeps,
  view: Pick<RegistryView, 'files'> | undefined,
): Promise<SettingsInForce> {
  const [present, agreed] = await Promise.all([
    presentSettings(deps, view),
    agreedSettings(deps.store.database, deps.repo),
  ]);
  const { text, settings, refused } = present;
  if (agreed === undefined || loosenedSettings(agreed.settings, settings).size === 0)
    return { text, settings, refused, present };
  const stricter = stricterSettings(agreed.settings, settings);
  return { text: settingsText(stricter), settings: stricter, refused, present };
}

async function presentSettings(
  deps: SettingsDeps,
  view: Pick<RegistryView, 'files'> | undefined,
): Promise<PresentSettings> {
  const present = view?.files.get(settingsPath);
  const file =
    present === undefined
      ? ({ unreadable: 'missing' } as const)
      : settingsFileOf(
          present.mode === 'submodule' ? { unreadable: 'missing' } : await blobOf(deps, present.blob),
          present.mode === 'symlink' || present.mode === 'submodule',
        );
  const { settings, problems: refused } = readSettingsFile(file);
  const text = 'text' in file ? file.text : null;
  if (refused.length === 0)
    return { text, settings, refused, isRead: true, ...defined({ blob: present?.blob }) };
  const last = (await lastReadableBlobs(deps.store.database, deps.repo, [settingsPath])).get(settingsPath);
  if (last !== undefined) {
    const fact = await blobOf(deps, last);
    if (!('text' in fact)) throw new UnknownAnswer(`the settings ${last}`);
    const { settings: read } = readSettings(fact.text);
    return { text: fact.text, settings: read, refused, isRead: true, blob: last };
  }
  if (present === undefined)
    return { text: null, settings: readSettings(undefined).settings, refused: [], isRead: true };
  return { text: text ?? unreadableText, settings, refused, isRead: false };
}

/** Stands in facts for a file that is no text: read again, it is as unreadable, and its settings the same. */
const unreadableText = '\0';

async function blobOf({ store, repository }: SettingsDeps, blob: string) {
  const bytes = (await store.blobs([blob])).get(blob);
  if (bytes !== undefined) return blobFact(bytes);
  const reading = await readBlob(repository, blob);
  if ('bytes' in reading) return blobFact(reading.bytes);
  if (reading.unreadable === 'missing') throw new UnknownAnswer(`the settings ${blob}`);
  return reading;
}

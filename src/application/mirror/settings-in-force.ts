/**
 * The settings that apply to a registry: those of its default branch, and where these cannot be read (or are gone) the
 * last ones that could. A file that is missing says nothing: whoever wants the defaults merges an empty one.
 */
import { readSettings, readSettingsFile, type Settings, settingsPath } from '#domain/registry/settings';
import type { SettingsProblem } from '#domain/registry/settings-messages';
import { blobFact } from '#domain/review/facts/blob-fact';
import { settingsFileOf } from '#domain/review/facts/settings-file';
import { type RepositoryClient, UnknownAnswer } from '#infrastructure/github/client/repository-client';
import { readBlob } from '#infrastructure/github/read/pull-request';
import { lastReadableBlobs } from './last-readable.ts';
import type { RegistryView } from './mirror.ts';
import type { ReviewStore } from './review-store.ts';

export interface SettingsInForce {
  /** The text that they come from; null where there never was one. */
  readonly text: string | null;
  readonly settings: Settings;
  /** Why what stands on the default branch is not in force; empty when it is. */
  readonly refused: readonly SettingsProblem[];
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
  view: RegistryView | undefined,
): Promise<SettingsInForce> {
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
  if (refused.length === 0) return { text, settings, refused };
  const last = (await lastReadableBlobs(deps.store.database, deps.repo, [settingsPath])).get(settingsPath);
  if (last !== undefined) {
    const fact = await blobOf(deps, last);
    if (!('text' in fact)) throw new UnknownAnswer(`the settings ${last}`);
    return { text: fact.text, settings: readSettings(fact.text).settings, refused };
  }
  if (present === undefined) return { text: null, settings: readSettings(undefined).settings, refused: [] };
  return { text: text ?? unreadableText, settings, refused };
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

/** What the mirror makes of the files that it reads. */
import { setImmediate } from 'node:timers/promises';
import { type Claims, claimsOf } from '#domain/registry/claims';
import { readEntry } from '#domain/registry/read-entry';
import { readSettingsFile, settingsPath } from '#domain/registry/settings';
import { blobFact } from '#domain/review/facts/blob-fact';
import { settingsFileOf } from '#domain/review/facts/settings-file';
import type { RegistryFile } from '#infrastructure/github/read/registry-files';

/** What is kept of a file: what it claims when it is a definition, and the logins of its owners. */
export interface FileRecord {
  /** Whether this version can speak for the file: settings that are understood, a definition without errors. */
  readonly readable: boolean;
  readonly claims?: Claims;
  /** `kept`: those of the last version that could be read. */
  readonly owners: readonly string[] | 'kept';
}

function fileRecord(file: RegistryFile): FileRecord {
  const { path, blob, bytes = new Uint8Array(), mode } = file;
  const link = mode === 'symlink' || mode === 'submodule';
  if (path === settingsPath) {
    const { problems } = readSettingsFile(settingsFileOf(blobFact(bytes), link));
    return { readable: problems.length === 0, owners: [] };
  }
  const entry = readEntry({ path, bytes, link }, blob);
  if (entry === undefined) return { readable: false, owners: [] };
  const owners = (entry.partial?.owners ?? []).map(({ value }) => value);
  return { readable: entry.definition !== undefined, claims: claimsOf(entry), owners };
}

/** The owners that files name; of those that are gone or cannot be read the last ones stay. */
export function ownersOf(files: ReadonlyMap<string, FileRecord>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...files].flatMap(([path, { claims, owners }]) =>
      claims === undefined || owners === 'kept' ? [] : [[path, owners] as const],
    ),
  );
}

/** Everyone else has a turn after each file: a large registry takes seconds, a single file up to some hundredths. */
export async function fileRecords(files: readonly RegistryFile[]): Promise<Map<string, FileRecord>> {
  const kept = new Map<string, FileRecord>();
  for (const file of files) {
    kept.set(file.path, fileRecord(file));
    await setImmediate();
  }
  return kept;
}

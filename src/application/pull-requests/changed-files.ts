/** Reads the files that merging a pull request would change: what they are, and their bytes. */
import type { ReviewDeps } from '#application/mirror/deps';
import { defined } from '#base/defined';
import { isDefinitionPath } from '#domain/definition/definition-path';
import { maxFileBytes } from '#domain/definition/parse/source';
import { settingsPath } from '#domain/registry/settings';
import { blobFact } from '#domain/review/facts/blob-fact';
import type { BlobFact, FileFact } from '#domain/review/facts/facts';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import { type NamedFile, readFiles } from '#infrastructure/github/read/file-contents';
import { type BlobReading, readBlob } from '#infrastructure/github/read/stored-objects';
import { readArchive } from '#infrastructure/github/read/tarball';

/** From so many blobs on, the archive of the commit is cheaper than asking one by one. */
const archiveThreshold = 20;
/** Bytes. Longer files are read one by one, and no further than needed to say so. */
const maxDefinitionBytes = maxFileBytes;

/**
 * Bytes that are remembered of what one review reads: some hundreds of definitions. Nothing is kept of what is read of the rest:
 * each push could bring a hundred million others, compressed to nothing, until the disk is full.
 */
const maxRemembered = 512 * 1024;

/** Blobs, and which of them nothing remembers yet. */
export interface ReadBlobs {
  readonly readings: ReadonlyMap<string, BlobReading>;
  /** To be remembered: what was read once is read for good, but for what is too much to be kept for whoever pushes it. */
  readonly fresh: ReadonlyMap<string, Uint8Array>;
}

/** @param contents what was read already */
export async function readBlobs(
  deps: ReviewDeps,
  commit: string,
  ids: readonly string[],
  contents: ReadonlyMap<string, BlobReading>,
): Promise<ReadBlobs> {
  const readings = new Map(contents);
  const unread = ids.filter((id) => !hasBytes(readings.get(id)));
  for (const [id, bytes] of await deps.store.blobs(unread)) readings.set(id, { bytes });
  const missing = new Set(ids.filter((id) => !readings.has(id)));
  const fresh = new Map<string, Uint8Array>();
  for (const [id, reading] of contents) if ('bytes' in reading) fresh.set(id, reading.bytes);
  if (missing.size > archiveThreshold) {
    const archived = await readArchive(deps.repository, commit, isDefinitionPath);
    for (const { blob, bytes } of archived ?? []) {
      if (bytes === undefined || bytes.length > maxDefinitionBytes || !missing.delete(blob)) continue;
      readings.set(blob, { bytes });
      fresh.set(blob, bytes);
    }
  }
  for (const id of missing) {
    const reading = await readBlob(deps.repository, id);
    readings.set(id, reading);
    if ('bytes' in reading) fresh.set(id, reading.bytes);
  }
  return { readings, fresh: asFarAsKept(fresh) };
}

function asFarAsKept(blobs: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  let left = maxRemembered;
  return new Map(
    Array.from(blobs).filter(([, { length }]) => {
      left -= length;
      return left >= 0;
    }),
  );
}

function hasBytes(reading: BlobReading | undefined): boolean {
  return reading !== undefined && 'bytes' in reading;
}

/** A blob as the evaluation takes it. */
export function blobFactOf(reading: BlobReading | undefined): BlobFact {
  if (reading === undefined) return { unreadable: 'missing' };
  return 'bytes' in reading ? blobFact(reading.bytes) : reading;
}

/** The files of a comparison of which it has to be asked what they are. */
export function filesWithoutMode(files: readonly FileFact[]): NamedFile[] {
  return files.flatMap(({ path, blob, mode }) =>
    (isDefinitionPath(path) || path === settingsPath) && blob !== undefined && mode === undefined
      ? [{ path, blob }]
      : [],
  );
}

/** Files with what they are in the commit, and the blobs that were read on the way. */
export async function withModes(
  deps: ReviewDeps,
  { files, result = '' }: KeptComparison,
): Promise<{ readonly files: readonly FileFact[]; readonly contents: ReadonlyMap<string, BlobReading> }> {
  const unknown = filesWithoutMode(files);
  if (unknown.length === 0) return { files, contents: new Map() };
  const ahead = await deps.ahead?.files(result);
  const readings = unknown.every(({ path }) => ahead?.has(path))
    ? (ahead ?? new Map())
    : await readFiles(deps.repository, result, unknown);
  const contents = unknown.flatMap(({ path, blob }) => {
    const content = readings.get(path)?.content;
    return content === undefined ? [] : [[blob, content] as const];
  });
  return {
    files: files.map((file) => defined({ ...file, mode: readings.get(file.path)?.mode ?? file.mode })),
    contents: new Map(contents),
  };
}

/** @throws UnknownAnswer for a file whose bytes GitHub did not give: it is not empty for that */
export function mustBeRead(files: readonly FileFact[], blobs: ReadonlyMap<string, BlobReading>): void {
  for (const { path, blob, mode } of files) {
    const reading = blob === undefined ? undefined : blobs.get(blob);
    if (reading === undefined || 'bytes' in reading || mode === 'submodule') continue;
    if (reading.unreadable === 'missing') throw new UnknownAnswer(`the blob ${blob} of ${path}`);
  }
}

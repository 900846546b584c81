/** Reads the archive of a commit: thousands of files in one call. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { maxFileBytes } from '#domain/definition/parse/source';
import {
  mustBeShown,
  type RepositoryClient,
  repoParams,
} from '#infrastructure/github/client/repository-client';
import { blobId, objectHash, type TreeFile } from './git-objects.ts';

export interface ArchivedFile extends TreeFile {
  /** Present when the file was wanted: its beginning, which is all of it unless it is too long for a definition. */
  readonly bytes?: Uint8Array;
}

/** Bytes of one file that are kept: one more than a definition may have says that it is too long. */
const maxKept = maxFileBytes + 1;
/** Bytes of all files together: ten thousand definitions take some thirty million. */
const maxBytes = 128 * 1024 * 1024;

function modeOf(header: Header): TreeFile['mode'] {
  if (header.type === 'symlink') return 'symlink';
  return ((header.mode ?? 0) & 0o111) === 0 ? 'file' : 'executable';
}

/**
 * Reads every file of the archive of a commit.
 *
 * @param wants which paths' bytes are kept; of the others only the id is computed.
 * @returns undefined when it unpacks to more than a registry has: the trees tell the same, without what stands beside it
 * @throws UnknownAnswer when GitHub does not show it
 */
export async function readArchive(
  repository: RepositoryClient,
  commit: string,
  wants: (path: string) => boolean,
): Promise<ArchivedFile[] | undefined> {
  const { data } = await mustBeShown(
    `the archive of ${commit}`,
    repository.client.request('GET /repos/{owner}/{repo}/tarball/{ref}', {
      ...repoParams(repository),
      ref: commit,
      request: { parseSuccessResponseBody: false },
    }),
  );
  const files: ArchivedFile[] = [];
  const body = Readable.fromWeb(data as unknown as ReadableStream);
  const entries = extract();
  // A failure on the way in must end the reading below, not the process.
  const failed = (problem: Error) => entries.destroy(problem);
  body.on('error', failed).pipe(createGunzip()).on('error', failed).pipe(entries);
  let total = 0;
  for await (const entry of entries) {
    const { header } = entry;
    total += header.size ?? 0;
    // Leaving the loop closes the stream.
    if (total > maxBytes) return undefined;
    // The first folder is named after the repository and the commit.
    const path = header.name.slice(header.name.indexOf('/') + 1);
    if (header.type === 'file' || header.type === 'symlink') {
      const { blob, bytes } =
        header.type === 'symlink' ? whole(Buffer.from(header.linkname ?? '')) : await named(entry, header);
      const file = { path, mode: modeOf(header), blob };
      files.push(wants(path) ? { ...file, bytes } : file);
    } else entry.resume();
  }
  return files;
}

function whole(bytes: Buffer): { blob: string; bytes: Uint8Array } {
  return { blob: blobId(bytes), bytes };
}

/** Names a file as it passes by, and keeps no more of it than a definition may have, however long it is. */
async function named(
  entry: AsyncIterable<unknown>,
  header: Header,
): Promise<{ blob: string; bytes: Uint8Array }> {
  const hash = objectHash('blob', header.size ?? 0);
  const parts: Buffer[] = [];
  let kept = 0;
  for await (const part of entry as AsyncIterable<Buffer>) {
    hash.update(part);
    const beginning = part.subarray(0, maxKept - kept);
    kept += beginning.length;
    if (beginning.length > 0) parts.push(beginning);
  }
  return { blob: hash.digest('hex'), bytes: Buffer.concat(parts) };
}

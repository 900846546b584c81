/**
 * Files of a commit with what they are. A comparison names blobs only, and the text of a link is a blob like that of a
 * file: whoever believes it follows a link.
 */
import { Buffer } from 'node:buffer';
import type { FileMode } from '#domain/review/facts/facts';
import {
  mustBeShown,
  type RepositoryClient,
  repoParams,
  UnknownAnswer,
} from '#infrastructure/github/client/repository-client';
import { boundedJson, unlessTooLarge, unread } from './bounded-answers.ts';
import { type BlobReading, readBlob, readTree } from './stored-objects.ts';

/** A file as a comparison names it. */
export interface NamedFile {
  readonly path: string;
  readonly blob: string;
}

export interface FileReading {
  readonly mode: FileMode;
  /** Undefined where the trees told the mode: the blob is still to be read. */
  readonly content?: BlobReading;
}

/** Up to so many files are read one by one, a call each; the trees of more take a call for each of their folders. */
export const maxOneByOne = 4;

interface ContentsAnswer {
  readonly type?: string;
  readonly sha?: string;
  readonly content?: string;
  readonly encoding?: string;
}

/** What `contents` says of a path; `too-large` when it is longer than any definition. */
async function readContents(
  repository: RepositoryClient,
  commit: string,
  path: string,
): Promise<ContentsAnswer | 'too-large'> {
  const request = repository.client.request('GET /repos/{owner}/{repo}/contents/{path}', {
    ...repoParams(repository),
    path,
    ref: commit,
    request: unread,
  });
  const answer = await mustBeShown(`${path} at ${commit}`, unlessTooLarge(request));
  return answer === 'too-large' ? answer : boundedJson<ContentsAnswer>(answer);
}

/**
 * GitHub follows links on this route, so that only an answer with the very blob of the comparison is of the path itself.
 *
 * @returns undefined when it is not, and the trees have to tell
 */
async function readOne(
  repository: RepositoryClient,
  commit: string,
  { path, blob }: NamedFile,
): Promise<FileReading | undefined> {
  const answer = await readContents(repository, commit, path);
  if (answer === 'too-large') return undefined;
  const { type, sha, content, encoding } = answer;
  if (sha !== blob) return undefined;
  if (type === 'submodule') return { mode: 'submodule', content: { unreadable: 'missing' } };
  if (type === 'symlink') return { mode: 'symlink', content: await readBlob(repository, blob) };
  if (type !== 'file') return undefined;
  return encoding === 'base64' && content !== undefined
    ? { mode: 'file', content: { bytes: Buffer.from(content, 'base64') } }
    : { mode: 'file', content: { unreadable: 'too-large' } };
}

/**
 * Reads files of a commit that a comparison named, with what they are. An executable file may be told as a plain one.
 *
 * @throws UnknownAnswer when GitHub does not show one, or shows a file of another content
 */
export async function readFiles(
  repository: RepositoryClient,
  commit: string,
  files: readonly NamedFile[],
): Promise<ReadonlyMap<string, FileReading>> {
  const readings = new Map<string, FileReading>();
  if (files.length <= maxOneByOne)
    for (const file of files) {
      const reading = await readOne(repository, commit, file);
      if (reading !== undefined) readings.set(file.path, reading);
    }
  const left = files.filter(({ path }) => !readings.has(path));
  const rows = await readTreeRows(
    repository,
    commit,
    left.map(({ path }) => path),
  );
  for (const { path, blob } of left) {
    const row = rows.get(path);
    if (row?.id !== blob) throw new UnknownAnswer(`the blob ${blob} of ${path} in the trees of ${commit}`);
    readings.set(path, { mode: row.mode });
  }
  return readings;
}

/** What the trees of a commit say of some files. Each folder is read once. */
async function readTreeRows(
  repository: RepositoryClient,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly mode: FileMode }>> {
  const found = new Map<string, { readonly id: string; readonly mode: FileMode }>();
  const trees = new Map<string, Awaited<ReturnType<typeof readTree>>>();
  const rowsOf = async (id: string) => {
    const rows = trees.get(id) ?? (await readTree(repository, id));
    trees.set(id, rows);
    return rows;
  };
  for (const path of paths) {
    let id: string | undefined = commit;
    for (const name of path.split('/')) {
      if (id === undefined) break;
      const row: Awaited<ReturnType<typeof rowsOf>>[number] | undefined = (await rowsOf(id)).find(
        (each) => each.name === name,
      );
      if (row?.mode !== undefined) found.set(path, { id: row.id, mode: row.mode });
      id = row?.mode === undefined ? row?.id : undefined;
    }
  }
  return found;
}

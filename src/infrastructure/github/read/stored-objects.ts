/** Reads what Git stores, by its id: blobs, trees and commits. What was read once stays true. */
import { Buffer } from 'node:buffer';
import { defined } from '#base/defined';
import {
  mustBeShown,
  type RepositoryClient,
  repoParams,
  UnknownAnswer,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';
import { boundedJson, unlessTooLarge, unread } from './bounded-answers.ts';
import { fileModeOf, type TreeFile } from './git-objects.ts';

/**
 * What was found of a blob. `missing`: GitHub says that there is none, which is true of a submodule's commit and of nothing
 * else that a tree names.
 */
export type BlobReading = { readonly bytes: Uint8Array } | { readonly unreadable: 'missing' | 'too-large' };

/** Reads a blob, without ever holding more of it than a definition may have. */
export async function readBlob(repository: RepositoryClient, blob: string): Promise<BlobReading> {
  const request = repository.client.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    ...repoParams(repository),
    file_sha: blob,
    request: unread,
  });
  const answer = await undefinedIfMissing(unlessTooLarge(request));
  if (answer === undefined) return { unreadable: 'missing' };
  const body = answer === 'too-large' ? answer : await boundedJson<{ content: string }>(answer);
  return body === 'too-large' ? { unreadable: body } : { bytes: Buffer.from(body.content, 'base64') };
}

/** The rows of one tree, without those below it. */
export interface TreeRow {
  readonly name: string;
  readonly id: string;
  /** Undefined: a folder. */
  readonly mode?: TreeFile['mode'];
}

/**
 * Reads one tree; a commit's id stands for its root.
 *
 * @throws UnknownAnswer when it is not shown, or not whole: what is missing would pass for removed.
 */
export async function readTree(repository: RepositoryClient, id: string): Promise<TreeRow[]> {
  const answer = await mustBeShown(
    `the tree ${id}`,
    repository.client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...repoParams(repository),
      tree_sha: id,
    }),
  );
  if (answer.data.truncated) throw new UnknownAnswer(`more than only a part of the tree ${id}`);
  return answer.data.tree.map((row) => {
    const mode = fileModeOf(row.mode);
    return { name: row.path, id: row.sha, ...defined({ mode }) };
  });
}

/** The tree that a commit names. @throws UnknownAnswer when the commit is not shown */
export async function readCommitTree(repository: RepositoryClient, commit: string): Promise<string> {
  return (await readCommit(repository, commit)).data.tree.sha;
}

/** What a commit says of itself. @throws UnknownAnswer when it is not shown */
export async function readCommitMessage(repository: RepositoryClient, commit: string): Promise<string> {
  return (await readCommit(repository, commit)).data.message;
}

/** @throws UnknownAnswer when the commit is not shown */
export function readCommit(repository: RepositoryClient, commit: string) {
  return mustBeShown(
    `the commit ${commit}`,
    repository.client.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...repoParams(repository),
      commit_sha: commit,
    }),
  );
}

/** A correction over what somebody else pushed to the branch of a request: what they changed of the file is not undone. */
import { definitionOf, valuesOf } from '#domain/front-desk/form-values';
import { mergeValues } from '#domain/front-desk/merge-values';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { readBlob, readTree } from '#infrastructure/github/read/stored-objects';
import type { StoredRequest } from './request-store.ts';

/**
 * @param head what somebody else pushed
 * @returns the file to be sent: the person's answers, and what the others changed where the person changed nothing
 */
export async function joinOthers(
  repository: RepositoryClient,
  { path, wanted, commit }: Pick<StoredRequest, 'path' | 'wanted' | 'commit'>,
  head: string,
): Promise<string | null> {
  if (wanted === null || commit === null) return wanted;
  const [before, now] = [await textAt(repository, commit, path), await textAt(repository, head, path)];
  if (before === undefined || now === undefined || before === now) return wanted;
  const [was, is, own] = [valuesOf(path, before), valuesOf(path, now), valuesOf(path, wanted)];
  // What is no definition that the form could show is for those who review.
  if (was === undefined || is === undefined || own === undefined) return wanted;
  return definitionOf(mergeValues(was, own, is).values).text;
}

/** The text of a file of a commit; undefined where there is none. */
async function textAt(
  repository: RepositoryClient,
  commit: string,
  path: string,
): Promise<string | undefined> {
  let at = commit;
  for (const name of path.split('/')) {
    const row = (await readTree(repository, at)).find((one) => one.name === name);
    if (row === undefined) return undefined;
    at = row.id;
  }
  const read = await readBlob(repository, at);
  return 'bytes' in read ? new TextDecoder().decode(read.bytes) : undefined;
}

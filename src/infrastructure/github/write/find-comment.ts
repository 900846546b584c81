/** Finds again what the App wrote. */
import { exactId } from '#infrastructure/github/client/exact-id';
import { commentsOf } from '#infrastructure/github/client/pagination';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { isMarkedBy } from './authorship.ts';

/**
 * Finds the comment of ours that begins with a marker. Someone else's comment with the marker is not ours.
 *
 * @param since before which it cannot have been written (ISO 8601): a long conversation is not read whole
 */
export async function findComment(
  repository: RepositoryClient,
  number: number,
  marker: string,
  appId: number,
  since?: string,
): Promise<number | undefined> {
  for await (const comment of commentsOf(repository, number, since))
    if (isMarkedBy(comment, marker, { appId })) return exactId(comment.id);
  return undefined;
}

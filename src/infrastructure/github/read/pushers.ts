/**
 * Who pushed to a branch: by the account that was signed in. What a commit says of its author is whatever its author wrote.
 */
import { branchMoves } from '#infrastructure/github/client/pagination';
import {
  type RepositoryClient,
  statusOf,
  UnknownAnswer,
} from '#infrastructure/github/client/repository-client';

/** Moves of the branch are looked through so far back, in pages of a hundred. */
const maxPages = 10;

/** Moves that are no one's push. */
const merges = ['pr_merge', 'merge_queue_merge'];

/**
 * The accounts, as GitHub numbers them, that pushed to a branch while it went from one commit to another.
 *
 * @returns undefined where GitHub tells nothing of the branch (a server without this list): nobody says who it was
 * @throws UnknownAnswer while its last move is not in the list yet
 */
export async function pushersBetween(
  repository: RepositoryClient,
  branch: string,
  from: string,
  to: string,
): Promise<readonly string[] | undefined> {
  const accounts = new Set<string>();
  let listed = 0;
  let within = false;
  try {
    for await (const { items } of branchMoves(repository, branch, maxPages)) {
      listed += items.length;
      for (const { after, before, activity_type: kind, actor } of items) {
        within ||= after === to;
        if (!within) continue;
        if (actor !== null && !merges.includes(kind)) accounts.add(String(actor.id));
        if (before === from) return [...accounts];
      }
    }
  } catch (problem) {
    if ([403, 404, 410].includes(statusOf(problem) ?? 0)) return undefined;
    throw problem;
  }
  if (listed > 0 && !within) throw new UnknownAnswer(`who moved ${branch} to ${to}`);
  return listed === 0 ? undefined : [...accounts];
}

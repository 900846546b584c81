/**
 * Who pushed to a branch: by the account that was signed in. What a commit says of its author is whatever its author wrote.
 */
import { branchMoves, commitsBetween } from '#infrastructure/github/client/pagination';
import {
  type RepositoryClient,
  statusOf,
  UnknownAnswer,
  undefinedIfMissing,
} from '#infrastructure/github/client/repository-client';

/** Moves of the branch are looked through so far back, in pages of a hundred. */
const maxPages = 10;

/** Moves that are no one's push. */
const merges = ['pr_merge', 'merge_queue_merge'];

/** Of the commits that came, this many pages are looked for among those that somebody pushed. */
const maxCommitPages = 3;

/**
 * The accounts, as GitHub numbers them, that pushed to a branch while it went from one commit to another, or pushed
 * before what came by that: moved back and merged by somebody else afterwards, it is theirs all the same.
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
  const moves = await undefinedIfHidden(branchMoves(repository, branch, maxPages));
  if (moves === undefined || moves.length === 0) return undefined;
  const last = moves.findIndex(({ after }) => after === to);
  if (last < 0) throw new UnknownAnswer(`who moved ${branch} to ${to}`);
  // It may have left that commit more than once, moved back to it in between: all since the first time count.
  const first = moves.findLastIndex(({ before }) => before === from);
  const between = await undefinedIfMissing(commitsBetween(repository, from, to, maxCommitPages));
  const came = new Set(between?.items.map(({ sha }) => sha));
  const theirs = moves.filter(
    ({ after }, at) => at >= last && (first === -1 || at <= first || came.has(after)),
  );
  const pushes = theirs.filter(({ activity_type: kind }) => !merges.includes(kind));
  return [...new Set(pushes.flatMap(({ actor }) => (actor === null ? [] : [String(actor.id)])))];
}

async function undefinedIfHidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (problem) {
    if ([403, 404, 410].includes(statusOf(problem) ?? 0)) return undefined;
    throw problem;
  }
}

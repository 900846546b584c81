/** What a review begins with: the pull request, and what is remembered of it. */
import type { ReviewDeps } from '#application/mirror/deps';
import type { StoredPull } from '#application/mirror/review-store';
import { type PullReading, readPullRequest } from '#infrastructure/github/read/pull-request';
import { type ForeseenFacts, foreseenFacts } from './stored-facts.ts';

export interface BegunReading {
  /** From when it was judged before. */
  readonly known: StoredPull | undefined;
  /** As it is now; undefined when GitHub shows no such pull request. */
  readonly reading: PullReading | undefined;
  /** What was asked of the store before it is known which commits are judged. */
  readonly foreseen: Promise<ForeseenFacts | undefined>;
}

/**
 * What was read of a pull request when it was opened counts as what there is now where it never was judged: Greffier itself has
 * written nothing there since, and of whatever others do an event tells.
 */
export async function beginReading(deps: ReviewDeps, number: number): Promise<BegunReading> {
  const opened = deps.ahead?.opened(number);
  const asked = deps.store.pull(deps.repo, number);
  if (opened !== undefined && (await asked) === undefined) {
    const reading = (await opened.pull) ?? (await readPullRequest(deps.repository, number));
    return { known: undefined, reading, foreseen: opened.foreseen };
  }
  const foreseen = foreseenFacts(deps, number);
  const [known, reading] = await Promise.all([asked, readPullRequest(deps.repository, number)]);
  return { known, reading, foreseen };
}

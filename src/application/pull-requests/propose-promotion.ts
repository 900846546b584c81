/** The App's own pull request that promotes a definition, where it was granted to write. Whoever asks again is led to it. */
import type { ReviewDeps } from '#application/mirror/deps';
import { type Promotion, promotedText } from '#domain/registry/promotion';
import { promotionWords } from '#domain/review/commands/promote-reply';
import type { ReviewTranslator } from '#domain/review/render/messages';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { readPullRequest } from '#infrastructure/github/read/pull-request';
import {
  branchHead,
  bringBranch,
  findProposal,
  makeCommit,
  openProposal,
} from '#infrastructure/github/write/proposals';
import type { CommentFacts } from '#infrastructure/queue/job-kinds';
import {
  type AskedProposal,
  askedProposals,
  hasMaxProposals,
  proposalOf,
  saveProposal,
} from './asked-proposals.ts';

export interface PromotionRequest {
  readonly promotion: Promotion;
  /** The comment that asks for it: the same one, taken up again after a crash, opens no second pull request. */
  readonly comment: CommentFacts;
  /** Where it stands. */
  readonly number: number;
  readonly defaultBranch: string;
  /** The commit of the default branch that it begins from. */
  readonly commit: string;
}

/** @returns its number; undefined where the App may not write, or has opened enough for that person today */
export async function proposePromotion(
  deps: ReviewDeps,
  t: ReviewTranslator,
  { promotion, comment, number, defaultBranch, commit }: PromotionRequest,
): Promise<number | undefined> {
  const { repository, appLogin } = deps;
  if (appLogin === undefined) return undefined;
  const { path, place } = promotion;
  const there = await proposalOf(deps, path);
  if (there !== undefined && (await readPullRequest(repository, there))?.open === true) return there;
  const branch = `promotion/${place.network}-${place.id}-${comment.id}`;
  if (await hasMaxProposals(deps, comment.author, branch)) return undefined;
  // Taken up again after a crash, the branch may be there, with the commit that was noted.
  let asked: AskedProposal = { ...(await askedProposals(deps)).get(branch), asker: comment.author, path };
  const { title, body } = promotionWords(t, promotion, comment.author.login, number);
  try {
    if ((await branchHead(repository, branch)) === undefined) {
      const made = await makeCommit(repository, [commit], { path, text: promotedText(promotion) }, title);
      asked = { ...asked, commit: made };
      await saveProposal(deps, branch, asked);
      await bringBranch(repository, branch, made);
    }
  } catch (problem) {
    if (statusOf(problem) === 403 || statusOf(problem) === 404) return undefined;
    throw problem;
  }
  // GitHub numbers comments for all repositories and for ever: no other request has a branch of this name.
  const pull =
    (await findProposal(repository, { branch, commits: 'any' }, appLogin)) ??
    (await openProposal(repository, { branch, base: defaultBranch, title, body }));
  await saveProposal(deps, branch, { ...asked, pull });
  return pull;
}

/**
 * Takes away the branches of pull requests that the App opened since somebody asked for them, once they are merged or closed.
 * Only a branch that is just what the App pushed: a commit of anybody else keeps it, and so does another pull request from it.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { readPullRequest } from '#infrastructure/github/read/pull-request';
import { branchHead, deleteBranch, hasOpenPull } from '#infrastructure/github/write/proposals';
import { type AskedProposal, askedProposals, saveProposal } from './asked-proposals.ts';

/** Asks GitHub only of those whose end a review has seen, or that none has seen at all. */
export async function removeEndedBranches(deps: ReviewDeps): Promise<void> {
  const open = new Set((await deps.store.openPulls(deps.repo)).map(({ number }) => number));
  for (const [branch, proposal] of await askedProposals(deps)) {
    const { ended = false, pull } = proposal;
    if (ended || pull === undefined || open.has(pull) || !(await isOver(deps, branch, proposal, pull)))
      continue;
    await saveProposal(deps, branch, { ...proposal, ended: true });
  }
}

/** Takes the branch of a proposal away where it may go. @returns whether nothing is left to do with it */
async function isOver(
  { repository }: ReviewDeps,
  branch: string,
  { commit }: AskedProposal,
  pull: number,
): Promise<boolean> {
  const reading = await readPullRequest(repository, pull);
  if (reading === undefined || reading.open) return false;
  // An older version did not note what it pushed: nobody knows whose the branch is.
  if (commit === undefined || reading.fork || reading.headRef !== branch) return true;
  if ((await branchHead(repository, branch)) !== commit) return true;
  if (await hasOpenPull(repository, branch)) return false;
  try {
    await deleteBranch(repository, branch);
  } catch (problem) {
    // A rule of the repository keeps it.
    if (statusOf(problem) !== 403 && statusOf(problem) !== 422) throw problem;
  }
  return true;
}

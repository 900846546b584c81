/** Which open pull requests a move of the default branch concerns: only these are judged again. */

import { inTurns } from '#application/in-turns';
import {
  type BaseBranchChange,
  forgetChanges,
  pendingChanges,
} from '#application/mirror/base-branch-changes';
import type { ReviewDeps } from '#application/mirror/deps';
import { resolveOwnerAccounts } from '#application/mirror/owner-accounts';
import type { Steps } from '#base/steps';
import type { Claims } from '#domain/registry/claims';
import { Registry } from '#domain/registry/registry';
import { collisionsOf } from '#domain/registry/related-definitions';
import { settingsPath } from '#domain/registry/settings';
import { EmptyRepository } from '#infrastructure/github/client/repository-client';
import { defaultBranchHead } from '#infrastructure/github/read/repository';

/** Whether a definition of a pull request collides with one of those that changed, as far as that can be told. */
function collides(moved: Registry, claims: Claims): boolean {
  const { uris, hosts, names, lookalikes, datapass, counterpart, unread } = collisionsOf(moved, claims);
  return (
    unread !== undefined ||
    counterpart !== undefined ||
    [uris, hosts, names, lookalikes, datapass].some((list) => list.length > 0)
  );
}

/** The open pull requests, by number, that a move concerns. */
async function concerned(deps: ReviewDeps, move: BaseBranchChange): Promise<readonly number[]> {
  const open = await deps.store.openPulls(deps.repo);
  if (move === 'everything' || move.changed.includes(settingsPath)) return open.map(({ number }) => number);
  const paths = new Set(move.changed);
  const registry = Registry.of(move.moved);
  const arrived = move.commits && new Set(move.commits);
  const histories = await deps.store.openHistories(deps.repo);
  // What the default branch has got of its commits is no change of the pull request's any more; what the others undo is.
  const isPartlyIn = (number: number) => {
    if (!histories.has(number)) return false;
    const commits = histories.get(number);
    return commits === undefined || arrived === undefined || commits.some((sha) => arrived.has(sha));
  };
  const affected: number[] = [];
  for (const { number, touched, claims } of open)
    if (
      touched.some((path) => paths.has(path)) ||
      isPartlyIn(number) ||
      (await inTurns(anyCollides(registry, claims)))
    )
      affected.push(number);
  return affected;
}

/** Whether one of the definitions collides, one compared at a step. */
function* anyCollides(moved: Registry, claims: readonly Claims[]): Steps<boolean> {
  for (const each of claims) {
    if (collides(moved, each)) return true;
    yield;
  }
  return false;
}

/**
 * Brings the registry's mirror to the head of the default branch, and has the open pull requests judged again that are
 * concerned by what moved, whoever moved the mirror there. After a crash it is asked for again.
 *
 * @param ask for the reviews, by the numbers of the pull requests.
 */
export async function rereviewAffected(
  deps: ReviewDeps,
  ask: (numbers: readonly number[]) => Promise<void>,
): Promise<void> {
  const head = await defaultBranchHead(deps.repository).catch((error: unknown) => {
    // A registry that waits for its first commit.
    if (error instanceof EmptyRepository) return undefined;
    throw error;
  });
  if (head === undefined) return;
  await deps.mirror.at(deps.repository, head);
  // Before the reviews: they are to know who the owners are.
  await resolveOwnerAccounts(deps);
  const { database } = deps.store;
  const moves = await pendingChanges(database, deps.repo);
  if (moves === undefined) return;
  await ask(await concerned(deps, moves.move));
  await forgetChanges(database, deps.repo, moves.upTo);
}

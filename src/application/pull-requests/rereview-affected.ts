/** Which open pull requests a move of the default branch concerns: only these are judged again. */

import { forgetMoves, type Move, movesOf } from '#application/mirror/base-branch-changes';
import type { ReviewRoom } from '#application/mirror/deps';
import { lookUpOwners } from '#application/mirror/owner-accounts';
import type { Claims } from '#domain/registry/claims';
import { Registry } from '#domain/registry/registry';
import { meetingsOf } from '#domain/registry/related-definitions';
import { settingsPath } from '#domain/registry/settings';
import { readRepository, resolveBranch } from '#infrastructure/github/read/pull-request';

/** Whether a definition of a pull request meets one of those that moved. */
function meets(moved: Registry, claims: Claims): boolean {
  const { uris, hosts, names, looks, datapass, twin } = meetingsOf(moved, claims);
  return [uris, hosts, names, looks, datapass].some((list) => list.length > 0) || twin !== undefined;
}

/** The open pull requests, by number, that a move concerns. */
async function concerned(room: ReviewRoom, move: Move): Promise<readonly number[]> {
  const open = await room.memory.openPulls(room.repo);
  if (move === 'everything' || move.changed.includes(settingsPath)) return open.map(({ number }) => number);
  const paths = new Set(move.changed);
  const registry = Registry.of(move.moved);
  return open
    .filter(
      ({ touched, claims }) =>
        touched.some((path) => paths.has(path)) || claims.some((each) => meets(registry, each)),
    )
    .map(({ number }) => number);
}

/**
 * Brings the registry's mirror to the head of the default branch, and has the open pull requests judged again that are
 * concerned by what moved, whoever moved the mirror there. After a crash it is asked for again.
 *
 * @param ask for the reviews, by the numbers of the pull requests.
 */
export async function followDefaultBranch(
  room: ReviewRoom,
  ask: (numbers: readonly number[]) => Promise<void>,
): Promise<void> {
  const { defaultBranch } = await readRepository(room.gate);
  const head = await resolveBranch(room.gate, defaultBranch);
  if (head === undefined) return;
  await room.mirror.at(room.gate, head);
  // Before the reviews: they are to know who the owners are.
  await lookUpOwners(room);
  const { database } = room.memory;
  const moves = await movesOf(database, room.repo);
  if (moves === undefined) return;
  await ask(await concerned(room, moves.move));
  await forgetMoves(database, room.repo, moves.upTo);
}

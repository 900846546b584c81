/** Which open pull requests a move of the default branch concerns: only these are judged again. */
import { readRepository, resolveBranch } from '../github/read.ts';
import type { Claims } from '../registry/claims.ts';
import { meetingsOf } from '../registry/neighbours.ts';
import { Registry } from '../registry/registry.ts';
import { settingsPath } from '../registry/settings.ts';
import type { ReviewRoom } from './review-room.ts';

/** Whether a definition of a pull request meets one of those that moved. */
function meets(moved: Registry, claims: Claims): boolean {
  const { uris, hosts, names, looks, datapass, twin } = meetingsOf(moved, claims);
  return [uris, hosts, names, looks, datapass].some((list) => list.length > 0) || twin !== undefined;
}

/**
 * Brings the registry's mirror to the head of the default branch.
 *
 * @returns the numbers of the open pull requests to judge again; undefined when the mirror was never read, so that
 *   nothing is known to be unconcerned.
 */
export async function followDefaultBranch(room: ReviewRoom): Promise<readonly number[] | undefined> {
  const { defaultBranch } = await readRepository(room.gate);
  const head = await resolveBranch(room.gate, defaultBranch);
  if (head === undefined) return [];
  const before = await room.mirror.commit();
  const { changed, moved } = await room.mirror.at(room.gate, head);
  if (before === undefined) return undefined;
  if (changed.length === 0) return [];
  const open = await room.memory.openPulls(room.repo);
  if (changed.includes(settingsPath)) return open.map(({ number }) => number);
  const paths = new Set(changed);
  const registry = Registry.of(moved);
  return open
    .filter(
      ({ touched, claims }) =>
        touched.some((path) => paths.has(path)) || claims.some((each) => meets(registry, each)),
    )
    .map(({ number }) => number);
}

/** Which open pull requests want the same things: they are judged again where what one of them claims comes or goes. */
import { inTurns } from '#application/in-turns';
import type { ReviewDeps } from '#application/mirror/deps';
import type { StoredPull } from '#application/mirror/review-store';
import type { Steps } from '#base/steps';
import type { Claims } from '#domain/registry/claims';
import { openRules } from '#domain/registry/rules/all';
import type { OpenClaim } from '#domain/registry/rules/rule';

/** Whether two definitions of two pull requests want the same thing, as the rules on open ones tell it. */
function collide(one: Claims, other: Claims): boolean {
  let hit = false;
  try {
    for (const rule of openRules)
      rule.check(one, [{ pullRequest: 0, claims: other }], () => {
        hit = true;
      });
  } catch {
    // The review of the other one tells.
    return true;
  }
  return hit;
}

/**
 * The open pull requests that collide with claims that came or went. This one is among them where it was judged without those
 * that it collides with: of two that are opened at once, each may ask for the claims of others before the other one's are kept.
 *
 * @param judgedWith the claims of others that it was judged with; undefined where none mattered
 */
export async function collisions(
  deps: ReviewDeps,
  number: number,
  before: readonly Claims[],
  after: readonly Claims[],
  judgedWith?: readonly OpenClaim[],
): Promise<number[]> {
  const text = (claims: unknown) => JSON.stringify(claims);
  const old = new Set(before.map(text));
  const fresh = new Set(after.map(text));
  const moved = [
    ...before.filter((each) => !fresh.has(text(each))),
    ...after.filter((each) => !old.has(text(each))),
  ];
  if (moved.length === 0) return [];
  const open = await deps.store.openClaims(deps.repo, number);
  const others = await inTurns(colliding(moved, open));
  if (judgedWith === undefined) return others;
  const seen = new Set(judgedWith.map(text));
  const unseen = open.filter((each) => !seen.has(text(each)));
  const missed = await inTurns(colliding(after, unseen));
  return missed.length === 0 ? others : [...others, number];
}

/** Pairs of definitions that are compared in one step. */
const comparedAtOnce = 1_000;

/** The pull requests of which a definition wants what another one does; thousands of both are millions of pairs. */
function* colliding(moved: readonly Claims[], open: readonly OpenClaim[]): Steps<number[]> {
  const hit = new Set<number>();
  let compared = 0;
  for (const { pullRequest, claims } of open)
    for (const each of moved) {
      if (hit.has(pullRequest)) break;
      if (collide(each, claims)) hit.add(pullRequest);
      compared += 1;
      if (compared % comparedAtOnce === 0) yield;
    }
  return [...hit];
}

/** Claims of a stored pull request, and the bare paths of files whose claims are unknown. */
export function claimsOfStored(stored: StoredPull | undefined): readonly Claims[] {
  if (stored === undefined || !stored.open) return [];
  const known = new Set(stored.claims.map(({ path }) => path));
  const bare = stored.touched.filter((path) => !known.has(path));
  return [...stored.claims, ...bare.map((path) => ({ path, redirectUris: [], scopes: [] }))];
}

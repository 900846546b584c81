/** Judges one pull request as it is now, and publishes what is to be seen of it. */

import type { ReviewRoom } from '#application/mirror/deps';
import type { PullMemory } from '#application/mirror/review-store';
import type { Claims } from '#domain/registry/claims';
import { openRules } from '#domain/registry/rules/all';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { labels as labelKeys } from '#domain/registry/settings-schema';
import type { Review } from '#domain/review/evaluate/evaluate';
import { effectsOf } from '#domain/review/render/build-effects';
import { type PullReading, readPull } from '#infrastructure/github/read/pull-request';
import { publish } from '#infrastructure/github/write/review-output';
import { claimsIn, type Gathered, gather } from './collect-facts.ts';

export type ReviewOutcome =
  /** There is no such pull request, or it is closed: nothing is said of it any more. */
  | { readonly kind: 'gone'; readonly alsoReview: readonly number[] }
  /** GitHub was changing under the reader's eyes: to be tried again in so many seconds. */
  | { readonly kind: 'moving'; readonly why: string; readonly after: number }
  | {
      readonly kind: 'judged';
      readonly pull: PullReading;
      readonly gathered: Gathered;
      /** Other pull requests that this one now collides with, or no longer does. */
      readonly alsoReview: readonly number[];
      /** Other pull requests of the same commit, whose check is to be written anew over this one's. */
      readonly reclaim: readonly number[];
    };

/** Whether two definitions of two pull requests want the same thing, as the rules on open ones tell it. */
function collide(one: Claims, other: Claims): boolean {
  let hit = false;
  for (const rule of openRules)
    rule.check(one, [{ pullRequest: 0, claims: other }], () => {
      hit = true;
    });
  return hit;
}

/** The other open pull requests that collide with claims that came or went. */
async function collisions(
  room: ReviewRoom,
  number: number,
  before: readonly Claims[],
  after: readonly Claims[],
): Promise<number[]> {
  const text = (claims: Claims) => JSON.stringify(claims);
  const old = new Set(before.map(text));
  const fresh = new Set(after.map(text));
  const moved = [
    ...before.filter((each) => !fresh.has(text(each))),
    ...after.filter((each) => !old.has(text(each))),
  ];
  if (moved.length === 0) return [];
  const open = await room.memory.openClaims(room.repo, number);
  const hit = open.filter(({ claims }) => moved.some((each) => collide(each, claims)));
  return [...new Set(hit.map(({ pullRequest }) => pullRequest))];
}

/** Claims of a memory: what was told, and the bare paths of what could not be. */
function claimsOfMemory(memory: PullMemory | undefined): readonly Claims[] {
  if (memory === undefined || !memory.open) return [];
  const told = new Set(memory.claims.map(({ path }) => path));
  const bare = memory.touched.filter((path) => !told.has(path));
  return [...memory.claims, ...bare.map((path) => ({ path, redirectUris: [], scopes: [] }))];
}

async function forget(
  room: ReviewRoom,
  number: number,
  known: PullMemory | undefined,
): Promise<ReviewOutcome> {
  if (known?.open !== true) return { kind: 'gone', alsoReview: [] };
  await room.memory.keepPull(room.repo, number, { ...known, open: false });
  return { kind: 'gone', alsoReview: await collisions(room, number, claimsOfMemory(known), []) };
}

/**
 * @param again writes the check even when it says the same, since someone asked for it.
 */
export async function reviewPull(
  room: ReviewRoom,
  number: number,
  { again = false }: { readonly again?: boolean } = {},
): Promise<ReviewOutcome> {
  const known = await room.memory.pull(room.repo, number);
  const pull = await readPull(room.gate, number);
  if (pull === undefined || !pull.open) return await forget(room, number, known);
  // A replica of GitHub may lag: an older reading never overwrites a newer verdict.
  if (known !== undefined && pull.updatedAt < known.readAt && pull.head !== known.head)
    return { kind: 'moving', why: 'GitHub showed an older state than before', after: 5 };

  const gathered = await gather(room, pull, known);
  if ('moving' in gathered) return { kind: 'moving', why: gathered.moving, after: 1 };

  const effects = effectsOf(gathered.review, gathered.facts, gathered.settings, catalogue);
  const managed = new Set(labelKeys.map((key) => gathered.settings.labels[key].toLowerCase()));
  const traces = pull.comments > 0 || pull.labels.some((name) => managed.has(name.toLowerCase()));
  const memory: PullMemory = {
    head: pull.head,
    readAt: pull.updatedAt,
    open: true,
    ...(gathered.comparison === undefined ? {} : { comparison: gathered.comparison }),
    claims: claimsIn(gathered),
    touched: gathered.touched,
    published: known?.published ?? {},
  };
  await room.memory.keepPull(room.repo, number, memory);
  // A check is of a commit, and GitHub lets every pull request of the commit be merged by it. One into another branch,
  // of which nothing is asked, must not speak for one into the default branch.
  const elsewhere = gathered.review.outcome === 'elsewhere';
  const namesakes = async () => (elsewhere ? await room.memory.openAt(room.repo, pull.head, number) : []);
  const leaveCheck = (await namesakes()).length > 0;
  await publish(
    room.gate,
    effects,
    memory.published,
    {
      number,
      labels: pull.labels,
      existing: await room.memory.labels(room.repo),
      unsure: known === undefined && (traces || gathered.touched.length === 0),
    },
    {
      appId: room.appId,
      again,
      leaveCheck,
      verifyComment: !gathered.asked,
      rememberLabels: (names) => room.memory.keepLabels(room.repo, names),
      remember: (published) => room.memory.keepPull(room.repo, number, { ...memory, published }),
    },
  );
  const alsoReview = await collisions(room, number, claimsOfMemory(known), claimsOfMemory(memory));
  // One that was judged meanwhile has its check written again, after this one's.
  const reclaim = leaveCheck ? [] : await namesakes();
  return { kind: 'judged', pull, gathered, alsoReview, reclaim };
}

/** What a line of the log says of a verdict: no text of the applicant's. */
export function outline(review: Review): Readonly<Record<string, string | number>> {
  return {
    outcome: review.outcome,
    conclusion: review.conclusion,
    definitions: review.subjects.length,
    findings: review.subjects.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}

/** Judges one pull request as it is now, and publishes what is to be seen of it. */

import type { ReviewDeps } from '#application/mirror/deps';
import type { PullOfCommit, StoredPull } from '#application/mirror/review-store';
import { defined } from '#base/defined';
import { claimsOf } from '#domain/registry/claims';
import { settingsPath } from '#domain/registry/settings';
import { labels as labelKeys } from '#domain/registry/settings-schema';
import type { Conclusion, Effects } from '#domain/review/effects';
import type { Review } from '#domain/review/evaluate/evaluate';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import type { PublishedReview } from '#infrastructure/github/write/published-review';
import type { Refusal } from '#infrastructure/github/write/refusals';
import { publishReview } from '#infrastructure/github/write/review-output';
import { ofLessOnceShown } from './approvals-of-less.ts';
import { authorOfIn } from './asked-proposals.ts';
import { beginReading } from './begin-reading.ts';
import { type CollectedFacts, collectFacts } from './collect-facts.ts';
import { claimsOfStored, collisions } from './colliding-pulls.ts';
import { isLasting } from './fault.ts';
import { effectsOf, unjudged } from './unjudged.ts';

export type ReviewOutcome =
  /** There is no such pull request, or it is closed: nothing is said of it any more. */
  | { readonly kind: 'gone'; readonly alsoReview: readonly number[]; readonly reclaim: readonly number[] }
  /** GitHub was changing under the reader's eyes: to be tried again in so many seconds. */
  | { readonly kind: 'moving'; readonly why: string; readonly after: number }
  | {
      readonly kind: 'judged';
      readonly pull: PullReading;
      readonly collected: CollectedFacts;
      /** Other pull requests that this one now collides with, or no longer does. */
      readonly alsoReview: readonly number[];
      /** Other pull requests of the same commit, whose check is to be written anew. */
      readonly reclaim: readonly number[];
    };

async function closeReview(
  deps: ReviewDeps,
  number: number,
  known: StoredPull | undefined,
): Promise<ReviewOutcome> {
  if (known?.open !== true) return { kind: 'gone', alsoReview: [], reclaim: [] };
  await deps.store.upsertPull(deps.repo, number, { ...known, open: false });
  // What it held back is no longer held back by it.
  const others = await deps.store.openPullsAt(deps.repo, known.head, number);
  return {
    kind: 'gone',
    alsoReview: await collisions(deps, number, claimsOfStored(known), []),
    reclaim: others.filter(speaksForCommit).map((other) => other.number),
  };
}

/** How much a conclusion holds a merge back. */
function rankOf(conclusion: Conclusion | undefined): number {
  return conclusion === undefined ? -1 : ['success', 'action_required', 'failure'].indexOf(conclusion);
}

function speaksForCommit({ conclusion }: PullOfCommit): boolean {
  return conclusion !== undefined;
}

function publishedWith(known: StoredPull | undefined, conclusion: Conclusion | undefined): PublishedReview {
  const { conclusion: _, ...published } = known?.published ?? {};
  return defined({ ...published, conclusion });
}

export interface ReviewOptions {
  /** Writes the check even when it says the same, since someone asked for it. */
  readonly again?: boolean;
  /** Whether there is time until GitHub knows what merging gives. */
  readonly mayWait?: boolean;
  /** Which try it is, from 1: what keeps it from being judged is said once it does not pass. */
  readonly attempt?: number;
  readonly onRefusal?: (refusal: Refusal) => void;
}

/**
 * @throws whatever keeps it from being judged; where that does not pass by itself, the pull request says by then that it
 *   is not judged, and fails
 */
export async function reviewPullRequest(
  deps: ReviewDeps,
  number: number,
  options: ReviewOptions = {},
): Promise<ReviewOutcome> {
  const { mayWait = false, attempt = 1 } = options;
  const [{ known, reading, foreseen }, labels] = await Promise.all([
    beginReading(deps, number),
    deps.store.labels(deps.repo),
  ]);
  const before = { known, labels };
  // No pull request is ever deleted: one that is not shown is not closed for that.
  if (reading === undefined) throw new UnknownAnswer(`the pull request ${number}`);
  const pull = { ...reading, author: await authorOfIn(deps.store, deps.repo, deps.appLogin)(reading) };
  if (!pull.open) return await closeReview(deps, number, known);
  // A replica of GitHub may lag: an older reading never overwrites a newer verdict.
  if (known !== undefined && pull.updatedAt < known.readAt && pull.head !== known.head)
    return { kind: 'moving', why: 'GitHub showed an older state than before', after: 5 };

  let judged: { readonly collected: CollectedFacts; readonly effects: Effects };
  try {
    const collected = await collectFacts(deps, pull, known, { mayWait, foreseen });
    if ('retryReason' in collected)
      return { kind: 'moving', why: collected.retryReason, after: collected.after ?? 1 };
    judged = { collected, effects: effectsOf(collected) };
  } catch (problem) {
    if (isLasting(problem, attempt)) {
      const collected = await unjudged(deps, pull, known);
      await publish(deps, pull, before, { collected, effects: effectsOf(collected) }, options).catch(
        // What kept it from being judged is what there is to mend.
        () => undefined,
      );
    }
    throw problem;
  }
  return await publish(deps, pull, before, judged, options);
}

/** Publishes what was judged, and remembers it. */
async function publish(
  deps: ReviewDeps,
  pull: PullReading,
  { known, labels }: { readonly known: StoredPull | undefined; readonly labels: readonly string[] },
  { collected, effects }: { readonly collected: CollectedFacts; readonly effects: Effects },
  { again = false, onRefusal }: ReviewOptions,
): Promise<ReviewOutcome & { readonly kind: 'judged' | 'moving' }> {
  const { number } = pull;
  const elsewhere = collected.review.outcome === 'elsewhere';
  const managed = new Set(labelKeys.map((key) => collected.settings.labels[key].toLowerCase()));
  const traces = pull.comments > 0 || pull.labels.some((name) => managed.has(name.toLowerCase()));
  const published = publishedWith(known, elsewhere ? undefined : collected.review.conclusion);
  // Noted with the rest, since a write of its own would only make the verdict wait: the check is about to be made.
  const announced = !elsewhere && published.check?.head !== pull.head;
  const begun = { head: pull.head, digest: '', annotations: [] };
  const { comparison } = collected;
  const isElsewhere = pull.baseRef !== pull.defaultBranch;
  // What is known of a commit from when it was judged, it is not rid of by an attempt that failed, nor while nobody can tell
  // what merging it gives; led to another branch, it is looked at as something else.
  const before = !isElsewhere && known?.head === pull.head ? known.comparison : undefined;
  const shownBefore = before?.shownSettings;
  const isUnjudged = collected.review.outcome === 'unjudged';
  const kept = comparison ? defined({ ...comparison, shownSettings: shownBefore }) : before;
  let stored: StoredPull = {
    head: pull.head,
    readAt: pull.updatedAt,
    open: true,
    ...(kept && { comparison: kept }),
    claims: isUnjudged ? (known?.claims ?? []) : collected.entries.map(claimsOf),
    touched: collected.touched,
    published: announced ? { ...published, check: begun } : published,
  };
  await deps.store.upsertPull(deps.repo, number, stored);
  // A check is of a commit, and GitHub lets every pull request of the commit be merged by it. It says the worst of those
  // into the default branch; one into another branch, of which nothing is asked, says nothing by it.
  const others = () => deps.store.openPullsAt(deps.repo, pull.head, number);
  const isWorse = ({ conclusion }: PullOfCommit) => rankOf(conclusion) > rankOf(collected.review.conclusion);
  const [namesakes, present] = await Promise.all([others(), deps.mirror.commit()]);
  // Whoever moved the mirror before this was noted did not find it among those to be judged again; from now on they do.
  const isNew = !isUnjudged && (known?.open !== true || known.head !== pull.head);
  if (isNew && present !== collected.facts.pull.base) {
    // Who is to hear of what it claims now, or no longer, is told when it is judged.
    await deps.store.restorePull(deps.repo, number, known);
    return { kind: 'moving', why: 'the default branch moved before this was known', after: 1 };
  }
  const leaveCheck = elsewhere || namesakes.some(isWorse);
  const sharedCheck = namesakes.find(({ check }) => check !== undefined)?.check;
  // Nobody has seen a plan that was not published: a merge meanwhile is held. The check says what the comment says, and a
  // merge may come right after it, though the rest could not be said yet.
  let isShown = false;
  const show = async (): Promise<void> => {
    await collected.markShown?.();
    isShown = true;
    if (comparison === undefined) return;
    const shownSettings = comparison.files.find(({ path }) => path === settingsPath)?.blob;
    const approvalsOfLess = await ofLessOnceShown(deps, number, comparison.approvalsOfLess);
    if (shownSettings === shownBefore && approvalsOfLess === comparison.approvalsOfLess) return;
    stored = { ...stored, comparison: defined({ ...comparison, shownSettings, approvalsOfLess }) };
    await deps.store.upsertPull(deps.repo, number, stored);
  };
  const { refused } = await publishReview(
    deps.repository,
    effects,
    stored.published,
    {
      number,
      labels: pull.labels,
      existing: labels,
      ...defined({ sharedCheck }),
      unsure: known === undefined && (traces || collected.touched.length === 0),
    },
    {
      appId: deps.appId,
      again,
      keepOtherCheck: leaveCheck,
      onCheck: show,
      ...defined({ onRefusal }),
      verifyComment: !collected.asked,
      saveLabels: (names) => deps.store.saveLabels(deps.repo, names),
      announced,
      savePublished(saved) {
        stored = { ...stored, published: saved };
        return deps.store.upsertPull(deps.repo, number, stored);
      },
    },
  );
  // Beside the check of another request of the commit, or one that GitHub refuses, the comment alone shows it: a draft has none.
  const isSaid = typeof effects.comment === 'object' && refused?.comment === undefined;
  if (!isShown && isSaid) await show();
  await deps.store.saveBlobs(collected.fresh ?? new Map());
  const alsoReview = await collisions(
    deps,
    number,
    claimsOfStored(known),
    claimsOfStored(stored),
    isUnjudged ? undefined : collected.facts.openClaims,
  );
  // A worse one that was judged meanwhile has its check written again, after this one's; so have all whose commit this
  // one spoke for, and held back, until now.
  const held = known?.published.conclusion;
  const left = known !== undefined && known.head !== pull.head;
  const reclaim = [
    ...(leaveCheck ? [] : (await others()).filter(isWorse)),
    ...(!left && rankOf(held) > rankOf(elsewhere ? undefined : collected.review.conclusion)
      ? await others()
      : []),
    ...(left ? await deps.store.openPullsAt(deps.repo, known.head, number) : []),
  ].filter(speaksForCommit);
  return { kind: 'judged', pull, collected, alsoReview, reclaim: reclaim.map((other) => other.number) };
}

/** What a line of the log says of a verdict: no text of the applicant's. */
export function reviewLogFields(review: Review): Readonly<Record<string, string | number>> {
  return {
    outcome: review.outcome,
    conclusion: review.conclusion,
    definitions: review.files.length,
    findings: review.files.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}

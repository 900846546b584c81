/** What is said of a pull request, or of a merge group, whose judgement failed. */
import type { ReviewDeps } from '#application/mirror/deps';
import type { StoredPull } from '#application/mirror/review-store';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { defaultSettings } from '#domain/registry/settings';
import type { Effects } from '#domain/review/effects';
import { unjudgedReview } from '#domain/review/evaluate/evaluate';
import { buildEffects } from '#domain/review/render/build-effects';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import { type CollectedFacts, currentSettings } from './collect-facts.ts';
import { factsWithoutDefinitions } from './facts-without-definitions.ts';

export function effectsOf({ review, facts, settings }: CollectedFacts): Effects {
  return buildEffects(review, facts, settings, catalogue);
}

/** What it touched when it was judged last, it still may. */
export async function unjudged(
  deps: ReviewDeps,
  pull: PullReading,
  known: StoredPull | undefined,
): Promise<CollectedFacts> {
  const settings = await currentSettings(deps).catch(() => defaultSettings);
  return {
    facts: factsWithoutDefinitions(deps, pull, pull.base, null, undefined, undefined),
    settings,
    review: unjudgedReview,
    entries: [],
    touched: known?.touched ?? [],
    asked: false,
  };
}

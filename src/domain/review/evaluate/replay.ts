/** The whole of the room in one step: facts in, verdict and effects out. */

import type { Language } from '#base/i18n/message';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings } from '#domain/registry/settings';
import type { Effects } from '#domain/review/effects';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { effectsOf } from '#domain/review/render/build-effects';
import { type Review, reviewOf } from './evaluate.ts';

export interface Verdict {
  readonly review: Review;
  readonly effects: Effects;
}

/** @param language what the settings say when absent. */
export function judge(facts: PullRequestFacts, language?: Language): Verdict {
  const { settings } = readSettings(facts.settings ?? undefined);
  const spoken = language === undefined ? settings : { ...settings, language };
  const review = reviewOf(facts, settings);
  return { review, effects: effectsOf(review, facts, spoken, catalogue) };
}

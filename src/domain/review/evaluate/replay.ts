/** A whole review in one step: facts in, verdict and effects out. */

import type { Language } from '#base/i18n/message';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings } from '#domain/registry/settings';
import type { Effects } from '#domain/review/effects';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { buildEffects } from '#domain/review/render/build-effects';
import { evaluatePullRequest, type Review } from './evaluate.ts';

export interface Verdict {
  readonly review: Review;
  readonly effects: Effects;
}

/** @param language what the settings say when absent. */
export function replay(facts: PullRequestFacts, language?: Language): Verdict {
  const { settings } = readSettings(facts.settings ?? undefined);
  const localized = language === undefined ? settings : { ...settings, language };
  const review = evaluatePullRequest(facts, settings);
  return { review, effects: buildEffects(review, facts, localized, catalogue) };
}

/** The whole of the room in one step: facts in, verdict and effects out. */

import type { Language } from '../language/words.ts';
import { catalogue } from '../registry/catalogue.ts';
import { readSettings } from '../registry/settings.ts';
import type { Effects } from './effects.ts';
import type { PullRequestFacts } from './facts.ts';
import { effectsOf } from './publication.ts';
import { type Review, reviewOf } from './review.ts';

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

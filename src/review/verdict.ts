/** The whole of the room in one step: facts in, verdict and effects out. */

import { catalogueOf, definitionCards } from '../definition/catalogue.ts';
import type { Language } from '../language/words.ts';
import { registryCards } from '../registry/rules.ts';
import { readSettings } from '../registry/settings.ts';
import type { Effects } from './effects.ts';
import type { PullRequestFacts } from './facts.ts';
import { effectsOf } from './publication.ts';
import { type Review, reviewOf } from './review.ts';

/** Every rule there is, with its words. */
export const catalogue = catalogueOf([...definitionCards, ...registryCards]);

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

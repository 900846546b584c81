/** The whole story, from the first pull request to the sign-in, and what comes after. */
import type { Language } from '#base/i18n/message';
import type { DemoSet } from './environment.ts';
import { teller } from './messages.ts';
import type { Stage } from './presenter/presenter.ts';
import {
  applyFixes,
  approveAndMerge,
  drift,
  extend,
  openFaulty,
  type Play,
  remove,
  rename,
  seeProvisioning,
  seeReview,
  takeKeys,
  useKeys,
} from './scenes.ts';

export interface StoryOptions {
  readonly set: DemoSet;
  readonly stage: Stage;
  readonly language: Language;
  /** What happens besides, between scenes: faults, restarts. */
  readonly between?: Partial<Record<Moment, (set: DemoSet) => Promise<void>>>;
}

/** When something may happen besides. */
export type Moment = 'beforeMerge' | 'afterMerge';

/** Plays it. Answers whether everything was observed that had to be. */
export async function tellStory({ set, stage, language, between = {} }: StoryOptions): Promise<boolean> {
  const started = performance.now();
  const say = teller(language);
  const play: Play = { set, stage, say };
  stage.title(say('title'), say('about'));
  await set.bot.start();
  stage.observe(say('started'), true, set.bot.url);
  const pull = await openFaulty(play);
  await seeReview(play, pull);
  await applyFixes(play, pull);
  await between.beforeMerge?.(set);
  await approveAndMerge(play, pull);
  await between.afterMerge?.(set);
  const address = await seeProvisioning(play, pull);
  const keys = await takeKeys(play, address);
  await useKeys(play, keys);
  await extend(play, keys);
  await drift(play, keys);
  await rename(play, keys);
  await remove(play);
  const whole = stage.summary(say('summary'));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  stage.line();
  stage.tell(say(whole ? 'allSeen' : 'notAllSeen', { seconds }));
  if (!whole) stage.line(set.bot.log.split('\n').slice(-15).join('\n'));
  return whole;
}

/** The whole story, from the first pull request to the sign-in, and what comes after. */
import type { Language } from '#base/i18n/message';
import type { DemoEnvironment } from './environment.ts';
import { demoTranslator } from './messages.ts';
import type { Presenter } from './presenter/presenter.ts';
import {
  addRedirectUri,
  applyFixes,
  approveAndMerge,
  causeDrift,
  openFaultyPullRequest,
  openHandoverPage,
  removeDefinition,
  renameDefinition,
  type StoryContext,
  showProvisioning,
  showReview,
  signInWithKeys,
} from './scenes.ts';

export interface StoryOptions {
  readonly environment: DemoEnvironment;
  readonly presenter: Presenter;
  readonly language: Language;
  /** What else is done between two scenes: faults, restarts. */
  readonly hooks?: Partial<Record<StoryHook, (environment: DemoEnvironment) => Promise<void>>>;
}

/** The moments at which it may be done. */
export type StoryHook = 'beforeMerge' | 'afterMerge';

/** Runs it. Answers whether everything was observed that had to be. */
export async function runStory({
  environment,
  presenter,
  language,
  hooks = {},
}: StoryOptions): Promise<boolean> {
  const started = performance.now();
  const t = demoTranslator(language);
  const context: StoryContext = { environment, presenter, t };
  presenter.title(t('title'), t('about'));
  await environment.bot.start();
  presenter.observe(t('started'), true, environment.bot.url);
  const pull = await openFaultyPullRequest(context);
  await showReview(context, pull);
  await applyFixes(context, pull);
  await hooks.beforeMerge?.(environment);
  await approveAndMerge(context, pull);
  await hooks.afterMerge?.(environment);
  const address = await showProvisioning(context, pull);
  const keys = await openHandoverPage(context, address);
  await signInWithKeys(context, keys);
  await addRedirectUri(context, keys);
  await causeDrift(context, keys);
  await renameDefinition(context, keys);
  await removeDefinition(context);
  const whole = presenter.summary(t('summary'));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  presenter.line();
  presenter.narrate(t(whole ? 'allSeen' : 'notAllSeen', { seconds }));
  if (!whole) presenter.line(environment.bot.log.split('\n').slice(-15).join('\n'));
  return whole;
}

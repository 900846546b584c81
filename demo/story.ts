/** Both stories: at the front desk, from the form to the sign-in; then by Git, and what comes after. */
import type { Language } from '#base/i18n/message';
import * as desk from './desk-scenes.ts';
import type { DemoEnvironment } from './environment.ts';
import { addRedirectUri, causeDrift, removeDefinition, renameDefinition } from './later-scenes.ts';
import { demoTranslator } from './messages.ts';
import type { Presenter } from './presenter/presenter.ts';
import {
  applyFixes,
  approveAndMerge,
  openFaultyPullRequest,
  openHandoverPage,
  type StoryContext,
  showProvisioning,
  showReview,
  signInWithKeys,
} from './scenes.ts';

export interface StoryOptions {
  readonly environment: DemoEnvironment;
  readonly presenter: Presenter;
  readonly language: Language;
  /** What else is done between two scenes of either story: faults, restarts. */
  readonly hooks?: Partial<Record<StoryHook, (environment: DemoEnvironment) => Promise<void>>>;
}

/** The moments at which it may be done. */
export type StoryHook = 'beforeMerge' | 'afterMerge';

/** Runs them. Answers whether everything was observed that had to be. */
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
  presenter.part(t('partDesk'));
  await play(context, () => atTheDesk(context, hooks));
  presenter.part(t('partGit'));
  await play(context, () => byGit(context, hooks));
  const whole = presenter.summary(t('summary'));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  presenter.line();
  presenter.narrate(t(whole ? 'allSeen' : 'notAllSeen', { seconds }));
  if (!whole) presenter.line(environment.bot.log.split('\n').slice(-15).join('\n'));
  return whole;
}

/** A page that is not as it should be, where one cannot go on, is something that was not seen. */
async function play({ presenter, t }: StoryContext, story: () => Promise<void>): Promise<void> {
  try {
    await story();
  } catch (error) {
    presenter.observe(t('broken'), false, error instanceof Error ? error.message : String(error));
  }
}

type Hooks = NonNullable<StoryOptions['hooks']>;

/** Camille, who has no account at GitHub. */
async function atTheDesk(context: StoryContext, hooks: Hooks): Promise<void> {
  const { environment } = context;
  const visit = await desk.openDesk(context);
  await desk.fillInForm(context, visit);
  const pull = await desk.sendRequest(context, visit);
  if (pull === undefined) return;
  await desk.talk(context, visit, pull);
  await hooks.beforeMerge?.(environment);
  await desk.accept(context, pull);
  await hooks.afterMerge?.(environment);
  const keys = await desk.readKeys(context, visit);
  await desk.signInAtService(context, keys);
}

/** Sacha, who writes the definition. */
async function byGit(context: StoryContext, hooks: Hooks): Promise<void> {
  const { environment } = context;
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
}

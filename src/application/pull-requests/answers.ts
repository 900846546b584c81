/** How commands are answered where GitHub may not take the answer: a comment that is gone, a conversation that is locked. */
import type { ReviewDeps } from '#application/mirror/deps';
import { defaultSettings } from '#domain/registry/settings';
import { replyMarker } from '#domain/review/commands/replies';
import { reviewTranslator } from '#domain/review/render/messages';
import { type RepositoryClient, statusOf } from '#infrastructure/github/client/repository-client';
import { type Refusal, refusalStatus } from '#infrastructure/github/write/refusals';
import { addReaction, replyOnce } from '#infrastructure/github/write/replies';
import type { CommentFacts } from '#infrastructure/queue/job-kinds';
import { currentSettings } from './collect-facts.ts';

/** What answers need to be told of a refusal. */
interface AnswerDeps {
  readonly onRefusal?: (refusal: Refusal) => void;
}

/** A second before, since GitHub tells moments in whole seconds; undefined for what is no moment. */
export function momentBefore(moment: string | undefined): string | undefined {
  const at = Date.parse(moment ?? '');
  return Number.isNaN(at) ? undefined : new Date(at - 1000).toISOString();
}

/** @returns the status with which GitHub refuses something for good, if it does */
export async function isTaken(saying: Promise<void>): Promise<number | undefined> {
  try {
    await saying;
    return undefined;
  } catch (problem) {
    const status = refusalStatus(problem);
    if (status === undefined) throw problem;
    return status;
  }
}

/** An answer that GitHub does not take is told to the operator; what was asked for is done all the same. */
export async function answer({ onRefusal }: AnswerDeps, saying: Promise<void>): Promise<void> {
  const status = await isTaken(saying);
  if (status !== undefined) onRefusal?.({ what: 'answer', status });
}

/** A comment that was deleted meanwhile takes no reaction, and nobody looks for one. */
export async function react(
  deps: AnswerDeps,
  repository: RepositoryClient,
  { id }: CommentFacts,
  content: '+1' | 'confused',
): Promise<void> {
  const status = await isTaken(
    addReaction(repository, id, content).catch((problem: unknown) => {
      if (statusOf(problem) !== 404) throw problem;
    }),
  );
  if (status !== undefined) deps.onRefusal?.({ what: 'reaction', status });
}

/** Says, once, that a command failed for a reason of Greffier's own. What it says by that is never why nothing more is done. */
export async function sayFailed(
  deps: AnswerDeps & { readonly review: ReviewDeps },
  number: number,
  comment: CommentFacts,
  elsewhere?: RepositoryClient,
): Promise<void> {
  const { repository: registry, appId } = deps.review;
  const where = elsewhere ?? registry;
  const { language } = await currentSettings(deps.review).catch(() => defaultSettings);
  const t = reviewTranslator(language);
  const text = `${t('reply.to', { login: comment.author.login })}\n\n${t('reply.failed')}`;
  const marker = replyMarker(comment.id).replace(' -->', ':failed -->');
  try {
    await react(deps, where, comment, 'confused');
    await replyOnce(where, number, { marker, text }, appId, momentBefore(comment.createdAt));
  } catch {
    // What failed first is what there is to mend, and is thrown on.
  }
}

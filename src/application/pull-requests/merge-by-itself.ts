/**
 * Merges what the settings let be merged by itself: what was judged, into what it was judged against, and nothing else. What
 * GitHub does not let be merged yet is remembered, and tried again when another check of the commit has ended, and by sweeps.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import type { Log } from '#base/observability/logger';
import { mergesByItself } from '#domain/review/evaluate/merges-by-itself';
import { reviewTranslator } from '#domain/review/render/messages';
import { readRepository, resolveBranch } from '#infrastructure/github/read/repository';
import { mergePullRequest } from '#infrastructure/github/write/merging';
import { type Refusal, refusalStatus } from '#infrastructure/github/write/refusals';
import { replyOnce } from '#infrastructure/github/write/replies';
import type { RetryLater } from '#infrastructure/queue/job-kinds';
import type { ReviewOutcome } from './review-pull-request.ts';

/** Seconds after which a public service that was silent is asked again, where a merge waits for it. */
const silenceRetrySeconds = 600;

export async function mergeAutomatically(
  deps: ReviewDeps,
  outcome: ReviewOutcome,
  { log, onRefusal }: { readonly log: Log; readonly onRefusal: (refusal: Refusal) => void },
): Promise<RetryLater | undefined> {
  if (outcome.kind !== 'judged') return undefined;
  const { collected, pull } = outcome;
  const { facts, review, settings } = collected;
  if (!mergesByItself(review, facts, settings))
    return await deps.store.setMergeWaits(deps.repo, pull.number, undefined);
  if (review.unanswered)
    return { again: 'a public service does not answer', after: silenceRetrySeconds, wait: true };
  const { defaultBranch, mergeMethods } = await readRepository(deps.repository);
  // The commit of the pull request is given with the merge, which GitHub holds to it; into what, only a look can tell.
  const base = await resolveBranch(deps.repository, defaultBranch);
  if (base !== facts.pull.base) {
    await deps.mirror.at(deps.repository, base);
    return { again: 'the default branch moved before the merge', after: 1, wait: true };
  }
  const refusal = await mergePullRequest(deps.repository, pull.number, pull.head, mergeMethods);
  if (refusal === undefined) return undefined;
  const { kind, status, words } = refusal;
  log.info({ number: pull.number, kind, status, words }, 'not merged by itself');
  if (kind === 'moved')
    return { again: 'what was judged is not what there is any more', after: 5, wait: true };
  await deps.store.setMergeWaits(deps.repo, pull.number, pull.head);
  const t = reviewTranslator(settings.language);
  const reason = kind === 'other' ? t('merge.other', { words }) : t(`merge.${kind}`);
  const marker = `<!-- greffier:merge:${pull.head}:${kind} -->`;
  const text = t('merge.refused', { reason: { trusted: reason } });
  try {
    await replyOnce(deps.repository, pull.number, { marker, text }, deps.appId);
  } catch (problem) {
    const refused = refusalStatus(problem);
    if (refused === undefined) throw problem;
    onRefusal({ what: 'answer', status: refused });
  }
  return undefined;
}

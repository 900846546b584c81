/** The handlers of jobs about pull requests. */

import type { Kysely } from 'kysely';
import type { ProposedChange, ReviewDeps } from '#application/mirror/deps';
import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewStore } from '#application/mirror/review-store';
import type { Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import type { PlanFacts } from '#domain/review/facts/facts';
import { reviewTranslator } from '#domain/review/render/messages';
import type { Tables } from '#infrastructure/database/tables/queue';
import type { OctokitRequester } from '#infrastructure/github/client/repository-client';
import { mergePullRequest, replyOnce } from '#infrastructure/github/write/replies';
import type { Handlers, NewJob } from '#infrastructure/queue/job-kinds';
import type { JobQueue } from '#infrastructure/queue/job-queue';
import { rereviewAffected } from './rereview-affected.ts';
import { reviewMergeGroup } from './review-merge-group.ts';
import { type ReviewOutcome, reviewLogFields, reviewPullRequest } from './review-pull-request.ts';
import { type CommandDeps, runCommands } from './run-commands.ts';

/** What else a review can ask for, where it is configured. */
export interface ReviewExtensions {
  /** Asks public services about a definition. */
  readonly ask?: (entry: Entry) => Promise<OutsideAnswers>;
  /** What merging would do to the identity providers; remembers what was shown. */
  readonly plan?: (change: ProposedChange) => Promise<PlanFacts>;
  /** Commands that concern what happens after the merge. */
  readonly later?: CommandDeps['later'];
}

export interface ReviewHandlers {
  readonly handlers: Pick<Handlers, 'review' | 'command' | 'rejudge' | 'merge-group'>;
  /** Which head of each open pull request was judged last: a sweep asks for the others. */
  readonly judgedHeads: () => Promise<ReadonlyMap<number, string>>;
  /** The registry as the reviews know it; others may move it to a commit too. */
  readonly mirror: RegistryMirror;
  readonly store: ReviewStore;
}

/** The status with which GitHub refuses a merge, in words for people who know GitHub. */
const refusals: Readonly<Record<number, string>> = {
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  422: '422 Unprocessable Entity',
};

/** Merges what the settings let be merged by itself, at the very commit that was judged. */
async function mergeAutomatically(deps: ReviewDeps, outcome: ReviewOutcome): Promise<void> {
  if (outcome.kind !== 'judged') return;
  const { collected, pull } = outcome;
  const { review, settings } = collected;
  const inIntegration = review.files.every(({ place }) => place?.environment === 'integration');
  const ready = review.outcome === 'judged' && review.conclusion === 'success' && !pull.draft;
  if (!settings.automaticMerge.integration || !ready || !inIntegration) return;
  const status = await mergePullRequest(deps.repository, pull.number, pull.head);
  if (status === undefined) return;
  const t = reviewTranslator(settings.language);
  const marker = `<!-- greffier:merge:${pull.head} -->`;
  const text = t('merge.refused', { reason: refusals[status] ?? String(status) });
  await replyOnce(deps.repository, pull.number, { marker, text }, deps.appId);
}

export interface ReviewHandlersDeps {
  readonly db: Kysely<Tables>;
  readonly jobs: JobQueue;
  readonly log: Log;
  readonly metrics: Metrics;
  /** `owner/name` of the repository that is served, and the installation that gives access to it. */
  readonly registry: { readonly repo: string; readonly installation: number };
  readonly appId: number;
  /** Gives a client that may act in the registry. */
  readonly github: { installation(id: number): Promise<OctokitRequester> };
}

/** Puts the handlers together for the registry that is served. */
export function createReviewHandlers(
  context: ReviewHandlersDeps,
  seams: ReviewExtensions = {},
): ReviewHandlers {
  const { jobs, github, log, metrics, registry, appId } = context;
  const store = new ReviewStore(context.db);
  const mirror = new RegistryMirror(registry.repo, store);
  const [owner = '', repo = ''] = registry.repo.split('/');

  async function deps(): Promise<ReviewDeps> {
    const client = await github.installation(registry.installation);
    const { ask, plan } = seams;
    return {
      repo: registry.repo,
      repository: { client, owner, repo },
      appId,
      store: store,
      mirror,
      ...(ask === undefined ? {} : { lookUp: ask }),
      ...(plan === undefined ? {} : { preview: plan }),
    };
  }

  function reviews(numbers: readonly number[], again = false): NewJob[] {
    const place = { installation: registry.installation, repo: registry.repo };
    return numbers.map((number) => ({
      kind: 'review' as const,
      payload: { ...place, number, ...(again ? { again } : {}) },
    }));
  }

  return {
    store,
    mirror,
    judgedHeads: async () =>
      new Map((await store.openPulls(registry.repo)).map(({ number, head }) => [number, head])),
    handlers: {
      async review(job) {
        const here = await deps();
        const { number, again = false } = job.payload;
        const outcome = await reviewPullRequest(here, number, { again });
        if (outcome.kind === 'moving') return { again: outcome.why, after: outcome.after, wait: true };
        await jobs.enqueue(reviews(outcome.alsoReview), { request: job.request, since: job.since });
        if (outcome.kind === 'judged') {
          await jobs.enqueue(reviews(outcome.reclaim, true), { request: job.request, since: job.since });
          const { review } = outcome.collected;
          metrics.reviews.inc({ verdict: review.conclusion });
          metrics.verdictSeconds.observe(Math.max(0, Date.now() - +job.since) / 1000);
          log.info({ number, ...reviewLogFields(review) }, 'judged');
          await mergeAutomatically(here, outcome);
        }
        return undefined;
      },
      async command(job) {
        const { number, comment, repo: at } = job.payload;
        const check = (of: number) =>
          jobs.enqueue(reviews([of], true), { request: job.request, since: job.since });
        const { later } = seams;
        const commandSeams: CommandDeps = { requestReview: check, ...(later === undefined ? {} : { later }) };
        const here = await deps();
        const [otherOwner = '', otherName = ''] = at.split('/');
        const elsewhere =
          at.toLowerCase() === registry.repo.toLowerCase()
            ? undefined
            : { ...here.repository, owner: otherOwner, repo: otherName };
        return await runCommands(here, commandSeams, number, comment, elsewhere);
      },
      async rejudge(job) {
        const here = await deps();
        const { head } = job.payload;
        const ask = async (numbers: readonly number[]) =>
          jobs.enqueue(reviews(numbers, head !== undefined), { request: job.request, since: job.since });
        if (head === undefined) await rereviewAffected(here, ask);
        else {
          const open = await store.openPulls(registry.repo);
          await ask(open.filter((pull) => pull.head === head).map(({ number }) => number));
        }
        return undefined;
      },
      async 'merge-group'(job) {
        const why = await reviewMergeGroup(await deps(), job.payload.head, job.payload.base);
        return why === undefined ? undefined : { again: why, after: 2, wait: true };
      },
    },
  };
}

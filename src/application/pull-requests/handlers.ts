/** The jobs of this room, as the worker runs them. */

import type { Kysely } from 'kysely';
import type { ProposedChange, ReviewRoom } from '#application/mirror/deps';
import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewMemory } from '#application/mirror/review-store';
import type { Log } from '#base/observability/logger';
import type { Measures } from '#base/observability/metrics';
import type { Answers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import type { PlanFacts } from '#domain/review/facts/facts';
import { speakerOf } from '#domain/review/render/messages';
import type { Tables } from '#infrastructure/database/tables/queue';
import type { Requester } from '#infrastructure/github/client/repository-client';
import { answer, mergeAt } from '#infrastructure/github/write/replies';
import type { Handlers, NewJob } from '#infrastructure/queue/job-kinds';
import type { Jobs } from '#infrastructure/queue/job-queue';
import { followDefaultBranch } from './rereview-affected.ts';
import { judgeGroup } from './review-merge-group.ts';
import { outline, type ReviewOutcome, reviewPull } from './review-pull-request.ts';
import { type CommandSeams, obeyComment } from './run-commands.ts';

/** What others know, and this room asks of them. */
export interface ReviewSeams {
  /** Asks public services about a definition. */
  readonly ask?: (entry: Entry) => Promise<Answers>;
  /** What merging would do to the identity providers; remembers what was shown. */
  readonly plan?: (change: ProposedChange) => Promise<PlanFacts>;
  /** Commands that concern what happens after the merge. */
  readonly later?: CommandSeams['later'];
}

export interface ReviewWorkshop {
  readonly handlers: Pick<Handlers, 'review' | 'command' | 'rejudge' | 'merge-group'>;
  /** Which head of each open pull request was judged last: a sweep asks for the others. */
  readonly judgedHeads: () => Promise<ReadonlyMap<number, string>>;
  /** The registry as the reviews know it; others may move it to a commit too. */
  readonly mirror: RegistryMirror;
  readonly memory: ReviewMemory;
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
async function mergeByItself(room: ReviewRoom, outcome: ReviewOutcome): Promise<void> {
  if (outcome.kind !== 'judged') return;
  const { gathered, pull } = outcome;
  const { review, settings } = gathered;
  const inIntegration = review.subjects.every(({ place }) => place?.environment === 'integration');
  const ready = review.outcome === 'judged' && review.conclusion === 'success' && !pull.draft;
  if (!settings.automaticMerge.integration || !ready || !inIntegration) return;
  const status = await mergeAt(room.gate, pull.number, pull.head);
  if (status === undefined) return;
  const speak = speakerOf(settings.language);
  const marker = `<!-- greffier:merge:${pull.head} -->`;
  const text = speak('merge.refused', { reason: refusals[status] ?? String(status) });
  await answer(room.gate, pull.number, { marker, text }, room.appId);
}

export interface ReviewHandlersDeps {
  readonly db: Kysely<Tables>;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly measures: Measures;
  /** `owner/name` of the repository that is served, and the installation that gives access to it. */
  readonly registry: { readonly repo: string; readonly installation: number };
  readonly appId: number;
  /** Gives a client that may act in the registry. */
  readonly github: { installation(id: number): Promise<Requester> };
}

/** Puts the handlers together for the registry that is served. */
export function openReviewWorkshop(context: ReviewHandlersDeps, seams: ReviewSeams = {}): ReviewWorkshop {
  const { jobs, github, log, measures, registry, appId } = context;
  const memory = new ReviewMemory(context.db);
  const mirror = new RegistryMirror(registry.repo, memory);
  const [owner = '', repo = ''] = registry.repo.split('/');

  async function room(): Promise<ReviewRoom> {
    const client = await github.installation(registry.installation);
    const { ask, plan } = seams;
    return {
      repo: registry.repo,
      gate: { client, owner, repo },
      appId,
      memory,
      mirror,
      ...(ask === undefined ? {} : { ask }),
      ...(plan === undefined ? {} : { plan }),
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
    memory,
    mirror,
    judgedHeads: async () =>
      new Map((await memory.openPulls(registry.repo)).map(({ number, head }) => [number, head])),
    handlers: {
      async review(job) {
        const here = await room();
        const { number, again = false } = job.payload;
        const outcome = await reviewPull(here, number, { again });
        if (outcome.kind === 'moving') return { again: outcome.why, after: outcome.after, wait: true };
        await jobs.enqueue(reviews(outcome.alsoReview), { request: job.request, since: job.since });
        if (outcome.kind === 'judged') {
          await jobs.enqueue(reviews(outcome.reclaim, true), { request: job.request, since: job.since });
          const { review } = outcome.gathered;
          measures.reviews.inc({ verdict: review.conclusion });
          measures.verdictSeconds.observe(Math.max(0, Date.now() - +job.since) / 1000);
          log.info({ number, ...outline(review) }, 'judged');
          await mergeByItself(here, outcome);
        }
        return undefined;
      },
      async command(job) {
        const { number, comment, repo: at } = job.payload;
        const check = (of: number) =>
          jobs.enqueue(reviews([of], true), { request: job.request, since: job.since });
        const { later } = seams;
        const commandSeams: CommandSeams = { check, ...(later === undefined ? {} : { later }) };
        const here = await room();
        const [otherOwner = '', otherName = ''] = at.split('/');
        const elsewhere =
          at.toLowerCase() === registry.repo.toLowerCase()
            ? undefined
            : { ...here.gate, owner: otherOwner, repo: otherName };
        return await obeyComment(here, commandSeams, number, comment, elsewhere);
      },
      async rejudge(job) {
        const here = await room();
        const { head } = job.payload;
        const ask = async (numbers: readonly number[]) =>
          jobs.enqueue(reviews(numbers, head !== undefined), { request: job.request, since: job.since });
        if (head === undefined) await followDefaultBranch(here, ask);
        else {
          const open = await memory.openPulls(registry.repo);
          await ask(open.filter((pull) => pull.head === head).map(({ number }) => number));
        }
        return undefined;
      },
      async 'merge-group'(job) {
        const why = await judgeGroup(await room(), job.payload.head, job.payload.base);
        return why === undefined ? undefined : { again: why, after: 2, wait: true };
      },
    },
  };
}

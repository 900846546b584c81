/** The handlers of jobs about pull requests. */

import type { ReviewDeps } from '#application/mirror/deps';
import type { RunKeep } from '#application/recertification/keep';
import type { RunProvisioningCommand } from '#application/reconciliation/operator-commands';
import { writingUnder } from '#application/writing-under';
import { defined } from '#base/defined';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { Review } from '#domain/review/evaluate/evaluate';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import type { Refusal } from '#infrastructure/github/write/refusals';
import type { Handlers } from '#infrastructure/queue/job-kinds';
import type { JobQueue } from '#infrastructure/queue/job-queue';
import type { Lease } from '#infrastructure/queue/lease';
import { sayFailed } from './answers.ts';
import { askReviewers } from './ask-reviewers.ts';
import { isOfLongAgo } from './command-results.ts';
import { removeEndedBranches } from './ended-proposals.ts';
import { isFault } from './fault.ts';
import { mergeAutomatically } from './merge-by-itself.ts';
import type { ReadAhead } from './read-ahead.ts';
import { rereviewAffected } from './rereview-affected.ts';
import { reviewMergeGroup } from './review-merge-group.ts';
import { reviewLogFields, reviewPullRequest } from './review-pull-request.ts';
import { runCommands } from './run-commands.ts';

/** Milliseconds that a verdict waits for GitHub's test merge, before it says that there is none. */
const testMergePatience = 60_000;

/** Seconds: a queue waits an hour for its checks unless it is told otherwise, and takes a group away without a word. */
const mergeGroupPatience = 3600;

export interface ReviewHandlersDeps {
  readonly review: Omit<ReviewDeps, 'ahead'>;
  /** What was read before a review had its turn. Absent: nothing is. */
  readonly ahead?: ReadAhead;
  readonly jobs: JobQueue;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The installation that gives access to the registry. */
  readonly installation: number;
  /** The way to another repository, by its name and number. */
  readonly repositoryNumbered: (name: string, id: string) => RepositoryClient;
  /** What provisioning does, under the lease of a job. Absent: nothing is provisioned. */
  readonly provisioning?: (lease: Lease) => {
    readonly clientsOf: NonNullable<ReviewDeps['clientsOf']>;
    readonly runProvisioningCommand: RunProvisioningCommand;
    readonly runKeep: RunKeep;
  };
  /** Told of every verdict, under the lease of its job. */
  readonly onJudged?: (lease: Lease, number: number, head: string, review: Review) => Promise<void>;
}

export type ReviewHandlers = Pick<Handlers, 'review' | 'command' | 'rejudge' | 'merge-group'>;

export function createReviewHandlers(deps: ReviewHandlersDeps): ReviewHandlers {
  const { review, ahead, provisioning, jobs, log, metrics, installation, repositoryNumbered, onJudged } =
    deps;
  const shared: ReviewDeps = defined({ ...review, ahead });
  const { repo, repository, store } = shared;
  /** A verdict is worked out once more where a power cut took it; what a command has done is not. */
  const reviewUnder = (lease: Lease, database = lease.unflushed): ReviewDeps => {
    const under = provisioning?.(lease);
    const fenced = { store: store.under(database), repository: writingUnder(lease, repository) };
    return { ...shared, ...fenced, ...defined({ clientsOf: under?.clientsOf }) };
  };

  /** What GitHub refuses for good is told to the operator, once for each content. */
  const onRefusal =
    (fields: Readonly<Record<string, unknown>>) =>
    (refusal: Refusal): void => {
      metrics.refused.inc({ kind: refusal.what });
      log.error(
        { ...fields, ...refusal },
        'GitHub refuses to have this said; it is not tried again as it is',
      );
    };
  /** A fault of Greffier's own, which rings (`GreffierUnjudged`). The job is tried a few times more, and given up. */
  function tellFault(kind: 'review' | 'merge-group' | 'command', problem: unknown, fields: object): void {
    if (!isFault(problem)) return;
    metrics.unjudged.inc({ kind });
    log.error({ ...fields, ...errorFields(problem) }, 'could not be judged');
  }
  function tellUnjudgedFiles(review: Review, fields: object): void {
    for (const { rule, path, message } of [
      ...review.files.flatMap(({ findings }) => findings),
      ...review.general,
    ]) {
      if (rule !== 'file/unjudged') continue;
      metrics.unjudged.inc({ kind: 'file' });
      log.error({ ...fields, path, ...message.values }, 'a definition could not be judged');
    }
  }

  /** @param again writes the check even when it says the same */
  async function enqueueReviews(
    numbers: readonly number[],
    cause: { readonly request: string; readonly since: Date; readonly sender?: string },
    again = false,
  ): Promise<void> {
    const reviews = numbers.map((number) => ({
      kind: 'review' as const,
      payload: { installation, repo, number, ...(again && { again }) },
    }));
    const { request, since, sender } = cause;
    await jobs.enqueue(reviews, { request, since, ...defined({ sender }) });
  }

  return {
    async review(job, lease) {
      const reviewDeps = reviewUnder(lease);
      const { number, again = false } = job.payload;
      const review = () =>
        reviewPullRequest(reviewDeps, number, {
          again,
          mayWait: Date.now() - +job.since < testMergePatience,
          attempt: job.attempt,
          onRefusal: onRefusal({ number }),
        });
      const outcome = await (ahead?.during(number, job.request, review) ?? review()).catch(
        (problem: unknown) => {
          tellFault('review', problem, { number });
          throw problem;
        },
      );
      if (outcome.kind === 'moving') return { again: outcome.why, after: outcome.after, wait: true };
      await enqueueReviews(outcome.alsoReview, job);
      await enqueueReviews(outcome.reclaim, job, true);
      if (outcome.kind === 'judged') {
        const { review } = outcome.collected;
        metrics.reviews.inc({ verdict: review.conclusion });
        metrics.verdictSeconds.observe(Math.max(0, Date.now() - +job.since) / 1000);
        log.info({ number, ...reviewLogFields(review) }, 'judged');
        tellUnjudgedFiles(review, { number });
        await onJudged?.(lease, number, outcome.pull.head, review);
        await lease.hold();
        await askReviewers(reviewDeps, outcome, {
          log,
          metrics,
          onRefusal: onRefusal({ number }),
          now: Date.now(),
        });
        return await mergeAutomatically(reviewDeps, outcome, { log, onRefusal: onRefusal({ number }) });
      }
      return undefined;
    },
    async command(job, lease) {
      const { number, comment, repo: at, requests } = job.payload;
      if (isOfLongAgo(comment, job.since)) {
        log.warn({ number, comment: comment.id }, 'a command of long ago is not done');
        return undefined;
      }
      const numbered =
        requests === undefined ? undefined : { ...repositoryNumbered(at, requests), id: requests };
      // From before numbers were kept: which repository it stood in, nobody can say any more.
      if (numbered === undefined && at.toLowerCase() !== repo.toLowerCase()) return undefined;
      const elsewhere = numbered && { ...writingUnder(lease, numbered), id: numbered.id };
      const provisions = provisioning?.(lease);
      const commandDeps = defined({
        review: reviewUnder(lease, lease.database),
        requestReview: (of: number) => enqueueReviews([of], job, true),
        runProvisioningCommand: provisions?.runProvisioningCommand,
        runKeep: provisions?.runKeep,
        onRefusal: onRefusal({ number, comment: comment.id }),
      });
      try {
        return await runCommands(commandDeps, number, comment, elsewhere);
      } catch (problem) {
        tellFault('command', problem, { number, comment: comment.id });
        if (isFault(problem)) await sayFailed(commandDeps, number, comment, elsewhere);
        throw problem;
      }
    },
    async rejudge(job, lease) {
      const { head, merging = false } = job.payload;
      if (head === undefined) {
        await rereviewAffected(shared, (numbers) => enqueueReviews(numbers, job));
        // After each move of the default branch, a merge among them, and in each sweep.
        await removeEndedBranches(reviewUnder(lease));
      } else {
        const open = await store.openPulls(repo);
        const ofCommit = open.filter((pull) => pull.head === head && (!merging || pull.mergeWaits === head));
        await enqueueReviews(
          ofCommit.map(({ number }) => number),
          job,
          !merging,
        );
      }
      return undefined;
    },
    async 'merge-group'(job, lease) {
      const { head, base } = job.payload;
      const reason = await reviewMergeGroup(reviewUnder(lease), head, base, {
        attempt: job.attempt,
        onRefusal: onRefusal({ head }),
        onReview: (review) => tellUnjudgedFiles(review, { head }),
      }).catch((problem: unknown) => {
        tellFault('merge-group', problem, { head });
        throw problem;
      });
      if (reason === undefined) return undefined;
      const age = (Date.now() - +job.since) / 1000;
      if (age < mergeGroupPatience) return { again: reason, after: Math.max(2, age / 10), wait: true };
      log.warn({ head: job.payload.head, reason }, 'merge group given up');
      return undefined;
    },
  };
}

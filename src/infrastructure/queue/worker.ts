/** Does the work that waits in the queue, some at a time, until it is told to stop. */

import { LeaseLost } from '#base/lease-lost';
import { withLogContext } from '#base/observability/log-context';
import { errorFields, type Log, redactedText } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { CallBudget } from './call-budget.ts';
import type { Handlers, Job, RetryLater } from './job-kinds.ts';
import type { JobQueue } from './job-queue.ts';
import type { LeasedJob } from './job-rows.ts';
import { type Lease, leaseSeconds } from './lease.ts';
import { backOffSeconds, classifyError, maxAttempts, secondsBeforeRetry } from './retry-policy.ts';

export interface WorkerOptions {
  readonly jobs: JobQueue;
  readonly handlers: Handlers;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How many jobs run at the same time. */
  readonly concurrency: number;
  /** No other process can be at work on this store. */
  readonly alone: boolean;
  /** Milliseconds between looks at the queue for work whose moment has come; a second when undefined. */
  readonly pollIntervalMs?: number;
  /** Milliseconds between renewals of what this process holds; a third of a lease when undefined. */
  readonly renewIntervalMs?: number;
  /** Of whose work it is told what it costs. Absent: nobody waits for others. */
  readonly budget?: CallBudget;
  /** Called when GitHub or another asks an installation to slow down. */
  readonly onLimit?: (installation: number, seconds: number, reason: string) => Promise<void>;
  /** Called once for each job that is given up. */
  readonly onGivenUp?: (job: Job, error: string) => void;
}

export interface Worker {
  /**
   * Takes no more work, and waits for what runs: at most `milliseconds`, after which it is interrupted and put back.
   */
  stop(milliseconds: number): Promise<void>;
}

/**
 * Milliseconds between looks at the queue, for work whose moment has come. Of new work one is told at once: by
 * `JobQueue.onWork` what this process put there, by the store's notifications what others did.
 */
const defaultPollIntervalMs = 1_000;
/** Milliseconds between renewals of what this process holds: three in the length of a lease. */
const defaultRenewIntervalMs = (leaseSeconds * 1000) / 3;

interface RunningJob {
  readonly leased: LeasedJob;
  readonly interruption: AbortController;
  readonly end: Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { jobs, log } = options;
  const running = new Map<string, RunningJob>();
  /** Those whose handler has ended: what is left is to keep the outcome in the store. */
  const settling = new Set<string>();
  let stopping = false;
  /** The time for a stop is over, too: what was still being claimed is not begun any more. */
  let isLate = false;
  let looking: Promise<void> | undefined;
  let again = false;

  if (options.alone) for (const lost of await jobs.reclaimExpired(true)) givenUp(options, lost.job, 'lost');

  /** Fills the free places. Calls while it runs make it look once more. */
  function poll(): void {
    again = true;
    looking ??= look().finally(() => {
      looking = undefined;
      // Told of some in between, nobody would look until the next time.
      if (again && !stopping) poll();
    });
  }

  async function look(): Promise<void> {
    try {
      while (again && !stopping) {
        again = false;
        while (!stopping && running.size < options.concurrency) {
          const claimed = await jobs.claim();
          if (claimed === undefined) break;
          if (isLate) await putBack(claimed);
          else start(claimed);
          // Of whatever comes from now on, or becomes free, one is told.
          if (!claimed.more) break;
        }
      }
    } catch (error) {
      log.error(errorFields(error), 'the queue cannot be read');
    }
  }

  function start(claimed: LeasedJob): void {
    const interruption = new AbortController();
    const { request, id: job, kind } = claimed.job;
    const end = withLogContext({ request, job, kind }, () =>
      runJob(options, claimed, jobs.leaseOf(claimed, interruption.signal), () => settling.add(claimed.claim)),
    )
      .catch((error: unknown) => {
        // The store did not take the outcome: the lease ends by itself, and the job is done again.
        log.error({ job: claimed.job.id, ...errorFields(error) }, 'the outcome of a job could not be kept');
      })
      .finally(() => {
        running.delete(claimed.claim);
        settling.delete(claimed.claim);
        poll();
      });
    running.set(claimed.claim, { leased: claimed, interruption, end });
  }

  /** For another process. Where the store does not take it, the lease ends by itself. */
  async function putBack(claimed: LeasedJob): Promise<void> {
    try {
      await jobs.reschedule(claimed, 0, 'interrupted by a stop', false);
    } catch (error) {
      log.error({ job: claimed.job.id, ...errorFields(error) }, 'a job could not be put back');
    }
  }

  async function renew(): Promise<void> {
    try {
      // What begins or ends while the store answers is not in its answer, and is not lost for that.
      const asked = new Map(running);
      const held = await jobs.renew([...asked.keys()]);
      for (const [claim, { interruption, leased: claimed }] of asked) {
        if (held.has(claim) || interruption.signal.aborted || settling.has(claim) || !running.has(claim))
          continue;
        log.warn({ job: claimed.job.id, kind: claimed.job.kind }, 'a job was taken over by another process');
        options.metrics.jobs.inc({ kind: claimed.job.kind, outcome: 'lost' });
        interruption.abort(new Error('taken over by another process'));
      }
      for (const lost of await jobs.reclaimExpired()) givenUp(options, lost.job, 'its process vanished');
    } catch (error) {
      log.error(errorFields(error), 'the claims cannot be renewed');
    }
  }

  const looks = setInterval(() => poll(), options.pollIntervalMs ?? defaultPollIntervalMs);
  const renewals = setInterval(() => void renew(), options.renewIntervalMs ?? defaultRenewIntervalMs);
  const quiet = jobs.onWork(() => poll());
  poll();

  return {
    async stop(milliseconds) {
      stopping = true;
      clearInterval(looks);
      quiet();
      // What is being claimed at this moment is begun, too.
      const all = Promise.resolve(looking).then(() =>
        Promise.all(Array.from(running.values(), ({ end }) => end)),
      );
      const { promise: late, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(() => resolve('late'), milliseconds);
      if ((await Promise.race([all, late])) === 'late') {
        isLate = true;
        const left = [...running.values()];
        for (const { interruption } of left) interruption.abort(new Error('the process stops'));
        await Promise.all(left.map(({ leased: claimed }) => putBack(claimed)));
      }
      clearTimeout(timer);
      clearInterval(renewals);
    },
  };
}

/** One try of one job, and what becomes of it. `ended` is called once the handler has, before the outcome is kept. */
async function runJob(
  options: WorkerOptions,
  claimed: LeasedJob,
  lease: Lease,
  ended: () => void,
): Promise<void> {
  const { job } = claimed;
  const { log, budget } = options;
  const wait = budget?.wait(job, claimed.installation, Date.now());
  if (wait !== undefined) {
    ended();
    await options.jobs.reschedule(
      claimed,
      wait,
      'whoever caused it had their share of GitHub’s calls',
      false,
    );
    options.metrics.jobs.inc({ kind: job.kind, outcome: 'again' });
    log.warn({ sender: job.sender, after: wait }, 'an account has had its share of the calls of the hour');
    return;
  }
  const timed = options.metrics.jobSeconds.startTimer({ kind: job.kind });
  let outcome: RetryLater | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    // Which kind a job is, is only known when it comes: that its handler takes it follows from `Handlers`.
    const handler = options.handlers[job.kind] as (job: Job, lease: Lease) => Promise<RetryLater | undefined>;
    outcome = await (budget === undefined
      ? handler(job, lease)
      : budget.during(job, () => handler(job, lease)));
  } catch (error) {
    thrown = { error };
  }
  timed();
  if (lease.signal.aborted) return;
  ended();
  const count = (result: string): void => options.metrics.jobs.inc({ kind: job.kind, outcome: result });

  if (thrown?.error instanceof LeaseLost) {
    count('lost');
    log.warn({ job: job.id, kind: job.kind }, 'a job was taken over by another process');
    return;
  }

  if (thrown !== undefined) {
    await afterError(options, claimed, thrown.error, log, count);
  } else if (outcome === undefined) {
    const kept = await options.jobs.complete(claimed);
    count(kept ? 'done' : 'lost');
    log.info({ attempt: job.attempt }, 'done');
  } else if (outcome.wait === true || job.attempt < maxAttempts.outage) {
    const after = outcome.after ?? backOffSeconds(job.attempt, Math.random());
    await options.jobs.reschedule(claimed, after, redactedText(outcome.again), outcome.wait !== true);
    count('again');
    log.info({ attempt: job.attempt, after, reason: redactedText(outcome.again) }, 'again later');
  } else {
    await giveUp(options, claimed, redactedText(outcome.again));
    count('given-up');
  }
}

async function afterError(
  options: WorkerOptions,
  claimed: LeasedJob,
  error: unknown,
  log: Log,
  count: (result: string) => void,
): Promise<void> {
  const { job, installation } = claimed;
  const decision = classifyError(error, Date.now());
  const text = redactedText(error);
  if (decision.cause === 'limit' && installation !== undefined && decision.after !== undefined)
    await options.onLimit?.(installation, decision.after, text);
  if (job.attempt >= maxAttempts[decision.cause]) {
    await giveUp(options, claimed, text);
    count('given-up');
    return;
  }
  const after = secondsBeforeRetry(decision, job.attempt, Math.random());
  await options.jobs.reschedule(claimed, after, text, decision.cause !== 'limit');
  count('again');
  log.warn(
    { attempt: job.attempt, after, cause: decision.cause, ...errorFields(error) },
    'failed, again later',
  );
}

async function giveUp(options: WorkerOptions, claimed: LeasedJob, error: string): Promise<void> {
  if (await options.jobs.giveUp(claimed, error)) givenUp(options, claimed.job, error);
}

function givenUp(options: WorkerOptions, job: Job, error: string): void {
  options.log.error(
    { request: job.request, job: job.id, kind: job.kind, error },
    'given up: greffier jobs show',
  );
  options.onGivenUp?.(job, error);
}

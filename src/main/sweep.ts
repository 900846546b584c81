/** Looks for whatever was missed: deliveries, verdicts, merges, drift. One at a time over all processes. */

import { forgetBlobs } from '#application/mirror/kept-blobs';
import type { ReviewStore } from '#application/mirror/review-store';
import { dueReminders } from '#application/pull-requests/ask-reviewers';
import { forgetDoneCommands } from '#application/pull-requests/command-results';
import { redeliverMissed } from '#application/redelivery/redelivery';
import { errorFields } from '#base/observability/logger';
import { readTimestamp, writeTimestamp } from '#infrastructure/database/timestamps';
import { openPullRequestsOf } from '#infrastructure/github/client/pagination';
import { repositoryClient, statusOf } from '#infrastructure/github/client/repository-client';
import { Inbox } from '#infrastructure/queue/inbox';
import type { Job, NewJob, RetryLater } from '#infrastructure/queue/job-kinds';
import type { ServiceContext } from './context.ts';

const lastSweep = 'sweep';
/** Days for which a delivery's id is remembered: GitHub sends again for three. */
const rememberedDays = 7;

export async function sweep(
  context: ServiceContext,
  job: Job<'sweep'>,
  reviews: Pick<ReviewStore, 'openPulls'>,
): Promise<RetryLater | undefined> {
  const { store, jobs, github, registry, log } = context;
  const place = { installation: registry.installation, repo: registry.registry };
  const begun = new Date();
  const last = await readTimestamp(store.db, lastSweep);
  const follow = { request: job.request, news: false };

  // What is found by level comes first: it does not need the list of deliveries.
  await jobs.enqueue(sweptAlways(place), follow);
  const known = new Map(
    (await reviews.openPulls(registry.registry)).map((pull) => [pull.number, pull] as const),
  );
  const reminders = await dueReminders(store.db, registry.registry, +begun);
  const open = await listOpenPullRequests(context);
  const unjudged = open.filter(({ number, head }) => {
    const pull = known.get(number);
    return pull?.head !== head || pull.mergeWaits === head || reminders.has(number);
  });
  // Closed while nobody listened: it claims nothing any more, and is forgotten in its time.
  const closed = [...known.keys()].filter((number) => !open.some((pull) => pull.number === number));
  await jobs.enqueue(
    [...unjudged.map(({ number }) => number), ...closed].map((number) => ({
      kind: 'review' as const,
      payload: { ...place, number },
    })),
    follow,
  );

  let redelivered = 0;
  try {
    redelivered = await redeliverMissed(await github.app(), store.db, last, begun);
  } catch (error) {
    // Not every server that speaks GitHub's protocol keeps a list of deliveries.
    if (statusOf(error) !== 404) throw error;
    log.debug(errorFields(error), 'no list of deliveries');
  }
  await new Inbox(store.db, jobs).forget(rememberedDays);
  await forgetDoneCommands(store.db);
  const forgotten = await forgetBlobs(store.db, context.configuration.forgetAfter);
  await writeTimestamp(store.db, lastSweep, begun);
  log.info({ unjudged: unjudged.length, redelivered, forgotten }, 'swept');
  return undefined;
}

/** What each sweep asks for, whatever it finds. @param place the registry */
export function sweptAlways(place: {
  readonly installation: number;
  readonly repo: string;
}): readonly NewJob[] {
  return [
    { kind: 'reconcile', payload: { ...place, sweep: true } },
    { kind: 'rejudge', payload: place },
    { kind: 'live-checks', payload: place },
  ];
}

/** Every open pull request of the registry, the one that changed last first. */
async function listOpenPullRequests(
  context: ServiceContext,
): Promise<readonly { readonly number: number; readonly head: string }[]> {
  const { installation, name, id } = context.registry;
  const repository = repositoryClient(await context.github.installation(installation), name, id);
  const pulls: { number: number; head: string }[] = [];
  for await (const { number, head } of openPullRequestsOf(repository)) pulls.push({ number, head: head.sha });
  return pulls;
}

/** Whether none began lately, in whatever process: some slack, since timers drift. */
export async function isSweepDue({ store, configuration }: ServiceContext): Promise<boolean> {
  const last = await readTimestamp(store.db, lastSweep);
  return last === undefined || Date.now() - +last >= configuration.sweep * 900;
}

/**
 * Milliseconds between two looks whether one is due. Of sweeps that are days apart, one a day: no timer counts further than
 * 24.8 days, and Node takes what is longer for a millisecond.
 *
 * @param sweep seconds between two sweeps
 */
export function msBetweenLooks(sweep: number): number {
  return Math.min(sweep, 86_400) * 1000;
}

/** Jobs as rows of the store, and back. */
import { type InsertObject, type Selectable, sql } from 'kysely';
import { inSeconds, least, now } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import type { JobsTable } from '#infrastructure/database/tables/queue';
import { type Job, type JobKind, jobOptions, type NewJob } from './job-kinds.ts';

/** A job, what asked for it, and when. */
export interface WantedJob {
  readonly job: NewJob;
  readonly request: string;
  readonly since: Date;
}

/** By key: the last of each, as old as the oldest. */
export function coalesced(wanted: readonly WantedJob[]): ReadonlyMap<string, WantedJob> {
  const byKey = new Map<string, WantedJob>();
  for (const one of wanted) {
    const { dedupKey: key } = jobOptions(one.job);
    const before = byKey.get(key);
    byKey.set(key, before !== undefined && before.since < one.since ? { ...one, since: before.since } : one);
  }
  return byKey;
}

export type JobRow = Selectable<JobsTable>;

/** A job and the proof that it is ours to settle. */
export interface LeasedJob {
  readonly job: Job;
  readonly lease: string;
  readonly dedupKey: string;
  readonly installation: number | undefined;
  readonly losses: number;
}

/** What newer work changes in the work of its key that waits: it is as old as the older, and due as soon as the sooner. */
export const takesPlace = {
  payload: sql<string>`excluded.payload`,
  request: sql<string>`excluded.request`,
  ready_at: least<Date>(sql`jobs.ready_at`, sql`excluded.ready_at`),
  since: least<Date>(sql`jobs.since`, sql`excluded.since`),
  attempts: 0,
  losses: 0,
  updated_at: now,
};

/** @param after seconds to wait before it may start */
export function rowOf(
  { job, request, since }: WantedJob,
  after: number,
): InsertObject<Tables, 'jobs'> & { readonly key: string } {
  const { serialKey, dedupKey, priority, installation } = jobOptions(job);
  return {
    kind: job.kind,
    lane: serialKey,
    key: dedupKey,
    payload: storableJson(job.payload),
    state: 'waiting',
    priority,
    installation,
    request,
    since,
    ready_at: inSeconds(after),
  };
}

export function leasedJobOf(row: JobRow): LeasedJob {
  return {
    // The queue holds what `enqueue` was given, whose types tie the payload to its kind.
    job: {
      id: row.id,
      kind: row.kind as JobKind,
      payload: row.payload as Job['payload'],
      request: row.request,
      since: row.since,
      attempt: row.attempts + 1,
    },
    lease: row.claim ?? '',
    dedupKey: row.key,
    installation: row.installation ?? undefined,
    losses: row.losses,
  };
}

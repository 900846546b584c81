/** Jobs as rows of the store, and back. */
import type { Selectable } from 'kysely';
import type { JobsTable } from '#infrastructure/database/tables/queue';
import { type Job, type JobKind, jobOptions, type NewJob } from './job-kinds.ts';

/** A job, what asked for it, and when. */
export interface WantedJob {
  readonly job: NewJob;
  readonly request: string;
  readonly since: Date;
  /** The account whose doing it is, as GitHub numbers it, or the person at the desk; nobody's when absent. */
  readonly sender?: string;
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

/** A job that is ours to settle. */
export interface LeasedJob {
  readonly job: Job;
  /** The proof of it, drawn anew each time that the job is taken. */
  readonly claim: string;
  readonly dedupKey: string;
  readonly installation: number | undefined;
  readonly losses: number;
}

export function rowOf({ job, request, since, sender = '' }: WantedJob) {
  const { serialKey: lane, dedupKey: key, priority, installation } = jobOptions(job);
  const { kind, payload } = job;
  return { kind, lane, key, payload, priority, installation, request, since: since.toISOString(), sender };
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
      ...(row.sender !== '' && { sender: row.sender }),
      attempt: row.attempts + 1,
    },
    claim: row.claim ?? '',
    dedupKey: row.key,
    installation: row.installation ?? undefined,
    losses: row.losses,
  };
}

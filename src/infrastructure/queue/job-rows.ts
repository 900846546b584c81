/** Jobs as rows of the store, and back. */
import { type Selectable, sql } from 'kysely';
import { least, now } from '#infrastructure/database/per-engine';
import type { JobsTable } from '#infrastructure/database/tables/queue';
import { type Job, type JobKind, jobOptions, type NewJob, sharedKinds } from './job-kinds.ts';

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

/** A job and the proof that it is ours to settle. */
export interface LeasedJob {
  readonly job: Job;
  readonly lease: string;
  readonly dedupKey: string;
  readonly installation: number | undefined;
  readonly losses: number;
}

/**
 * What newer work changes in the work of its key that waits: it is as old as the older, due as soon as the sooner, and at
 * the turn of whichever of those who caused it comes first.
 */
export const takesPlace = sql`do update set
  sender = case when excluded.turn < jobs.turn then excluded.sender else jobs.sender end,
  turn = ${least('jobs.turn', 'excluded.turn')}, payload = excluded.payload, request = excluded.request,
  ready_at = ${least('jobs.ready_at', 'excluded.ready_at')}, since = ${least('jobs.since', 'excluded.since')},
  attempts = 0, losses = 0, updated_at = ${now}`;

/** What a job is put in the queue as. */
export const jobColumns = {
  kind: 'text',
  lane: 'text',
  key: 'text',
  payload: 'jsonb',
  priority: 'integer',
  installation: 'bigint',
  request: 'text',
  since: 'timestamptz',
  sender: 'text',
} as const;

const shared = sql.join(sharedKinds.map((kind) => sql.lit(kind)));

/** The turn of whoever is next now, as a table named `next` of one row; limited, so that it is found out once. */
export const nextTurn = sql`(select coalesce(
  (select min(turn) from jobs where state = 'waiting' and ready_at <= ${now}),
  (select max(turn) from jobs where state = 'running'), 0) as turn limit 1) as next`;

/**
 * The turn of a row of `each`: that of `next`, and for what people may cause without end the one after what they wait for
 * already. So that nobody waits for more than one job of each of the others.
 */
export const turn = sql`case when each.kind in (${shared}) then
    coalesce(
      (select max(turn) + 1 from jobs own
        where own.sender = each.sender and own.state = 'waiting' and own.turn >= next.turn), next.turn)
      + row_number() over (partition by each.sender, each.kind in (${shared}) order by each.since, each.key) - 1
  else next.turn end`;

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
    lease: row.claim ?? '',
    dedupKey: row.key,
    installation: row.installation ?? undefined,
    losses: row.losses,
  };
}

/** How jobs get into the queue: where they find their turn, and take the place of what waits. */
import { type RawBuilder, sql } from 'kysely';
import { inSeconds, least, now, rowsOf, tellingOthers } from '#infrastructure/database/per-engine';
import { storableJson } from '#infrastructure/database/storable-json';
import { sharedKinds } from './job-kinds.ts';
import { rowOf, type WantedJob } from './job-rows.ts';

/** On which the processes of one PostgreSQL tell each other, with `NOTIFY`, that there is work. */
export const jobsChannel = 'greffier_jobs';

/**
 * What newer work changes in the work of its key that waits: it is as old as the older, due as soon as the sooner, and at
 * the turn of whichever of those who caused it comes first. What is not due is theirs who have it done before: whoever caused it
 * may be who is to wait, and not they.
 */
const takesPlace = sql`do update set
  sender = case when excluded.turn < jobs.turn or jobs.ready_at > ${now} then excluded.sender else jobs.sender end,
  turn = ${least('jobs.turn', 'excluded.turn')}, payload = excluded.payload, request = excluded.request,
  ready_at = ${least('jobs.ready_at', 'excluded.ready_at')}, since = ${least('jobs.since', 'excluded.since')},
  attempts = 0, losses = 0, updated_at = ${now}`;

/** What a job is put in the queue as. */
const jobColumns = {
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
const nextTurn = sql`(select coalesce(
  (select turn from jobs where state = 'waiting' and ready_at <= ${now} order by turn limit 1),
  (select max(turn) from jobs where state = 'running'), 0) as turn limit 1) as next`;

/**
 * The turn of a row of `each`: that of `next`, and for what people may cause without end the one after what they wait for
 * already. So that nobody waits for more than one job of each of the others.
 */
const turn = sql`case when each.kind in (${shared}) then
    coalesce(
      (select max(turn) + 1 from jobs own
        where own.sender = each.sender and own.state = 'waiting' and own.turn >= next.turn), next.turn)
      + row_number() over (partition by each.sender, each.kind in (${shared}) order by each.since, each.key) - 1
  else next.turn end`;

/** Jobs as JSON, for the statements below. */
export function jobRows(wanted: readonly WantedJob[]): string {
  return storableJson(wanted.map((one, place) => ({ ...rowOf(one), place })));
}

/**
 * @param rows by `jobRows`, each of another key
 * @param news whether they take the place of what waits
 * @param after seconds until they may start
 */
export function jobsInserted(rows: string, news: boolean, after: number): RawBuilder<unknown> {
  return inserted(rowsOf(rows, jobColumns), news, after);
}

/**
 * As news, those of whose requests `kept` says that they are new: part of a statement of PostgreSQL that keeps these.
 *
 * @param rows by `jobRows`; of a key the last one counts, as old as the oldest (`coalesced` says the same)
 * @param kept a table with the `id` of each
 */
export function jobsAskedBy(rows: string, kept: RawBuilder<unknown>): RawBuilder<unknown> {
  const each = sql`(
    select distinct on (key) kind, lane, key, payload, priority, installation, request, sender,
      min(since) over (partition by key) as since
    from ${rowsOf(rows, { ...jobColumns, place: 'integer' })} where request in (select id from ${kept})
    order by key, place desc) as each`;
  return inserted(each, true, 0);
}

function inserted(each: RawBuilder<unknown>, news: boolean, after: number): RawBuilder<unknown> {
  // Always in one order: processes that write the same keys in different ones would wait for each other (deadlock). To be
  // said where they are written, since their turns are worked out in another one.
  return sql`
    insert into jobs (kind, lane, key, payload, state, priority, installation, request, since, sender, ready_at, turn)
    select kind, lane, key, payload, 'waiting', priority, installation, request, since, sender,
      ${inSeconds(after)}, ${turn}
    from ${each} cross join ${nextTurn} where true order by each.key
    on conflict (key) where state = 'waiting' ${news ? takesPlace : sql`do nothing`}
    ${tellingOthers(jobsChannel)}`;
}

/**
 * Webhooks that did not arrive. GitHub never tries again by itself; it lists what it sent for three days, and sends
 * again what it is asked to.
 */
import type { Kysely } from 'kysely';
import type { Tables } from '../work/tables.ts';
import type { GitHubClient } from './github-app.ts';

/** One attempt, as GitHub lists it. */
export interface Attempt {
  readonly id: number | bigint;
  /** The delivery's id: the same for every attempt. */
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
}

/** Attempts of one delivery after which it is left alone: its work is found by other means. */
const mostAttempts = 4;

/**
 * Which deliveries to ask for again, oldest first: those that no attempt brought through, and that were not tried too
 * often. Pure.
 *
 * @param attempts newest first, as GitHub lists them
 */
export function missedOf(attempts: readonly Attempt[]): readonly Attempt[] {
  const byGuid = Map.groupBy(attempts, ({ guid }) => guid);
  const missed = Array.from(byGuid.values()).filter(
    (tries) => tries.length < mostAttempts && !tries.some(({ status_code }) => arrived(status_code)),
  );
  return missed.flatMap(([newest]) => newest ?? []).reverse();
}

function arrived(status: number): boolean {
  return status >= 200 && status < 300;
}

/** GitHub keeps them for three days. */
const longestMemory = 3 * 86_400_000;
const mostPages = 50;

/**
 * Asks GitHub to send again what did not arrive since a moment.
 *
 * @returns how many were asked for
 */
export async function redeliver(
  app: GitHubClient,
  db: Kysely<Tables>,
  since: Date | undefined,
  now: Date,
): Promise<number> {
  const attempts = await attemptsSince(app, new Date(Math.max(+(since ?? 0), +now - longestMemory)));
  const missed = missedOf(attempts);
  const kept = await keptOf(
    db,
    missed.map(({ guid }) => guid),
  );
  const wanted = missed.filter(({ guid }) => !kept.has(guid));
  for (const { id } of wanted)
    await app.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: Number(id) });
  return wanted.length;
}

async function attemptsSince(app: GitHubClient, since: Date): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { data, headers } = await app.request('GET /app/hook/deliveries', {
      per_page: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const recent = data.filter(({ delivered_at }) => Date.parse(delivered_at) >= +since);
    attempts.push(...recent);
    cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.link ?? '')?.[1];
    if (recent.length < data.length || cursor === undefined) break;
    cursor = decodeURIComponent(cursor);
  }
  return attempts;
}

/** Those that are in the inbox, whatever GitHub was answered: a kill can fall between keeping and answering. */
async function keptOf(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('deliveries').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map(({ id }) => id));
}

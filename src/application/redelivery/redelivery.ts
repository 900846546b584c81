/**
 * Webhooks that did not arrive. GitHub never tries again by itself; it lists what it sent for three days, and sends
 * again what it is asked to.
 */
import type { Kysely } from 'kysely';
import type { Tables } from '#infrastructure/database/tables';
import type { GitHubClient } from '#infrastructure/github/client/app-client';
import { deliveryPages } from '#infrastructure/github/client/pagination';
import { statusOf } from '#infrastructure/github/client/repository-client';

/** One attempt, as GitHub lists it. */
export interface DeliveryAttempt {
  readonly id: number | bigint;
  /** The delivery's id: the same for every attempt. */
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
}

/** Attempts of one delivery that are made at every sweep; what fails as often is not a passing trouble. */
const maxPromptAttempts = 8;
/** Milliseconds between the attempts that follow. */
const attemptIntervalMs = 30 * 60_000;
/** Milliseconds before the last sweep that are looked at again: what waits for its next attempt must be among it. */
const overlapMs = 2 * attemptIntervalMs;

/**
 * Which deliveries to ask for again, oldest first: those that no attempt brought through. None is ever given up, since
 * what a comment asks for is told by its delivery alone; after eight attempts they come every half hour. Pure.
 *
 * @param attempts newest first, as GitHub lists them
 */
export function missedDeliveries(
  attempts: readonly DeliveryAttempt[],
  now: Date,
): readonly DeliveryAttempt[] {
  const missed = Array.from(Map.groupBy(attempts, ({ guid }) => guid).values()).filter(
    (tries) => !tries.some(({ status_code }) => arrived(status_code)),
  );
  return missed
    .flatMap(([newest, ...others]) => {
      if (newest === undefined) return [];
      const waited = +now - Date.parse(newest.delivered_at) >= attemptIntervalMs;
      return others.length + 1 < maxPromptAttempts || waited ? newest : [];
    })
    .reverse();
}

function arrived(status: number): boolean {
  return status >= 200 && status < 300;
}

/** GitHub keeps them for three days. */
const retentionMs = 3 * 86_400_000;

/**
 * Asks GitHub to send again what did not arrive.
 *
 * @param last when this was done last
 * @returns how many were asked for
 */
export async function redeliverMissed(
  app: GitHubClient,
  db: Kysely<Tables>,
  last: Date | undefined,
  now: Date,
): Promise<number> {
  const attempts = await attemptsSince(app, new Date(Math.max(+(last ?? 0) - overlapMs, +now - retentionMs)));
  const missed = missedDeliveries(attempts, now);
  const kept = await receivedIds(
    db,
    missed.map(({ guid }) => guid),
  );
  const wanted = missed.filter(({ guid }) => !kept.has(guid));
  let asked = 0;
  for (const { id } of wanted) if (await askAgain(app, id)) asked += 1;
  return asked;
}

/** @returns whether GitHub takes it; one that it no longer knows says nothing of the others */
async function askAgain(app: GitHubClient, id: DeliveryAttempt['id']): Promise<boolean> {
  // As text: GitHub's numbers of deliveries are beyond what a number holds exactly, and are none to count with.
  const parameters = { delivery_id: String(id) as unknown as number };
  try {
    await app.request('POST /app/hook/deliveries/{delivery_id}/attempts', parameters);
    return true;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return false;
  }
}

async function attemptsSince(app: GitHubClient, since: Date): Promise<readonly DeliveryAttempt[]> {
  const attempts: DeliveryAttempt[] = [];
  for await (const page of deliveryPages(app)) {
    const recent = page.filter(({ delivered_at }) => Date.parse(delivered_at) >= +since);
    attempts.push(...recent);
    if (recent.length < page.length) break;
  }
  return attempts;
}

/** Those that are in the inbox, whatever GitHub was answered: a kill can fall between keeping and answering. */
async function receivedIds(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('deliveries').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map(({ id }) => id));
}

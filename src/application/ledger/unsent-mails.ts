/** Mails about clients that do not leave: their contacts know of nothing, and nobody hears of it from them. */
import type { Kysely } from 'kysely';
import type { Metrics } from '#base/observability/metrics';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';

/** `waiting`: for a mail server that takes it. `failed`: it was refused for good. */
export type UnsentMail = 'waiting' | 'failed';

/** Seconds for which a mail may wait before someone is told: mail servers are restarted. */
const patience = 15 * 60;

interface UnsentRow {
  readonly cell: string;
  readonly client: string;
  readonly state: UnsentMail;
}

/**
 * The last mail about each client, where it has not left.
 *
 * @param withoutMail whether there is no mail server at all, which nothing is waited for
 */
export async function unsentMails(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
  withoutMail = false,
): Promise<readonly UnsentRow[]> {
  const rows = await db
    .selectFrom('mails')
    .select(['cell', 'client', 'state'])
    .where('registry', '=', registry)
    .where((where) =>
      where.or([
        where('state', '=', 'failed'),
        where.and([
          where('state', '=', 'waiting'),
          ...(withoutMail ? [] : [where('created_at', '<', inSeconds(-patience))]),
        ]),
      ]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('mails as later')
            .select('later.id')
            .whereRef('later.registry', '=', 'mails.registry')
            .whereRef('later.cell', '=', 'mails.cell')
            .whereRef('later.client', '=', 'mails.client')
            .whereRef('later.created_at', '>', 'mails.created_at'),
        ),
      ),
    )
    .execute();
  return rows.map(({ cell, client, state }) => ({
    cell,
    client,
    state: state === 'failed' ? 'failed' : 'waiting',
  }));
}

export async function measureUnsentMails(
  db: Kysely<Tables>,
  registry: string,
  metrics: Metrics,
  withoutMail = false,
): Promise<void> {
  const rows = await unsentMails(db, registry, withoutMail);
  for (const state of ['waiting', 'failed'] as const)
    metrics.mails.set({ state }, rows.filter((row) => row.state === state).length);
}

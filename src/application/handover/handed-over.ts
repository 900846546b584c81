/** What became of the keys of each client, for the operator: never the keys. */
import type { Kysely } from 'kysely';
import { defined } from '#base/defined';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Tables } from '#infrastructure/database/tables';

export interface HandedOver {
  readonly registry: string;
  /** `network/environment/id`. */
  readonly client: string;
  readonly clientId?: string;
  /**
   * Of its last link: nobody opened it yet, someone did, it was too old, or it was taken back. `elsewhere`: there is none,
   * as where people or the partner portal hand keys over, and of clients that were adopted.
   */
  readonly keys: 'waiting' | 'read' | 'expired' | 'ended' | 'elsewhere';
  /** When they were read, or until when the link can be used. ISO 8601. */
  readonly at?: string;
  /** The client that it replaces, and that is not closed yet. */
  readonly former?: string;
  /** The issue in which people are asked for another secret. */
  readonly renewal?: string;
}

export async function handoversOf(db: Kysely<Tables>): Promise<readonly HandedOver[]> {
  const clients = await db
    .selectFrom('clients')
    .selectAll()
    .orderBy('registry')
    .orderBy('cell')
    .orderBy('id')
    .execute();
  const links = await db
    .selectFrom('handovers')
    .select(['registry', 'cell', 'id', 'client_id', 'expires_at', 'revealed_at', 'replaced_at', 'secret'])
    .orderBy('created_at')
    .execute();
  // Neither registries nor client ids hold a space.
  const keyOf = (row: { registry: string; cell: string; id: string; client_id: string | null }) =>
    `${row.registry} ${row.cell} ${row.id} ${row.client_id ?? ''}`;
  const byClient = Map.groupBy(links, keyOf);
  return clients.map((row) => {
    const own = byClient.get(keyOf(row)) ?? [];
    // Once one of its links was opened, its keys are known to someone.
    const link = own.find(({ revealed_at }) => revealed_at !== null) ?? own.at(-1);
    const { former, renewal } = row.account as ClientAccount;
    return defined({
      registry: row.registry,
      client: `${row.cell}/${row.id}`,
      clientId: row.client_id ?? undefined,
      ...stateOf(link),
      former: former?.clientId,
      renewal,
    });
  });
}

interface Link {
  readonly expires_at: Date;
  readonly revealed_at: Date | null;
  readonly replaced_at: Date | null;
  readonly secret: string | null;
}

function stateOf(link: Link | undefined): Pick<HandedOver, 'keys' | 'at'> {
  if (link === undefined) return { keys: 'elsewhere' };
  if (link.revealed_at !== null) return { keys: 'read', at: link.revealed_at.toISOString() };
  if (link.replaced_at !== null) return { keys: 'ended' };
  const isOver = link.secret === null || link.expires_at.getTime() <= Date.now();
  return isOver ? { keys: 'expired' } : { keys: 'waiting', at: link.expires_at.toISOString() };
}

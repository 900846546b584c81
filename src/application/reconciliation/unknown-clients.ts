/**
 * Clients that carry Greffier's address at a provider and that nothing ties to a definition: left behind by a ledger that
 * forgot them, of another installation, or put there by somebody. They are told, and neither taken nor touched.
 */

import type { UnknownClients } from '#application/reconciliation/store/observation-store';
import type { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { CellName } from '#base/config/cells';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { ActualClient } from '#domain/provisioning/provider';
import { type DuplicateClient, isSince } from './duplicate-clients.ts';

/** More than these are not named. */
const maxNamed = 50;

/**
 * @param unlinked what the provider listed, and was recorded for no definition by then
 * @param accounts of the cell, as they are once all is applied
 */
export function unknownAmong(
  unlinked: readonly ActualClient[],
  accounts: readonly ClientAccount[],
  duplicates: readonly DuplicateClient[],
): UnknownClients {
  const known = new Set(accounts.map(({ handle }) => handle));
  const twins = new Set(duplicates.map(({ clientId }) => clientId));
  const waiting = accounts.filter(
    ({ creation, unansweredSince }) => creation !== undefined || unansweredSince !== undefined,
  );
  // What a creation of ours may have made, whose answer was lost, is looked for by its mark.
  const mayBeOurs = (client: ActualClient) =>
    waiting.some(({ creation, unansweredSince = 0 }) => isSince(client, unansweredSince, creation));
  const unknown = unlinked.filter(
    (client) => !known.has(client.handle) && !twins.has(client.clientId) && !mayBeOurs(client),
  );
  const named = unknown.map(({ clientId, metadata }) => ({ clientId, name: metadata.client_name ?? '' }));
  const first = named.toSorted((one, other) => (one.clientId < other.clientId ? -1 : 1)).slice(0, maxNamed);
  return { count: unknown.length, first };
}

/**
 * Notes what this run found in the cells whose clients were listed.
 *
 * @returns of every cell what is known by now, and in which it is other than before
 */
export async function recordUnknown(
  store: ReconcileStore,
  cells: Iterable<CellName>,
  found: ReadonlyMap<CellName, UnknownClients>,
): Promise<{
  readonly unknownClients: ReadonlyMap<CellName, UnknownClients>;
  readonly news: readonly CellName[];
}> {
  const unknownClients = new Map<CellName, UnknownClients>();
  const news: CellName[] = [];
  for (const cell of cells) {
    const before = await store.observations.unknownClients(cell);
    const now = found.get(cell) ?? before;
    if (JSON.stringify(now) !== JSON.stringify(before)) {
      await store.observations.saveUnknownClients(cell, now);
      news.push(cell);
    }
    if (now.count > 0) unknownClients.set(cell, now);
  }
  return { unknownClients, news };
}

/**
 * Clients are known by numbers that one server gave them. When the configuration of a cell names another server, these
 * numbers mean nothing there, or somebody else's clients: so the ledger remembers where the clients of each cell were
 * made, and until the operator has said what became of that server, nobody is asked anything in the cell.
 */

import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { failure } from '#domain/provisioning/failures';
import type { ClientRef, Provider, ProviderFailure } from '#domain/provisioning/provider';
import { asksPeople, isSameServer, requestsRepository } from './manual-cell.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { ServedCell, ServerChange } from './served-cell.ts';

type Deps = Pick<ReconcileDeps, 'cells' | 'ledger'>;

/** As much of them as it takes to compare servers. */
interface ServerDeps {
  readonly cells: ReadonlyMap<CellName, Pick<ServedCell, 'server'>>;
  readonly ledger: Pick<ReconcileDeps['ledger'], 'servers' | 'all' | 'saveServer'>;
}

/** The same, where cells whose server is another one now refuse everything that they are asked. */
export async function withKnownServers<D extends Deps>(deps: D): Promise<D> {
  const known = await deps.ledger.servers();
  const located = new Map<CellName, ServedCell>();
  for (const [name, cell] of deps.cells)
    located.set(name, (await cell.located?.(known.get(name)?.server)) ?? cell);
  const changes = await serverChanges({ ...deps, cells: located });
  const cells = new Map(
    Array.from(located, ([name, cell]) => {
      const change = changes.get(name);
      return [name, change === undefined ? cell : heldCell(cell, change)] as const;
    }),
  );
  return { ...deps, cells };
}

/** Cells with clients that were made at another server than the configured one, or with people asked in another repository. */
async function serverChanges({ cells, ledger }: ServerDeps): Promise<ReadonlyMap<CellName, ServerChange>> {
  const known = await ledger.servers();
  const changes = new Map<CellName, ServerChange>();
  for (const [name, { server }] of cells) {
    const from = known.get(name)?.server;
    if (server !== undefined && from !== undefined && !isSameServer(from, server))
      changes.set(name, { from, to: server });
  }
  if (changes.size === 0) return changes;
  const withClients = new Set((await ledger.all()).map(({ cell }) => cell));
  for (const [name, change] of changes)
    if (!withClients.has(name) && !isOtherRepository(change)) changes.delete(name);
  return changes;
}

/** Whoever takes over the name of a repository of requests is believed there, also of the first client that will be asked for. */
function isOtherRepository({ from, to }: ServerChange): boolean {
  return requestsRepository(from) !== undefined && requestsRepository(to) !== undefined;
}

/** Remembers where the clients of each cell are made from now on, and which cells are held. */
export async function recordServers({ cells, ledger }: Deps): Promise<readonly HeldCell[]> {
  const known = await ledger.servers();
  const held: HeldCell[] = [];
  for (const [cell, { server, changed }] of cells) {
    const before = known.get(cell);
    if (changed !== undefined) {
      held.push({ cell, ...changed, isNew: before?.asked !== changed.to });
      if (before?.asked !== changed.to)
        await ledger.saveServer(cell, { server: changed.from, asked: changed.to });
    } else if (server !== undefined && (before?.server !== server || before.asked !== undefined)) {
      await ledger.saveServer(cell, { server });
    }
  }
  return held;
}

/** A cell that is left alone, and whether nobody was told yet. */
export interface HeldCell extends ServerChange {
  readonly cell: CellName;
  readonly isNew: boolean;
}

/**
 * The operator says that the configured server is the one where the clients of a cell were made. Where that is a
 * repository, its number is what the service saw and told; what was asked in the one before is asked again in this one.
 *
 * @returns what changed; undefined when nothing did
 */
export async function resumeAtServer(
  deps: ServerDeps & { readonly ledger: Pick<ReconcileDeps['ledger'], 'amend'> },
  cell: CellName,
  by: string,
): Promise<ServerChange | undefined> {
  const { ledger } = deps;
  const server = deps.cells.get(cell)?.server ?? (await ledger.servers()).get(cell)?.asked;
  const change = (await serverChanges({ ...deps, cells: new Map([[cell, defined({ server })]]) })).get(cell);
  if (change === undefined) return undefined;
  if (asksPeople(change.from))
    for (const account of await ledger.all()) if (account.cell === cell) await forgetRequest(ledger, account);
  await ledger.saveServer(cell, { server: change.to }, by);
  return change;
}

/** The numbers of issues of a repository that is left. */
async function forgetRequest(ledger: Pick<ReconcileDeps['ledger'], 'amend'>, ref: ClientRef) {
  await ledger.amend(ref, ({ request, last, renewal, ...rest }) => {
    if (request === undefined && renewal === undefined && last?.request === undefined) return undefined;
    const { request: _, ...kept } = last ?? {};
    return { account: { ...rest, ...defined({ last: last && (kept as typeof last) }) } };
  });
}

/** Why a cell is left alone. */
export function serverChangeFailure(cell: CellName, { from, to }: ServerChange): ProviderFailure {
  const command = `greffier store moved ${cell}`;
  if (!asksPeople(from) || !asksPeople(to)) return failure('server-changed', { from, to, command });
  const place = (server: string) => requestsRepository(server) ?? '0';
  return failure('requests-moved', { from: place(from), to: place(to), command });
}

function heldCell(cell: ServedCell, changed: ServerChange): ServedCell {
  const failure = serverChangeFailure(cell.provider.cell, changed);
  const unavailable: Message = failure.message;
  // Neither the probe nor the issues of requests: nothing in this cell leads anywhere.
  const { probe: _, requests: __, ...rest } = cell;
  return { ...rest, provider: refusing(cell.provider, failure), unavailable, changed };
}

/** What is left of a provider that is not to be asked: what it is. A call that is added to `Provider` is refused here too. */
function refusing({ kind, cell, governedFields }: Provider, failure: ProviderFailure): Provider {
  const refuse = async () => failure;
  const calls: Required<Omit<Provider, 'kind' | 'cell' | 'governedFields' | 'dormantUri'>> = {
    find: refuse,
    list: refuse,
    read: refuse,
    restore: refuse,
    create: refuse,
    update: refuse,
    remove: refuse,
    withdraw: refuse,
    reissue: refuse,
    renewKeys: refuse,
    check: refuse,
  };
  return { kind, cell, governedFields, ...calls };
}

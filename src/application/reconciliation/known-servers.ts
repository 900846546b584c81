/**
 * Clients are known by numbers that one server gave them. When the configuration of a cell names another server, these
 * numbers mean nothing there, or somebody else's clients: so the ledger remembers where the clients of each cell were
 * made, and until the operator has said what became of that server, nobody is asked anything in the cell.
 */
import type { CellName } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import { failure } from '#domain/provisioning/messages';
import type { Provider, ProviderFailure } from '#domain/provisioning/provider';
import type { ReconcileDeps, ServedCell } from './reconcile.ts';

/** From the server where the clients of a cell were made to the one that is configured. */
export interface ServerChange {
  readonly from: string;
  readonly to: string;
}

type Deps = Pick<ReconcileDeps, 'cells' | 'ledger'>;

/** As much of them as it takes to compare servers. */
interface ServerDeps {
  readonly cells: ReadonlyMap<CellName, Pick<ServedCell, 'server'>>;
  readonly ledger: Pick<ReconcileDeps['ledger'], 'servers' | 'all' | 'saveServer'>;
}

/** The same, where cells whose server is another one now refuse everything that they are asked. */
export async function withKnownServers<D extends Deps>(deps: D): Promise<D> {
  const changes = await serverChanges(deps);
  if (changes.size === 0) return deps;
  const cells = new Map(
    Array.from(deps.cells, ([name, cell]) => {
      const change = changes.get(name);
      return [name, change === undefined ? cell : heldCell(cell, change)] as const;
    }),
  );
  return { ...deps, cells };
}

/** Cells with clients that were made at another server than the configured one. */
async function serverChanges({ cells, ledger }: ServerDeps): Promise<ReadonlyMap<CellName, ServerChange>> {
  const known = await ledger.servers();
  const changes = new Map<CellName, ServerChange>();
  for (const [name, { server }] of cells) {
    const from = known.get(name)?.server;
    if (server !== undefined && from !== undefined && from !== server)
      changes.set(name, { from, to: server });
  }
  if (changes.size === 0) return changes;
  const withClients = new Set((await ledger.all()).map(({ cell }) => cell));
  for (const name of changes.keys()) if (!withClients.has(name)) changes.delete(name);
  return changes;
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
 * The operator says that the configured server is the one where the clients of a cell were made.
 *
 * @returns what changed; undefined when nothing did
 */
export async function resumeAtServer(
  deps: ServerDeps,
  cell: CellName,
  by: string,
): Promise<ServerChange | undefined> {
  const change = (await serverChanges(deps)).get(cell);
  if (change !== undefined) await deps.ledger.saveServer(cell, { server: change.to }, by);
  return change;
}

/** Why a cell is left alone. */
export function serverChangeFailure(cell: CellName, change: ServerChange): ProviderFailure {
  return failure('server-changed', serverChangeValues(cell, change));
}

/** What its sentence shows. */
export function serverChangeValues(cell: CellName, { from, to }: ServerChange) {
  return { from, to, command: `greffier store moved ${cell}` };
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
    create: refuse,
    update: refuse,
    remove: refuse,
    withdraw: refuse,
    reissue: refuse,
    check: refuse,
  };
  return { kind, cell, governedFields, ...calls };
}

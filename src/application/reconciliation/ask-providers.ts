/**
 * What providers say before anything is asked of them: how the clients are today, and what they do not offer. Cells are
 * asked side by side: what one provider does is nothing to the others.
 */
import { randomInt } from 'node:crypto';
import type { ClientAccounts } from '#application/ledger/client-accounts';
import type { CellName } from '#base/config/cells';
import { sameReport, wantedMetadata } from '#domain/provisioning/client-metadata';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey, type Plan, type Step } from '#domain/provisioning/plan';
import type { ActualClient, Provider, ProviderFailure } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import { otherClient, recordedClient } from './kept-account.ts';
import { serverChangeFailure } from './known-servers.ts';
import { ProviderHealth } from './provider-health.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { refreshAccount } from './refresh-account.ts';
import type { ServedCell } from './served-cell.ts';

/** How the provider of each cell answers. */
export type Health = ReadonlyMap<CellName, ProviderHealth>;

/** Cells whose provider failed, and why. */
export function silences(health: Health): ReadonlyMap<CellName, ProviderFailure> {
  return new Map(
    Array.from(health).flatMap(([cell, { silence }]) =>
      silence === undefined ? [] : [[cell, silence] as const],
    ),
  );
}

/** Clients that are read one by one in a sweep, besides those that would change. */
const maxReads = 200;

type Deps = Pick<ReconcileDeps, 'cells' | 'now' | 'isPatient'>;

/** Does the same in every cell, all at once. An error of one is thrown once all of them have ended. */
export async function inEachCell(
  { cells }: Pick<Deps, 'cells'>,
  work: (name: CellName, cell: ServedCell) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(Array.from(cells, ([name, cell]) => work(name, cell)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** What looking at the clients gave. */
export interface Looked {
  readonly health: Health;
  /** By client: why it could not be read, where its provider answers about others: it is left alone this time. */
  readonly unread: ReadonlyMap<string, ProviderFailure>;
  /** Clients that a person took Greffier off in part: only a run that applies puts that right. */
  readonly detached: ReadonlySet<string>;
  /** Clients that would change and that there was no time to read: they are left for another run. */
  readonly postponed: ReadonlySet<string>;
  /** What providers list and is recorded for no definition; absent for a cell whose clients were not listed. */
  readonly unlinked: ReadonlyMap<CellName, readonly ActualClient[]>;
}

export async function refreshAccounts(
  deps: Deps,
  accounts: ClientAccounts,
  sweep: boolean,
  plan: Plan,
): Promise<Looked> {
  const { now, isPatient } = deps;
  const postponed = new Set<string>();
  const detached = new Set<string>();
  const health = new Map<CellName, ProviderHealth>();
  const unread = new Map<string, ProviderFailure>();
  const unlinked = new Map<CellName, readonly ActualClient[]>();
  const changing = new Set(plan.steps.map(clientKey));
  const present = accounts.all();
  await inEachCell(deps, async (name, cell) => {
    const own = new ProviderHealth(now, isPatient);
    health.set(name, own);
    if (cell.changed !== undefined) own.giveUp(serverChangeFailure(name, cell.changed));
    if (own.failure !== undefined) return;
    const ofCell = present.filter((account) => account.cell === name && account.handle !== undefined);
    const listed = sweep ? await listClients(cell.provider, own) : undefined;
    if (listed !== undefined) unlinked.set(name, listed.besides(ofCell));
    const due =
      listed === undefined ? dueReads(ofCell, changing, sweep, deps) : ofCell.filter(listed.differs);
    for (const known of troublesLast(due, (account) => account)) {
      if (own.failure !== undefined) return;
      if (own.isHalfway) {
        if (changing.has(clientKey(known))) postponed.add(clientKey(known));
        continue;
      }
      const account = await accounts.load(known);
      if (account === undefined) continue;
      const onDetached = (one: ClientAccount) => detached.add(clientKey(one));
      const refreshDeps = { provider: cell.provider, ledger: accounts, now, onDetached };
      const refreshed = await refreshAccount(refreshDeps, account);
      own.note(refreshed);
      if (!refreshed.ok) unread.set(clientKey(account), refreshed);
    }
  });
  return { health, unread, postponed, detached, unlinked };
}

function dueReads(
  ofCell: readonly ClientAccount[],
  changing: ReadonlySet<string>,
  sweep: boolean,
  { isPatient }: Pick<Deps, 'isPatient'>,
): readonly ClientAccount[] {
  // What was begun may have been done, though its answer never came, also where it is no longer asked for.
  const isDue = (account: ClientAccount) => changing.has(clientKey(account)) || account.intent !== undefined;
  const first = ofCell.filter(isDue);
  if (!sweep) return first;
  const others = ofCell.filter((account) => !isDue(account));
  if (isPatient === true || others.length <= maxReads) return [...first, ...others];
  // By lot: by the clock, sweeps that keep their minute would read the same ones each time, where a round fits.
  const from = randomInt(others.length);
  return [...first, ...[...others.slice(from), ...others.slice(0, from)].slice(0, maxReads)];
}

/** Those that gave trouble come after the others, so that they hold nobody up. */
export function troublesLast<T>(
  items: readonly T[],
  accountOf: (item: T) => ClientAccount | undefined,
): readonly T[] {
  const isTrouble = (item: T) => Number(accountOf(item)?.failure !== undefined);
  return items.toSorted((one, other) => isTrouble(one) - isTrouble(other));
}

/** One call for a whole cell: the clients that are exactly as they were seen last need not be read one by one. */
async function listClients(
  provider: Provider,
  health: ProviderHealth,
): Promise<
  | {
      differs(account: ClientAccount): boolean;
      /** What is none of these. */
      besides(accounts: readonly ClientAccount[]): readonly ActualClient[];
    }
  | undefined
> {
  const listed = await provider.list?.();
  if (listed === undefined) return undefined;
  health.note(listed);
  if (!listed.ok) return undefined;
  const byHandle = new Map(listed.value.map((client) => [client.handle, client]));
  return {
    besides(accounts) {
      const known = new Set(accounts.map(({ handle }) => handle));
      return listed.value.filter(({ handle }) => !known.has(handle));
    },
    differs(account) {
      const { handle, seen, state } = account;
      const told = handle === undefined ? undefined : byHandle.get(handle);
      if (told === undefined || otherClient(account, told) !== undefined) return true;
      return state === 'lost' || !sameReport(told.metadata, seen);
    },
  };
}

/**
 * What providers do not offer of what a plan asks for. A plan that promises it would not be true.
 *
 * @returns by client, why its definition cannot be applied; what is wrong with a provider is noted in its health
 */
export async function checkSteps(
  deps: Deps,
  accounts: ClientAccounts,
  plan: Plan,
  desired: ReadonlyMap<string, DesiredClient>,
  health: Health,
): Promise<ReadonlyMap<string, ProviderFailure>> {
  const refused = new Map<string, ProviderFailure>();
  await inEachCell(deps, async (name, { provider }) => {
    for (const step of plan.steps) {
      const own = health.get(name);
      const one = desired.get(clientKey(step));
      if (step.cell !== name || one === undefined || own?.failure !== undefined) continue;
      const checked = await checkStep(provider, step, one, accounts.byClient.get(clientKey(step)));
      if (checked === undefined || checked.ok) continue;
      if (checked.fault === 'definition') refused.set(clientKey(step), checked);
      else own?.giveUp(checked);
    }
  });
  return refused;
}

async function checkStep(
  provider: Provider,
  step: Step,
  desired: DesiredClient,
  account: ClientAccount | undefined,
) {
  if (step.action === 'deactivate' || step.action === 'delete') return undefined;
  return provider.check?.(wantedMetadata(desired), account && recordedClient(account));
}

/**
 * Brings the identity providers to what the default branch says. By level: everything is computed from the registry at
 * its head, the ledger and the providers, never from the event that asked for it, so that a missed event costs nothing
 * and a second run does nothing.
 */

import type { StoredLedger } from '#application/ledger/sql-ledger';
import type { CellName } from '#base/config/cells';
import type { Language, Message } from '#base/i18n/message';
import { type Ruled, rule } from '#domain/provisioning/approval-gate';
import { cellState } from '#domain/provisioning/known-clients';
import type { Account } from '#domain/provisioning/ledger';
import type { CellCard } from '#domain/provisioning/outcome-comment';
import { clientKey, type Plan, planFor } from '#domain/provisioning/plan';
import type { Provider, ProviderFailure } from '#domain/provisioning/provider';
import type { Desired } from '#domain/registry/registry';
import type { Issues } from '#infrastructure/identity-providers/manual';
import type { Probe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { look, type Settlement, settle } from './apply-step.ts';
import { removeTwins, type Twin } from './duplicate-clients.ts';
import { confirmProvisioned, declineRequest } from './manual-requests.ts';
import { type Books, causeOf, type Merge, type Origin } from './reconcile-store.ts';

/** The registry at a commit, read and judged again at that very commit. */
export interface RegistrySnapshot {
  readonly commit: string;
  readonly desired: readonly Desired[];
  /** Definitions that are there and may not be applied, since they have errors. */
  readonly held: readonly { readonly cell: CellName; readonly id: string }[];
  /** Blob ids of all definitions, held or not, by client (`network/environment/id`). */
  readonly blobs: ReadonlyMap<string, string>;
}

/** A merged pull request, with what it touched. */
export interface MergedPull extends Merge {
  /** Its last commit, which was reviewed. */
  readonly head: string;
  /** `network/environment/id`. */
  readonly clients: readonly string[];
}

export interface RegistrySource {
  /** The commit of the default branch now. */
  head(): Promise<string>;
  at(commit: string): Promise<RegistrySnapshot>;
  /**
   * The pull requests merged after `from` up to `to`, oldest first; without `from`, the one that made `to`, if any.
   * Undefined where nobody can say: then whoever can will follow them later.
   */
  mergedBetween(from: string | undefined, to: string): Promise<readonly MergedPull[] | undefined>;
}

/** One cell that the operator configured. */
export interface ServedCell {
  readonly provider: Provider;
  readonly card: CellCard;
  readonly probe?: Probe;
  /** Drift is put right without asking. */
  readonly repair: boolean;
  /** Where requests are opened, for `manual`: `owner/name`, and whether that is the registry itself. */
  readonly issues?: { readonly port: Issues; readonly repository: string; readonly here: boolean };
  /** Why nothing can be done in this cell from here: what would change is planned, and left. */
  readonly idle?: Message;
}

export interface ReconcileTools {
  readonly source: RegistrySource;
  readonly cells: ReadonlyMap<CellName, ServedCell>;
  readonly ledger: StoredLedger;
  readonly books: Books;
  /** Asks public services again; the answer is why the definition may not be provisioned, in words, if it may not. */
  readonly recheck: (desired: Desired) => Promise<string | undefined>;
  /** Milliseconds. */
  readonly removalDelay: number;
  readonly now: () => number;
  readonly language: Language;
  /** Who runs it, where a person does. */
  readonly by?: string;
}

/** What reconciling would do now. */
export interface Foresight {
  readonly plan: Plan;
  readonly ruled: readonly Ruled[];
  /** By client: why an outside check holds it. */
  readonly heldOutside: ReadonlyMap<string, string>;
  /** Cells whose provider does not answer, which are left alone this time. */
  readonly silent: ReadonlyMap<CellName, ProviderFailure>;
  /** By client, as the providers tell them. */
  readonly accounts: ReadonlyMap<string, Account>;
}

export interface Reconciliation extends Foresight {
  readonly commit: string;
  readonly snapshot: RegistrySnapshot;
  readonly settlements: readonly Settlement[];
  /** Clients that came to be beside a recorded one. */
  readonly twins: readonly Twin[];
  readonly origins: ReadonlyMap<string, Origin>;
  /** Present when something may pass by itself: seconds to wait, where a provider said so. */
  readonly again?: { readonly reason: string; readonly after?: number };
}

/** Clients that are looked at one by one in a sweep, at most. */
const mostLooks = 200;

/** @param sweep looks at every client (some at a time where they cannot be listed), and not only at those that change */
export async function reconcile(tools: ReconcileTools, sweep: boolean): Promise<Reconciliation> {
  const { by } = tools;
  const commit = await tools.source.head();
  const snapshot = await tools.source.at(commit);
  const origins = await follow(tools, snapshot);
  await settleRequests(tools);

  const foresight = await foresee(tools, snapshot, { sweep, origins });
  const { plan, ruled, silent } = foresight;
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  const settlements: Settlement[] = [];
  for (const { step, ruling } of ruled) {
    const cell = tools.cells.get(step.cell);
    if (ruling !== 'apply' || cell === undefined || cell.idle !== undefined || silent.has(step.cell))
      continue;
    const origin = origins.get(clientKey(step));
    const merge = origin?.pull === undefined ? undefined : await tools.books.merge(origin.pull);
    const with_ = { provider: cell.provider, ledger: tools.ledger, now: tools.now, ...probeOf(cell) };
    const cause = { ...causeOf(origin, merge, snapshot.commit), ...(by === undefined ? {} : { by }) };
    const settled = await settle(with_, step, desired.get(clientKey(step)), cause);
    settlements.push(settled);
    if (settled.kind === 'done' && settled.account?.state === 'active')
      await tryOut(tools, cell, settled.account);
  }
  const twins = await removeAllTwins(tools, silent);
  await withdrawStale(tools, snapshot, plan);
  await tools.books.used(settlements.flatMap((one) => (one.kind === 'done' ? [one.step.digest] : [])));
  const again = waitOf(settlements, silent);
  return {
    ...foresight,
    commit,
    snapshot,
    settlements,
    twins,
    accounts: await accountsOf(tools.ledger),
    origins,
    ...(again === undefined ? {} : { again }),
  };
}

/** Looks beside the clients whose creation once went unanswered. */
async function removeAllTwins(
  tools: ReconcileTools,
  silent: ReadonlyMap<CellName, unknown>,
): Promise<readonly Twin[]> {
  const twins: Twin[] = [];
  for (const account of await tools.ledger.all()) {
    const provider = tools.cells.get(account.cell)?.provider;
    if (provider === undefined || silent.has(account.cell)) continue;
    const { ledger, now } = tools;
    twins.push(...(await removeTwins({ provider, ledger, now }, account)));
  }
  return twins;
}

/** Takes back requests of changes that the registry no longer asks for. */
async function withdrawStale(tools: ReconcileTools, snapshot: RegistrySnapshot, plan: Plan): Promise<void> {
  const asked = new Set([...plan.steps.map(clientKey), ...snapshot.held.map(clientKey)]);
  for (const account of await tools.ledger.all()) {
    const { request, ...rest } = account;
    const provider = tools.cells.get(account.cell)?.provider;
    if (request === undefined || provider?.withdraw === undefined || asked.has(clientKey(account))) continue;
    const withdrawn = await provider.withdraw(account);
    if (withdrawn.ok) await tools.ledger.save(rest);
  }
}

/** Redirect URIs of one client that are tried, at most. */
const mostProbes = 10;

/** Asks the provider, as a browser would, whether the client works, and notes its answers. */
async function tryOut(tools: ReconcileTools, cell: ServedCell, account: Account): Promise<void> {
  const { clientId, wanted } = account;
  if (cell.probe === undefined || clientId === undefined || wanted === undefined) return;
  const probes = [];
  for (const uri of wanted.redirect_uris.slice(0, mostProbes))
    probes.push({ uri, answer: await cell.probe(clientId, uri) });
  await tools.ledger.save({ ...account, probes });
}

/**
 * What reconciling would do now. Public services and providers are asked, and what they say is noted; nothing is changed
 * at the providers.
 *
 * @param options.sweep looks at every client, and not only at those that would change
 */
export async function foresee(
  tools: ReconcileTools,
  snapshot: RegistrySnapshot,
  options: { readonly sweep: boolean; readonly origins?: ReadonlyMap<string, Origin> },
): Promise<Foresight> {
  const { books } = tools;
  const first = await planOf(tools, snapshot, new Map());
  const heldOutside = await recheckAll(tools, snapshot, first);
  const silent = await refresh(tools, options.sweep, first);
  const plan = await planOf(tools, snapshot, heldOutside);
  const accounts = await accountsOf(tools.ledger);
  const origins = options.origins ?? (await books.origins());
  const ruled = rule(plan, {
    accounts,
    desired: new Map(snapshot.desired.map((one) => [clientKey(one), one])),
    shown: await books.shown(origins.values()),
    confirmed: await books.confirmed(),
    repair: (step) => tools.cells.get(step.cell)?.repair === true,
  });
  return { plan, ruled, heldOutside, silent, accounts };
}

async function planOf(
  tools: ReconcileTools,
  snapshot: RegistrySnapshot,
  heldOutside: ReadonlyMap<string, string>,
): Promise<Plan> {
  const accounts = await tools.ledger.all();
  const outside = snapshot.desired.filter((one) => heldOutside.has(clientKey(one)));
  return planFor({
    desired: snapshot.desired.filter((one) => !heldOutside.has(clientKey(one))),
    held: [...snapshot.held, ...outside],
    cells: [...tools.cells.values()].map((cell) => cellState(cell.provider, accounts)),
    now: tools.now(),
    removalDelay: tools.removalDelay,
  });
}

async function accountsOf(ledger: StoredLedger): Promise<ReadonlyMap<string, Account>> {
  return new Map((await ledger.all()).map((account) => [clientKey(account), account]));
}

/** Notes which pull request brought what changed since the last commit that was reconciled. */
async function follow(
  tools: ReconcileTools,
  snapshot: RegistrySnapshot,
): Promise<ReadonlyMap<string, Origin>> {
  const before = await tools.books.reconciled();
  const known = await tools.books.origins();
  if (before === snapshot.commit) return known;
  const merged = await tools.source.mergedBetween(before, snapshot.commit);
  if (merged === undefined) return known;
  const keys = new Set([...known.keys(), ...snapshot.blobs.keys()]);
  const changed: Origin[] = [];
  for (const client of keys) {
    const blob = snapshot.blobs.get(client);
    if (known.has(client) && known.get(client)?.blob === blob) continue;
    const pull = merged.findLast((one) => one.clients.includes(client));
    changed.push({
      client,
      commit: pull?.commit ?? snapshot.commit,
      ...(blob === undefined ? {} : { blob }),
      ...(pull === undefined ? {} : { pull: pull.pull, head: pull.head }),
    });
  }
  const told = merged.filter((one) => changed.some((origin) => origin.pull === one.pull));
  await tools.books.advance(snapshot.commit, changed, told);
  return tools.books.origins();
}

/** Takes note of requests that people closed. */
async function settleRequests(tools: ReconcileTools): Promise<void> {
  for (const account of await tools.ledger.all()) {
    const { request, clientId } = account;
    const port = tools.cells.get(account.cell)?.issues?.port;
    if (request === undefined || request.declined === true || port === undefined) continue;
    const state = await port.state(Number(request.name));
    if (!state.ok || state.value === 'open') continue;
    // Closed as done, of a client whose id is known: that says everything. A creation still lacks its client id.
    if (state.value === 'done' && clientId !== undefined)
      await confirmProvisioned(tools, account, { clientId });
    else await declineRequest(tools.ledger, account);
  }
}

/** Asks public services again about the definitions whose clients would be made or changed. */
async function recheckAll(
  tools: ReconcileTools,
  snapshot: RegistrySnapshot,
  plan: Plan,
): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  for (const step of plan.steps) {
    const one = desired.get(clientKey(step));
    const reason = one === undefined ? undefined : await tools.recheck(one);
    if (reason !== undefined) held.set(clientKey(step), reason);
  }
  return held;
}

/**
 * Reads from the providers the clients that would change, and in a sweep the others too.
 *
 * @returns cells whose provider does not answer, which are left alone this time
 */
async function refresh(tools: ReconcileTools, sweep: boolean, plan: Plan): Promise<Foresight['silent']> {
  const silent = new Map<CellName, ProviderFailure>();
  const changing = new Set(plan.steps.map(clientKey));
  const accounts = await tools.ledger.all();
  for (const [name, cell] of tools.cells) {
    const here = accounts.filter((account) => account.cell === name && account.handle !== undefined);
    const listed = sweep ? await seenInList(cell.provider) : undefined;
    const others = here.filter((account) => !changing.has(clientKey(account)));
    const from = others.length === 0 ? 0 : (Math.floor(tools.now() / 60_000) * mostLooks) % others.length;
    const turn = [...others.slice(from), ...others.slice(0, from)].slice(0, mostLooks);
    const due = [...here.filter((account) => changing.has(clientKey(account))), ...(sweep ? turn : [])];
    const looked = listed === undefined ? due : here.filter((account) => !listed.matches(account));
    for (const account of looked) {
      const seen = await look({ provider: cell.provider, ledger: tools.ledger, now: tools.now }, account);
      if (seen.ok || !seen.retry) continue;
      silent.set(name, seen);
      break;
    }
  }
  return silent;
}

/** One call for a whole cell: the clients that are exactly as they were seen last need no look of their own. */
async function seenInList(provider: Provider): Promise<{ matches(account: Account): boolean } | undefined> {
  const listed = await provider.list?.();
  if (listed === undefined || !listed.ok) return undefined;
  const byHandle = new Map(listed.value.map((client) => [client.handle, JSON.stringify(client.metadata)]));
  return {
    matches: (account) =>
      account.handle !== undefined && byHandle.get(account.handle) === JSON.stringify(account.seen),
  };
}

function probeOf(cell: ServedCell): { probe?: Probe } {
  return cell.probe === undefined ? {} : { probe: cell.probe };
}

function waitOf(settlements: readonly Settlement[], silent: Foresight['silent']): Reconciliation['again'] {
  const settled = settlements.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
  const passing = [...settled.filter((failure) => failure.retry), ...silent.values()];
  const [first] = passing;
  if (first === undefined) return undefined;
  const after = Math.max(...passing.map((failure) => failure.after ?? 0));
  return { reason: first.message.key, ...(after > 0 ? { after } : {}) };
}

/**
 * Brings the identity providers to what the default branch says. By level: everything is computed from the registry at
 * its head, the ledger and the providers, never from the event that asked for it, so that a missed event costs nothing
 * and a second run does nothing.
 */

import { setImmediate } from 'node:timers/promises';
import { ClientAccounts } from '#application/ledger/client-accounts';
import type { SqlLedger } from '#application/ledger/sql-ledger';
import { isFault } from '#application/pull-requests/fault';
import type { UnknownTeam } from '#application/reconciliation/outcomes/settings-issue';
import type { Merge } from '#application/reconciliation/store/merge-store';
import type { Origin } from '#application/reconciliation/store/origin-store';
import type { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { Language, Message } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { definitionsFolder } from '#domain/definition/cell';
import { placeOf } from '#domain/definition/rules/judging';
import { type DecidedStep, decideSteps, mayRepair } from '#domain/provisioning/approval-gate';
import { cellState } from '#domain/provisioning/known-clients';
import { type Cause, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { failure, translateProvisioning } from '#domain/provisioning/messages';
import type { CellInfo } from '#domain/provisioning/outcome';
import { unansweredText } from '#domain/provisioning/outcome-lines';
import { clientKey, guardedSteps, type Plan, planFor, type Step } from '#domain/provisioning/plan';
import type { ActualClient, Provider, ProviderFailure } from '#domain/provisioning/provider';
import { type Freeze, freezesAt } from '#domain/registry/freeze';
import type { DesiredClient } from '#domain/registry/registry';
import type { Settings } from '#domain/registry/settings';
import type { SettingsProblem } from '#domain/registry/settings-messages';
import type { ApprovalRules } from '#domain/review/evaluate/approvals';
import { statusOf } from '#infrastructure/github/client/repository-client';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import type { RedirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { applyStep, type StepResult } from './apply-step.ts';
import { checkSteps, type Health, inEachCell, refreshAccounts, troublesLast } from './ask-providers.ts';
import { describeClients } from './describe-clients.ts';
import { type DuplicateClient, removeDuplicates } from './duplicate-clients.ts';
import { recordedClient } from './kept-account.ts';
import { type HeldCell, recordServers, type ServerChange, withKnownServers } from './known-servers.ts';
import { checkLiveClients, type Objections } from './live-checks.ts';
import { confirmProvisioned, declineRequest, notTheirsToClose } from './manual-requests.ts';
import {
  causeOf,
  confirmableDigests,
  type DecisionsTaken,
  decisionsTaken,
  recordOrigins,
  spentConfirmations,
  wordsOf,
} from './origins.ts';
import type { AskAgain, Objection } from './recheck-outside-answers.ts';
import { closeFormer, isDue } from './replace-client.ts';
import { noteArrivals, settleAccounts } from './settle-accounts.ts';
import {
  type SettingsChange,
  type SettingsNews,
  type SettingsToConfirm,
  settleSettings,
} from './settle-settings.ts';

import { recordUnknown, unknownAmong } from './unknown-clients.ts';

/** The registry at a commit, read and evaluated again at that very commit. */
export interface RegistrySnapshot {
  readonly commit: string;
  readonly desired: readonly DesiredClient[];
  /** Definitions that are there and may not be applied, since they have errors. */
  readonly held: readonly { readonly cell: CellName; readonly id: string }[];
  /** Paths of folders of definitions in whose place something else is (a link, say), so that nobody sees what is below. */
  readonly outOfSight?: readonly string[];
  /** Blob ids of all definitions, held or not, by client (`network/environment/id`). */
  readonly blobs: ReadonlyMap<string, string>;
  /** What the settings ask of approvals. */
  readonly approvals: ApprovalRules;
  /** Whether the settings ask that services be asked about live clients. */
  readonly liveChecks?: boolean;
  /** Days after which the settings have contacts asked whether their service still lives; absent: nobody is. */
  readonly recertify?: number;
  /** The freezes of the settings, past ones too. */
  readonly freezes?: readonly Freeze[];
  /** The settings of this commit, as they last could be read; absent where none ever could, and those are nobody's. */
  readonly presentSettings?: Settings;
  /** Why the settings of this commit are not in force; none when they are, or were not looked at. */
  readonly refusedSettings?: readonly SettingsProblem[];
  /** Teams of the settings that GitHub does not show; undefined where they were not looked at. */
  readonly unknownTeams?: readonly UnknownTeam[];
}

/** A merged pull request, with what it touched. */
export interface MergedPull extends Merge {
  /** Its last commit, which was reviewed. */
  readonly head: string;
  /** The account of its author, as GitHub numbers it. */
  readonly authorId: string;
  /** What it left of each definition that it touched (`network/environment/id`): the blob; undefined where it took it away. */
  readonly clients: ReadonlyMap<string, string | undefined>;
}

/** Merged pull requests, oldest first. `complete`: there is no other. */
export interface MergedPulls {
  readonly items: readonly MergedPull[];
  readonly complete: boolean;
}

/** What made a definition what it is. `author`: the account of whoever pushed it, where GitHub knows it. */
export type Change =
  | { readonly kind: 'pull'; readonly pull: MergedPull }
  /** Its file has no history at this commit, or none that leads to a review here. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'push'; readonly author?: string };

export interface RegistrySource {
  /** The commit of the default branch now. */
  head(): Promise<string>;
  at(commit: string): Promise<RegistrySnapshot>;
  /**
   * The registry at a commit, once more, from the system that holds it, and not from what is remembered of it: before
   * something is taken away, and in a sweep. Throws when that system does not show it: absence is never an answer.
   */
  verifiedAt(commit: string): Promise<RegistrySnapshot>;
  /**
   * The pull requests merged after `from` up to `to`; without `from`, the one that made `to`, if any. Undefined where
   * nobody can say: then a process that can records them later.
   *
   * @param rules by which it is found whether they had the approvals of production
   */
  mergedBetween(from: string | undefined, to: string, rules: ApprovalRules): Promise<MergedPulls | undefined>;
  /**
   * The accounts that pushed to the default branch from `from` up to `to`; undefined where nobody can say. Throws while it
   * is not known yet.
   */
  pushersBetween?(from: string, to: string): Promise<readonly string[] | undefined>;
  /**
   * What made the definition of a client (`network/environment/id`) what it is at a commit. Throws when nobody can say
   * now.
   */
  lastChange(client: string, commit: string, rules: ApprovalRules): Promise<Change>;
  /**
   * What brought the settings to what they are at the commit that was read last. Throws when nobody can say now.
   *
   * @param rules by which it is found whether they had the approvals of production
   */
  settingsChange?(commit: string, rules: ApprovalRules): Promise<SettingsChange>;
}

/** One cell that the operator configured. */
export interface ServedCell {
  readonly provider: Provider;
  readonly info: CellInfo;
  readonly probe?: RedirectUriProbe;
  /**
   * The kind of provider and its addresses: what its clients' numbers belong to. Absent where there is none to change.
   */
  readonly server?: string;
  /** Its clients were made at another server: see `known-servers`. */
  readonly changed?: ServerChange;
  /** Drift is put right without asking. */
  readonly repair: boolean;
  /** The same cell once GitHub was asked where it is, for what only a name says. @param server that is remembered */
  readonly located?: (server: string | undefined) => Promise<ServedCell>;
  /** Where requests are opened, for `manual`: `owner/name` and number, and whether that is the registry itself. */
  readonly requests?: {
    readonly tracker: IssueTracker;
    readonly repository: string;
    readonly id?: string;
    readonly inRegistry: boolean;
  };
  /** Why nothing can be done in this cell from here: what would change is planned, and left. */
  readonly unavailable?: Message;
}

export interface ReconcileDeps {
  readonly source: RegistrySource;
  readonly cells: ReadonlyMap<CellName, ServedCell>;
  /** All that the operator configured, where `cells` are only those that a run is restricted to. */
  readonly configuredCells: readonly CellName[];
  readonly ledger: SqlLedger;
  readonly store: ReconcileStore;
  /** Asks public services again. */
  readonly recheck: AskAgain;
  /** Milliseconds. */
  readonly removalDelay: number;
  /** A person waits for the whole truth: a sweep reads every client, however many there are and long it takes. */
  readonly isPatient?: boolean;
  readonly now: () => number;
  readonly language: Language;
  /** Who runs it, where a person does. */
  readonly by?: string;
}

/** What reconciling would do now. */
export interface Preview {
  readonly plan: Plan;
  readonly decidedSteps: readonly DecidedStep[];
  /** By client: why a lookup holds it. */
  readonly heldByLookups: ReadonlyMap<string, string>;
  /** The steps that they hold; a writer may confirm those of which nobody said anything, or that a person decides. */
  readonly heldSteps: readonly {
    readonly step: Step;
    readonly isConfirmable: boolean;
    /** Where Greffier itself failed at it. */
    readonly fault?: string;
  }[];
  /** Cells whose provider does not answer, or is in trouble, or is another server now, which are left alone this time. */
  readonly unreachable: ReadonlyMap<CellName, ProviderFailure>;
  /** By client: why it could not be read, so that it is left alone this time. */
  readonly unread: ReadonlyMap<string, ProviderFailure>;
  /** Clients that a person took Greffier off in part: only a run that applies puts that right. */
  readonly detached: ReadonlySet<string>;
  /** Clients that would change, and are left for another run since there was no time. */
  readonly postponed: ReadonlySet<string>;
  /** The cells in which nothing is done for now. */
  readonly frozen: readonly Freeze[];
  /** What providers list and is recorded for no definition, by cell; absent where they did not list. */
  readonly unlinked: ReadonlyMap<CellName, readonly ActualClient[]>;
  /** How the provider of each cell answered. */
  readonly health: Health;
  /** By client, as the ledger has them: what the run writes afterwards shows here. */
  readonly accounts: ReadonlyMap<string, ClientAccount>;
}

export interface Reconciliation extends Preview {
  /** Cells that are held, since their configuration names another server than their clients were made at. */
  readonly moved: readonly HeldCell[];
  readonly commit: string;
  readonly snapshot: RegistrySnapshot;
  readonly results: readonly StepResult[];
  /** Clients that came to be beside a recorded one. */
  readonly duplicateClients: readonly DuplicateClient[];
  /** Clients that carry Greffier's address and are no definition's, and the cells of which that is new. */
  readonly unknown: Awaited<ReturnType<typeof recordUnknown>>;
  readonly origins: ReadonlyMap<string, Origin>;
  /** What services object to live clients; absent when it was not looked at. */
  readonly objections?: Objections;
  /** Cells whose freeze began, was changed or ended since the run before. */
  readonly freezeChanges: readonly CellName[];
  /** Settings of the default branch that are not in force as they stand. */
  readonly heldSettings?: SettingsToConfirm;
  /** What was found of the settings, and was not known before. */
  readonly settingsNews?: SettingsNews;
  /** Present when something may pass by itself: seconds to wait, where a provider said so. */
  readonly retry?: { readonly reason: string; readonly after?: number; readonly wait?: true };
}

/** @param sweep reads every client (some at a time where they cannot be listed), and not only those that change */
export async function reconcile(given: ReconcileDeps, sweep: boolean): Promise<Reconciliation> {
  const deps = await withKnownServers(given);
  const moved = await recordServers(deps);
  const begun = deps.now();
  const commit = await deps.source.head();
  const remembered = sweep ? await deps.source.verifiedAt(commit) : await deps.source.at(commit);
  const accounts = await ClientAccounts.of(deps.ledger);
  // No client goes because its file is missing from what is remembered: the registry itself must say so.
  const isDoubtful = !sweep && (await missesFiles(deps, remembered, accounts));
  const read = isDoubtful ? await deps.source.verifiedAt(commit) : remembered;
  const settled = await settleSettings(deps, withHidden(read, accounts.all()), begun);
  const { snapshot, heldSettings } = settled;
  // Who pushed since then is asked once more, of the settings as of what was pushed with them.
  const { origins, waitsFor } =
    settled.waitsFor === undefined
      ? await recordOrigins(deps, snapshot)
      : { origins: await deps.store.origins.all(), waitsFor: settled.waitsFor };
  await noteArrivals(accounts, snapshot, origins);
  await recordClosedRequests(deps, accounts);
  const previewed = await preview(deps, snapshot, { sweep, known: { origins, accounts } });
  const { plan, health, unread } = previewed;
  const confirmed = await deps.store.confirmations.digests();
  // Many that were confirmed together are confirmed each: whoever goes on after a crash is not to ask about the rest.
  for (const guard of plan.guards)
    if (confirmed.has(guard.digest))
      await deps.store.confirmations.share(
        guard.digest,
        guardedSteps(guard, plan.steps).map(({ digest }) => digest),
      );
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  const done = await applyAll(deps, accounts, previewed, async (step) => {
    const origin = origins.get(clientKey(step));
    const merge = origin?.pull === undefined ? undefined : await deps.store.merges.find(origin.pull);
    const cause = { ...causeOf(origin, merge, snapshot.commit), ...defined({ by: deps.by }) };
    return defined({ desired: desired.get(clientKey(step)), cause });
  });
  const { results, duplicateClients } = done;
  const found = Array.from(previewed.unlinked, ([cell, clients]) => {
    const ofCell = accounts.all().filter((account) => account.cell === cell);
    return [cell, unknownAmong(clients, ofCell, duplicateClients)] as const;
  });
  const unknown = await recordUnknown(deps.store, deps.cells.keys(), new Map(found));
  const freezeChanges = await deps.store.observations.recordFreezes(
    deps.cells.keys(),
    previewed.frozen,
    commit,
  );
  await withdrawStale(deps, accounts, snapshot, plan);
  await settleAccounts(deps, accounts, snapshot, previewed);
  await describeClients(accounts, snapshot, previewed, () => wordsOf(deps, origins, snapshot));
  const tried = new Set(results.map((one) => one.step.digest));
  // A run of one cell knows nothing of what the others wait for.
  if (deps.configuredCells.every((cell) => deps.cells.has(cell))) {
    const confirmedByNow = await deps.store.confirmations.digests();
    const held = (await deps.store.settings.find())?.held;
    await deps.store.confirmations.consume(spentConfirmations(confirmedByNow, previewed, tried, held));
    await deps.store.confirmations.saveConfirmable(confirmableDigests(previewed, origins, held));
    if (sweep) await deps.store.origins.compared();
  } else await deps.store.confirmations.consume([...tried]);
  const unreachable = silences(health);
  const waits = waitsFor === undefined ? undefined : { reason: waitsFor };
  const others = [...unreachable.values(), ...unread.values()];
  const retry = retryOf(results, others, done.isUnfinished) ?? waits;
  const isLive = (one: DesiredClient) => accounts.byClient.get(clientKey(one))?.state === 'active';
  const objections = sweep ? await checkLiveClients(deps, snapshot, isLive) : undefined;
  const published = {
    ...previewed,
    unreachable,
    moved,
    commit,
    snapshot,
    results,
    duplicateClients,
    unknown,
    origins,
    freezeChanges,
  };
  const { settingsNews } = settled;
  return { ...published, ...defined({ retry, objections, heldSettings, settingsNews }) };
}

/** What was done in all cells, and what in them is left for another run. */
interface Applied {
  readonly results: readonly StepResult[];
  readonly duplicateClients: readonly DuplicateClient[];
  readonly isUnfinished: boolean;
}

/** Takes the steps that are to be taken: cell beside cell, in each of them one after the other. */
async function applyAll(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  { decidedSteps, health, unread, postponed, detached, frozen }: Preview,
  readied: (step: Step) => Promise<{ readonly desired?: DesiredClient; readonly cause: Cause }>,
): Promise<Applied> {
  const results: StepResult[] = [];
  const duplicateClients: DuplicateClient[] = [];
  let isUnfinished = false;
  await inEachCell(deps, async (name, cell) => {
    const own = health.get(name);
    const isFrozen = frozen.some((freeze) => freeze.cell === name);
    const toRestore = isFrozen ? [] : accounts.all().filter((one) => one.cell === name);
    for (const known of toRestore.filter((one) => detached.has(clientKey(one)))) {
      const recorded = recordedClient(known);
      if (recorded === undefined || cell.provider.restore === undefined || own?.failure !== undefined)
        continue;
      own?.note(await cell.provider.restore(known, recorded));
    }
    const ofCell = decidedSteps.filter(({ step, decision }) => step.cell === name && decision === 'apply');
    for (const one of troublesLast(ofCell, ({ step }) => accounts.byClient.get(clientKey(step)))) {
      const { step, repairs } = one;
      if (cell.unavailable !== undefined || own === undefined || own.failure !== undefined) break;
      if (unread.has(clientKey(step))) continue;
      if (own.isLate || postponed.has(clientKey(step))) {
        isUnfinished = true;
        continue;
      }
      const { provider, probe } = cell;
      const stepDeps = defined({ provider, ledger: accounts, now: deps.now, probe });
      const { desired, cause } = await readied(step);
      const result = await applyStep(stepDeps, step, desired, cause, repairs).catch(ownFault(step, accounts));
      results.push(result);
      own.note(result.kind === 'failed' ? result.failure : { ok: true });
      if (result.kind === 'done' && result.account?.state === 'active')
        await probeClient(accounts, cell, result.account);
    }
    // A second client that is taken away is a change at the provider like any other.
    const mayClose = own?.failure === undefined && !isFrozen && cell.unavailable === undefined;
    if (mayClose) await closeFormers(deps, accounts, name, cell);
    if (own?.failure === undefined && !isFrozen)
      duplicateClients.push(...(await removeCellDuplicates(deps, accounts, name, cell)));
  });
  return { results, duplicateClients, isUnfinished };
}

/** What became of a step at which Greffier itself failed: the others are not to wait for it. */
function ownFault(step: Step, accounts: ClientAccounts): (problem: unknown) => StepResult {
  return (problem) => {
    const account = accounts.byClient.get(clientKey(step));
    // What GitHub answers to a cell that people provision, the queue knows how to take.
    if (!isFault(problem) || statusOf(problem) !== undefined) throw problem;
    const own = account ?? newAccount(step);
    return {
      kind: 'failed',
      step,
      account: own,
      failure: failure('own-fault', { problem: placeOf(problem) }),
    };
  };
}

/** Cells whose provider failed, and why. */
function silences(health: Health): ReadonlyMap<CellName, ProviderFailure> {
  return new Map(
    Array.from(health).flatMap(([cell, { silence }]) =>
      silence === undefined ? [] : [[cell, silence] as const],
    ),
  );
}

/** Whether something else is in the place of a folder in which a definition (`network/environment/id`) would be. */
export function isOutOfSight({ outOfSight = [] }: RegistrySnapshot, client: string): boolean {
  return outOfSight.some((folder) => `${definitionsFolder}/${client}`.startsWith(`${folder}/`));
}

/** With the clients held whose definitions may be there, below what cannot be looked into. */
function withHidden(snapshot: RegistrySnapshot, accounts: readonly ClientAccount[]): RegistrySnapshot {
  const hidden = accounts.filter((account) => isOutOfSight(snapshot, clientKey(account)));
  return hidden.length === 0 ? snapshot : { ...snapshot, held: [...snapshot.held, ...hidden] };
}

/** Whether a file is not there that was there, or whose client something would happen to for that. */
async function missesFiles(
  { store, now, removalDelay }: ReconcileDeps,
  { blobs }: RegistrySnapshot,
  accounts: ClientAccounts,
): Promise<boolean> {
  const waits = ({ state, inactiveSince = 0 }: ClientAccount) =>
    state === 'inactive' && now() < inactiveSince + removalDelay;
  const isMissing = (account: ClientAccount) => !blobs.has(clientKey(account)) && account.awaited !== true;
  if (accounts.all().some((account) => isMissing(account) && !waits(account))) return true;
  const origins = await store.origins.all();
  return [...origins.values()].some(({ client, blob }) => blob !== undefined && !blobs.has(client));
}

/** Closes the clients of a cell that were replaced, once they may be. What does not succeed is noted, and tried again. */
async function closeFormers(
  { ledger, now, removalDelay }: ReconcileDeps,
  accounts: ClientAccounts,
  name: CellName,
  { provider, probe }: ServedCell,
): Promise<void> {
  for (const known of accounts.all()) {
    if (known.cell !== name || known.former === undefined) continue;
    const account = await accounts.load(known);
    const former = account?.former;
    if (account === undefined || former === undefined) continue;
    if (isDue(account, await ledger.keysReadAt(account), now(), removalDelay))
      await closeFormer(defined({ ledger: accounts, provider, probe }), { ...account, former });
  }
}

/** Removes the duplicates of clients of a cell whose creation once went unanswered. */
async function removeCellDuplicates(
  { now }: Pick<ReconcileDeps, 'now'>,
  accounts: ClientAccounts,
  name: CellName,
  { provider }: ServedCell,
): Promise<readonly DuplicateClient[]> {
  const duplicateClients: DuplicateClient[] = [];
  for (const known of accounts.all()) {
    if (known.cell !== name || known.unansweredSince === undefined) continue;
    const account = await accounts.load(known);
    if (account !== undefined)
      duplicateClients.push(...(await removeDuplicates({ provider, ledger: accounts, now }, account)));
  }
  return duplicateClients;
}

/** Takes back requests of changes that the registry no longer asks for. */
async function withdrawStale(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  snapshot: RegistrySnapshot,
  plan: Plan,
): Promise<void> {
  const asked = new Set([...plan.steps.map(clientKey), ...snapshot.held.map(clientKey)]);
  for (const known of accounts.all()) {
    const provider = deps.cells.get(known.cell)?.provider;
    if (known.request === undefined || provider?.withdraw === undefined || asked.has(clientKey(known)))
      continue;
    const account = await accounts.load(known);
    if (account?.request === undefined) continue;
    const { request: _, ...rest } = account;
    const withdrawn = await provider.withdraw(account);
    if (withdrawn.ok) await accounts.save(rest);
  }
}

/** Redirect URIs of one client that are tried, at most. */
const maxProbes = 10;

/** Asks the provider, as a browser would, whether the client works, and notes its answers. */
async function probeClient(
  accounts: ClientAccounts,
  cell: ServedCell,
  account: ClientAccount,
): Promise<void> {
  const { clientId, wanted } = account;
  if (cell.probe === undefined || clientId === undefined || wanted === undefined) return;
  const probes = [];
  for (const uri of wanted.redirect_uris.slice(0, maxProbes))
    probes.push({ uri, answer: await cell.probe(clientId, uri) });
  await accounts.save({ ...account, probes });
}

/**
 * What reconciling would do now. Public services and providers are asked, and what they say is noted; nothing is changed
 * at the providers.
 *
 * @param options.sweep reads every client, and not only those that would change
 * @param options.known what was read already, by a run that this is a part of
 */
export async function preview(
  deps: ReconcileDeps,
  snapshot: RegistrySnapshot,
  options: {
    readonly sweep: boolean;
    readonly known?: { readonly origins: ReadonlyMap<string, Origin>; readonly accounts: ClientAccounts };
  },
): Promise<Preview> {
  const { store } = deps;
  const accounts = options.known?.accounts ?? (await ClientAccounts.of(deps.ledger));
  // Of thousands of definitions each plan takes some hundredths of a second: everyone else has a turn between them.
  const first = currentPlan(deps, accounts, snapshot, new Map());
  await setImmediate();
  const origins = options.known?.origins ?? (await store.origins.all());
  const decided = await decisionsTaken(deps, origins, snapshot);
  const { heldByLookups, heldSteps } = await recheckAll(deps, snapshot, first, accounts, decided);
  const { health, ...looked } = await refreshAccounts(deps, accounts, options.sweep, first);
  const plan = currentPlan(deps, accounts, snapshot, heldByLookups);
  await setImmediate();
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  const frozen = freezesAt(snapshot.freezes ?? [], deps.now());
  const isFrozen = (name: CellName) => frozen.some(({ cell }) => cell === name);
  const refused = await checkSteps(deps, accounts, plan, desired, health);
  const decidedSteps = decideSteps(plan, {
    accounts: accounts.byClient,
    desired,
    refused,
    words: await wordsOf(deps, origins, snapshot),
    byOperator: deps.by !== undefined,
    confirmed: await store.confirmations.digests(),
    isFrozen,
    repair: (step, account) =>
      deps.cells.get(step.cell)?.repair === true && mayRepair(step, account, deps.now()),
  });
  const unreachable = silences(health);
  return {
    plan,
    decidedSteps,
    heldByLookups,
    heldSteps,
    unreachable,
    frozen,
    health,
    ...looked,
    accounts: accounts.byClient,
  };
}

function currentPlan(
  deps: ReconcileDeps,
  accounts: ClientAccounts,
  snapshot: RegistrySnapshot,
  heldByLookups: ReadonlyMap<string, string>,
): Plan {
  const present = accounts.all();
  const outside = snapshot.desired.filter((one) => heldByLookups.has(clientKey(one)));
  return planFor({
    desired: snapshot.desired.filter((one) => !heldByLookups.has(clientKey(one))),
    held: [...snapshot.held, ...outside],
    cells: [...deps.cells.values()].map((cell) => cellState(cell.provider, present)),
    now: deps.now(),
    removalDelay: deps.removalDelay,
  });
}

/** Takes note of requests that people closed, and opens again those that were not theirs to close. */
async function recordClosedRequests(deps: ReconcileDeps, accounts: ClientAccounts): Promise<void> {
  for (const known of accounts.all()) {
    const { request } = known;
    const tracker = deps.cells.get(known.cell)?.requests?.tracker;
    if (tracker !== undefined) await recordRenewal(deps, accounts, tracker, known);
    if (request === undefined || request.declined === true || tracker === undefined) continue;
    const state = await tracker.state(Number(request.name));
    if (!state.ok || state.value.kind === 'open') continue;
    // A command in the same issue may have confirmed it meanwhile.
    const account = await accounts.load(known);
    if (account?.request?.name !== request.name) continue;
    if (state.value.kind === 'disputed') {
      const text = notTheirsToClose(state.value.login, deps.language);
      await tracker.reopen(Number(request.name), text);
      continue;
    }
    const { clientId } = account;
    const { kind, by } = state.value;
    // Closed as done, of a client whose id is known: that says everything. A creation still lacks its client id.
    if (kind === 'done' && clientId !== undefined)
      await confirmProvisioned({ ledger: accounts, now: deps.now }, account, { clientId, by });
    else await declineRequest(accounts, account, by);
  }
}

/** The same of a request for another secret. */
async function recordRenewal(
  { language }: ReconcileDeps,
  accounts: ClientAccounts,
  tracker: IssueTracker,
  known: ClientAccount,
): Promise<void> {
  if (known.renewal === undefined) return;
  const state = await tracker.state(Number(known.renewal));
  if (!state.ok || state.value.kind === 'open') return;
  const account = await accounts.load(known);
  if (account?.renewal !== known.renewal) return;
  if (state.value.kind === 'disputed') {
    await tracker.reopen(Number(known.renewal), notTheirsToClose(state.value.login, language));
    return;
  }
  const { cell, id, clientId } = account;
  const what = state.value.kind === 'done' ? 'renewed' : 'declined';
  const event = defined({ cell, id, what, clientId, by: state.value.by.login } as const);
  await accounts.amend(account, ({ renewal, ...rest }) =>
    renewal === known.renewal ? { account: rest, event } : undefined,
  );
}

/**
 * Asks public services again about the definitions whose clients would be made or changed. Their silence is no consent:
 * the step waits, until they answer or a writer confirms it, who was told what is missing.
 */
async function recheckAll(
  deps: ReconcileDeps,
  snapshot: RegistrySnapshot,
  plan: Plan,
  accounts: ClientAccounts,
  decided: ReadonlyMap<string, DecisionsTaken>,
): Promise<Pick<Preview, 'heldByLookups' | 'heldSteps'>> {
  const held = new Map<string, string>();
  const heldSteps: Preview['heldSteps'][number][] = [];
  const confirmed = await deps.store.confirmations.digests();
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  for (const step of plan.steps) {
    await setImmediate();
    const one = desired.get(clientKey(step));
    if (isReplacement(step, accounts.byClient.get(clientKey(step)))) continue;
    const objection =
      one === undefined
        ? undefined
        : await deps.recheck(one).catch((problem: unknown): Objection => {
            if (!isFault(problem)) throw problem;
            const fault = placeOf(problem);
            const { message } = failure('own-fault', { problem: fault });
            const text = translateProvisioning(message, deps.language, codeSpan);
            return { kind: 'refused', text, fault };
          });
    if (objection === undefined) continue;
    const { kind, text, fault, decisions = [] } = objection;
    if (kind !== 'refused' && confirmed.has(step.digest)) continue;
    const account = accounts.byClient.get(clientKey(step));
    if (kind === 'undecided' && isDecided(step, account, decided.get(clientKey(step)), decisions)) continue;
    heldSteps.push(defined({ step, isConfirmable: kind !== 'refused', fault }));
    held.set(clientKey(step), kind === 'refused' ? text : unansweredText(kind, text, step, deps.language));
  }
  return { heldByLookups: held, heldSteps };
}

/**
 * Whether a step only makes other keys for a service that is live as it stands: what services say of live clients is told,
 * and changes nothing of them.
 */
function isReplacement({ digest }: Step, account: ClientAccount | undefined): boolean {
  return account?.former !== undefined && account.intent?.digest === digest;
}

/** Whether a person has decided already: the review that was merged asked them, or the step was allowed when it was begun. */
function isDecided(
  { digest }: Step,
  account: ClientAccount | undefined,
  taken: DecisionsTaken | undefined,
  decisions: readonly string[],
): boolean {
  if (account?.intent?.digest === digest || account?.request?.digest === digest) return true;
  return taken === 'all' || decisions.every((one) => taken?.includes(one));
}

function retryOf(
  results: readonly StepResult[],
  others: readonly ProviderFailure[],
  isUnfinished: boolean,
): Reconciliation['retry'] {
  // There was no time for it: that is no failure.
  if (isUnfinished) return { reason: 'unfinished', after: 0, wait: true };
  const failures = results.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
  // What is wrong with a provider as a whole is looked at again in the next sweep.
  const passing = [...failures, ...others].filter(({ fault }) => fault === 'passing');
  const [first] = passing;
  if (first === undefined) return undefined;
  const after = Math.max(...passing.map((failure) => failure.after ?? 0));
  return defined({ reason: first.message.key, after: after > 0 ? after : undefined });
}

/** Tells people what a reconciliation did: comments, deployments, and one issue for each matter that waits for someone. */

import type { CellName } from '#base/config/cells';
import type { Language } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { leftToPeople } from '#domain/provisioning/client-metadata';
import { digestOf } from '#domain/provisioning/digest';
import type { Account } from '#domain/provisioning/ledger';
import {
  boundedParagraphs,
  type ClientOutcome,
  changeLine,
  type OutcomeState,
  outcomeComment,
  outcomeWords,
  provisioningMarker,
} from '#domain/provisioning/outcome-comment';
import { type Action, clientKey, type Guard, type Step } from '#domain/provisioning/plan';
import type { Subject } from '#domain/provisioning/provider';
import type { Issues } from '#infrastructure/identity-providers/manual';
import type { ReconcileTools, Reconciliation } from './reconcile.ts';
import type { Deployment } from './reconcile-store.ts';

export type DeploymentState = 'success' | 'failure' | 'in_progress';

/** Where outcomes are told. */
export interface Publisher {
  /** Writes Greffier's comment of this marker on a pull request; nothing when nothing differs. */
  comment(pull: number, marker: string, body: string): Promise<void>;
  /** @returns the id of a new deployment of a commit */
  deploy(commit: string, environment: string): Promise<number>;
  setDeployment(id: number, state: DeploymentState): Promise<void>;
  /** The registry's own issues. */
  readonly issues: Issues;
}

/** The newest pull requests whose outcome is kept up to date. */
const mostPulls = 100;

export async function report(
  tools: ReconcileTools,
  publisher: Publisher,
  result: Reconciliation,
): Promise<void> {
  const byPull = new Map<number, string[]>();
  for (const origin of result.origins.values())
    if (origin.pull !== undefined)
      byPull.set(origin.pull, [...(byPull.get(origin.pull) ?? []), origin.client]);
  const newest = [...byPull.keys()].sort((one, other) => other - one).slice(0, mostPulls);
  for (const pull of newest) await tellPull(tools, publisher, result, pull, (byPull.get(pull) ?? []).sort());
  for (const cell of tools.cells.keys()) {
    await keepIssue(tools, publisher, driftOf(tools, result, cell));
    await keepIssue(tools, publisher, guardOf(tools, result, cell));
  }
}

async function tellPull(
  tools: ReconcileTools,
  publisher: Publisher,
  result: Reconciliation,
  pull: number,
  keys: readonly string[],
): Promise<void> {
  const merge = await tools.books.merge(pull);
  if (merge === undefined) return;
  const clients = keys.map((key) => outcomeOf(tools, result, key, pull));
  const body = outcomeComment({ commit: merge.commit, clients }, tools.language);
  const digest = digestOf(body);
  if (merge.published === digest) return;
  await publisher.comment(pull, provisioningMarker, body);
  const deployments: Record<string, Deployment> = { ...merge.deployments };
  for (const cell of new Set(clients.map((client) => client.cell))) {
    const states = clients.filter((client) => client.cell === cell).map((client) => client.state);
    if (states.every((state) => state === 'unserved')) continue;
    const environment = cell.replace('/', '-');
    const state = deploymentOf(states);
    const known = deployments[environment];
    if (known?.state === state) continue;
    const id = known?.id ?? (await publisher.deploy(merge.commit, environment));
    await publisher.setDeployment(id, state);
    deployments[environment] = { id, state };
  }
  await tools.books.told(pull, digest, deployments);
}

const finished: readonly OutcomeState[] = [
  'created',
  'updated',
  'revived',
  'deactivated',
  'deleted',
  'unchanged',
  'unserved',
];
const unsuccessful: readonly OutcomeState[] = ['failed', 'lost', 'declined', 'stopped'];

function deploymentOf(states: readonly OutcomeState[]): DeploymentState {
  if (states.some((state) => unsuccessful.includes(state))) return 'failure';
  return states.every((state) => finished.includes(state)) ? 'success' : 'in_progress';
}

const doneWords: Readonly<Record<Action, OutcomeState>> = {
  create: 'created',
  update: 'updated',
  revive: 'revived',
  deactivate: 'deactivated',
  delete: 'deleted',
};

/** What is to be said of one client to the readers of the pull request that brought its present definition. */
export function outcomeOf(
  tools: ReconcileTools,
  result: Reconciliation,
  key: string,
  pull: number,
): ClientOutcome {
  const [network, environment, id = ''] = key.split('/');
  const cell: CellName = `${network === 'rie' ? 'rie' : 'internet'}/${
    environment === 'production' ? 'production' : 'integration'
  }`;
  const served = tools.cells.get(cell);
  const account = result.accounts.get(key);
  const state = stateOf(result, key, cell, served !== undefined, pull);
  const ruled = result.ruled.find((one) => clientKey(one.step) === key);
  const detail = result.heldOutside.get(key);
  const wanted = account?.wanted;
  const request = account?.request;
  const failed = state === 'failed' || state === 'retrying' || state === 'lost';
  return {
    cell,
    id,
    state,
    ...(served === undefined
      ? {}
      : { card: { ...served.card, method: account?.method ?? served.card.method } }),
    ...(account?.clientId === undefined ? {} : { clientId: account.clientId }),
    ...(account?.handle === undefined ? {} : { handle: account.handle }),
    ...(wanted === undefined || served === undefined
      ? {}
      : { metadata: wanted, left: leftToPeople(wanted, served.provider.governs) }),
    ...(account?.granted === undefined ? {} : { granted: account.granted }),
    ...(account?.probes === undefined ? {} : { probes: account.probes }),
    ...(request !== undefined && served?.issues?.here === true ? { issue: Number(request.name) } : {}),
    ...(ruled === undefined ? {} : { step: ruled.step }),
    ...(failed && account?.failure !== undefined ? { message: account.failure.message } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(account?.unmanageable === undefined ? {} : { unmanageable: account.unmanageable }),
    ...(account?.inactiveSince === undefined
      ? {}
      : { deletion: new Date(account.inactiveSince + tools.removalDelay).toISOString() }),
  };
}

function stateOf(
  result: Reconciliation,
  key: string,
  cell: CellName,
  served: boolean,
  pull: number,
): OutcomeState {
  if (!served) return 'unserved';
  const ruling = result.ruled.find((one) => clientKey(one.step) === key)?.ruling;
  if (ruling === 'stopped' || ruling === 'guarded') return ruling;
  const heldHere = result.snapshot.held.some((one) => one.cell === cell && clientKey(one) === key);
  if (result.heldOutside.has(key) || heldHere) return 'held';
  const account = result.accounts.get(key);
  // Not begun, since the provider does not answer; or done with for good.
  if (account === undefined) return result.snapshot.blobs.has(key) ? 'retrying' : 'deleted';
  return accountState(account, pull);
}

function accountState(account: Account, pull: number): OutcomeState {
  if (account.state === 'lost') return 'lost';
  if (account.failure !== undefined) return account.failure.retry ? 'retrying' : 'failed';
  if (account.request !== undefined) return account.request.declined === true ? 'declined' : 'requested';
  if (account.intent !== undefined || account.state === 'begun') return 'retrying';
  const { last } = account;
  if (account.state === 'inactive') return 'deactivated';
  return last === undefined || last.pull !== pull ? 'unchanged' : doneWords[last.action];
}

/** What one issue is about, and what it says; `text` is undefined when there is nothing to say any more. */
interface Matter {
  readonly topic: string;
  readonly title: string;
  readonly text: string | undefined;
  /** Said when it is closed. */
  readonly over: string;
}

/** What of a cell is not as it was left. */
export interface Drifted {
  readonly drifts: readonly Step[];
  readonly lost: readonly Subject[];
  /** Second clients of one definition that only a person can remove. */
  readonly twins: readonly (Subject & { readonly clientId: string })[];
}

/** What an issue of drift says; undefined when nothing drifted. Markdown. */
export function driftText(language: Language, { drifts, lost, twins }: Drifted): string | undefined {
  if (drifts.length + lost.length + twins.length === 0) return undefined;
  const say = outcomeWords(language);
  const parts = [
    ...drifts.flatMap((step) => [
      `**${say('drift-client', { client: clientKey(step), digest: step.digest })}**`,
      step.changes.map((change) => `- ${changeLine({ ...change, ...swapped(change) }, language)}`).join('\n'),
    ]),
    ...lost.map((one) => say('drift-lost', { client: clientKey(one) })),
    ...twins.map((twin) => say('drift-twin', { client: clientKey(twin), clientId: twin.clientId })),
  ];
  return [
    say('drift-lead'),
    ...boundedParagraphs(parts, language),
    ...(drifts.length === 0 ? [] : [say('drift-repair')]),
  ].join('\n\n');
}

function driftOf(tools: ReconcileTools, result: Reconciliation, cell: CellName): Matter {
  const say = outcomeWords(tools.language);
  const drifts = result.ruled.filter(({ step, ruling }) => ruling === 'drift' && step.cell === cell);
  const lost = result.plan.lost.filter((one) => one.cell === cell);
  const twins = result.twins.filter((twin) => twin.cell === cell && !twin.removed);
  return {
    topic: `drift ${cell}`,
    title: say('drift-title', { cell: { ours: cell } }),
    text: driftText(tools.language, { drifts: drifts.map(({ step }) => step), lost, twins }),
    over: say('drift-over', { cell: { ours: codeSpan(cell) } }),
  };
}

/** A plan says what would become; drift says what became of what was asked. */
function swapped<T>(change: { readonly from?: T; readonly to?: T }): { from?: T; to?: T } {
  return {
    ...(change.to === undefined ? {} : { from: change.to }),
    ...(change.from === undefined ? {} : { to: change.from }),
  };
}

/** What an issue says of removals that wait for a word. Markdown. */
export function guardText(language: Language, guard: Guard, removals: readonly Step[]): string {
  const say = outcomeWords(language);
  const lines = removals.map((step) => `- ${codeSpan(clientKey(step))}`);
  return [
    say('guard-lead', { removals: guard.removals, of: guard.of, cell: guard.cell }),
    boundedParagraphs(lines, language).join('\n'),
    say('guard-confirm', { digest: { ours: guard.digest } }),
  ].join('\n\n');
}

function guardOf(tools: ReconcileTools, result: Reconciliation, cell: CellName): Matter {
  const say = outcomeWords(tools.language);
  const guard = result.plan.guards.find((one) => one.cell === cell);
  const waits =
    guard !== undefined && result.ruled.some((one) => one.ruling === 'guarded' && one.step.cell === cell);
  const removals = result.plan.steps.filter((step) => step.cell === cell && step.action === 'deactivate');
  return {
    topic: `guard ${cell}`,
    title: say('guard-title', { cell: { ours: cell } }),
    text: waits ? guardText(tools.language, guard, removals) : undefined,
    over: say('guard-over'),
  };
}

/** One issue per matter: opened when it comes up, edited while it lasts, closed when it is over. */
async function keepIssue(tools: ReconcileTools, publisher: Publisher, matter: Matter): Promise<void> {
  const { topic, title, text, over } = matter;
  const kept = await tools.books.topic(topic);
  const digest = text === undefined ? '' : digestOf(text);
  if ((kept?.digest ?? '') === digest) return;
  const marker = `<!-- greffier:${topic} -->`;
  const found = await publisher.issues.findOpen(marker);
  if (!found.ok) return;
  if (text === undefined) {
    if (found.value !== undefined) await publisher.issues.close(found.value, over);
    await tools.books.keepTopic(topic, undefined, '');
    return;
  }
  const body = `${marker}\n\n${text}\n`;
  const written =
    found.value === undefined
      ? await publisher.issues.open(title, body)
      : await publisher.issues.edit(found.value, title, body);
  if (!written.ok) return;
  const number = found.value ?? (typeof written.value === 'number' ? written.value : undefined);
  await tools.books.keepTopic(topic, number, digest);
}

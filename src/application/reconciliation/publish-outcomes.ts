/** Publishes what a reconciliation did: comments, deployments, and one issue for each matter that waits for someone. */

import type { UnsentMail } from '#application/ledger/unsent-mails';
import { recertificationIssues, tellPulls } from '#application/recertification/publish-recertification';
import type { RecordedDeployment } from '#application/reconciliation/store/merge-store';
import type { UnknownClients } from '#application/reconciliation/store/observation-store';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { type DecidedStep, mayPass } from '#domain/provisioning/approval-gate';
import { changesLeftToPeople } from '#domain/provisioning/client-metadata';
import { digestOf } from '#domain/provisioning/digest';
import type { ClientAccount, FormerClient } from '#domain/provisioning/ledger';
import { translateProvisioning } from '#domain/provisioning/messages';
import type { ClientOutcome, OutcomeState } from '#domain/provisioning/outcome';
import { provisioningMarker, renderOutcomeComment } from '#domain/provisioning/outcome-comment';
import { changeLine, limitParagraphs, stoppedLines } from '#domain/provisioning/outcome-lines';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import { type Action, clientKey, type Guard, guardedSteps, type Step } from '#domain/provisioning/plan';
import { type ClientRef, handsKeysOver } from '#domain/provisioning/provider';
import type { AskedClient } from '#domain/provisioning/recertification';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import { serverChangeFailure } from './known-servers.ts';
import type { Objections } from './live-checks.ts';
import type { ReconcileDeps, Reconciliation, ServedCell } from './reconcile.ts';
import { heldSettingsIssue, settingsIssue, teamsIssue } from './settings-issue.ts';
import { type Refusal, TellEach } from './tell-each.ts';

export type DeploymentState = 'success' | 'failure' | 'in_progress';

/** Where outcomes are published. */
export interface OutcomePublisher {
  /** Writes Greffier's comment of this marker on a pull request; nothing when nothing differs. */
  comment(pull: number, marker: string, body: string): Promise<void>;
  /** @returns the id of a new deployment of a commit */
  deploy(commit: string, environment: string): Promise<number>;
  setDeployment(id: number, state: DeploymentState): Promise<void>;
  /** The registry's own issues. */
  readonly issues: IssueTracker;
}

/** The newest pull requests whose outcome is kept up to date. */
const maxPulls = 100;

/**
 * @param asked whose contacts are asked whether their service still lives; absent where nobody knows
 * @returns what GitHub refuses for good, and did not refuse before
 */
export async function publishOutcomes(
  deps: ReconcileDeps,
  publisher: OutcomePublisher,
  result: Reconciliation,
  asked?: readonly AskedClient[],
): Promise<readonly Refusal[]> {
  const each = new TellEach(deps);
  const byPull = new Map<number, string[]>();
  for (const origin of result.origins.values())
    if (origin.pull !== undefined)
      byPull.set(origin.pull, [...(byPull.get(origin.pull) ?? []), origin.client]);
  const newest = [...byPull.keys()].sort((one, other) => other - one).slice(0, maxPulls);
  const unsent = await deps.ledger.unsentMails();
  for (const pull of newest)
    await publishToPull({ ...deps, publisher, each, unsent }, result, pull, (byPull.get(pull) ?? []).sort());
  const contents: IssueContent[] = [];
  for (const cell of deps.cells.keys()) {
    contents.push(driftIssue(deps, result, cell), guardIssue(deps, result, cell, 'removals'));
    contents.push(guardIssue(deps, result, cell, 'creations'));
    contents.push(stoppedIssue(deps, result, cell), serverIssue(deps, result, cell));
    const fault = await providerIssue(deps, result, cell);
    if (fault !== undefined) contents.push(fault);
  }
  contents.push(settingsIssue(deps.language, result.snapshot.refusedSettings ?? []));
  contents.push(heldSettingsIssue(deps.language, result.heldSettings));
  const { unknownTeams } = result.snapshot;
  if (unknownTeams !== undefined) contents.push(teamsIssue(deps.language, unknownTeams));
  if (result.objections !== undefined) contents.push(liveIssue(deps.language, result.objections));
  if (asked !== undefined) {
    contents.push(...recertificationIssues(deps.language, asked));
    await tellPulls({ store: deps.store, publisher, each, language: deps.language }, asked);
  }
  for (const content of contents)
    await each.tell(`issue ${content.topic}`, digestOf(content.text ?? ''), () =>
      upsertIssue(deps, publisher, content),
    );
  return each.end();
}

interface PullDeps extends ReconcileDeps {
  readonly publisher: OutcomePublisher;
  readonly each: TellEach;
  readonly unsent: ReadonlyMap<string, UnsentMail>;
}

async function publishToPull(
  deps: PullDeps,
  result: Reconciliation,
  pull: number,
  keys: readonly string[],
): Promise<void> {
  const { publisher, each } = deps;
  const merge = await deps.store.merges.find(pull);
  if (merge === undefined) return;
  const clients = keys.map((key) => ({
    ...outcomeOf(deps, result, key, pull),
    ...defined({ mail: deps.unsent.get(key) }),
  }));
  const body = renderOutcomeComment({ commit: merge.commit, clients }, deps.language);
  const digest = digestOf(body);
  if (merge.published === digest) return;
  const told = [
    await each.tell(`comment ${pull}`, digest, () => publisher.comment(pull, provisioningMarker, body)),
  ];
  const deployments: Record<string, RecordedDeployment> = { ...merge.deployments };
  for (const cell of new Set(clients.map((client) => client.cell))) {
    const states = clients.filter((client) => client.cell === cell).map((client) => client.state);
    if (states.every((state) => state === 'unserved')) continue;
    const environment = cell.replace('/', '-');
    const state = deploymentState(states);
    const known = deployments[environment];
    if (known?.state === state) continue;
    const deploy = async () => {
      const id = known?.id ?? (await publisher.deploy(merge.commit, environment));
      await publisher.setDeployment(id, state);
      deployments[environment] = { id, state };
    };
    told.push(await each.tell(`deployment ${pull} ${environment}`, `${merge.commit} ${state}`, deploy));
  }
  if (told.every(Boolean)) await deps.store.merges.markPublished(pull, digest, deployments);
}

const finishedStates: readonly OutcomeState[] = [
  'created',
  'updated',
  'revived',
  'deactivated',
  'deleted',
  'unchanged',
  'unserved',
];
const failedStates: readonly OutcomeState[] = ['failed', 'lost', 'declined', 'stopped'];

function deploymentState(states: readonly OutcomeState[]): DeploymentState {
  if (states.some((state) => failedStates.includes(state))) return 'failure';
  return states.every((state) => finishedStates.includes(state)) ? 'success' : 'in_progress';
}

const doneStates: Readonly<Record<Action, OutcomeState>> = {
  create: 'created',
  update: 'updated',
  revive: 'revived',
  deactivate: 'deactivated',
  delete: 'deleted',
};

/** What is published of one client for the readers of the pull request that brought its present definition. */
export function outcomeOf(
  deps: ReconcileDeps,
  result: Reconciliation,
  key: string,
  pull: number,
): ClientOutcome {
  const [network, environment, id = ''] = key.split('/');
  const cell: CellName = `${network === 'rie' ? 'rie' : 'internet'}/${
    environment === 'production' ? 'production' : 'integration'
  }`;
  const served = deps.cells.get(cell);
  const account = result.accounts.get(key);
  const state = stateOf(result, key, cell, served !== undefined, pull);
  const decided = result.decidedSteps.find((one) => clientKey(one.step) === key);
  const detail = result.heldByLookups.get(key);
  const wanted = account?.wanted;
  const request = account?.request;
  const failed = state === 'failed' || state === 'retrying' || state === 'lost';
  const now = result.results.flatMap((one) =>
    one.kind === 'failed' && clientKey(one.step) === key ? [one.failure] : [],
  )[0];
  const trouble = result.unread.get(key) ?? result.unreachable.get(cell);
  const moved = state === 'held' ? result.moved.find((one) => one.cell === cell) : undefined;
  return defined({
    cell,
    id,
    state,
    cellInfo: served && { ...served.info, method: account?.method ?? served.info.method },
    clientId: account?.clientId,
    handle: account?.handle,
    metadata: served && wanted,
    left: served && wanted && changesLeftToPeople(wanted, served.provider.governedFields),
    granted: account?.granted,
    probes: account?.probes,
    issue: served?.requests?.inRegistry === true && request !== undefined ? Number(request.name) : undefined,
    step: decided?.step,
    stopped: decided?.reason,
    message: moved
      ? serverChangeFailure(cell, moved).message
      : failed
        ? (decided?.failure ?? (state === 'lost' ? undefined : trouble) ?? account?.failure ?? now)?.message
        : undefined,
    differing: account?.accepted,
    untold: account?.untold,
    detail,
    freeze: state === 'frozen' ? result.frozen.find((one) => one.cell === cell) : undefined,
    unmanageable: account?.unmanageable,
    former: formerOf(account?.former, served, deps.removalDelay),
    renewal:
      served?.requests?.inRegistry === true && account?.renewal !== undefined
        ? Number(account.renewal)
        : undefined,
    deletion:
      account?.inactiveSince === undefined
        ? undefined
        : new Date(account.inactiveSince + deps.removalDelay).toISOString(),
  });
}

/** Whole days, for people. */
function daysOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 86_400_000);
}

/** What is published of a client that was replaced. That its keys were read is known of one-time pages only. */
function formerOf(
  former: FormerClient | undefined,
  served: ServedCell | undefined,
  removalDelay: number,
): ClientOutcome['former'] {
  if (former === undefined || served === undefined) return undefined;
  const { clientId, revoked, failure } = former;
  const days = handsKeysOver[served.provider.kind] ? daysOf(removalDelay) : undefined;
  return { clientId, ...defined({ revoked, failure, days }) };
}

function stateOf(
  result: Reconciliation,
  key: string,
  cell: CellName,
  served: boolean,
  pull: number,
): OutcomeState {
  if (!served) return 'unserved';
  const decision = result.decidedSteps.find((one) => clientKey(one.step) === key)?.decision;
  if (decision !== undefined && result.moved.some((one) => one.cell === cell)) return 'held';
  if (decision === 'stopped' || decision === 'guarded') return decision;
  // What people were asked for before the freeze is theirs to do.
  if (decision === 'frozen' && result.accounts.get(key)?.request === undefined) return decision;
  if (decision === 'refused') return 'failed';
  const heldHere = result.snapshot.held.some((one) => one.cell === cell && clientKey(one) === key);
  if (result.heldByLookups.has(key) || heldHere) return 'held';
  const account = result.accounts.get(key);
  // Not begun, since the provider does not answer; or done with for good.
  if (account === undefined) return result.snapshot.blobs.has(key) ? 'retrying' : 'deleted';
  return accountState(account, pull);
}

function accountState(account: ClientAccount, pull: number): OutcomeState {
  if (account.state === 'lost') return 'lost';
  if (account.failure !== undefined) return mayPass(account.failure) ? 'retrying' : 'failed';
  if (account.request !== undefined) return account.request.declined === true ? 'declined' : 'requested';
  if (account.intent !== undefined || account.state === 'begun') return 'retrying';
  const { last } = account;
  if (account.state === 'inactive') return 'deactivated';
  return last === undefined || last.pull !== pull ? 'unchanged' : doneStates[last.action];
}

/** What one issue is about, and what it says; `text` is undefined when the issue is to be closed. */
export interface IssueContent {
  readonly topic: string;
  readonly title: string;
  readonly text: string | undefined;
  /** Said when it is closed. */
  readonly over: string;
}

/** What of a cell is not as it was left. */
export interface Drift {
  readonly drifts: readonly Step[];
  readonly lost: readonly ClientRef[];
  /** Second clients of one definition that only a person can remove. */
  readonly duplicateClients: readonly (ClientRef & { readonly clientId: string })[];
  /** Clients that carry Greffier's address, and are no definition's. */
  readonly unknown?: UnknownClients;
}

/** What an issue of drift says; undefined when nothing drifted. Markdown. */
export function driftText(
  language: Language,
  { drifts, lost, duplicateClients, unknown = { count: 0, first: [] } }: Drift,
): string | undefined {
  if (drifts.length + lost.length + duplicateClients.length + unknown.count === 0) return undefined;
  const t = outcomeTranslator(language);
  const parts = [
    ...drifts.flatMap((step) => [
      `**${t('drift-client', { client: clientKey(step), digest: step.digest })}**`,
      step.changes.map((change) => `- ${changeLine({ ...change, ...swapped(change) }, language)}`).join('\n'),
    ]),
    ...lost.map((one) => t('drift-lost', { client: clientKey(one) })),
    ...duplicateClients.map((duplicate) =>
      t('drift-twin', { client: clientKey(duplicate), clientId: duplicate.clientId }),
    ),
    ...(unknown.count === 0
      ? []
      : [
          t('drift-unknown', { count: unknown.count }),
          ...unknown.first.map((one) => `- ${t('drift-unknown-client', { ...one })}`),
        ]),
  ];
  return [
    t('drift-lead'),
    ...limitParagraphs(parts, language),
    ...(drifts.length === 0 ? [] : [t('drift-repair')]),
  ].join('\n\n');
}

function driftIssue(deps: ReconcileDeps, result: Reconciliation, cell: CellName): IssueContent {
  const t = outcomeTranslator(deps.language);
  const drifts = result.decidedSteps.filter(
    ({ step, decision }) => decision === 'drift' && step.cell === cell,
  );
  const lost = result.plan.lost.filter((one) => one.cell === cell);
  const duplicateClients = result.duplicateClients.filter(
    (duplicate) => duplicate.cell === cell && !duplicate.removed,
  );
  return {
    topic: `drift ${cell}`,
    title: t('drift-title', { cell: { trusted: cell } }),
    text: driftText(deps.language, {
      drifts: drifts.map(({ step }) => step),
      lost,
      duplicateClients,
      ...defined({ unknown: result.unknown.unknownClients.get(cell) }),
    }),
    over: t('drift-over', { cell: { trusted: codeSpan(cell) } }),
  };
}

/** A plan says what would become; drift says what became of what was asked. */
function swapped<T>(change: { readonly from?: T; readonly to?: T }): { from?: T; to?: T } {
  return defined({ from: change.to, to: change.from });
}

/** What an issue says of many removals or creations that wait for a confirmation. Markdown. */
export function guardText(language: Language, guard: Guard, steps: readonly Step[]): string {
  const t = outcomeTranslator(language);
  const digest = { trusted: guard.digest };
  const lines = limitParagraphs(
    steps.map((step) => `- ${codeSpan(clientKey(step))}`),
    language,
  ).join('\n');
  const { cell } = guard;
  return (
    guard.kind === 'removals'
      ? [
          t('guard-lead', { removals: guard.removals, of: guard.of, cell }),
          lines,
          t('guard-confirm', { digest }),
        ]
      : [
          t('guard-create-lead', { creations: guard.creations, cell }),
          lines,
          t('guard-create-confirm', { digest }),
        ]
  ).join('\n\n');
}

function guardIssue(
  deps: ReconcileDeps,
  { plan, decidedSteps }: Reconciliation,
  cell: CellName,
  kind: Guard['kind'],
): IssueContent {
  const t = outcomeTranslator(deps.language);
  const guard = plan.guards.find((one) => one.cell === cell && one.kind === kind);
  const many = guard === undefined ? [] : guardedSteps(guard, plan.steps);
  const waits = decidedSteps.some(({ step, decision }) => decision === 'guarded' && many.includes(step));
  const topic = kind === 'removals' ? 'guard' : 'guard-create';
  return {
    topic: `${topic} ${cell}`,
    title: t(`${topic}-title`, { cell: { trusted: cell } }),
    text: guard !== undefined && waits ? guardText(deps.language, guard, many) : undefined,
    over: t('guard-over'),
  };
}

/** What an issue says of changes that wait for a confirmation; undefined when none does. Markdown. */
export function stoppedText(language: Language, stopped: readonly DecidedStep[]): string | undefined {
  if (stopped.length === 0) return undefined;
  const t = outcomeTranslator(language);
  const parts = stopped.map(({ step, reason = 'unknown' }) => {
    const lines = stoppedLines(step, reason, language);
    return [
      `**${codeSpan(clientKey(step))}**`,
      '',
      ...lines.map((line) => (line.startsWith(' ') ? line : `- ${line}`)),
    ].join('\n');
  });
  return [t('confirm-lead'), ...limitParagraphs(parts, language)].join('\n\n');
}

function stoppedIssue(deps: ReconcileDeps, result: Reconciliation, cell: CellName): IssueContent {
  const t = outcomeTranslator(deps.language);
  const stopped = result.decidedSteps.filter(
    // Of what nobody can tell of yet there is nothing to confirm: it is asked about again.
    ({ step, decision, reason }) => decision === 'stopped' && step.cell === cell && reason !== 'unknown',
  );
  return {
    topic: `confirm ${cell}`,
    title: t('confirm-title', { cell: { trusted: cell } }),
    text: stoppedText(deps.language, stopped),
    over: t('guard-over'),
  };
}

/** One issue for all live clients to which public services object by now. */
function liveIssue(language: Language, objections: Objections): IssueContent {
  const t = outcomeTranslator(language);
  const lines = Array.from(objections, ([client, text]) => `- ${codeSpan(client)} ${text}`).sort();
  return {
    topic: 'live-checks',
    title: t('live-title'),
    text:
      lines.length === 0
        ? undefined
        : [t('live-lead'), limitParagraphs(lines, language).join('\n')].join('\n\n'),
    over: t('live-over'),
  };
}

function serverIssue(deps: ReconcileDeps, result: Reconciliation, cell: CellName): IssueContent {
  const t = outcomeTranslator(deps.language);
  const moved = result.moved.find((one) => one.cell === cell);
  return {
    topic: `server ${cell}`,
    title: t('server-title', { cell: { trusted: cell } }),
    text: moved && translateProvisioning(serverChangeFailure(cell, moved).message, deps.language, codeSpan),
    over: t('server-over', { cell: { trusted: codeSpan(cell) } }),
  };
}

/** Milliseconds for which a provider may be silent before someone is told: servers are restarted. */
const silenceTold = 15 * 60_000;

/**
 * What is wrong with a provider as a whole: told once, for all its clients, and over when it answers again.
 *
 * @returns undefined while nothing new is known: it was not asked, or has not been silent for long
 */
async function providerIssue(
  { store, now, language }: ReconcileDeps,
  { health }: Pick<Reconciliation, 'health'>,
  cell: CellName,
): Promise<IssueContent | undefined> {
  const own = health.get(cell);
  const failure = own?.silence;
  const t = outcomeTranslator(language);
  const since = `silence ${cell}`;
  const content = (text: string | undefined): IssueContent => ({
    topic: `provider ${cell}`,
    title: t('provider-title', { cell: { trusted: cell } }),
    text,
    over: t('provider-over', { cell: { trusted: codeSpan(cell) } }),
  });
  if (failure === undefined) {
    if (own?.isWell !== true) return undefined;
    if (((await store.topics.find(since))?.digest ?? '') !== '')
      await store.topics.save(since, undefined, '');
    return content(undefined);
  }
  // That another server is configured is told in an issue of its own.
  if (failure.message.key === 'provisioning#server-changed') return undefined;
  if (failure.fault === 'passing') {
    const begun = Number((await store.topics.find(since))?.digest ?? '');
    if (begun === 0) await store.topics.save(since, undefined, String(now()));
    if (begun === 0 || now() - begun < silenceTold) return undefined;
  }
  const reason = translateProvisioning(failure.message, language, codeSpan);
  return content(t('provider-lead', { cell: { trusted: codeSpan(cell) }, reason: { trusted: reason } }));
}

/** One issue per matter: opened when it comes up, edited while it lasts, closed when it is over. */
async function upsertIssue(
  deps: ReconcileDeps,
  publisher: OutcomePublisher,
  content: IssueContent,
): Promise<void> {
  const { topic, title, text, over } = content;
  const saved = await deps.store.topics.find(topic);
  const digest = text === undefined ? '' : digestOf(text);
  if ((saved?.digest ?? '') === digest) return;
  const marker = `<!-- greffier:${topic} -->`;
  const found = await publisher.issues.findOpen(marker);
  if (!found.ok) return;
  if (text === undefined) {
    if (found.value !== undefined) await publisher.issues.close(found.value, over);
    await deps.store.topics.save(topic, undefined, '');
    return;
  }
  const body = `${marker}\n\n${text}\n`;
  const written =
    found.value === undefined
      ? await publisher.issues.open(title, body)
      : await publisher.issues.edit(found.value, title, body);
  if (!written.ok) return;
  const number = found.value ?? (typeof written.value === 'number' ? written.value : undefined);
  await deps.store.topics.save(topic, number, digest);
}

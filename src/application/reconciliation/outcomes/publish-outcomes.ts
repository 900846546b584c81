/** Publishes what a reconciliation did: comments, deployments, and one issue for each matter that waits for someone. */
import type { UnsentMail } from '#application/ledger/unsent-mails';
import { recertificationIssues, tellPulls } from '#application/recertification/publish-recertification';
import type { Reconciliation } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { RecordedDeployment } from '#application/reconciliation/store/merge-store';
import { cellNames } from '#base/config/cells';
import { defined } from '#base/defined';
import { digestOf } from '#domain/provisioning/digest';
import type { OutcomeState } from '#domain/provisioning/outcome';
import { provisioningMarker, renderOutcomeComment } from '#domain/provisioning/outcome-comment';
import type { AskedClient } from '#domain/provisioning/recertification';
import { cellIssues, unservedCellIssues } from './cell-issues.ts';
import { outcomeOf } from './client-outcome.ts';
import type { DeploymentState, OutcomePublisher } from './outcome-publisher.ts';
import { heldSettingsIssue, settingsIssue, teamsIssue } from './settings-issue.ts';
import { type Refusal, TellEach } from './tell-each.ts';
import { type IssueContent, upsertIssue } from './topic-issue.ts';

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
  if (asked !== undefined)
    await tellPulls({ store: deps.store, publisher, each, language: deps.language }, asked);
  for (const content of await issuesOf(deps, result, asked))
    await each.tell(`issue ${content.topic}`, digestOf(content.text ?? ''), () =>
      upsertIssue({ topics: deps.store.topics, issues: publisher.issues }, content),
    );
  return each.end();
}

/** What each issue says after a run; of what was not looked at, nothing. */
async function issuesOf(
  deps: ReconcileDeps,
  result: Reconciliation,
  asked: readonly AskedClient[] | undefined,
): Promise<readonly IssueContent[]> {
  const { language } = deps;
  const { refusedSettings = [], unknownTeams } = result.snapshot;
  const ofCells: IssueContent[] = [];
  for (const cell of deps.cells.keys()) ofCells.push(...(await cellIssues(deps, result, cell)));
  const unserved = cellNames.filter((cell) => !deps.configuredCells.includes(cell));
  return [
    ...ofCells,
    ...unserved.flatMap((cell) => unservedCellIssues(language, cell)),
    settingsIssue(language, refusedSettings),
    heldSettingsIssue(language, result.heldSettings),
    ...(unknownTeams === undefined ? [] : [teamsIssue(language, unknownTeams)]),
    ...(asked === undefined ? [] : recertificationIssues(language, asked)),
  ];
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

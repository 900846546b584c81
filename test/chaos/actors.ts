/** What people do in a round: each brings one service from a faulty proposal to its end, all at the same time. */

import type { CellName } from '#base/config/cells';
import type { CheckRun, Comment, Issue, PullRequest, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { commune } from '#demo/lookup-services';
import { provisioningMarker, reviewMarker } from '#demo/scenes';
import { waitUntil } from '#demo/wait-until';
import { replyMarker } from '#domain/review/commands/replies';
import type { ChaosEnvironment } from './environment.ts';

/** How a service ends up. */
export type ServiceOutcome = 'kept' | 'removed' | 'renamed';

export interface ServiceCase {
  readonly id: string;
  readonly name: string;
  readonly cell: CellName;
  readonly outcome: ServiceOutcome;
}

/** What was asked in a comment, and what is to come of it. */
export interface AskedCommand {
  readonly on: Issue;
  readonly comment: Comment;
  readonly reaction: '+1' | 'confused';
  /** Whether a comment answers it. */
  readonly reply: boolean;
}

/** What is to be so in the end. */
export interface Expectations {
  /** Definitions that are in the registry, with the URIs that their clients are to have. */
  readonly there: Map<string, { readonly service: ServiceCase; readonly uris: readonly string[] }>;
  /** Definitions whose clients were made and are gone. */
  readonly gone: Map<string, ServiceCase>;
  readonly merged: Set<PullRequest>;
  readonly asked: AskedCommand[];
  /** Requests to people that were opened: by the key of the client, how many. */
  readonly requests: Map<string, number>;
}

export class ChaosRound {
  readonly environment: ChaosEnvironment;
  readonly random: () => number;
  /** Milliseconds that a person waits for one thing before the round counts as stuck. */
  readonly timeout: number;
  readonly expected: Expectations = {
    there: new Map(),
    gone: new Map(),
    merged: new Set(),
    asked: [],
    requests: new Map(),
  };

  constructor(environment: ChaosEnvironment, random: () => number, timeout: number) {
    this.environment = environment;
    this.random = random;
    this.timeout = timeout;
  }

  /** @throws when it did not come in time, naming it */
  async waitFor<T>(what: string, check: () => T | undefined | false): Promise<T> {
    const found = await waitUntil(check, this.timeout);
    if (found === undefined) throw new Error(`nobody saw within ${this.timeout / 1000} s: ${what}`);
    return found;
  }
}

export const definitionPathOf = (cell: CellName, id: string): string =>
  `service-providers/${cell}/${id}.yaml`;
const uriOf = (id: string, place = 'retour'): string => `https://${id}.ville-de-montfictif.fr/auth/${place}`;

function definition(service: ServiceCase, id: string, uris: readonly string[]): string {
  const [network, environment] = service.cell.split('/');
  const production =
    environment === 'production'
      ? [
          `datapass: ${commune.habilitation}`,
          'description: Réserver une salle municipale et annoncer un événement',
          'private_sector: false',
        ]
      : [];
  const rie =
    network === 'rie' ? ['ip_addresses:', `  - 10.144.7.${10 + Number(service.id.split('-').at(-1))}`] : [];
  const support = environment === 'production' ? ['  support: aide@ville-de-montfictif.fr'] : [];
  return [
    'version: 1',
    `name: ${service.name}`,
    `network: ${network}`,
    `environment: ${environment}`,
    'organization:',
    `  siret: "${commune.siret}"`,
    ...production,
    'contacts:',
    '  technical:',
    `    - ${id}@ville-de-montfictif.fr`,
    ...support,
    'redirect_uris:',
    ...uris.map((uri) => `  - ${uri}`),
    'post_logout_redirect_uris:',
    `  - ${uriOf(id, 'au-revoir')}`,
    'id_token_signed_response_alg: RS256',
    'userinfo_signed_response_alg: RS256',
    ...rie,
    '',
  ].join('\n');
}

/** One service, from the first proposal on. */
export async function runServiceCase(
  round: ChaosRound,
  applicant: GitHubUser,
  service: ServiceCase,
): Promise<void> {
  const { environment, expected } = round;
  const { registry } = environment;
  const key = `${service.cell}/${service.id}`;
  const path = definitionPathOf(service.cell, service.id);
  const fork = applicant.fork(registry);
  const good = definition(service, service.id, [uriOf(service.id)]);
  const faulty = good.replace('https:', 'http:').replace('alg: RS256', 'alg: rs256');
  const first = applicant.openPullRequest(registry, {
    from: fork,
    branch: service.id,
    title: service.name,
    files: { [path]: faulty },
  });
  await waitForVerdict(round, first, 'failure');
  await giveCommand(round, applicant, first);
  for (let pushes = round.random() < 0.4 ? 10 : 1; pushes > 1; pushes -= 1)
    applicant.pushCommit(fork, service.id, { [path]: `${faulty}# ${pushes}\n` });
  applicant.pushCommit(fork, service.id, { [path]: good });
  await acceptAndMerge(round, first, service);
  expected.there.set(key, { service, uris: [uriOf(service.id)] });
  await waitForProvisioning(round, service, service.id, first);

  const uris = [uriOf(service.id), uriOf(service.id, 'second-retour')];
  const changed = definition(service, service.id, uris);
  const second = propose(round, applicant, fork, `${service.id}-suite`, { [path]: changed });
  await acceptAndMerge(round, second, service);
  expected.there.set(key, { service, uris });
  await waitForProvisioning(round, service, service.id, second);

  if (service.outcome === 'kept') return;
  const id = `${service.id}-bis`;
  const files =
    service.outcome === 'removed'
      ? { [path]: null }
      : { [path]: null, [definitionPathOf(service.cell, id)]: changed };
  const last = propose(round, applicant, fork, `${service.id}-fin`, files);
  await acceptAndMerge(round, last, service);
  expected.there.delete(key);
  expected.gone.set(key, service);
  if (service.outcome === 'renamed') {
    expected.there.set(`${service.cell}/${id}`, { service, uris });
    await waitForProvisioning(round, service, id, last);
  }
}

function propose(
  round: ChaosRound,
  applicant: GitHubUser,
  fork: Repository,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): PullRequest {
  const { registry } = round.environment;
  const main = registry.git.branch('main');
  if (main !== undefined) fork.git.refs.set('refs/heads/main', main);
  return applicant.openPullRequest(registry, { from: fork, branch, title: branch, files });
}

/** Waits for the verdict, has it approved where it must be, waits for the green check, and has it merged. */
async function acceptAndMerge(round: ChaosRound, pull: PullRequest, service: ServiceCase): Promise<void> {
  const { registry, reviewer } = round.environment;
  const decided = service.cell.endsWith('/production');
  const verdict = await waitForVerdict(round, pull, decided ? 'action_required' : undefined);
  if (verdict !== 'success') {
    await giveCommand(round, round.environment.github.user(pull.author.login), pull);
    reviewer.approve(registry, pull);
    await waitForVerdict(round, pull, 'success');
  }
  reviewer.merge(registry, pull);
  round.expected.merged.add(pull);
}

const labelFor = { failure: 'invalid', action_required: 'needs-decision', success: 'ready' } as const;
type Verdict = keyof typeof labelFor;

/** The check of the head, the label and the comment, once they all say this (or any verdict but failure). */
async function waitForVerdict(round: ChaosRound, pull: PullRequest, wanted?: Verdict): Promise<Verdict> {
  const { registry } = round.environment;
  return round.waitFor(`the verdict ${wanted ?? 'without error'} on #${pull.number}`, () => {
    const conclusion = checksOn(registry, pull.pull.headSha)[0]?.conclusion;
    if (conclusion !== 'failure' && conclusion !== 'action_required' && conclusion !== 'success')
      return undefined;
    const wantedSeen = wanted === undefined ? conclusion !== 'failure' : conclusion === wanted;
    const shown = pull.labels.has(labelFor[conclusion]) && commentShows(pull, conclusion);
    return wantedSeen && shown && conclusion;
  });
}

/** The first character of the comment's heading stands for the verdict. */
const signs = { failure: '❌', action_required: '⏳', success: '✅' } as const;

/** Whether the review's comment tells this verdict, of the present head. */
export function commentShows(pull: PullRequest, verdict: Verdict): boolean {
  const body = botComments(pull, reviewMarker)[0]?.body ?? '';
  const heading = body.split('\n').find((line) => line.startsWith('## ')) ?? '';
  return heading.includes(signs[verdict]) && body.includes(pull.pull.headSha);
}

export function checksOn(registry: Repository, head: string): readonly CheckRun[] {
  return registry.checkRuns.filter((run) => run.headSha === head && run.name === 'greffier');
}

export function botComments(on: Issue, marker: string): readonly Comment[] {
  return on.comments.filter(({ body, author }) => author.type === 'Bot' && body.startsWith(marker));
}

const commands = [
  { body: '/greffier help', reaction: '+1', reply: true },
  { body: '/greffier explain url/https-required', reaction: '+1', reply: true },
  { body: '/greffier check', reaction: '+1', reply: false },
  { body: '/greffier plan', reaction: '+1', reply: true },
  { body: '/greffier provisioned 123', reaction: 'confused', reply: true },
] as const;

/** Gives some command, and waits until it is acknowledged and answered. */
async function giveCommand(round: ChaosRound, by: GitHubUser, on: PullRequest): Promise<void> {
  const { registry } = round.environment;
  const command = commands[Math.floor(round.random() * commands.length)] ?? commands[0];
  const comment = by.comment(registry, on, command.body);
  const asked = { on, comment, reaction: command.reaction, reply: command.reply };
  round.expected.asked.push(asked);
  await round.waitFor(`the answer to “${command.body}” on #${on.number}`, () => isAnswered(asked));
}

export function isAnswered({ on, comment, reaction, reply }: AskedCommand): boolean {
  const reacted = comment.reactions.some(({ content }) => content === reaction);
  return reacted && (!reply || botComments(on, replyMarker(comment.id)).length > 0);
}

/** The client is there with its URIs, and the pull request says so. People of `manual` cells do their part. */
async function waitForProvisioning(
  round: ChaosRound,
  service: ServiceCase,
  id: string,
  pull: PullRequest,
): Promise<void> {
  if (service.cell === 'rie/integration') await provideByHand(round, service, id);
  await round.waitFor(`the outcome of #${pull.number}, ${service.cell}/${id}`, () => {
    const deployment = deploymentsOf(round.environment, pull)[0];
    return (
      botComments(pull, provisioningMarker).length > 0 && deployment?.statuses.at(-1)?.state === 'success'
    );
  });
}

export function deploymentsOf({ registry }: ChaosEnvironment, pull: PullRequest) {
  return registry.deployments.filter(({ sha }) => sha === pull.pull.merged?.sha);
}

/** The open request about a client. */
function requestOf(registry: Repository, key: string): Issue | undefined {
  const marker = `<!-- greffier:request ${key} -->`;
  return [...registry.issues.values()].find(
    (issue) => issue.state === 'open' && issue.author.type === 'Bot' && issue.body?.startsWith(marker),
  );
}

/** Someone of the team does what a request says, and says that it is done. */
async function provideByHand(round: ChaosRound, service: ServiceCase, id: string): Promise<void> {
  const { registry, reviewer } = round.environment;
  const key = `${service.cell}/${id}`;
  const issue = await round.waitFor(`a request about ${key}`, () => requestOf(registry, key));
  round.expected.requests.set(key, (round.expected.requests.get(key) ?? 0) + 1);
  const comment = reviewer.comment(registry, issue, `/greffier provisioned client-${id}`);
  round.expected.asked.push({ on: issue, comment, reaction: '+1', reply: true });
  await round.waitFor(
    `the end of the request about ${key}, #${issue.number}`,
    () => issue.state === 'closed',
  );
}

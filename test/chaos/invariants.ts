/** What must be so once nothing goes wrong any more. Each function answers what is violated, in words. */

import type { Issue, PullRequest } from '#demo/github/state';
import { isPullRequest } from '#demo/github/state';
import { provisioningMarker, reviewMarker } from '#demo/scenes';
import { TextBrowser } from '#demo/text-browser';
import { unescapeHtml } from '#demo/unescape-html';
import { replyMarker } from '#domain/review/commands/replies';
import type { Database } from '#infrastructure/database/database';
import { exportDatabase } from '#infrastructure/database/export-import';
import { dormantUri } from '#infrastructure/identity-providers/registration/wire-format';
import {
  botComments,
  checksOn,
  commentShows,
  deploymentsOf,
  type Expectations,
  isAnswered,
} from './actors.ts';
import type { ChaosEnvironment } from './environment.ts';

/** What GitHub, the providers and the mailbox show. */
export function externalViolations(environment: ChaosEnvironment, expected: Expectations): string[] {
  return [
    ...[...environment.registry.issues.values()].flatMap((issue) =>
      isPullRequest(issue) ? pullRequestViolations(environment, expected, issue) : issueViolations(issue),
    ),
    ...manualRequestViolations(environment, expected),
    ...commandViolations(expected),
    ...clientViolations(environment, expected),
    ...mailViolations(environment, expected),
  ];
}

function pullRequestViolations(
  environment: ChaosEnvironment,
  expected: Expectations,
  pull: PullRequest,
): string[] {
  const violations: string[] = [];
  const say = (what: string) => violations.push(`#${pull.number}: ${what}`);
  const heads = new Set(environment.registry.checkRuns.map(({ headSha }) => headSha));
  for (const head of heads)
    if (pull.pull.headSha === head || pull.pull.headRepository.git.objects.commit(head) !== undefined) {
      const runs = checksOn(environment.registry, head);
      if (runs.length > 1) say(`${runs.length} checks on ${head.slice(0, 7)}`);
    }
  const [check] = checksOn(environment.registry, pull.pull.headSha);
  if (check?.conclusion !== 'success') say(`its check says ${check?.conclusion ?? 'nothing'}`);
  const reviews = botComments(pull, reviewMarker);
  if (reviews.length !== 1) say(`${reviews.length} comments of the review`);
  if (!commentShows(pull, 'success')) say('the comment of the review tells another verdict');
  const verdicts = ['invalid', 'needs-decision', 'ready'].filter((label) => pull.labels.has(label));
  if (verdicts.join() !== 'ready') say(`its labels say ${verdicts.join(' and ') || 'nothing'}`);
  if (!expected.merged.has(pull)) return violations;

  const told = botComments(pull, provisioningMarker);
  if (told.length !== 1) say(`${told.length} comments of the outcome`);
  const deployments = deploymentsOf(environment, pull);
  if (deployments.length !== 1) say(`${deployments.length} deployments`);
  for (const { statuses } of deployments) {
    const states = statuses.map(({ state }) => state);
    if (states.at(-1) !== 'success') say(`its deployment says ${states.at(-1) ?? 'nothing'}`);
    if (states.some((state, index) => state === states[index + 1]))
      say(`its deployment was told twice: ${states.join(', ')}`);
  }
  return violations;
}

/** Issues of Greffier's own: all closed in the end, with one word each. */
function issueViolations(issue: Issue): string[] {
  const violations: string[] = [];
  if (issue.state === 'open') violations.push(`issue #${issue.number} is still open: ${issue.title}`);
  const closing = issue.comments.filter(
    ({ author, body }) => author.type === 'Bot' && !body.startsWith('<!-- greffier:reply:'),
  );
  if (closing.length !== 1)
    violations.push(`issue #${issue.number} was closed with ${closing.length} comments`);
  return violations;
}

function manualRequestViolations(environment: ChaosEnvironment, expected: Expectations): string[] {
  const opened = new Map<string, number>();
  for (const { body } of environment.registry.issues.values()) {
    const key = /^<!-- greffier:request (\S+) -->/.exec(body ?? '')?.[1];
    if (key !== undefined) opened.set(key, (opened.get(key) ?? 0) + 1);
  }
  return [...new Set([...opened.keys(), ...expected.requests.keys()])].flatMap((key) => {
    const [there = 0, wanted = 0] = [opened.get(key), expected.requests.get(key)];
    return there === wanted ? [] : [`${there} requests about ${key}, not ${wanted}`];
  });
}

function commandViolations(expected: Expectations): string[] {
  return expected.asked.flatMap((asked) => {
    const { on, comment, reaction, reply } = asked;
    const what = `“${comment.body}” on #${on.number}`;
    const violations: string[] = [];
    if (!isAnswered(asked)) violations.push(`${what} was not answered`);
    const answers = botComments(on, replyMarker(comment.id)).length;
    if (answers > (reply ? 1 : 0)) violations.push(`${what} was answered ${answers} times`);
    const others = comment.reactions.filter(({ content }) => content !== reaction);
    if (others.length > 0) violations.push(`${what} was met with ${others[0]?.content} too`);
    return violations;
  });
}

/** The URIs of the clients that may let someone in, at both providers. */
function clientViolations(environment: ChaosEnvironment, expected: Expectations): string[] {
  const violations: string[] = [];
  const made = [
    ...Array.from(environment.partner.clients.values(), (client) => ({
      cell: 'internet/integration',
      name: String(client.name),
      uris: [client.redirect_uris].flat().map(String),
    })),
    ...environment.openid.clients().map((client) => ({
      cell: 'internet/production',
      name: String(client.client_name),
      uris: [client.redirect_uris].flat().map(String),
    })),
  ];
  // What a registration leaves behind when its answer is lost can let nobody in.
  const live = made.filter(({ uris }) => uris.join() !== dormantUri);
  const left = made.length - live.length;
  const lost = environment.faults.unanswered.get('openid') ?? 0;
  if (left > lost + environment.bots.kills)
    violations.push(`${left} dormant clients, after ${lost} lost answers`);
  const wanted = [...expected.there].filter(([key]) => !key.startsWith('rie/'));
  for (const [key, { service, uris }] of wanted) {
    const own = live.filter(({ cell, uris: has }) => key.startsWith(cell) && has.includes(uris[0] ?? ''));
    const [one] = own;
    if (own.length !== 1) violations.push(`${own.length} clients for ${key}`);
    else if (one?.uris.join() !== uris.join() || one.name !== service.name)
      violations.push(`the client of ${key} has ${one?.uris.join(', ')}`);
  }
  if (live.length !== wanted.length) violations.push(`${live.length} live clients, not ${wanted.length}`);
  return violations;
}

/** The subject of each news about a client, and how it is recognised. */
const mailSubjects = {
  created: 'vos clés pour',
  deactivated: 'est désactivé',
  deleted: 'est supprimé',
} as const;

/**
 * Each news was sent: as one mail, that is one Message-ID. Where the answer of the mail server was lost, or the process
 * was killed before it could note it, the same mail was sent again under the same Message-ID (RFC 5321 §4.5.4.1 knows
 * no other way), and programs that read mail show it once.
 */
function mailViolations(environment: ChaosEnvironment, expected: Expectations): string[] {
  const violations: string[] = [];
  const wanted: string[] = [];
  for (const [key, { service }] of expected.there) wanted.push(`created ${contactOf(key)} ${service.name}`);
  for (const [key, service] of expected.gone)
    for (const notice of ['created', 'deactivated', 'deleted'])
      if (!service.cell.startsWith('rie/')) wanted.push(`${notice} ${contactOf(key)} ${service.name}`);
  const ids = new Map<string, Map<string, number>>();
  for (const { subject, to, raw } of environment.mailbox.mails) {
    const [notice = '?'] = Object.entries(mailSubjects).find(([, words]) => subject.includes(words)) ?? [];
    const id = /^message-id:\s*(\S+)/im.exec(raw)?.[1] ?? '';
    const service = wanted.find(
      (one) => one.startsWith(`${notice} ${to[0]} `) && subject.includes(one.split(' ').slice(2).join(' ')),
    );
    const key = service ?? `${subject} to ${to.join(', ')}`;
    const counted = ids.get(key) ?? new Map<string, number>();
    ids.set(key, counted.set(id, (counted.get(id) ?? 0) + 1));
  }
  const again = [...ids.values()]
    .flatMap((counted) => [...counted.values()])
    .reduce((sum, n) => sum + n - 1, 0);
  const lost = (environment.faults.unanswered.get('smtp') ?? 0) + environment.bots.kills;
  if (again > lost) violations.push(`${again} mails came again, after ${lost} lost receipts and kills`);
  for (const one of new Set(wanted)) {
    const [mails, due] = [ids.get(one)?.size ?? 0, wanted.filter((other) => other === one).length];
    if (mails !== due) violations.push(`${mails} different mails, not ${due}: ${one}`);
  }
  for (const key of ids.keys()) if (!wanted.includes(key)) violations.push(`an unexpected mail: ${key}`);
  return violations;
}

function contactOf(key: string): string {
  return `${key.split('/')[2]?.replace(/-bis$/, '')}@ville-de-montfictif.fr`;
}

/** Every link of a client that is there shows its very secret, once. */
export async function handoverViolations(environment: ChaosEnvironment): Promise<string[]> {
  const violations: string[] = [];
  const links = new Set<string>();
  for (const { text } of environment.mailbox.mails)
    for (const [link] of text.matchAll(/https?:\/\/\S+\/handover\/[\w-]+/g)) links.add(link);
  const live = environment.openid
    .clients()
    .filter(({ redirect_uris: uris }) => [uris].flat().join() !== dormantUri);
  const shown: string[] = [];
  for (const link of links) {
    const visitor = new TextBrowser();
    const page = await visitor.open(new URL(link));
    if (page.status !== 200) continue;
    const opened = await visitor.press(page);
    shown.push(
      ...[...opened.html.matchAll(/<code[^>]*>([^<]+)<\/code>/g)].map(([, text]) => unescapeHtml(text ?? '')),
    );
    const again = await visitor.open(new URL(link));
    if (again.status !== 410) violations.push(`a link shows its keys twice: ${again.status}`);
  }
  for (const client of live)
    if (!shown.includes(String(client.client_secret)))
      violations.push(`nobody can read the secret of ${client.client_name}`);
  return violations;
}

/** What the store holds once the program has stopped: all deliveries, no work, no plain secret. */
export async function storeViolations(environment: ChaosEnvironment, store: Database): Promise<string[]> {
  const violations: string[] = [];
  const { db } = store;
  const kept = new Set((await db.selectFrom('deliveries').select('id').execute()).map(({ id }) => id));
  const lost = environment.github.webhooks.deliveries.filter(({ guid }) => !kept.has(guid));
  for (const { event, action, guid } of new Map(lost.map((one) => [one.guid, one])).values())
    violations.push(`a delivery was lost: ${event}.${action} ${guid}`);
  // A sweep, and the look for drift that it asks for, may be due at any moment.
  const jobs = await db
    .selectFrom('jobs')
    .selectAll()
    .where('kind', 'not in', ['sweep', 'reconcile'])
    .execute();
  for (const { kind, state, key, last_error: error } of jobs)
    violations.push(`a job is left: ${kind} ${key} ${state} ${error}`);
  const dead = await db.selectFrom('jobs').selectAll().where('state', '=', 'dead').execute();
  for (const { key, last_error: error } of dead) violations.push(`given up: ${key} ${error}`);
  const mails = await db.selectFrom('mails').select(['id', 'state']).where('state', '!=', 'sent').execute();
  for (const { id, state } of mails) violations.push(`mail ${id} is ${state}`);
  const secrets = environment.secrets();
  for await (const line of exportDatabase(db))
    if (secrets.some((secret) => line.includes(secret)))
      violations.push(`a secret is in the store: ${line.slice(0, 60)}`);
  const { log } = environment.bots;
  if (secrets.some((secret) => log.includes(secret))) violations.push('a secret is in the log');
  for (const { body } of [...environment.registry.issues.values()].flatMap(({ comments }) => comments))
    if (secrets.some((secret) => body.includes(secret))) violations.push('a secret is in a comment');
  return violations;
}

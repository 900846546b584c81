/** What must be so once nothing goes wrong any more. Each function answers what is broken, in words. */

import type { Issue, PullRequest } from '#demo/github/state';
import { isPullRequest } from '#demo/github/state';
import { provisioningMarker, reviewMarker } from '#demo/scenes';
import { unescaped, Visitor } from '#demo/visitor';
import { replyMarker } from '#domain/review/commands/replies';
import type { Store } from '#infrastructure/database/database';
import { exportStore } from '#infrastructure/database/export-import';
import { dormantUri } from '#infrastructure/identity-providers/registration/wire-format';
import { checksOn, deploymentsOf, type Expectations, isAnswered, ownComments, saysSo } from './people.ts';
import type { ChaosSet } from './set.ts';

/** What GitHub, the providers and the mailbox show. */
export function brokenOutside(set: ChaosSet, expected: Expectations): string[] {
  return [
    ...[...set.registry.issues.values()].flatMap((issue) =>
      isPullRequest(issue) ? brokenPull(set, expected, issue) : brokenIssue(issue),
    ),
    ...brokenRequests(set, expected),
    ...brokenAnswers(expected),
    ...brokenClients(set, expected),
    ...brokenMails(set, expected),
  ];
}

function brokenPull(set: ChaosSet, expected: Expectations, pull: PullRequest): string[] {
  const broken: string[] = [];
  const say = (what: string) => broken.push(`#${pull.number}: ${what}`);
  const heads = new Set(set.registry.checkRuns.map(({ headSha }) => headSha));
  for (const head of heads)
    if (pull.pull.headSha === head || pull.pull.headRepository.git.objects.commit(head) !== undefined) {
      const runs = checksOn(set.registry, head);
      if (runs.length > 1) say(`${runs.length} checks on ${head.slice(0, 7)}`);
    }
  const [check] = checksOn(set.registry, pull.pull.headSha);
  if (check?.conclusion !== 'success') say(`its check says ${check?.conclusion ?? 'nothing'}`);
  const reviews = ownComments(pull, reviewMarker);
  if (reviews.length !== 1) say(`${reviews.length} comments of the review`);
  if (!saysSo(pull, 'success')) say('the comment of the review tells another verdict');
  const verdicts = ['invalid', 'needs-decision', 'ready'].filter((label) => pull.labels.has(label));
  if (verdicts.join() !== 'ready') say(`its labels say ${verdicts.join(' and ') || 'nothing'}`);
  if (!expected.merged.has(pull)) return broken;

  const told = ownComments(pull, provisioningMarker);
  if (told.length !== 1) say(`${told.length} comments of the outcome`);
  const deployments = deploymentsOf(set, pull);
  if (deployments.length !== 1) say(`${deployments.length} deployments`);
  for (const { statuses } of deployments) {
    const states = statuses.map(({ state }) => state);
    if (states.at(-1) !== 'success') say(`its deployment says ${states.at(-1) ?? 'nothing'}`);
    if (states.some((state, index) => state === states[index + 1]))
      say(`its deployment was told twice: ${states.join(', ')}`);
  }
  return broken;
}

/** Issues of Greffier's own: all closed in the end, with one word each. */
function brokenIssue(issue: Issue): string[] {
  const broken: string[] = [];
  if (issue.state === 'open') broken.push(`issue #${issue.number} is still open: ${issue.title}`);
  const closing = issue.comments.filter(
    ({ author, body }) => author.type === 'Bot' && !body.startsWith('<!-- greffier:reply:'),
  );
  if (closing.length !== 1) broken.push(`issue #${issue.number} was closed with ${closing.length} comments`);
  return broken;
}

function brokenRequests(set: ChaosSet, expected: Expectations): string[] {
  const opened = new Map<string, number>();
  for (const { body } of set.registry.issues.values()) {
    const key = /^<!-- greffier:request (\S+) -->/.exec(body ?? '')?.[1];
    if (key !== undefined) opened.set(key, (opened.get(key) ?? 0) + 1);
  }
  return [...new Set([...opened.keys(), ...expected.requests.keys()])].flatMap((key) => {
    const [there = 0, wanted = 0] = [opened.get(key), expected.requests.get(key)];
    return there === wanted ? [] : [`${there} requests about ${key}, not ${wanted}`];
  });
}

function brokenAnswers(expected: Expectations): string[] {
  return expected.asked.flatMap((asked) => {
    const { on, comment, reaction, reply } = asked;
    const what = `“${comment.body}” on #${on.number}`;
    const broken: string[] = [];
    if (!isAnswered(asked)) broken.push(`${what} was not answered`);
    const answers = ownComments(on, replyMarker(comment.id)).length;
    if (answers > (reply ? 1 : 0)) broken.push(`${what} was answered ${answers} times`);
    const others = comment.reactions.filter(({ content }) => content !== reaction);
    if (others.length > 0) broken.push(`${what} was met with ${others[0]?.content} too`);
    return broken;
  });
}

/** The URIs of the clients that may let someone in, at both providers. */
function brokenClients(set: ChaosSet, expected: Expectations): string[] {
  const broken: string[] = [];
  const made = [
    ...Array.from(set.partner.clients.values(), (client) => ({
      cell: 'internet/integration',
      name: String(client.name),
      uris: [client.redirect_uris].flat().map(String),
    })),
    ...set.openid.clients().map((client) => ({
      cell: 'internet/production',
      name: String(client.client_name),
      uris: [client.redirect_uris].flat().map(String),
    })),
  ];
  // What a registration leaves behind when its answer is lost can let nobody in.
  const live = made.filter(({ uris }) => uris.join() !== dormantUri);
  const left = made.length - live.length;
  const lost = set.trouble.unanswered.get('openid') ?? 0;
  if (left > lost + set.bots.kills) broken.push(`${left} dormant clients, after ${lost} lost answers`);
  const wanted = [...expected.there].filter(([key]) => !key.startsWith('rie/'));
  for (const [key, { service, uris }] of wanted) {
    const own = live.filter(({ cell, uris: has }) => key.startsWith(cell) && has.includes(uris[0] ?? ''));
    const [one] = own;
    if (own.length !== 1) broken.push(`${own.length} clients for ${key}`);
    else if (one?.uris.join() !== uris.join() || one.name !== service.name)
      broken.push(`the client of ${key} has ${one?.uris.join(', ')}`);
  }
  if (live.length !== wanted.length) broken.push(`${live.length} live clients, not ${wanted.length}`);
  return broken;
}

/** The subject of each news about a client, and how it is recognised. */
const news = { created: 'vos clés pour', deactivated: 'est désactivé', deleted: 'est supprimé' } as const;

/**
 * Each news was sent: as one mail, that is one Message-ID. Where the answer of the mail server was lost, or the process
 * was killed before it could note it, the same mail was sent again under the same Message-ID (RFC 5321 §4.5.4.1 knows
 * no other way), and programs that read mail show it once.
 */
function brokenMails(set: ChaosSet, expected: Expectations): string[] {
  const broken: string[] = [];
  const wanted: string[] = [];
  for (const [key, { service }] of expected.there) wanted.push(`created ${contactOf(key)} ${service.name}`);
  for (const [key, service] of expected.gone)
    for (const notice of ['created', 'deactivated', 'deleted'])
      if (!service.cell.startsWith('rie/')) wanted.push(`${notice} ${contactOf(key)} ${service.name}`);
  const ids = new Map<string, Map<string, number>>();
  for (const { subject, to, raw } of set.mailbox.mails) {
    const [notice = '?'] = Object.entries(news).find(([, words]) => subject.includes(words)) ?? [];
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
  const lost = (set.trouble.unanswered.get('smtp') ?? 0) + set.bots.kills;
  if (again > lost) broken.push(`${again} mails came again, after ${lost} lost receipts and kills`);
  for (const one of new Set(wanted)) {
    const [mails, due] = [ids.get(one)?.size ?? 0, wanted.filter((other) => other === one).length];
    if (mails !== due) broken.push(`${mails} different mails, not ${due}: ${one}`);
  }
  for (const key of ids.keys()) if (!wanted.includes(key)) broken.push(`an unexpected mail: ${key}`);
  return broken;
}

function contactOf(key: string): string {
  return `${key.split('/')[2]?.replace(/-bis$/, '')}@ville-de-montfictif.fr`;
}

/** Every link of a client that is there shows its very secret, once. */
export async function brokenHandovers(set: ChaosSet): Promise<string[]> {
  const broken: string[] = [];
  const links = new Set<string>();
  for (const { text } of set.mailbox.mails)
    for (const [link] of text.matchAll(/https?:\/\/\S+\/handover\/[\w-]+/g)) links.add(link);
  const live = set.openid.clients().filter(({ redirect_uris: uris }) => [uris].flat().join() !== dormantUri);
  const shown: string[] = [];
  for (const link of links) {
    const visitor = new Visitor();
    const page = await visitor.open(new URL(link));
    if (page.status !== 200) continue;
    const opened = await visitor.press(page);
    shown.push(
      ...[...opened.html.matchAll(/<code[^>]*>([^<]+)<\/code>/g)].map(([, text]) => unescaped(text ?? '')),
    );
    const again = await visitor.open(new URL(link));
    if (again.status !== 410) broken.push(`a link shows its keys twice: ${again.status}`);
  }
  for (const client of live)
    if (!shown.includes(String(client.client_secret)))
      broken.push(`nobody can read the secret of ${client.client_name}`);
  return broken;
}

/** What the store holds once the program has stopped: all deliveries, no work, no plain secret. */
export async function brokenStore(set: ChaosSet, store: Store): Promise<string[]> {
  const broken: string[] = [];
  const { db } = store;
  const kept = new Set((await db.selectFrom('deliveries').select('id').execute()).map(({ id }) => id));
  const lost = set.github.webhooks.deliveries.filter(({ guid }) => !kept.has(guid));
  for (const { event, action, guid } of new Map(lost.map((one) => [one.guid, one])).values())
    broken.push(`a delivery was lost: ${event}.${action} ${guid}`);
  // A sweep, and the look for drift that it asks for, may be due at any moment.
  const jobs = await db
    .selectFrom('jobs')
    .selectAll()
    .where('kind', 'not in', ['sweep', 'reconcile'])
    .execute();
  for (const { kind, state, key, last_error: error } of jobs)
    broken.push(`a job is left: ${kind} ${key} ${state} ${error}`);
  const dead = await db.selectFrom('jobs').selectAll().where('state', '=', 'dead').execute();
  for (const { key, last_error: error } of dead) broken.push(`given up: ${key} ${error}`);
  const mails = await db.selectFrom('mails').select(['id', 'state']).where('state', '!=', 'sent').execute();
  for (const { id, state } of mails) broken.push(`mail ${id} is ${state}`);
  const secrets = set.secrets();
  for await (const line of exportStore(db))
    if (secrets.some((secret) => line.includes(secret)))
      broken.push(`a secret is in the store: ${line.slice(0, 60)}`);
  const { log } = set.bots;
  if (secrets.some((secret) => log.includes(secret))) broken.push('a secret is in the log');
  for (const { body } of [...set.registry.issues.values()].flatMap(({ comments }) => comments))
    if (secrets.some((secret) => body.includes(secret))) broken.push('a secret is in a comment');
  return broken;
}

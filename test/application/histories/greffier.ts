/** Greffier at work in a history, in trouble or not; what becomes of the clients by it is held against the model. */
import { pino } from 'pino';
import { requestRepositories } from '#application/identity/request-repositories';
import { createReviewHandlers } from '#application/pull-requests/handlers';
import { ReadAhead } from '#application/pull-requests/read-ahead';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { LeaseLost } from '#base/lease-lost';
import { createMetrics } from '#base/observability/metrics';
import { ApiError } from '#demo/github/api-error';
import type { ApiFault } from '#demo/github/fault-injector';
import { fullName, type MergeGroup, type MergeMethod, type PullRequest } from '#demo/github/state';
import { routeEvent } from '#http/webhook/event-routing';
import { RepositoryMoved, repositoryClient } from '#infrastructure/github/client/repository-client';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { type Lease, readingLease } from '#infrastructure/queue/lease';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import type { RegistryWorld } from '../reconciliation/registry-world.ts';
import type { AuthorityModel } from './authority-model.ts';
import { clientsOf, KeyMails } from './clients.ts';
import { cellOf } from './definitions.ts';
import type { Desk } from './desk.ts';
import { killingLease } from './leases.ts';
import { heldSettingsTitle, type Offered, offeredIn } from './offers.ts';
import type { People } from './people.ts';
import type { HistoryRegistry } from './registry.ts';
import type { Requests, Said } from './requests.ts';
import type { Person, Trouble } from './steps.ts';
import type { Clients } from './words.ts';

type Attempt<T> = { readonly value: T } | { readonly failed: string };

export interface GreffierParts {
  readonly world: RegistryWorld;
  readonly registry: HistoryRegistry;
  readonly people: People;
  readonly requests: Requests;
  readonly desk: Desk;
  readonly model: AuthorityModel;
  /** To which what happens is added, in words. */
  readonly lines: string[];
  readonly violations: string[];
}

const log = pino({ level: 'silent' });
const metrics = createMetrics();
const job = { id: 1, request: 'test', attempt: 1 } as const;
export class Greffier {
  readonly #parts: GreffierParts;
  readonly #mails = new KeyMails();
  /** By pull request: the commits of the default branch and of its own that were judged last. */
  readonly #judged = new Map<number, string>();
  clients: Clients = new Map();

  constructor(parts: GreffierParts) {
    this.#parts = parts;
  }

  async #attempt<T>(
    words: string,
    trouble: Trouble | undefined,
    work: (lease: Lease) => Promise<T>,
  ): Promise<Attempt<T>> {
    const { world, registry, model, lines, violations } = this.#parts;
    const free = freeLease(world.environment.store.db);
    const killing = trouble?.kind === 'kill' ? killingLease(free, trouble.nth) : undefined;
    const from = registry.mains.length - 1;
    lines.push(`${words}${trouble === undefined ? '' : inWords(trouble)}`);
    this.#prepare(trouble);
    if (killing !== undefined) world.restart(undefined, killing);
    let attempt: Attempt<T>;
    try {
      attempt = { value: await this.#whereItIs(() => work(killing ?? free), killing) };
    } catch (error) {
      attempt = { failed: String(error) };
      // What goes wrong for no reason, goes wrong for honest people too.
      if (trouble === undefined)
        violations.push(`Greffier fails: ${error instanceof Error ? error.stack : error}`);
      else if (!(error instanceof LeaseLost)) lines.push(`  (${attempt.failed.split('\n')[0]})`);
    }
    world.environment.github.faults.clear();
    if (killing?.wasKilled() === true) attempt = { failed: 'killed' };
    if (killing !== undefined) world.restart();
    if ('failed' in attempt) model.interrupted();
    await this.look(registry.mains.slice(from));
    return attempt;
  }

  /** Does something, once more where the registry is found to be called otherwise. */
  async #whereItIs<T>(work: () => Promise<T>, killing: Lease | undefined): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RepositoryMoved)) throw error;
      this.#parts.lines.push('  (the registry is looked for, and found)');
      this.#parts.world.restart(undefined, killing);
      return await work();
    }
  }

  #prepare(trouble: Trouble | undefined): void {
    if (trouble === undefined || trouble.kind === 'kill') return;
    const { faults } = this.#parts.world.environment.github;
    const nothing: ApiFault = { kind: 'meanwhile', act: () => undefined };
    if (trouble.nth > 1) faults.inject(nothing, { times: trouble.nth - 1 });
    if (trouble.kind === 'meanwhile')
      faults.inject({ kind: 'meanwhile', act: () => void this.#parts.people.play(trouble.step) });
    else if (trouble.fault === 'not-found' || trouble.fault === 'reset-after')
      faults.inject({ kind: trouble.fault });
    else faults.inject({ kind: trouble.fault, status: 500 });
  }

  /** @param mains what the default branch was meanwhile */
  async look(mains: readonly string[]): Promise<void> {
    const { world, registry, requests, model, violations } = this.#parts;
    const { clients, violations: seen } = await clientsOf(world);
    const heads = mains.map((commit) => registry.contents(commit));
    violations.push(...registry.written().map((what) => `a stranger gets ${what}`));
    violations.push(...seen, ...model.observes(this.clients, clients, heads));
    violations.push(...this.#changedWhileFrozen(mains, clients));
    violations.push(...requests.violations(this.clients, clients));
    violations.push(...(await this.#mails.violations(world, clients)));
    this.clients = clients;
  }

  /** @param mains what the default branch was meanwhile, all of which freeze a cell */
  #changedWhileFrozen(mains: readonly string[], clients: Clients): readonly string[] {
    const { registry } = this.#parts;
    return [...new Set([...this.clients.keys(), ...clients.keys()])].flatMap((key) => {
      const [before, after] = [this.clients.get(key), clients.get(key)];
      if (!mains.every((commit) => registry.isFrozenAt(commit, cellOf(key)))) return [];
      // What people say that they have done they did by themselves.
      const isMade = before?.people !== undefined || after?.people !== undefined;
      const isAsked =
        after?.people?.request !== undefined && after.people.request !== before?.people?.request;
      const isSame = before?.clientId === after?.clientId && before?.live === after?.live;
      return (isMade ? !isAsked : isSame) ? [] : [`${key}: its client changed while its cell was frozen`];
    });
  }

  /** @param opened a pull request of which it is told that it was opened, for the job of its review */
  async #handlers(opened?: PullRequest) {
    const { desk, world, registry } = this.#parts;
    const { environment, services } = world;
    const { db } = environment.store;
    const review = { ...environment.createDeps(), applicantOf: desk.applicantOf };
    const provisioning = services.forPullRequests;
    const { clientsOf: readClients } = provisioning(readingLease(db));
    const ahead = new ReadAhead({ ...review, clientsOf: readClients, isPaused: async () => false });
    if (opened?.pull.baseRef === 'main') {
      await review.mirror.commit();
      const { number, pull } = opened;
      ahead.begin({ number, base: registry.head, head: pull.headSha, openedBy: job.request });
    }
    return createReviewHandlers({
      review,
      ahead,
      jobs: new JobQueue(db),
      log,
      metrics,
      installation: 1,
      repositoryNumbered: (name, id) => repositoryClient(environment.client(), name, id),
      provisioning,
    });
  }

  async review(pull: PullRequest | undefined, trouble?: Trouble): Promise<void> {
    if (pull === undefined) return;
    // What was in force while it was judged: that may be something else by the time that it merges.
    const { settings } = this.#parts.model;
    const mayMerge = settings.merges;
    await this.#judge(pull, trouble);
    this.#followOwnMerge(pull, mayMerge || settings.merges);
  }

  /** What the settings have Greffier merge by itself, and nothing else. */
  #followOwnMerge(pull: PullRequest, mayMerge: boolean): void {
    const { registry, people, model, violations } = this.#parts;
    const before = registry.mains.at(-1) ?? '';
    if (registry.head === before) return;
    const [was, is] = [registry.contents(before), registry.contents()];
    const touched = [...new Set([...was.keys(), ...is.keys()])].filter(
      (key) => was.get(key)?.blob !== is.get(key)?.blob,
    );
    const merged = { number: pull.number, head: pull.pull.headSha };
    const isAsked = model.isAgreed(merged, registry.authorOf(pull));
    const words = `Greffier merges #${pull.number}`;
    if (!mayMerge) violations.push(`${words}, which nobody set it to do`);
    for (const key of touched) {
      if (key.includes('/production/')) violations.push(`${words}, which changes production`);
      const isSomebodys = was.has(key) || this.clients.has(key);
      if (isSomebodys && !isAsked) violations.push(`${words}, which changes ${key} and no writer has seen`);
    }
    if (registry.settingsAt(before) !== registry.settingsAt(registry.head))
      violations.push(`${words}, which changes the settings`);
    people.mergeOf(words, pull, () => undefined);
  }

  /** By the merge queue of GitHub, which merges a group when its check succeeds. */
  async queue(
    by: Person,
    pull: PullRequest | undefined,
    method: MergeMethod,
    trouble?: Trouble,
  ): Promise<void> {
    if (pull === undefined) return;
    const { world, registry, people, model, lines, violations } = this.#parts;
    const { repository } = registry;
    let group: MergeGroup;
    try {
      group = registry.people[by].addToMergeQueue(repository, pull, method);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return;
    }
    const { headSha: head, baseSha: base } = group;
    const payload = { installation: 1, repo: world.environment.deps.repo, head, base };
    await this.#attempt(`Greffier judges #${pull.number} in the merge queue`, trouble, async (lease) =>
      (await this.#handlers())['merge-group'](
        { ...job, kind: 'merge-group', payload, since: new Date() },
        lease,
      ),
    );
    const check = repository.checkRuns.findLast(({ headSha }) => headSha === head);
    if (check?.conclusion !== 'success') {
      registry.people[by].removeFromMergeQueue(repository, group, 'dequeued');
      lines.push(`  (it leaves the queue: ${check?.conclusion ?? 'no check'})`);
      return;
    }
    const [was, is] = [registry.contents(base), registry.contents(head)];
    const isProduction = [...new Set([...was.keys(), ...is.keys()])].some(
      (key) => key.includes('/production/') && was.get(key)?.blob !== is.get(key)?.blob,
    );
    const merged = { number: pull.number, head: pull.pull.headSha };
    if (trouble === undefined && isProduction && !model.isApproved(merged, registry.authorOf(pull)))
      violations.push(
        `the check of the group of #${pull.number} lets production be merged without its approvals`,
      );
    people.mergeOf(`the merge queue merges #${pull.number} (${method})`, pull, () =>
      registry.people[by].removeFromMergeQueue(repository, group, 'merged'),
    );
  }

  async #judge(pull: PullRequest, trouble?: Trouble): Promise<void> {
    const { world, registry, model } = this.#parts;
    const { number } = pull;
    const before = { main: registry.head, head: pull.pull.headSha };
    const checks = (): string =>
      JSON.stringify(registry.repository.checkRuns.filter(({ headSha }) => headSha === before.head));
    const checksBefore = checks();
    const payload = { installation: 1, repo: world.environment.deps.repo, number };
    const attempt = await this.#attempt(`Greffier judges #${number}`, trouble, async (lease) => {
      for (let tries = 0; tries < 4; tries += 1) {
        const since = new Date();
        const handlers = await this.#handlers(tries === 0 ? pull : undefined);
        const again = await handlers.review({ ...job, kind: 'review', payload, since }, lease);
        if (again === undefined) return true;
      }
      return false;
    });
    if (pull.pull.baseRef !== 'main') return this.#lookAtChecks(pull.pull.headSha);
    // A review is published before anything is written under the lease of its job; and its check is what GitHub merges by.
    const isPublished =
      'value' in attempt ? attempt.value : trouble?.kind === 'kill' || checks() !== checksBefore;
    if (!isPublished) return;
    const wasStill = 'value' in attempt && before.main === registry.head && before.head === pull.pull.headSha;
    // Of a move of the default branch Greffier hears by its delivery. Until then a check says what it said before; what is
    // merged by it is asked for its approvals again before it is applied.
    const isKnown = (await world.environment.deps.mirror.commit()) === before.main;
    for (const main of new Set([before.main, registry.head]))
      for (const head of new Set([before.head, pull.pull.headSha])) {
        const result = registry.merged(main, head);
        if (result === undefined) continue;
        const sides = { base: registry.contents(main), result, claims: registry.asLastReadable(result) };
        // Definitions and settings in one request are an error: they are two requests.
        const isWhole = wasStill && isKnown && !registry.changesSettings(main, head);
        model.shows({ number, head }, sides, this.clients, isWhole);
      }
    if (wasStill && isKnown) this.#judged.set(number, `${before.main} ${before.head}`);
    this.#lookAtChecks(pull.pull.headSha);
  }

  /** A check that lets production be merged says that it was approved, whoever else has the same commit. */
  #lookAtChecks(head: string): void {
    const { registry, model, violations } = this.#parts;
    const checks = registry.repository.checkRuns.filter((check) => check.headSha === head);
    if (checks.at(-1)?.conclusion !== 'success') return;
    for (const one of registry.open()) {
      const { number, pull } = one;
      if (pull.headSha !== head || this.#judged.get(number) !== `${registry.head} ${head}`) continue;
      const [base, result] = [registry.contents(), registry.merged(registry.head, head) ?? new Map()];
      const touched = [...new Set([...base.keys(), ...result.keys()])].filter(
        (key) => base.get(key)?.blob !== result.get(key)?.blob,
      );
      if (!touched.some((key) => key.includes('/production/'))) continue;
      if (model.isApproved({ number, head }, registry.authorOf(one))) continue;
      violations.push(`the check of #${number} lets it be merged without the approvals of production`);
    }
  }

  async rejudge(): Promise<void> {
    const { world, registry } = this.#parts;
    const numbers: number[] = [];
    await this.#attempt('Greffier looks which pull requests it has to judge again', undefined, () =>
      rereviewAffected(world.environment.createDeps(), async (all) => void numbers.push(...all)),
    );
    for (const pull of registry.open()) if (numbers.includes(pull.number)) await this.review(pull);
  }

  async reconcile(sweep: boolean, trouble?: Trouble): Promise<void> {
    const { world, registry, model } = this.#parts;
    const before = registry.head;
    model.looks(registry.contents());
    const words = sweep ? 'Greffier sweeps' : 'Greffier reconciles';
    const attempt = await this.#attempt(words, trouble, () => world.reconcile(sweep));
    const heads = [...new Set([before, registry.head])].map((commit) => registry.contents(commit));
    for (const { on, digest, key, many } of offeredIn(this.#parts.registry.repository))
      if (on.title.startsWith(heldSettingsTitle)) model.settings.offers(digest);
      else if (many === undefined) model.offers(digest, key, heads);
      else model.offersMany(digest, many);
    if ('value' in attempt && registry.head === before) model.reconciled(registry.contents());
  }

  /** GitHub tells of a comment, wherever it stands. */
  async hear({ at, on }: Said, trouble?: Trouble): Promise<void> {
    const { world, registry } = this.#parts;
    const { deps, store } = world.environment;
    const comment = on.comments.at(-1);
    if (comment === undefined) return;
    const { id, body, author, createdAt } = comment;
    const payload = {
      action: 'created',
      installation: { id: 1 },
      repository: { id: at.id, full_name: fullName(at) },
      sender: { id: author.id, login: author.login },
      issue: { number: on.number },
      comment: { id, body, created_at: createdAt.toISOString(), user: { ...author } },
    };
    const { repository } = registry;
    const routed = routeEvent('issue_comment', payload, {
      registry: { id: String(repository.id), registry: deps.repo, name: fullName(repository) },
      requests: await requestRepositories(store.db, deps.repo),
      appLogin: 'greffier[bot]',
    });
    for (const heard of routed.jobs ?? [])
      if (heard.kind === 'command')
        await this.#attempt('Greffier hears it', trouble, async (lease) =>
          (await this.#handlers()).command({ ...job, ...heard, since: new Date() }, lease),
        );
  }

  /** The job of a request of the front desk. */
  async bring(number: number | undefined, trouble?: Trouble): Promise<void> {
    if (number === undefined) return;
    const { desk, violations } = this.#parts;
    const attempt = await this.#attempt('Greffier brings it to GitHub', trouble, (lease) =>
      desk.bring(lease, number),
    );
    violations.push(...desk.violations(number, 'value' in attempt && attempt.value));
  }

  /** Someone asks for the promotion of a definition. @returns the pull request that Greffier opened for it, if it did */
  async promote(by: Person, id: string, trouble?: Trouble): Promise<PullRequest | undefined> {
    const { registry, lines } = this.#parts;
    const { repository } = registry;
    const user = registry.people[by];
    const on = user.openIssue(repository, 'Question');
    const { id: asked } = user.comment(repository, on, `/greffier promote ${id}`);
    lines.push(`${by} asks in #${on.number} that ${id} be promoted`);
    await this.hear({ at: repository, on }, trouble);
    const made = registry.open().find(({ pull }) => pull.headRef.endsWith(`-${asked}`));
    if (made !== undefined) lines.push(`  (Greffier opens #${made.number})`);
    return made;
  }

  /** Someone confirms what is offered. @returns whether Greffier takes it */
  async confirm(by: Person, { on, digest, key }: Offered, trouble?: Trouble): Promise<boolean> {
    const { world, registry, model, violations } = this.#parts;
    const user = registry.people[by];
    const comment = user.comment(registry.repository, on, `/greffier confirm ${digest}`);
    const isTheirs = model.mayConfirm(digest, by);
    const author = { id: user.account.id, login: user.login, bot: false };
    const facts = { id: comment.id, body: comment.body, createdAt: comment.createdAt.toISOString(), author };
    const payload = { installation: 1, repo: world.environment.deps.repo, number: on.number, comment: facts };
    const words = `${by} confirms ${digest.slice(0, 6)} of ${key} in #${on.number}`;
    await this.#attempt(words, trouble, async (lease) =>
      (await this.#handlers()).command({ ...job, kind: 'command', payload, since: new Date() }, lease),
    );
    const isTaken = comment.reactions.some(({ content }) => content === '+1');
    if (isTaken && !isTheirs) violations.push(`${by} could confirm ${digest} of ${key}`);
    model.confirms(digest, by);
    return isTaken;
  }
}

function inWords(trouble: Trouble): string {
  if (trouble.kind === 'kill') return `, and is killed before write or call ${trouble.nth}`;
  if (trouble.kind === 'github') return `, and GitHub's answer ${trouble.nth} is ${trouble.fault}`;
  return `, and at call ${trouble.nth}:`;
}

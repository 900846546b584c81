/**
 * A year of a registry that is looked after: a freeze over the holidays, reviewers by name, an establishment that closes, a
 * service of which nobody is heard. Each is off by default, shown where it matters, in the audit trail and in the measures.
 */
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { auditTrail } from '#application/ledger/audit-trail';
import { askReviewers } from '#application/pull-requests/ask-reviewers';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { parisDay } from '#base/i18n/dates';
import { createMetrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const day = 86_400_000;
const cell = 'internet/production';

describe('a year of a registry', { timeout: 180_000 }, () => {
  let world: RegistryWorld;
  let metrics: ReturnType<typeof createMetrics>;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    // The audit trail has the store's own clock: the year begins now.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    metrics = createMetrics();
    world.directory.closed.clear();
    await world.environment.store.db.deleteFrom('outside_answers').execute();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Time goes by, over open pull requests and live services alike. @param each days between two sweeps */
  async function pass(days: number, open: readonly PullRequest[] = [], each = 1): Promise<void> {
    for (let n = 0; n < days; n += each) {
      vi.setSystemTime(Date.now() + each * day);
      for (const pull of open) await review(pull);
      await world.reconcile(true);
    }
  }
  async function review(pull: PullRequest): Promise<void> {
    const deps = { ...world.environment.createDeps(), clientsOf: world.provisioning.clientsOf };
    const outcome = await reviewPullRequest(deps, pull.number);
    const log = pino({ level: 'silent' });
    await askReviewers(deps, outcome, { log, metrics, onRefusal: () => undefined, now: Date.now() });
  }
  async function merge(pull: PullRequest): Promise<void> {
    const { bob, repository } = world.environment;
    bob.approve(repository, pull);
    await review(pull);
    bob.merge(repository, pull);
    await world.reconcile();
  }
  const propose = (id: string) => world.environment.propose(serviceFile(id, cell));
  const said = (pull: PullRequest) => pull.comments.map(({ body }) => body).join('\n');
  const issues = () => [...world.environment.repository.issues.values()].filter((one) => !('pull' in one));
  /** What `greffier log` says, but for what happened to clients. */
  async function told(): Promise<readonly string[]> {
    const events: string[] = [];
    for await (const { what, registry } of auditTrail(world.environment.store.db))
      if (registry === world.environment.deps.repo && !['create', 'recorded'].includes(String(what)))
        events.push(String(what));
    return events;
  }
  async function measured(): Promise<Readonly<Record<string, number>>> {
    await updateDatabaseMetrics(world.environment.store.db, world.environment.deps.repo, metrics);
    const found: Record<string, number> = {};
    for (const metric of [metrics.frozen, metrics.objections, metrics.recertifications, metrics.reviewers])
      for (const { labels, value } of (await metric.get()).values)
        if (value !== 0) found[Object.values(labels).join(' ') || 'objections'] = value;
    return found;
  }

  it('is looked after as its settings say', async () => {
    const until = parisDay(new Date(Date.now() + 20 * day));
    world.begin({
      '.github/greffier.yaml': `freeze: { ${cell}: { until: ${until}, reason: Fêtes } }
reviewers: { ask: [dan], remind: 2 }
live_checks: true
recertify: 365d
`,
    });
    await world.reconcile(true);
    // Asked by name, reminded once; and merged into a cell that is frozen.
    const pull = propose('agenda');
    await review(pull);
    expect([...pull.pull.requestedReviewers].map(({ login }) => login)).toEqual(['dan']);
    expect(said(pull)).toMatch(/motif\s: `Fêtes`/);
    await pass(8, [pull]);
    expect(said(pull).match(/greffier:reviewers/g)).toHaveLength(1);
    await merge(pull);
    expect(said(pull)).toContain('gel en cours');
    expect(await measured()).toEqual({ [cell]: 1, asked: 1, reminded: 1 });
    await pass(20);
    expect(await world.states()).toEqual({ [`${cell}/agenda`]: 'active' });
    expect(await measured()).toEqual({ asked: 1, reminded: 1 });

    // The establishment closes in the middle of it.
    await pass(150, [], 10);
    expect(issues()).toEqual([]);
    world.directory.closed.add(world.directory.asked.at(-1) ?? '');
    await pass(3);
    expect(issues().map(({ title, state }) => `${title} ${state}`)).toEqual([
      'Services en ligne à revoir open',
    ]);
    expect(await measured()).toMatchObject({ objections: 1 });
    world.directory.closed.clear();
    await pass(3);
    expect(issues().map(({ state }) => state)).toEqual(['closed']);

    // A year after it was made, nobody answers.
    await pass(220, [], 5);
    expect(said(pull).match(/greffier:recertify/g)).toHaveLength(1);
    expect(said(pull)).toContain('sans réponse depuis');
    expect(issues().map(({ title, state }) => `${title} ${state}`)).toEqual([
      'Services en ligne à revoir closed',
      'Services dont les contacts ne répondent plus open',
    ]);
    expect(await measured()).toEqual({ asked: 1, reminded: 1, silent: 1 });
    expect(await world.states()).toEqual({ [`${cell}/agenda`]: 'active' });
    expect(await told()).toEqual([
      'settings',
      'frozen',
      'reviewers-asked',
      'reviewers-reminded',
      'thawed',
      'objection',
      'no-objection',
      'recertify-asked',
      'recertify-reminded',
      'recertify-silent',
    ]);
    expect(await world.say(world.dan, pull, '/greffier keep')).toEqual(['+1']);
    await world.reconcile();
    expect(issues().map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(await measured()).toEqual({ asked: 1, reminded: 1 });
  });

  it('is as it was, where they say nothing', async () => {
    world.begin({});
    await world.reconcile(true);
    const pull = propose('agenda');
    await review(pull);
    await pass(8, [pull]);
    expect([...pull.pull.requestedReviewers]).toEqual([]);
    await merge(pull);
    expect(await world.states()).toEqual({ [`${cell}/agenda`]: 'active' });
    const { length } = pull.comments;
    world.directory.closed.add(world.directory.asked.at(-1) ?? '');
    await pass(400, [], 10);
    expect([issues(), await told(), await measured(), pull.comments.length]).toEqual([
      [],
      ['settings'],
      {},
      length,
    ]);
    expect(await world.states()).toEqual({ [`${cell}/agenda`]: 'active' });
  });
});

/** What public services say of live clients, a year long: each is asked about once a day, and what is wrong is told once. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkLiveClients } from '#application/reconciliation/live-checks';
import type { Objection } from '#application/reconciliation/recheck-outside-answers';
import type { LiveCheck } from '#application/reconciliation/store/observation-store';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { LeaseLost } from '#base/lease-lost';
import { createLog } from '#base/observability/logger';
import { createMetrics } from '#base/observability/metrics';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { type Handlers, jobKinds } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { jobLease } from '#infrastructure/queue/lease';
import { startWorker } from '#infrastructure/queue/worker';
import { sweptAlways } from '#main/sweep';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { patience } from '../../patience.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const hour = 3_600_000;
const settings = { '.github/greffier.yaml': 'live_checks: true\n' };
const siret = '21999900000017';
const services = { ...serviceFile('agenda'), ...serviceFile('annuaire') };

describe('live clients', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-01-04T09:00:00Z') });
    world.directory.closed.clear();
    world.directory.isDown = false;
    await world.environment.store.db.deleteFrom('outside_answers').execute();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Sweeps every hour. */
  async function pass(hours: number): Promise<void> {
    for (let n = 0; n < hours; n += 1) {
      vi.setSystemTime(Date.now() + hour);
      await world.reconcile(true);
    }
  }
  const issues = () =>
    [...world.environment.repository.issues.values()].filter(({ title }) => title.includes('en ligne'));
  async function measured(): Promise<number> {
    const metrics = createMetrics();
    await updateDatabaseMetrics(world.environment.store.db, world.environment.deps.repo, metrics);
    return Number(
      / (\d+)$/.exec(await metrics.registry.getSingleMetricAsString('greffier_live_objections'))?.[1],
    );
  }
  const usedSiret = () => world.directory.asked.at(-1) ?? siret;

  it('are told of within a day, in one issue, once, which closes when nothing is to be said any more', async () => {
    world.begin({ ...settings, ...services });
    await world.reconcile();
    expect(Object.keys(world.clients())).toHaveLength(2);
    await pass(24);
    expect(issues()).toEqual([]);
    world.directory.closed.add(usedSiret());
    await pass(25);
    const [issue, ...others] = issues();
    expect(others).toEqual([]);
    for (const name of ['agenda', 'annuaire']) expect(issue?.body).toContain(`internet/integration/${name}`);
    const said = issue?.body;
    expect(await measured()).toBe(2);
    vi.setSystemTime(new Date('2027-06-01T09:00:00Z'));
    await pass(25);
    expect(issues().map(({ body, comments }) => [body, comments.length])).toEqual([[said, 0]]);
    // Nothing was changed where they sign people in.
    expect(Object.values(await world.states())).toEqual(['active', 'active']);
    // A service that does not answer says neither yes nor no.
    world.directory.closed.clear();
    world.directory.isDown = true;
    // Longer than an answer of before stands in.
    await pass(50);
    expect([issue?.state, issue?.body]).toEqual(['open', said]);
    world.directory.isDown = false;
    await pass(25);
    expect(issue?.state).toBe('closed');
    expect(await measured()).toBe(0);
    vi.setSystemTime(new Date('2028-01-04T09:00:00Z'));
    await pass(2);
    expect(issues()).toHaveLength(1);
  });

  it('are asked about by nobody unless the settings say so', async () => {
    world.begin(services);
    await world.reconcile();
    const { length } = world.directory.asked;
    await pass(30);
    expect(world.directory.asked).toHaveLength(length);
  });

  it('that are gone are no matter any more', async () => {
    world.begin({ ...settings, ...services });
    await world.reconcile();
    await pass(1);
    world.directory.closed.add(usedSiret());
    await pass(25);
    expect(issues()).toHaveLength(1);
    world.environment.bob.pushCommit(world.environment.repository, 'main', { '.github/greffier.yaml': '' });
    await pass(1);
    expect(issues()[0]?.state).toBe('closed');
    expect(await measured()).toBe(0);
  });

  it('are asked about beside what is merged meanwhile, which does not wait for it', async () => {
    vi.useRealTimers();
    world.begin({ ...settings, ...serviceFile('agenda') });
    await world.reconcile(true);
    const used = usedSiret();
    const { db } = world.environment.store;
    const long = { at: Date.now() - 30 * 24 * hour };
    const { observations } = new ReconcileStore(db, world.environment.deps.repo);
    await observations.saveLiveCheck('internet/integration/agenda', long);
    await db.deleteFrom('outside_answers').execute();
    // The service takes its time, as that of thousands of clients would.
    const answer = Promise.withResolvers<void>();
    world.directory.waits.set(used, answer.promise);
    world.directory.asked.length = 0;
    const jobs = new JobQueue(db);
    const refuse = async (): Promise<never> => {
      throw new Error('not asked for');
    };
    const worker = await startWorker({
      jobs,
      handlers: {
        ...Object.fromEntries(jobKinds.map((kind) => [kind, refuse])),
        reconcile: world.services.reconcile,
        'live-checks': world.services.checkLive,
      } as Handlers,
      log: createLog('fatal'),
      metrics: createMetrics(),
      concurrency: 8,
      alone: true,
    });
    const place = { installation: 1, repo: world.environment.deps.repo };
    await jobs.enqueue(sweptAlways(place), { request: 'sweep' });
    await vi.waitUntil(() => world.directory.asked.includes(used), { timeout: patience });
    const other = '\norganization:\n  siret: "13002526500013"';
    const pull = world.environment.propose(serviceFile('annuaire', 'internet/integration', other));
    await world.review(pull);
    world.environment.bob.merge(world.environment.repository, pull);
    await jobs.enqueue([{ kind: 'reconcile', payload: place }], { request: 'push' });
    await vi.waitUntil(() => Object.keys(world.clients()).includes('Service annuaire'), {
      timeout: patience,
    });
    expect(await observations.liveChecks()).toMatchObject(new Map([['internet/integration/agenda', long]]));
    answer.resolve();
    await vi.waitUntil(
      async () => ((await observations.liveChecks()).get('internet/integration/agenda')?.at ?? 0) > long.at,
      { timeout: patience },
    );
    await worker.stop(1_000);
    world.directory.waits.clear();
  });

  it('are no matter of a process whose work is another one’s by now', async () => {
    world.begin({ ...settings, ...serviceFile('agenda') });
    await world.reconcile(true);
    const { db } = world.environment.store;
    const { observations } = new ReconcileStore(db, world.environment.deps.repo);
    const known = await observations.liveChecks();
    world.directory.closed.add(usedSiret());
    vi.setSystemTime(Date.now() + 30 * 24 * hour);
    world.restart(undefined, jobLease(db, { id: 0, claim: 'lost' }, new AbortController().signal));
    const payload = { installation: 1, repo: world.environment.deps.repo };
    const job = {
      id: 0,
      kind: 'live-checks',
      payload,
      request: 'test',
      since: new Date(),
      attempt: 1,
    } as const;
    await expect(world.provisioning.checkLive(job)).rejects.toThrow(LeaseLost);
    expect(await observations.liveChecks()).toEqual(known);
    expect(issues()).toEqual([]);
  });

  describe.each([
    ['1h', hour],
    ['6h', 6 * hour],
    ['12h', 12 * hour],
    ['18h', 18 * hour],
    ['1d', 24 * hour],
  ])('2,000 of them, looked at every %s', (_words, sweepInterval) => {
    /** The share of a registry that one sweep has to ask about, so that a day is enough for all of it. */
    const share = (2_000 * sweepInterval) / Math.max(24 * hour - sweepInterval, sweepInterval);

    it('are each asked about within a day, as evenly as sweeps are, and those that were missed come by and by', async () => {
      const { sweep, lastAsked, names } = many(sweepInterval);
      let asked: number[] = [];
      const days = async (count: number, check = true) => {
        const until = Date.now() + count * 24 * hour;
        for (asked = []; Date.now() < until; vi.setSystemTime(Date.now() + sweepInterval)) {
          asked.push(await sweep());
          const oldest = Math.min(...names.map((name) => lastAsked.get(name) ?? 0));
          if (check) expect(Date.now() - oldest).toBeLessThanOrEqual(24 * hour);
        }
      };
      // The first turn of each.
      await days(1, false);
      await days(2);
      expect(Math.max(...asked)).toBeLessThan(1.2 * share + 30);
      // Greffier was stopped.
      vi.setSystemTime(Date.now() + 72 * hour);
      await days(1, false);
      expect(Math.max(...asked)).toBeLessThanOrEqual(Math.max(50, 2 * Math.ceil(share)));
      await days(1);
    });

    it('are asked about within a day also beside many of whom nobody says anything', async () => {
      const { sweep, lastAsked, names } = many(sweepInterval, (name) => name.endsWith('7'));
      const heard = names.filter((name) => !name.endsWith('7'));
      const until = Date.now() + 72 * hour;
      for (let since = 0; Date.now() < until; vi.setSystemTime(Date.now() + sweepInterval)) {
        since += sweepInterval;
        await sweep();
        const oldest = Math.min(...heard.map((name) => lastAsked.get(name) ?? 0));
        if (since > 24 * hour) expect(Date.now() - oldest).toBeLessThanOrEqual(24 * hour);
      }
    });
  });

  /** A registry of 2,000, and when each was asked about last. */
  function many(sweepInterval: number, isSilent: (name: string) => boolean = () => false) {
    const desired = Array.from({ length: 2_000 }, (_one, n) => aDesired(`service-${n}`, {}));
    const names = desired.map(({ id }) => id);
    const byClient = new Map(desired.map((one) => [clientKey(one), one]));
    const lastAsked = new Map<string, number>();
    const remembered = new Map<string, LiveCheck>();
    let asked = 0;
    const recheck = async ({ id }: DesiredClient): Promise<Objection | undefined> => {
      asked += 1;
      lastAsked.set(id, Date.now());
      return isSilent(id) ? { kind: 'silent', text: '' } : undefined;
    };
    const store = {
      liveChecks: async () => new Map(remembered),
      saveLiveCheck: async (client: string, check: LiveCheck) => void remembered.set(client, check),
    };
    const deps = { store: { observations: store }, recheck, now: () => Date.now(), sweepInterval };
    async function sweep(): Promise<number> {
      asked = 0;
      await checkLiveClients(deps, [...byClient.keys()], async (client) => byClient.get(client));
      return asked;
    }
    return { names, lastAsked, sweep };
  }

  it('are all asked about, though those of whom nobody says anything are more than one sweep asks about', async () => {
    world.begin({});
    const store = new ReconcileStore(world.environment.store.db, world.environment.deps.repo);
    const silent = Array.from({ length: 200 }, (_one, n) => aDesired(`a-muet-${n}`, {}));
    const desired = [...silent, aDesired('z-ferme', {})];
    const byClient = new Map(desired.map((one) => [clientKey(one), one]));
    const read = async (client: string) => byClient.get(client);
    const recheck = async ({ id }: DesiredClient): Promise<Objection> =>
      id === 'z-ferme' ? { kind: 'refused', text: 'fermé' } : { kind: 'silent', text: '' };
    const told = new Set<string>();
    for (let sweep = 0; sweep < 50; sweep += 1) {
      const deps = { store, recheck, now: () => Date.now(), sweepInterval: hour / 12 };
      for (const client of (await checkLiveClients(deps, [...byClient.keys()], read)).keys())
        told.add(client);
      vi.setSystemTime(Date.now() + (sweep === 0 ? 25 * hour : hour / 12));
    }
    expect([...told]).toEqual(['internet/integration/z-ferme']);
  });
});

/** What public services say of live clients, a year long: each is asked about once a day, and what is wrong is told once. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkLiveClients, lastTurn } from '#application/reconciliation/live-checks';
import type { Objection } from '#application/reconciliation/recheck-outside-answers';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { createMetrics } from '#base/observability/metrics';
import type { DesiredClient } from '#domain/registry/registry';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { aDesired } from '../../domain/provisioning/desired.ts';
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
  }, 60_000);

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
  }, 30_000);

  it('have each their own hour, over the whole day', () => {
    const now = Date.parse('2027-01-04T09:00:00Z');
    const hours = new Map<number, number>();
    for (let n = 0; n < 2_400; n += 1) {
      const at = lastTurn(`internet/production/service-${n}`, now);
      expect(now - at).toBeGreaterThanOrEqual(0);
      expect(now - at).toBeLessThan(24 * hour);
      const slot = Math.floor((now - at) / hour);
      hours.set(slot, (hours.get(slot) ?? 0) + 1);
    }
    expect(hours.size).toBe(24);
    expect(Math.max(...hours.values())).toBeLessThan(150);
  });

  it('are all asked about, though those of whom nobody says anything are more than one sweep asks about', async () => {
    world.begin({});
    const store = new ReconcileStore(world.environment.store.db, world.environment.deps.repo);
    const silent = Array.from({ length: 200 }, (_one, n) => aDesired(`a-muet-${n}`, {}));
    const desired = [...silent, aDesired('z-ferme', {})];
    const snapshot = { commit: 'c', desired, held: [], blobs: new Map(), liveChecks: true } as const;
    const approvals = { count: { integration: 0, production: 1 }, teams: [] };
    const recheck = async ({ id }: DesiredClient): Promise<Objection> =>
      id === 'z-ferme' ? { kind: 'refused', text: 'fermé' } : { kind: 'silent', text: '' };
    const told = new Set<string>();
    for (let sweep = 0; sweep < 50; sweep += 1) {
      const deps = { store, recheck, now: () => Date.now() };
      for (const client of (await checkLiveClients(deps, { ...snapshot, approvals }, () => true)).keys())
        told.add(client);
      vi.setSystemTime(Date.now() + (sweep === 0 ? 25 * hour : hour / 12));
    }
    expect([...told]).toEqual(['internet/integration/z-ferme']);
  });
});

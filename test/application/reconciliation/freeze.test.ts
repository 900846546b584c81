/** A freeze of a cell, over the end of a year: what is merged meanwhile is reviewed, and applied once it is over. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { createMetrics } from '#base/observability/metrics';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const cell = 'internet/production';
const settings = (until = '2027-01-04') => ({
  '.github/greffier.yaml': `freeze:\n  ${cell}: { until: ${until}, reason: "Fêtes, @tous <b>" }\n`,
});

describe('a freeze', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-18T09:00:00Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const names = () => Object.keys(world.clients()).sort();
  const commentOf = (pull: { readonly comments: readonly { readonly body: string }[] }, marker: string) =>
    pull.comments.filter(({ body }) => body.includes(marker));

  async function merged(
    id: string,
    approved = true,
    of: 'internet/production' | 'internet/integration' = cell,
  ) {
    const { environment } = world;
    const pull = environment.propose(serviceFile(id, of));
    await world.review(pull);
    if (approved) environment.bob.approve(environment.repository, pull);
    await world.review(pull);
    const said = commentOf(pull, 'À l’équipe').at(-1)?.body;
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    return { pull, said };
  }
  async function trail(): Promise<readonly unknown[]> {
    const rows = await world.environment.store.db
      .selectFrom('audit')
      .select('entry')
      .where('registry', '=', world.environment.deps.repo)
      .orderBy('number')
      .execute();
    return rows.map(({ entry }) => (entry as { what: string }).what);
  }

  it('lets be reviewed and merged, applies nothing until its day in Paris, and then all of it', async () => {
    world.begin({ ...settings(), ...serviceFile('avant') });
    await world.reconcile();
    const { pull, said } = await merged('agenda');
    expect(said).toContain('sera appliqué à partir du 4 janvier 2027');
    expect(said).toMatch(/motif\s: `Fêtes, @tous <b>`/);
    await merged('essai', true, 'internet/integration');
    expect(names()).toEqual(['Service avant', 'Service essai']);
    // One day before Paris is on the fourth, by the minute; each sweep says it once.
    for (const at of ['2026-12-31T23:30:00Z', '2027-01-03T22:59:00Z']) {
      vi.setSystemTime(new Date(at));
      await world.reconcile(true);
    }
    expect(names()).toEqual(['Service avant', 'Service essai']);
    const [told, ...others] = commentOf(pull, 'greffier:provisioning');
    expect(others).toEqual([]);
    expect(told?.body).toContain('gel en cours');
    expect(told?.body).toContain('avant le 4 janvier 2027');
    expect(told?.body).toMatch(/motif\s: `Fêtes, @tous <b>`/);
    const metrics = createMetrics();
    const gauge = async () => {
      await updateDatabaseMetrics(world.environment.store.db, world.environment.deps.repo, metrics);
      return await metrics.registry.getSingleMetricAsString('greffier_frozen');
    };
    expect(await gauge()).toContain('greffier_frozen{cell="internet/production"} 1');
    expect((await trail()).filter((what) => what === 'frozen' || what === 'thawed')).toEqual(['frozen']);

    vi.setSystemTime(new Date('2027-01-03T23:01:00Z'));
    await world.reconcile(true);
    expect(names()).toEqual(['Service agenda', 'Service avant', 'Service essai']);
    expect(told?.body).toContain('créé');
    expect(await gauge()).toContain('greffier_frozen{cell="internet/production"} 0');
    expect((await trail()).filter((what) => what === 'frozen' || what === 'thawed')).toEqual([
      'frozen',
      'thawed',
    ]);
  });

  it('gives nobody a word: what nobody approved goes on waiting for its confirmation, before and after', async () => {
    world.begin({ ...settings(), ...serviceFile('avant') });
    await world.reconcile();
    const { pull } = await merged('agenda', false);
    const digest = /confirm ([0-9a-f]{32})/.exec(
      commentOf(pull, 'greffier:provisioning')[0]?.body ?? '',
    )?.[1];
    expect(await world.say(world.dan, pull, `/greffier confirm ${digest}`)).toEqual(['+1']);
    await world.reconcile();
    expect(names()).toEqual(['Service avant']);
    await merged('autre', false);
    vi.setSystemTime(new Date('2027-01-05T09:00:00Z'));
    await world.reconcile(true);
    // The confirmation was kept; what has none is held as at any merge.
    expect(names()).toEqual(['Service agenda', 'Service avant']);
  });

  it('holds removals, deletions and what was begun, and what was begun goes on after it', async () => {
    const { environment } = world;
    world.begin({ ...serviceFile('vieux', cell), ...serviceFile('reste', cell) });
    await world.reconcile();
    environment.bob.pushCommit(environment.repository, 'main', settings());
    const pull = environment.propose({ [`service-providers/${cell}/vieux.yaml`]: null });
    await world.review(pull);
    environment.bob.approve(environment.repository, pull);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${cell}/vieux`]: 'active' });
    vi.setSystemTime(new Date('2027-01-04T09:00:00Z'));
    await world.reconcile(true);
    expect(await world.states()).toMatchObject({ [`${cell}/vieux`]: 'inactive' });
  });

  it('holds with the last readable settings, where those of the default branch cannot be read', async () => {
    const { environment } = world;
    world.begin({ ...settings(), ...serviceFile('avant') });
    await world.reconcile();
    environment.bob.pushCommit(environment.repository, 'main', settings('"bientôt"'));
    await merged('agenda');
    expect(names()).toEqual(['Service avant']);
    // And where none ever could be read, the cell is frozen for as long as they cannot.
    world.begin({ ...settings('2026-13-01'), ...serviceFile('avant', cell) });
    vi.setSystemTime(new Date('2030-01-01T09:00:00Z'));
    await world.reconcile(true);
    expect(names()).toEqual([]);
    environment.bob.pushCommit(world.environment.repository, 'main', settings('2029-12-31'));
    await world.reconcile(true);
    expect(names()).toEqual(['Service avant']);
  });

  it('that is over before it begins is said on the pull request that writes it', async () => {
    const { environment } = world;
    world.begin(serviceFile('avant'));
    await world.reconcile();
    // In December, with the year that one has been writing for twelve months.
    const wrong = environment.propose(settings('2026-01-04'));
    await world.review(wrong);
    expect(commentOf(wrong, 'greffier:review').at(-1)?.body).toContain('Est-ce la bonne année');
    const right = environment.propose(settings('2027-01-04'));
    await world.review(right);
    expect(commentOf(right, 'greffier:review').at(-1)?.body).not.toContain('Est-ce la bonne année');
  });

  it('is said anew on open pull requests once it is over', async () => {
    const { environment } = world;
    world.begin({ ...settings(), ...serviceFile('avant') });
    await world.reconcile();
    const pull = environment.propose(serviceFile('agenda', cell));
    await world.review(pull);
    await rereviewAffected(environment.deps, async () => undefined);
    vi.setSystemTime(new Date('2027-01-04T09:00:00Z'));
    await world.reconcile(true);
    const asked: number[] = [];
    await rereviewAffected(environment.deps, async (numbers) => void asked.push(...numbers));
    expect(asked).toEqual([pull.number]);
  });
});

/** On whose word settings apply: whole stories on the local GitHub, in which they reach the default branch by every way. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics } from '#base/observability/metrics';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const path = '.github/greffier.yaml';
const production = 'internet/production';
const asking = (approvals: number, more = '') => ({
  [path]: `approvals:\n  production: ${approvals}\n${more}`,
});
const title = 'Des réglages assouplis attendent une confirmation';

describe('settings that loosen something', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T09:00:00Z') });
    world.begin({ ...asking(2), ...serviceFile('avant') });
    await world.reconcile();
  });
  afterEach(() => vi.useRealTimers());

  const registry = () => world.environment.repository;
  const people = () => ({ alice: world.environment.alice, bob: world.environment.bob, dan: world.dan });
  const later = () => vi.setSystemTime(Date.now() + 60_000);
  const push = (files: Record<string, string | null>, by = people().bob) =>
    by.pushCommit(registry(), 'main', files);
  let services = 0;
  /** What becomes of a change of production that one person has approved. */
  async function verdictWithOneApproval(): Promise<string | null | undefined> {
    services += 1;
    const pull = world.environment.propose(serviceFile(`service-${services}`, production));
    people().dan.approve(registry(), pull);
    await world.review(pull);
    return registry().checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion;
  }
  const isHeld = async () => {
    const held = world.issue(title) !== undefined;
    const metrics = createMetrics();
    const { store, deps } = world.environment;
    await updateDatabaseMetrics(store.db, deps.repo, metrics);
    expect((await metrics.settingsHeld.get()).values[0]?.value).toBe(held ? 1 : 0);
    return held;
  };
  const digest = () => /confirm ([0-9a-f]{32})/.exec(world.issue(title)?.body ?? '')?.[1] ?? '';
  async function confirm(by: GitHubUser, what = digest()): Promise<readonly string[]> {
    const issue = world.issue(title);
    if (issue === undefined) throw new Error('there is nothing to confirm');
    const reactions = await world.say(by, issue, `/greffier confirm ${what}`);
    await world.reconcile();
    return reactions;
  }
  async function proposed(files: Record<string, string | null>): Promise<PullRequest> {
    const pull = world.environment.propose(files);
    await world.review(pull);
    return pull;
  }
  function approvedByBoth(pull: PullRequest): PullRequest {
    people().bob.approve(registry(), pull);
    people().dan.approve(registry(), pull);
    return pull;
  }

  it('and were pushed, are not in force, and one issue says what is', async () => {
    push(asking(1, 'language: fr\nlimits:\n  definitions: 5\n'));
    expect(await verdictWithOneApproval()).toBe('action_required');
    await world.reconcile();
    world.restart();
    await world.reconcile(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
    expect(await isHeld()).toBe(true);
    expect(world.issue(title)?.body).toContain('`approvals.production`');
    expect(world.issue(title)?.body).not.toContain('limits');
    expect([...registry().issues.values()].filter((issue) => issue.title === title)).toHaveLength(1);
  });

  it('wait for a writer other than who pushed them, whose confirmation is good once', async () => {
    push(asking(1));
    await world.reconcile();
    const { alice, bob, dan } = people();
    const first = digest();
    for (const who of [alice, bob]) expect(await confirm(who), who.login).toEqual(['confused']);
    expect(await verdictWithOneApproval()).toBe('action_required');
    expect(await confirm(dan)).toEqual(['+1']);
    expect(await isHeld()).toBe(false);
    expect(await verdictWithOneApproval()).toBe('success');
    push(asking(2));
    await world.reconcile();
    push(asking(1));
    await world.reconcile();
    expect(digest()).toBe(first);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('and were merged as they were judged and approved, are in force, and what is open is judged again', async () => {
    const pull = approvedByBoth(await proposed(asking(1)));
    await world.review(pull);
    people().bob.merge(registry(), pull);
    expect(await verdictWithOneApproval()).toBe('action_required');
    await world.reconcile();
    const jobs = await world.environment.store.db.selectFrom('jobs').select('kind').execute();
    expect(jobs.map(({ kind }) => kind)).toContain('rejudge');
    expect(await isHeld()).toBe(false);
    expect(await verdictWithOneApproval()).toBe('success');
  });

  it.each([
    ['with one approval of two', (pull: PullRequest) => void people().dan.approve(registry(), pull)],
    ['with none', () => undefined],
  ])('and were merged past the check, %s, are not in force', async (_how, approve) => {
    const pull = world.environment.propose(asking(1), people().bob);
    await world.review(pull);
    approve(pull);
    people().bob.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
    expect(await confirm(people().bob)).toEqual(['confused']);
  });

  it('and were merged before they were judged, are not in force', async () => {
    const pull = await proposed(asking(2, 'language: fr\n'));
    people().alice.pushCommit(registry(), pull.pull.headRef, asking(1));
    approvedByBoth(pull);
    people().dan.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('and are another result than the judged one, are not in force', async () => {
    push(asking(2, '\n\n\nlimits:\n  definitions: 10\n'));
    await world.reconcile();
    const pull = approvedByBoth(await proposed(asking(2, '\n\n\nlimits:\n  definitions: 20\n')));
    await world.review(pull);
    push({ [path]: `approvals:\n  production: 1\n\n\n\nlimits:\n  definitions: 10\n` });
    people().dan.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('are in force once a pull request has shown them again, or the values of before are back', async () => {
    push(asking(1));
    await world.reconcile();
    const pull = approvedByBoth(await proposed(asking(1, '# Décidé le 1er décembre.\n')));
    await world.review(pull);
    expect(pull.comments[0]?.body).toContain('`approvals.production`');
    people().bob.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(false);
    expect(await verdictWithOneApproval()).toBe('success');
    push(asking(1, 'automatic_merge:\n  integration: true\n'));
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    push(asking(1));
    await world.reconcile();
    expect(await isHeld()).toBe(false);
  });

  it('hold no less for the file being broken, or gone, afterwards', async () => {
    push(asking(1));
    await world.reconcile();
    for (const files of [{ [path]: 'approvals:\n production: 1\n   x: 2\n' }, { [path]: null }]) {
      push(files);
      await world.reconcile();
      expect(await verdictWithOneApproval()).toBe('action_required');
    }
    expect(await isHeld()).toBe(true);
  });

  it('do not come back by a history that was moved back to where they had been agreed', async () => {
    const looser = approvedByBoth(await proposed(asking(1)));
    await world.review(looser);
    later();
    people().bob.merge(registry(), looser);
    const agreed = registry().git.branch('main') ?? '';
    await world.reconcile();
    expect(await isHeld()).toBe(false);
    later();
    push(asking(2));
    await world.reconcile();
    later();
    people().bob.pushObject(registry(), 'main', agreed);
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it.each([
    ['the same as before', asking(2)],
    ['looser otherwise', asking(2, 'automatic_merge:\n  integration: true\n')],
  ])(
    'do not come back by a history that was moved back to where they came and went between two looks: what is %s',
    async (_what, meanwhile) => {
      const looser = approvedByBoth(await proposed(asking(1)));
      await world.review(looser);
      later();
      people().bob.merge(registry(), looser);
      const passing = registry().git.branch('main') ?? '';
      later();
      push(meanwhile, people().dan);
      await world.reconcile();
      later();
      people().bob.pushObject(registry(), 'main', passing);
      for (const sweep of [false, true]) {
        await world.reconcile(sweep);
        expect(await isHeld()).toBe(true);
      }
      expect(await verdictWithOneApproval()).toBe('action_required');
    },
  );

  it('are not confirmed by who pushed them again, between two looks, after someone else had taken them back', async () => {
    push(asking(1));
    await world.reconcile();
    push(asking(2));
    push(asking(1), people().dan);
    for (const sweep of [false, true]) {
      await world.reconcile(sweep);
      expect(await confirm(people().dan)).toEqual(['confused']);
    }
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('are confirmed as what is there once they were looked at, and not before', async () => {
    push(asking(1));
    await world.reconcile();
    push(asking(2));
    push(asking(1), people().dan);
    expect(await confirm(people().dan)).toEqual([]);
    expect(await isHeld()).toBe(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('and were worked out by a review whose check could not be written, are not in force', async () => {
    const limits = (definitions: number) => `\n\n\nlimits:\n  definitions: ${definitions}\n`;
    push(asking(2, limits(10)));
    await world.reconcile();
    const pull = approvedByBoth(await proposed(asking(2, limits(20))));
    await world.review(pull);
    push({ [path]: `approvals:\n  production: 1\n${limits(10)}` });
    await world.reconcile();
    world.environment.github.faults.inject(
      { kind: 'error', status: 503 },
      { on: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', times: 9 },
    );
    await expect(world.review(pull)).rejects.toThrow();
    world.environment.github.faults.clear();
    people().dan.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('are asked about again where GitHub did not say, and nobody can confirm them meanwhile', async () => {
    push(asking(1));
    world.environment.github.faults.inject(
      { kind: 'not-found' },
      { on: 'GET /repos/{owner}/{repo}/commits', times: 1 },
    );
    await world.reconcile();
    expect(world.issue(title)?.body).not.toContain('/greffier confirm');
    expect(await verdictWithOneApproval()).toBe('action_required');
    await world.reconcile();
    expect(digest()).not.toBe('');
  });

  it.each(['what brought them', 'who pushed'])(
    'are not confirmed by who pushed them in the name of someone else, where GitHub did not say at first %s',
    async (what) => {
      const { bob, dan } = people();
      const { git, activities } = registry();
      const author = { name: dan.login, email: `7+${dan.login}@users.noreply.127.0.0.1`, date: new Date() };
      push({ 'README.md': '# Le registre\n' });
      bob.pushObject(registry(), 'main', git.commitFiles([git.branch('main') ?? ''], asking(1), 'x', author));
      const late = what === 'who pushed' ? activities.splice(-1) : [];
      if (what !== 'who pushed')
        world.environment.github.faults.inject(
          { kind: 'not-found' },
          { on: 'GET /repos/{owner}/{repo}/commits', times: 1 },
        );
      await world.reconcile();
      expect(world.issue(title)?.body).not.toContain('/greffier confirm');
      activities.push(...late);
      await world.reconcile();
      expect(await confirm(bob)).toEqual(['confused']);
      expect(await verdictWithOneApproval()).toBe('action_required');
      // Dan did nothing, whatever is written in his name.
      expect(await confirm(dan)).toEqual(['+1']);
    },
  );

  it('are not confirmed by who pushed them, took them back to what was looked at, and let someone else merge them', async () => {
    const { alice, bob, dan } = people();
    const looked = registry().git.branch('main') ?? '';
    push(asking(1), dan);
    const pull = world.environment.propose({ 'README.md': '# Le registre\n' }, alice);
    dan.pushObject(registry(), 'main', looked);
    bob.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(true);
    expect(await confirm(dan)).toEqual(['confused']);
    expect(await verdictWithOneApproval()).toBe('action_required');
  });

  it('are nobody’s to confirm where the server lists no pushes and the commit names nobody', async () => {
    const { git } = registry();
    const author = { name: 'nobody', email: 'nobody@example.org', date: new Date() };
    const commit = git.commitFiles([git.branch('main') ?? ''], asking(1), 'x', author);
    people().bob.pushObject(registry(), 'main', commit);
    const on = 'GET /repos/{owner}/{repo}/activity';
    world.environment.github.faults.inject({ kind: 'not-found' }, { on });
    for (const sweep of [false, true]) {
      await world.reconcile(sweep);
      expect(await isHeld()).toBe(true);
      expect(digest()).toBe('');
    }
    world.environment.github.faults.clear();
    const pull = approvedByBoth(await proposed(asking(1, '# Décidé le 1er décembre.\n')));
    await world.review(pull);
    people().bob.merge(registry(), pull);
    await world.reconcile();
    expect(await isHeld()).toBe(false);
  });

  it('end no freeze; a longer one, and whatever else is stricter, holds at once', async () => {
    const freeze = (until: string) => ({
      [path]: `approvals:\n  production: 2\nfreeze:\n  ${production}: { until: ${until}, reason: Fêtes }\n`,
    });
    push(freeze('2026-12-20'));
    await world.reconcile();
    expect(await isHeld()).toBe(false);
    push(freeze('2026-12-10'));
    await world.reconcile();
    const pull = approvedByBoth(await proposed(serviceFile('mairie', production)));
    await world.review(pull);
    expect(pull.comments[0]?.body).toContain('20 décembre');
    people().bob.merge(registry(), pull);
    vi.setSystemTime(new Date('2026-12-15T09:00:00Z'));
    await world.reconcile();
    expect((await world.states())[`${production}/mairie`]).toBeUndefined();
    vi.setSystemTime(new Date('2026-12-20T09:00:00Z'));
    await world.reconcile();
    expect((await world.states())[`${production}/mairie`]).toBe('active');
    expect(await isHeld()).toBe(false);
  });

  it('are the first that could be read, where those before never could: these were nobody’s', async () => {
    world.begin({ [path]: 'approvals:\n production: 2\n   x: 2\n', ...serviceFile('avant') });
    await world.reconcile();
    push(asking(1));
    await world.reconcile();
    expect(await isHeld()).toBe(false);
    push(asking(1, 'limits:\n  definitions: 99\n'));
    await world.reconcile();
    expect(await isHeld()).toBe(true);
  });

  it('and were there at the first look, are the operator’s word', async () => {
    world.begin({ ...asking(1, 'automatic_merge:\n  integration: true\n'), ...serviceFile('avant') });
    await world.reconcile();
    expect(await isHeld()).toBe(false);
    expect(await verdictWithOneApproval()).toBe('success');
  });
});

/** Nobody gives alone what takes two: stories of writers, played against a local GitHub and an OpenID provider. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PullRequest } from '#demo/github/state';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const production = 'internet/production';

describe('what takes someone else', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    world.environment.github.faults.clear();
    world.begin({ ...serviceFile('agenda', production), ...serviceFile('voisin') });
    await world.reconcile();
  });

  const bob = () => world.environment.bob;
  const registry = () => world.environment.repository;
  const git = () => registry().git;
  const main = () => git().branch('main') ?? '';
  const changed = (id: string) => serviceFile(id, production, '\nuserinfo_signed_response_alg: ES256');
  const algorithm = () =>
    world.openid.clients().find((client) => client.client_name === 'Service agenda')
      ?.userinfo_signed_response_alg;
  const waiting = (title = `Changements à confirmer dans la cellule ${production}`) => {
    const issue = world.issue(title);
    if (issue === undefined) throw new Error('nothing waits');
    const digest = /confirm ([0-9a-f]{32})/.exec(issue.body ?? '')?.[1] ?? '';
    return { issue, command: `/greffier confirm ${digest}` };
  };
  const inactive = async () => Object.values(await world.states()).filter((state) => state === 'inactive');
  const many = Object.assign(
    {},
    ...Array.from({ length: 12 }, (_, n) => serviceFile(`lot-${n + 10}`, production)),
  );
  const gone = Object.fromEntries(Object.keys(many).map((path) => [path, null]));

  it('is not done by many production clients being removed at once, by the word of who removes them', async () => {
    world.begin({ ...many, ...serviceFile('voisin') });
    await world.reconcile();
    bob().pushCommit(registry(), 'main', gone);
    await world.reconcile();
    const { issue, command } = waiting('Suppressions à confirmer');
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    await world.reconcile();
    expect(await inactive()).toEqual([]);
    expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
    await world.reconcile();
    expect(await inactive()).toHaveLength(12);
  });

  it('is had where the many removals were approved: their author may say that they are meant', async () => {
    world.begin({ ...many, ...serviceFile('voisin') });
    await world.reconcile();
    const pull = world.environment.propose(gone, bob());
    await world.review(pull);
    world.dan.approve(registry(), pull);
    bob().merge(registry(), pull);
    await world.reconcile();
    const { issue, command } = waiting('Suppressions à confirmer');
    expect(await world.say(bob(), issue, command)).toEqual(['+1']);
    await world.reconcile();
    expect(await inactive()).toHaveLength(12);
  });

  it.each(['someone else', 'nobody'])('is not had by a commit that calls %s its author', async (who) => {
    const login = who === 'nobody' ? 'nobody-there' : world.dan.login;
    const author = { name: login, email: `7+${login}@users.noreply.127.0.0.1`, date: new Date() };
    bob().pushObject(registry(), 'main', git().commitFiles([main()], changed('agenda'), 'x', author));
    await world.reconcile();
    const { issue, command } = waiting();
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    // Dan did nothing, whatever is written in his name.
    expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
    await world.reconcile();
    expect(algorithm()).toBe('ES256');
  });

  it('is not had by what is pushed beside the pull request of someone else', async () => {
    const [path = ''] = Object.keys(changed('agenda'));
    const pull = world.environment.propose({ [path]: `${git().textAt(main(), path)}# Une note\n` });
    await world.review(pull);
    bob().merge(registry(), pull);
    bob().pushCommit(registry(), 'main', changed('agenda'));
    await world.reconcile();
    const { issue, command } = waiting();
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
  });

  it('is not had by a request of someone else that does the same once more, after it was done', async () => {
    const [path = ''] = Object.keys(changed('agenda'));
    const first = world.environment.propose({ [path]: null }, bob());
    const second = world.environment.propose({ [path]: null, 'README.md': '# Le registre\n' }, world.dan);
    await world.review(first);
    world.dan.merge(registry(), first);
    await world.review(second);
    bob().merge(registry(), second, 'squash');
    await world.reconcile();
    const { issue, command } = waiting();
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    expect(await inactive()).toEqual([]);
  });

  describe('is not had by who pushed it, took it back before it was looked at, and let someone else merge it', () => {
    const commit = (parent: string, files: Record<string, string>) =>
      git().commitFiles([parent], files, 'x', { name: 'x', email: 'x@example.org', date: new Date() });
    /** A request that someone else began on it. */
    function begunOn(parent: string): PullRequest {
      const { alice } = world.environment;
      alice.pushObject(registry(), 'suite', commit(parent, { 'README.md': '# Le registre\n' }));
      return alice.openPullRequest(registry(), { branch: 'suite', title: 'Présenter le registre' });
    }
    async function isNotBobs(): Promise<void> {
      await world.reconcile();
      const { issue, command } = waiting();
      expect(await world.say(bob(), issue, command)).toEqual(['confused']);
      expect(algorithm()).toBe('RS256');
      expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
    }

    it('and pushed more than was merged', async () => {
      const looked = main();
      const pushed = commit(looked, changed('agenda'));
      bob().pushObject(registry(), 'main', commit(pushed, { 'NOTE.md': '# Une note\n' }));
      const pull = begunOn(pushed);
      bob().pushObject(registry(), 'main', looked);
      world.dan.merge(registry(), pull);
      await isNotBobs();
    });

    it('to another commit than the one that was looked at', async () => {
      const before = main();
      const pushed = bob().pushCommit(registry(), 'main', changed('agenda'));
      const pull = begunOn(pushed);
      bob().pushObject(registry(), 'main', before);
      world.dan.pushCommit(registry(), 'main', { 'NOTE.md': '# Une note\n' });
      await world.reconcile();
      world.dan.merge(registry(), pull);
      await isNotBobs();
    });
  });

  it('waits while GitHub does not list yet who pushed, and nobody can confirm it meanwhile', async () => {
    const { activities } = registry();
    bob().pushCommit(registry(), 'main', { 'README.md': '# Le registre\n' });
    bob().pushCommit(registry(), 'main', changed('agenda'));
    const late = activities.splice(-1);
    await world.reconcile();
    expect(algorithm()).toBe('RS256');
    expect(() => waiting()).toThrow();
    activities.push(...late);
    await world.reconcile();
    const { issue, command } = waiting();
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
  });

  it('is what the commit says where the server does not list who pushed', async () => {
    bob().pushCommit(registry(), 'main', changed('agenda'));
    const on = 'GET /repos/{owner}/{repo}/activity';
    world.environment.github.faults.inject({ kind: 'not-found' }, { on });
    await world.reconcile();
    const { issue, command } = waiting();
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
  });
});

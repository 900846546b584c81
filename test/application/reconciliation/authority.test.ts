/** On whose word a client changes: docs/authority.md, played against a local GitHub and an OpenID provider. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PullRequest } from '#demo/github/state';
import { freeLease } from '../../infrastructure/queue/leases.ts';
import { killingLease } from '../histories/leases.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const production = 'internet/production';
const integration = 'internet/integration';

function textOf(files: Record<string, string>): string {
  return Object.values(files)[0] ?? '';
}

describe('a client changes on the word of those who may give it', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });
  beforeEach(async () => {
    world.begin({ ...serviceFile('agenda', production), ...serviceFile('voisin') });
    await world.reconcile();
  });

  const alice = () => world.environment.alice;
  const bob = () => world.environment.bob;
  const registry = () => world.environment.repository;
  const propose = (files: Record<string, string | null>, by = alice()) =>
    world.environment.propose(files, by);
  const outcomeOf = (pull: PullRequest) =>
    pull.comments.map(({ body }) => body).find((body) => body.startsWith('<!-- greffier:provisioning')) ?? '';
  const digestIn = (text: string | null | undefined) => /confirm ([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? '';
  const toConfirm = (cell: string) => world.issue(`Changements à confirmer dans la cellule ${cell}`);
  const changed = (id: string, cell: 'internet/integration' | 'internet/production') =>
    serviceFile(id, cell, '\nuserinfo_signed_response_alg: ES256');
  const algorithmOf = (name: string) =>
    world.openid.clients().find((client) => client.client_name === name)?.userinfo_signed_response_alg;

  it('is there when Greffier comes: its definitions are taken as they stand', async () => {
    expect(await world.states()).toEqual({
      [`${production}/agenda`]: 'active',
      [`${integration}/voisin`]: 'active',
    });
    expect(toConfirm(production)).toBeUndefined();
  });

  it('is there when Greffier comes, also what a pull request of before brought last', async () => {
    world.begin(serviceFile('voisin'));
    const pull = propose({ ...serviceFile('mairie', production), ...serviceFile('ecole') });
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(await world.states()).toEqual({
      [`${integration}/ecole`]: 'active',
      [`${integration}/voisin`]: 'active',
      [`${production}/mairie`]: 'active',
    });
  });

  it('is the operator’s when a cell is served that was not before', async () => {
    world.begin({ ...serviceFile('voisin') }, [integration]);
    await world.reconcile();
    const pull = propose(serviceFile('mairie', production));
    await world.review(pull);
    bob().approve(registry(), pull);
    bob().merge(registry(), pull);
    await world.reconcile();
    bob().pushCommit(registry(), 'main', serviceFile('autre', production));
    await world.reconcile();
    expect(Object.keys(await world.states())).toEqual([`${integration}/voisin`]);
    world.restart([integration, production]);
    await world.reconcile();
    expect(Object.keys(await world.states())).toEqual([
      `${integration}/voisin`,
      `${production}/autre`,
      `${production}/mairie`,
    ]);
    bob().pushCommit(registry(), 'main', serviceFile('dernier', production));
    await world.reconcile();
    expect(Object.keys(await world.states())).toHaveLength(3);
  });

  it('is nobody’s for what came to a cell while it was not served, when it is again', async () => {
    const live = algorithmOf('Service agenda');
    world.restart([integration]);
    await world.reconcile();
    bob().pushCommit(registry(), 'main', {
      ...changed('agenda', production),
      ...serviceFile('autre', production),
    });
    await world.reconcile();
    world.restart([integration, production]);
    await world.reconcile();
    expect(algorithmOf('Service agenda')).toBe(live);
    expect(await world.states()).not.toHaveProperty(`${production}/autre`);
    expect(toConfirm(production)?.body).toContain(`${production}/autre`);
  });

  it('in production, takes the approvals that were asked for', async () => {
    const pull = propose(changed('agenda', production));
    await world.review(pull);
    bob().approve(registry(), pull);
    bob().merge(registry(), pull, 'squash');
    await world.reconcile();
    expect(algorithmOf('Service agenda')).toBe('ES256');
    expect(outcomeOf(pull)).toContain('client modifié');
  });

  it('in production, without them, waits for someone else than the author to confirm it', async () => {
    const before = algorithmOf('Service agenda');
    const pull = propose(changed('agenda', production), bob());
    await world.review(pull);
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(algorithmOf('Service agenda')).toBe(before);
    expect(outcomeOf(pull)).toContain('il lui manque des approbations');
    const issue = toConfirm(production);
    const digest = digestIn(issue?.body);
    if (issue === undefined) throw new Error('no issue');
    expect(await world.say(bob(), issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
    expect(await world.say(alice(), issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, `/greffier confirm ${'0'.repeat(32)}`)).toEqual(['confused']);
    await world.reconcile();
    expect(algorithmOf('Service agenda')).toBe(before);
    expect(await world.say(world.dan, issue, `/greffier confirm ${digest}`)).toEqual(['+1']);
    await world.reconcile();
    expect(algorithmOf('Service agenda')).toBe('ES256');
    expect(issue.state).toBe('closed');
    expect(outcomeOf(pull)).toContain('client modifié');
    // It was good for that one time.
    expect(await world.say(world.dan, issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
  });

  it('in production, a push waits to be confirmed; in integration it is the word of who may push', async () => {
    bob().pushCommit(registry(), 'main', {
      ...serviceFile('ecole', production),
      ...serviceFile('ecole'),
    });
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${integration}/ecole`]: 'active' });
    expect(await world.states()).not.toHaveProperty([`${production}/ecole`]);
    const issue = toConfirm(production);
    expect(issue?.body).toContain('n’est pas passé par une pull request');
    if (issue === undefined) return;
    const command = `/greffier confirm ${digestIn(issue.body)}`;
    expect(await world.say(bob(), issue, command)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, command)).toEqual(['+1']);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${production}/ecole`]: 'active' });
  });

  it('waits when it was merged before its review showed it', async () => {
    const pull = propose(serviceFile('musee'));
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(await world.states()).not.toHaveProperty([`${integration}/musee`]);
    expect(outcomeOf(pull)).toContain('avant que Greffier ait montré ce changement');
    const command = `/greffier confirm ${digestIn(outcomeOf(pull))}`;
    expect(await world.say(world.dan, pull, command)).toEqual(['+1']);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${integration}/musee`]: 'active' });
  });

  it('waits when it was merged before its review could be read, though it had been worked out', async () => {
    const pull = propose(serviceFile('musee'));
    const { faults } = world.environment.github;
    faults.inject({ kind: 'error', status: 502 }, { on: 'POST /repos/{owner}/{repo}/check-runs' });
    await expect(world.review(pull)).rejects.toThrow();
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(await world.states()).not.toHaveProperty([`${integration}/musee`]);
    expect(toConfirm(integration)?.body).toContain('avant que Greffier ait montré ce changement');
  });

  it('is not held for good, approved as it was, since GitHub once did not say who may write', async () => {
    const pull = propose(changed('agenda', production));
    await world.review(pull);
    bob().approve(registry(), pull);
    bob().merge(registry(), pull);
    const { faults } = world.environment.github;
    faults.inject(
      { kind: 'not-found' },
      { on: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission' },
    );
    await expect(world.reconcile()).rejects.toThrow('does not show');
    await world.reconcile();
    expect(algorithmOf('Service agenda')).toBe('ES256');
    expect(toConfirm(production)).toBeUndefined();
  });

  it('is not confirmed by its author, though someone else’s request names the same file and was merged later', async () => {
    const [old, moved] = ['agenda', 'guide'].map((id) => `service-providers/${production}/${id}.yaml`);
    const text = textOf(serviceFile('agenda', production));
    alice().pushCommit(registry(), 'vieille', { [old ?? '']: text.replace('/retour', '/autre') });
    bob().merge(registry(), propose({ [old ?? '']: null, [moved ?? '']: text }, bob()));
    // Git takes her change along to where the file is now: at its old place nothing is hers.
    bob().merge(registry(), alice().openPullRequest(registry(), { branch: 'vieille', title: 'Coquille' }));
    await world.reconcile();
    const issue = toConfirm(production);
    const digest = /agenda`[\s\S]*?confirm ([0-9a-f]{32})/.exec(issue?.body ?? '')?.[1];
    if (issue === undefined) throw new Error('no issue');
    expect(await world.say(bob(), issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, `/greffier confirm ${digest}`)).toEqual(['+1']);
  });

  it('is not taken for what it was asked to become since a kill hid it, and its keys do not go to new contacts', async () => {
    const { store } = world.environment;
    const isHidden = async () => {
      const account = await store.db
        .selectFrom('clients')
        .select('state')
        .where('registry', '=', world.environment.deps.repo)
        .executeTakeFirst();
      const live = world.openid.clients().some((one) => one.client_name === 'Service musee');
      return live && account?.state !== 'active';
    };
    // Between the answer of the provider, which gave it another management token, and its record.
    for (let nth = 1; !(await isHidden()); nth += 1) {
      world.begin(serviceFile('musee'));
      world.restart(undefined, killingLease(freeLease(store.db), nth));
      await world.reconcile().catch(() => undefined);
    }
    world.restart();
    const files = serviceFile('musee', integration, '\ncontacts:\n  technical:\n    - autre@ville-musee.fr');
    bob().pushCommit(registry(), 'main', files);
    await world.reconcile();
    await world.reconcile(true);
    expect(await world.states()).toEqual({ [`${integration}/musee`]: 'lost' });
    const { repo } = world.environment.deps;
    const mails = await store.db.selectFrom('mails').select('id').where('registry', '=', repo).execute();
    expect(mails).toEqual([]);
  });

  it('does not keep all others waiting when its file is taken out of the history', async () => {
    const before = registry().git.branch('main') ?? '';
    bob().pushCommit(registry(), 'main', serviceFile('mairie', production));
    await world.reconcile();
    bob().pushObject(registry(), 'main', before);
    bob().pushCommit(registry(), 'main', serviceFile('ecole'));
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${integration}/ecole`]: 'active' });
    expect(toConfirm(production)).toBeUndefined();
  });

  it.each(['merge', 'squash', 'rebase'] as const)(
    'is not taken over by a branch from before a move, merged by %s',
    async (method) => {
      world.begin({ ...serviceFile('agenda'), ...serviceFile('voisin') });
      await world.reconcile();
      const old = `service-providers/${integration}/agenda.yaml`;
      const text = textOf(serviceFile('agenda'));
      alice().pushCommit(registry(), 'vol', { [old]: text.replace('/retour', '/vol') });
      const promotion = propose({ [old]: null, ...serviceFile('agenda', production) }, bob());
      await world.review(promotion);
      world.dan.approve(registry(), promotion);
      bob().merge(registry(), promotion);
      await world.reconcile();
      expect(await world.states()).toMatchObject({ [`${production}/agenda`]: 'active' });
      const theft = alice().openPullRequest(registry(), { branch: 'vol', title: 'Corriger une coquille' });
      // Nobody waits for the verdict, and nothing is protected.
      bob().merge(registry(), theft, method);
      expect(
        registry().git.textAt(
          registry().git.branch('main') ?? '',
          `service-providers/${production}/agenda.yaml`,
        ),
      ).toContain('/vol');
      await world.reconcile();
      await world.reconcile(true);
      expect(JSON.stringify(world.openid.clients())).not.toContain('/vol');
      expect(toConfirm(production)?.body).toContain('/vol');
    },
  );

  it('in integration, is not taken over by a branch from before a rename', async () => {
    const [old, renamed] = ['voisin', 'voisine'].map((id) => `service-providers/${integration}/${id}.yaml`);
    const text = textOf(serviceFile('voisin'));
    alice().pushCommit(registry(), 'vol', { [old ?? '']: text.replace('/retour', '/vol') });
    const renaming = propose({ [old ?? '']: null, [renamed ?? '']: text }, bob());
    await world.review(renaming);
    bob().merge(registry(), renaming);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${integration}/voisine`]: 'active' });
    const theft = alice().openPullRequest(registry(), { branch: 'vol', title: 'Corriger une coquille' });
    bob().merge(registry(), theft);
    await world.reconcile();
    expect(JSON.stringify(world.openid.clients())).not.toContain('/vol');
    expect(toConfirm(integration)?.body).toContain('/vol');
  });

  it('is not removed from production by a push alone', async () => {
    bob().pushCommit(registry(), 'main', { [`service-providers/${production}/agenda.yaml`]: null });
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${production}/agenda`]: 'active' });
    const issue = toConfirm(production);
    if (issue === undefined) throw new Error('no issue');
    await world.say(world.dan, issue, `/greffier confirm ${digestIn(issue.body)}`);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${production}/agenda`]: 'inactive' });
  });

  it('gives a confirmation of many removals once', async () => {
    const many = Object.assign({}, ...Array.from({ length: 12 }, (_, n) => serviceFile(`lot-${n + 10}`)));
    const gone = Object.fromEntries(Object.keys(many).map((path) => [path, null]));
    world.begin({ ...many, ...serviceFile('voisin') });
    await world.reconcile();
    bob().pushCommit(registry(), 'main', gone);
    await world.reconcile();
    const guard = () => world.issue('Suppressions à confirmer');
    const issue = guard();
    if (issue === undefined) throw new Error('no issue');
    await world.say(bob(), issue, `/greffier confirm ${digestIn(issue.body)}`);
    await world.reconcile();
    const inactive = async () => Object.values(await world.states()).filter((state) => state === 'inactive');
    expect(await inactive()).toHaveLength(12);
    bob().pushCommit(registry(), 'main', many);
    await world.reconcile();
    expect(await inactive()).toHaveLength(0);
    bob().pushCommit(registry(), 'main', gone);
    await world.reconcile();
    expect(await inactive()).toHaveLength(0);
    expect(guard()).toBeDefined();
  });
});

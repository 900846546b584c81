/** Ways around a review: other branches, histories written anew. Played against a local GitHub and an OpenID provider. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const production = 'internet/production';
const integration = 'internet/integration';

describe('what went around its review', () => {
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

  const bob = () => world.environment.bob;
  const registry = () => world.environment.repository;
  const git = () => registry().git;
  const changed = (id: string, cell: 'internet/integration' | 'internet/production') =>
    serviceFile(id, cell, '\nuserinfo_signed_response_alg: ES256');
  const algorithmOf = (id: string) =>
    world.openid.clients().find((client) => client.client_name === `Service ${id}`)
      ?.userinfo_signed_response_alg;
  const toConfirm = (cell: string) => world.issue(`Changements à confirmer dans la cellule ${cell}`);

  it.each<[string, () => void]>([
    [
      'in a request of another name, which nobody reviewed',
      () => bob().merge(registry(), bob().openPullRequest(registry(), { branch: 'essais', title: 'Essais' })),
    ],
    ['by a push', () => bob().pushObject(registry(), 'main', git().branch('essais') ?? '')],
  ])('is held, where it was approved into another branch and came to this one %s', async (_how, arrive) => {
    bob().pushCommit(registry(), 'essais', { 'README.md': '# Essais\n' });
    const pull = world.environment.propose(
      { ...changed('agenda', production), ...changed('voisin', integration) },
      bob(),
    );
    await world.review(pull);
    bob().changeBase(registry(), pull, 'essais');
    world.dan.approve(registry(), pull);
    bob().merge(registry(), pull);
    arrive();
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('RS256');
    expect(algorithmOf('voisin')).toBe('RS256');
    expect(toConfirm(production)?.body).toContain('ES256');
  });

  const conclusion = (pull: PullRequest) =>
    registry().checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion;
  const open = (title: string, files: Record<string, string | null>, base = 'main') => {
    const branch = `b-${git().refs.size}`;
    return world.environment.alice.openPullRequest(registry(), { branch, title, files, base });
  };

  it('is not approved by who approved less, before the file went to production', async () => {
    const [old = '', text = ''] = Object.entries(serviceFile('voisin'))[0] ?? [];
    const theft = open('Corriger une coquille', { [old]: text.replace('/retour', '/vol') });
    await world.review(theft);
    bob().approve(registry(), theft);
    const promotion = world.environment.propose({ [old]: null, ...serviceFile('voisin', production) }, bob());
    await world.review(promotion);
    world.dan.approve(registry(), promotion);
    bob().merge(registry(), promotion);
    await world.reconcile();
    await world.review(theft);
    expect(conclusion(theft)).toBe('action_required');
    expect(theft.comments.at(-1)?.body).toContain(production);
    bob().merge(registry(), theft);
    await world.reconcile();
    expect(JSON.stringify(world.openid.clients())).not.toContain('/vol');
    expect(toConfirm(production)?.body).toContain('/vol');
  });

  it('is not approved by who approved less, before what it undoes in the same file was merged', async () => {
    const author = { name: 'alice', email: '', date: new Date() };
    const own = serviceFile('agenda', production, '\ndescription: Réserver une salle');
    const victim = world.environment.propose(changed('agenda', production), bob());
    // It stands on the other one, of which it takes everything back.
    const commit = git().commitFiles([victim.pull.headSha], own, 'Une coquille', author);
    git().refs.set('refs/heads/coquille', commit);
    const { alice } = world.environment;
    const theft = alice.openPullRequest(registry(), { branch: 'coquille', title: 'Une coquille' });
    for (const pull of [theft, victim]) {
      await world.review(pull);
      world.dan.approve(registry(), pull);
      await world.review(pull);
      expect(conclusion(pull)).toBe('success');
    }
    bob().merge(registry(), victim);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('ES256');
    await world.review(theft);
    expect(conclusion(theft)).toBe('action_required');
    bob().merge(registry(), theft);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('ES256');
  });

  it('is approved as it was, where it was judged once more while it was merged', async () => {
    const pull = world.environment.propose(changed('agenda', production), bob());
    await world.review(pull);
    world.dan.approve(registry(), pull);
    await world.review(pull);
    const { deps } = world.environment;
    const { client } = deps.repository;
    // Open when it is read, and part of the default branch when that is.
    const request: typeof client.request = Object.assign(
      async (...given: Parameters<typeof client.request>) => {
        const answer = await client.request(...given);
        if (String(given[0]).endsWith('/pulls/{pull_number}') && pull.state === 'open') {
          bob().merge(registry(), pull);
          world.environment.bob.pushCommit(registry(), 'main', { 'README.md': '# Autre\n' });
          await deps.mirror.at(deps.repository, git().branch('main') ?? '');
        }
        return answer;
      },
      client.request,
    );
    await reviewPullRequest(
      { ...deps, repository: { ...deps.repository, client: { request } } },
      pull.number,
    );
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('ES256');
  });

  /** A request that was approved while it led to another branch, and leads to this one by now. */
  async function approvedIntoAnotherBranch(): Promise<PullRequest> {
    bob().pushCommit(registry(), 'essais', { 'README.md': '# Essais\n' });
    const pull = open('Un essai', changed('agenda', production), 'essais');
    await world.review(pull);
    bob().approve(registry(), pull);
    world.environment.alice.changeBase(registry(), pull, 'main');
    await world.review(pull);
    return pull;
  }

  it('is approved once more, and by that alone, when it grew', async () => {
    const pull = await approvedIntoAnotherBranch();
    expect(conclusion(pull)).toBe('action_required');
    bob().approve(registry(), pull);
    await world.review(pull);
    expect(conclusion(pull)).toBe('success');
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('ES256');
  });

  it('is not approved by who approved less, while it was being judged as more', async () => {
    bob().pushCommit(registry(), 'essais', { 'README.md': '# Essais\n' });
    const pull = open('Un essai', changed('agenda', production), 'essais');
    await world.review(pull);
    world.environment.alice.changeBase(registry(), pull, 'main');
    const on = 'POST /repos/{owner}/{repo}/check-runs';
    const act = () => bob().approve(registry(), pull);
    world.environment.github.faults.inject({ kind: 'meanwhile', act }, { on, times: 1 });
    await world.review(pull);
    await world.review(pull);
    expect(conclusion(pull)).toBe('action_required');
    world.dan.approve(registry(), pull);
    await world.review(pull);
    expect(conclusion(pull)).toBe('success');
  });

  it('is not approved by who approved less, though it could not be judged once since', async () => {
    const pull = await approvedIntoAnotherBranch();
    const on = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
    world.environment.github.faults.inject({ kind: 'not-found' }, { on, times: 1 });
    await expect(world.review(pull)).rejects.toThrow();
    expect(conclusion(pull)).toBe('failure');
    await world.review(pull);
    expect(conclusion(pull)).toBe('action_required');
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('RS256');
  });

  async function expectNotApproved(pull: PullRequest): Promise<void> {
    await world.review(pull);
    expect(conclusion(pull)).toBe('action_required');
    bob().merge(registry(), pull);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('RS256');
  }

  async function notJudged(pull: PullRequest): Promise<void> {
    const applicantOf = () => Promise.reject(new Error('a fault'));
    const deps = { ...world.environment.createDeps(), applicantOf };
    await expect(reviewPullRequest(deps, pull.number)).rejects.toThrow('a fault');
  }

  it.each([
    ['judged', async () => undefined],
    ['judged, and this one could not be at first', notJudged],
  ])(
    'is not approved by who approved less, though another commit was there in between, and was %s',
    async (_, tried) => {
      bob().pushCommit(registry(), 'essais', { 'README.md': '# Essais\n' });
      const pull = open('Un essai', changed('agenda', production), 'essais');
      const { headRef, headSha } = pull.pull;
      await world.review(pull);
      bob().approve(registry(), pull);
      const { alice } = world.environment;
      alice.changeBase(registry(), pull, 'main');
      alice.pushCommit(registry(), headRef, { 'README.md': '# Rien\n' });
      await world.review(pull);
      alice.pushObject(registry(), headRef, headSha);
      await tried(pull);
      await expectNotApproved(pull);
    },
  );

  it('is not approved by who approved less, though that could not be judged', async () => {
    bob().pushCommit(registry(), 'essais', { 'README.md': '# Essais\n' });
    const pull = open('Un essai', changed('agenda', production));
    await world.review(pull);
    const { alice } = world.environment;
    alice.changeBase(registry(), pull, 'essais');
    await notJudged(pull);
    bob().approve(registry(), pull);
    alice.changeBase(registry(), pull, 'main');
    await expectNotApproved(pull);
  });

  /** Somebody pushes what the request cannot be merged with, and takes it back. */
  async function untoldForAWhile(pull: PullRequest): Promise<void> {
    const before = git().branch('main') ?? '';
    const conflicting = serviceFile('agenda', production, '\nuserinfo_signed_response_alg: HS256');
    bob().pushCommit(registry(), 'main', conflicting);
    await world.reconcile();
    await world.review(pull);
    expect(conclusion(pull)).toBe('failure');
    bob().pushObject(registry(), 'main', before);
    await world.reconcile();
  }

  it('is not approved by who approved less, though nobody could tell for a while what merging it gives', async () => {
    const pull = await approvedIntoAnotherBranch();
    await untoldForAWhile(pull);
    await expectNotApproved(pull);
  });

  it('stays approved where nobody could tell for a while what merging it gives', async () => {
    const pull = open('Une demande', changed('agenda', production));
    await world.review(pull);
    bob().approve(registry(), pull);
    await untoldForAWhile(pull);
    await world.review(pull);
    expect(conclusion(pull)).toBe('success');
  });

  it('is held where the history was written anew without it, and everything else goes on', async () => {
    const author = { name: 'bob', email: '', date: new Date() };
    bob().pushObject(
      registry(),
      'main',
      git().commitFiles([], { 'README.md': '#\n', ...changed('voisin', integration) }, 'Repartir', author),
    );
    await world.reconcile();
    expect(algorithmOf('voisin')).toBe('ES256');
    expect(await world.states()).toMatchObject({ [`${production}/agenda`]: 'active' });
    const issue = toConfirm(production);
    const digest = /confirm ([0-9a-f]{32})/.exec(issue?.body ?? '')?.[1] ?? '';
    if (issue === undefined) throw new Error('nothing waits');
    expect(await world.say(bob(), issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, `/greffier confirm ${digest}`)).toEqual(['+1']);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ [`${production}/agenda`]: 'inactive' });
  });

  const approvedAndMerged = async (files: Record<string, string | null>): Promise<void> => {
    const pull = open('Une demande', files);
    await world.review(pull);
    world.dan.approve(registry(), pull);
    await world.review(pull);
    bob().merge(registry(), pull);
  };

  it.each([
    ['applied', async () => world.reconcile()],
    ['seen', async () => undefined],
  ])(
    'is a push where the history is moved back to what was approved once, and taken back since: whether it was %s',
    async (_what, look) => {
      await approvedAndMerged(changed('agenda', production));
      const approved = git().branch('main') ?? '';
      await look();
      await approvedAndMerged(serviceFile('agenda', production));
      await world.reconcile();
      expect(algorithmOf('agenda')).toBe('RS256');
      bob().pushObject(registry(), 'main', approved);
      await world.reconcile();
      await world.reconcile(true);
      expect(algorithmOf('agenda')).toBe('RS256');
      const issue = toConfirm(production);
      const digest = /confirm ([0-9a-f]{32})/.exec(issue?.body ?? '')?.[1] ?? '';
      if (issue === undefined) throw new Error('nothing waits');
      expect(await world.say(bob(), issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
      expect(await world.say(world.dan, issue, `/greffier confirm ${digest}`)).toEqual(['+1']);
      await world.reconcile();
      expect(algorithmOf('agenda')).toBe('ES256');
    },
  );

  const digestOf = () => /confirm ([0-9a-f]{32})/.exec(toConfirm(production)?.body ?? '')?.[1] ?? '';
  const sayConfirm = (by: GitHubUser, digest = digestOf()) => {
    const issue = toConfirm(production);
    if (issue === undefined) throw new Error('nothing waits');
    return world.say(by, issue, `/greffier confirm ${digest}`);
  };
  /** Bob pushes it and takes it back; Dan pushes it once more before anyone looks. */
  async function goneAndComeAgain(look: () => Promise<unknown> = async () => undefined): Promise<void> {
    bob().pushCommit(registry(), 'main', changed('agenda', production));
    await world.reconcile();
    await look();
    bob().pushCommit(registry(), 'main', serviceFile('agenda', production));
    world.dan.pushCommit(registry(), 'main', changed('agenda', production));
  }

  it.each([
    ['alone', {}],
    ['among others', serviceFile('tiers', production)],
  ])(
    'is not confirmed by who pushed it again, between two looks, after someone else had taken it back: %s',
    async (_, others) => {
      bob().pushCommit(registry(), 'main', others);
      await goneAndComeAgain();
      await world.reconcile();
      for (const sweep of [false, true]) {
        expect(await sayConfirm(world.dan)).toEqual(['confused']);
        await world.reconcile(sweep);
      }
      expect(algorithmOf('agenda')).toBe('RS256');
    },
  );

  it('is confirmed as what is there once it was looked at, and not before', async () => {
    await goneAndComeAgain();
    expect(await sayConfirm(world.dan)).toEqual([]);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('RS256');
    const erin = world.environment.github.createUser(`erin-${git().refs.size}-${registry().id}`);
    world.environment.github.addCollaborator(registry(), erin, 'write');
    expect(await sayConfirm(erin)).toEqual(['+1']);
    await world.reconcile();
    expect(algorithmOf('agenda')).toBe('ES256');
  });

  it('uses no confirmation of what was there before it was taken back', async () => {
    const frozen = (until: string) => ({
      '.github/greffier.yaml': `freeze:\n  ${production}:\n    until: ${until}\n    reason: fêtes\n`,
    });
    await goneAndComeAgain(async () => {
      const digest = digestOf();
      bob().pushCommit(registry(), 'main', frozen('2099-01-04'));
      await world.reconcile();
      await sayConfirm(world.dan, digest);
      await world.reconcile();
      expect(algorithmOf('agenda')).toBe('RS256');
    });
    await world.reconcile();
    const digests = await world.environment.store.db
      .selectFrom('confirmations')
      .select('digest')
      .where('registry', '=', world.environment.deps.repo)
      .execute();
    expect(digests).toEqual([]);
  });
});

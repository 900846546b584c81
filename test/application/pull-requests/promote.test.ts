/** `/greffier promote` where the App may write: its own pull request, of which who asked for it counts as the author. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { saveProposal } from '#application/pull-requests/asked-proposals';
import { removeEndedBranches } from '#application/pull-requests/ended-proposals';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { type CommandDeps, runCommands } from '#application/pull-requests/run-commands';
import { isPullRequest, type PullRequest } from '#demo/github/state';
import { writeTopic } from '#infrastructure/database/topics';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { RegistryWorld } from '../reconciliation/registry-world.ts';
import { serviceFile } from './review-environment.ts';

const target = 'service-providers/internet/production/agenda.yaml';

describe('a promotion that the App proposes', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open({ contents: 'write' });
  });
  afterAll(async () => {
    expect(world.environment.apiProblems()).toEqual([]);
    await world.close();
  });

  afterEach(() => vi.useRealTimers());

  const proposals = () =>
    [...world.environment.repository.issues.values()]
      .filter(isPullRequest)
      .filter(({ author }) => author.login === 'greffier[bot]');
  /** A pull request that brought an integration definition that lacks nothing for production. */
  async function merged(): Promise<PullRequest> {
    const { environment } = world;
    world.begin({});
    await world.reconcile();
    const more =
      '\ndatapass: H4821\nprivate_sector: false\ncontacts:\n  technical: [equipe@ville-agenda.fr]\n  support: aide@ville-agenda.fr\ndescription: Réserver une salle';
    const pull = environment.propose(serviceFile('agenda', 'internet/integration', more));
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
    return pull;
  }
  /** Nothing is made of a promotion that bob asked for, until somebody else than him confirms it. */
  async function expectAnothersWordAwaited(): Promise<void> {
    const { bob } = world.environment;
    await world.reconcile();
    expect(await world.states()).toEqual({ 'internet/integration/agenda': 'active' });
    const issue = world.issue('confirmer');
    if (issue === undefined) return expect.fail('nothing to confirm');
    const digest = /confirm ([0-9a-f]{8,})/.exec(issue.body ?? '')?.[1] ?? '';
    expect(await world.say(bob, issue, `/greffier confirm ${digest}`)).toEqual(['confused']);
    expect(await world.say(world.dan, issue, `/greffier confirm ${digest}`)).toEqual(['+1']);
  }
  async function verdict(pull: PullRequest) {
    const deps = { ...world.environment.createDeps(), clientsOf: world.provisioning.clientsOf };
    const outcome = await reviewPullRequest(deps, pull.number);
    return outcome.kind === 'judged' ? outcome.collected.review : expect.fail(outcome.kind);
  }

  it('is one, with the file, and the approval of who asked for it does not count: neither before nor after the merge', async () => {
    const pull = await merged();
    const { bob, repository } = world.environment;
    expect(await world.say(bob, pull, '/greffier promote')).toEqual(['+1']);
    const [proposal, ...others] = proposals();
    if (proposal === undefined) return expect.fail('no pull request');
    expect(others).toEqual([]);
    expect(pull.comments.at(-1)?.body).toContain(`#${proposal.number}`);
    const first = await verdict(proposal);
    expect(first.files.map(({ path }) => path)).toEqual([target]);
    expect(
      first.files.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error')),
    ).toEqual([]);
    expect(first.conclusion).toBe('action_required');
    bob.approve(repository, proposal);
    const second = await verdict(proposal);
    expect([second.conclusion, second.approvals.approvedBy]).toEqual(['action_required', []]);
    // Merged past the check: nothing is made of it, and who asked cannot confirm it.
    bob.merge(repository, proposal);
    await expectAnothersWordAwaited();
    await world.reconcile();
    expect(await world.states()).toMatchObject({ 'internet/production/agenda': 'active' });
  });

  it('is approved by somebody else, whoever asks meanwhile', async () => {
    const pull = await merged();
    const { alice, bob, repository } = world.environment;
    expect(await world.say(alice, pull, '/greffier promote')).toEqual(['+1']);
    expect(await world.say(bob, pull, '/greffier promote')).toEqual(['+1']);
    const [proposal, ...others] = proposals();
    if (proposal === undefined) return expect.fail('no pull request');
    expect(others).toEqual([]);
    // Alice asked, and may say what its author may.
    expect(await world.say(alice, proposal, '/greffier plan')).toEqual(['+1']);
    await verdict(proposal);
    bob.approve(repository, proposal);
    expect((await verdict(proposal)).conclusion).toBe('success');
    bob.merge(repository, proposal);
    await world.reconcile();
    expect(await world.states()).toMatchObject({ 'internet/production/agenda': 'active' });
  });

  it('is opened once, and is whoever’s it is, wherever the process is killed', async () => {
    const pull = await merged();
    const { bob, repository, deps } = world.environment;
    const comment = bob.comment(repository, pull, '/greffier promote');
    const facts = {
      id: comment.id,
      body: comment.body,
      author: { id: bob.account.id, login: bob.login, bot: false },
    };
    // At each kind of write once, when GitHub has done it and nobody has heard.
    const killed = new Set<string>();
    const request = async (...given: Parameters<RepositoryClient['client']['request']>) => {
      const answer = await deps.repository.client.request(...given);
      const route = String(given[0]);
      if (route.startsWith('GET') || killed.has(route)) return answer;
      killed.add(route);
      throw new Error('killed');
    };
    const client = new Proxy(deps.repository.client, {
      get: (of, name, self) => (name === 'request' ? request : Reflect.get(of, name, self)),
    });
    const dying: CommandDeps = {
      review: { ...deps, repository: { ...deps.repository, client } },
      requestReview: async () => undefined,
    };
    for (;;) {
      const done = await runCommands(dying, pull.number, facts).then(
        () => true,
        () => false,
      );
      const [proposal] = proposals();
      if (proposal !== undefined) {
        bob.approve(repository, proposal);
        expect((await verdict(proposal)).approvals.approvedBy).toEqual([]);
      }
      if (done) break;
    }
    expect(killed.size).toBeGreaterThan(4);
    expect(proposals()).toHaveLength(1);
  });

  it('is of whoever asked for it when it is merged before its number is known, too', async () => {
    const pull = await merged();
    const { bob, github, repository } = world.environment;
    github.faults.inject({ kind: 'reset-after' }, { on: 'POST /repos/{owner}/{repo}/pulls' });
    await expect(world.say(bob, pull, '/greffier promote')).rejects.toThrow();
    const [proposal] = proposals();
    if (proposal === undefined) return expect.fail('no pull request');
    await verdict(proposal);
    bob.approve(repository, proposal);
    bob.merge(repository, proposal);
    await expectAnothersWordAwaited();
  });

  it('leaves no branch once it is merged or closed, and takes none away that holds anybody else’s', async () => {
    const { bob } = world.environment;
    const heads = 'refs/heads/';
    const branches = () =>
      [...world.environment.repository.git.refs.keys()].flatMap((name) =>
        name.startsWith(`${heads}promotion/`) ? [name.slice(heads.length)] : [],
      );
    const promoted = async () => {
      const pull = await merged();
      expect(await world.say(bob, pull, '/greffier promote')).toEqual(['+1']);
      const [proposal] = proposals();
      return proposal ?? expect.fail('no pull request');
    };
    for (const end of ['merged', 'closed'] as const) {
      const proposal = await promoted();
      await removeEndedBranches(world.environment.deps);
      expect(branches()).toEqual([proposal.pull.headRef]);
      if (end === 'merged') bob.merge(world.environment.repository, proposal);
      else bob.close(world.environment.repository, proposal);
      await removeEndedBranches(world.environment.deps);
      expect(branches()).toEqual([]);
    }
    const touched = await promoted();
    bob.pushCommit(world.environment.repository, touched.pull.headRef, { 'README.md': 'à moi\n' });
    bob.close(world.environment.repository, touched);
    await removeEndedBranches(world.environment.deps);
    expect(branches()).toEqual([touched.pull.headRef]);
    const shared = await promoted();
    bob.close(world.environment.repository, shared);
    const other = bob.openPullRequest(world.environment.repository, {
      branch: shared.pull.headRef,
      title: 'La mienne',
    });
    await removeEndedBranches(world.environment.deps);
    expect(branches()).toEqual([shared.pull.headRef]);
    bob.close(world.environment.repository, other);
    await removeEndedBranches(world.environment.deps);
    expect(branches()).toEqual([]);
  });

  it('is one of fifty a day for one person; whoever asks for more is given the file', async () => {
    const pull = await merged();
    const { alice, bob, repository, deps } = world.environment;
    const asker = { id: alice.account.id, login: alice.login };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (let n = 0; n < 50; n += 1)
      await saveProposal(deps, `promotion/internet-${n}`, { asker, path: `${n}.yaml`, pull: 1_000 + n });
    expect(await world.say(alice, pull, '/greffier promote')).toEqual(['+1']);
    expect(proposals()).toEqual([]);
    expect(pull.comments.at(-1)?.body).toContain('name: Service agenda');
    vi.setSystemTime(Date.now() + 86_400_000);
    expect(await world.say(alice, pull, '/greffier promote')).toEqual(['+1']);
    expect(proposals()).toHaveLength(1);
    bob.close(repository, proposals()[0] ?? pull);
    for (let n = 0; n < 50; n += 1)
      await saveProposal(deps, `promotion/internet-again-${n}`, {
        asker,
        path: `${n}.yaml`,
        pull: 2_000 + n,
      });
    // What one asks for keeps nobody else from asking.
    expect(await world.say(bob, pull, '/greffier promote')).toEqual(['+1']);
    expect(proposals()).toHaveLength(2);
  });

  it('that an earlier version asked for is none of today’s once its branch is taken away', async () => {
    const pull = await merged();
    const { alice, deps } = world.environment;
    const asker = { id: alice.account.id, login: alice.login };
    for (let n = 0; n < 50; n += 1)
      await writeTopic(
        deps.store.database,
        deps.repo,
        `proposal promotion/internet-early-${n}`,
        JSON.stringify({ asker, path: `${n}.yaml`, pull: pull.number }),
      );
    await removeEndedBranches(deps);
    expect(await world.say(alice, pull, '/greffier promote')).toEqual(['+1']);
    expect(proposals()).toHaveLength(1);
  });

  it('is asked about by nobody while its review has it open', async () => {
    const pull = await merged();
    const { bob, repository, deps, github } = world.environment;
    await world.say(bob, pull, '/greffier promote');
    const proposal = proposals()[0] ?? expect.fail('no pull request');
    await verdict(proposal);
    const before = github.calls.count();
    await removeEndedBranches(deps);
    expect(github.calls.count() - before).toBe(0);
    bob.close(repository, proposal);
    await verdict(proposal).catch(() => undefined);
    await removeEndedBranches(deps);
    expect(github.calls.count() - before).toBeGreaterThan(0);
    expect(repository.git.branch(proposal.pull.headRef)).toBeUndefined();
  });

  it('is the App’s alone: another bot’s pull request from a branch of that name is not whoever’s who asked for one', async () => {
    const { environment } = world;
    world.begin(serviceFile('agenda', 'internet/integration', '\nowners: [alice]'));
    await world.reconcile();
    const { alice, github, repository, deps } = environment;
    // The App could not write then: there is a word, and no pull request.
    const branch = 'promotion/internet-agenda-7';
    const asker = { id: alice.account.id, login: alice.login };
    await saveProposal(deps, branch, { asker, path: target });
    const bot = github.createUser('outil[bot]');
    Object.assign(bot.account, { type: 'Bot' });
    const fork = bot.fork(repository);
    const pull = bot.openPullRequest(repository, {
      from: fork,
      branch,
      title: 'Autres adresses',
      files: serviceFile(
        'agenda',
        'internet/integration',
        '\nowners: [alice]\nid_token_signed_response_alg: ES256',
      ),
    });
    const review = await verdict(pull);
    expect(review.conclusion).toBe('action_required');
    expect(review.files.flatMap(({ findings }) => findings.map(({ rule }) => rule))).toContain(
      'change/owner',
    );
  });
});

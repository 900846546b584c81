/**
 * A registry that is renamed, transferred, deleted, or whose name another repository takes: whose clients are whose is
 * decided by the number that GitHub gives a repository, never by its name.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bindings } from '#application/identity/bindings';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { engines } from '../infrastructure/database/engines.ts';
import { firstIds, ServiceStory, until } from './service-story.ts';

describe.each(engines)('the clients of a registry, on $name', (engine) => {
  let story: ServiceStory;
  beforeEach(async () => {
    story = await ServiceStory.open(engine);
  });
  afterEach(() => story.close());

  const heldState = async () => (await story.measure('greffier_registry'))['state="held"'];

  async function provisioned(): Promise<void> {
    await story.start();
    await story.settled();
    expect(story.clients()).toEqual({ names: [...firstIds], made: 4 });
  }

  it('stay its own when it is renamed, at the next push and at the next sweep', async () => {
    await provisioned();
    story.alice.renameRepository(story.registry, 'proconnect');
    const pull = await story.add('ecole');
    expect(story.clients()).toEqual({ names: [...firstIds, 'ecole'], made: 5 });
    expect(pull.comments.map(({ body }) => body).join('\n')).toContain('org/proconnect/');
    story.alice.renameRepository(story.registry, 'proconnect-fr');
    await story.sweep();
    expect(story.clients().made).toBe(5);
    const kept = await story.context.store.db.selectFrom('repositories').selectAll().execute();
    expect(kept).toMatchObject([
      { id: String(story.registry.id), registry: 'org/registre', name: 'org/proconnect-fr' },
    ]);
    expect(story.logged('given up: greffier jobs show')).toEqual([]);
  });

  it.each([
    ['renamed', (of: ServiceStory) => of.alice.renameRepository(of.registry, 'proconnect')],
    [
      'transferred',
      (of: ServiceStory) => {
        of.github.createUser('bob');
        of.alice.transferRepository(of.registry, 'bob');
        of.github.install(of.registry);
      },
    ],
  ])('and its commands are obeyed at once when it was %s', async (_, move) => {
    await provisioned();
    const { alice, registry } = story;
    const pull = alice.openPullRequest(registry, { branch: 'b', title: 'b', files: serviceFile('ecole') });
    await story.settled();
    move(story);
    const said = alice.comment(registry, pull, '/greffier explain siret/format');
    await until('it is answered', () => said.reactions.length > 0);
    await story.settled();
    expect(said.reactions.map(({ content }) => content)).toEqual(['+1']);
    expect(story.logged('given up: greffier jobs show')).toEqual([]);
  });

  it('stay its own over a restart, whether the configuration follows or not', async () => {
    await provisioned();
    await story.stop();
    story.alice.renameRepository(story.registry, 'proconnect');
    await story.start('org/registre');
    await story.settled();
    expect(await story.measure('greffier_registry')).toMatchObject({
      'state="renamed"': 1,
      'state="held"': 0,
    });
    expect(story.logged('the registry was renamed: write its name in GREFFIER_CONFIG')[0]).toMatchObject({
      configured: 'org/registre',
      registry: 'org/proconnect',
    });
    await story.stop();
    await story.start('org/proconnect');
    await story.add('ecole');
    expect(await story.measure('greffier_registry')).toMatchObject({
      'state="served"': 1,
      'state="renamed"': 0,
    });
    await story.stop();
    await story.start(null);
    await story.settled();
    expect(story.clients()).toEqual({ names: [...firstIds, 'ecole'], made: 5 });
  });

  it('go with it when it is transferred, once the App is installed there', async () => {
    await provisioned();
    story.github.createUser('bob');
    story.alice.transferRepository(story.registry, 'bob');
    await story.settled();
    await until('the registry is held', async () => (await heldState()) === 1);
    expect(story.clients().made).toBe(4);
    story.github.install(story.registry);
    await until('it is served again', async () => (await heldState()) === 0);
    await story.add('ecole');
    expect(await heldState()).toBe(0);
    expect(story.clients()).toEqual({ names: [...firstIds, 'ecole'], made: 5 });
  });

  it('are no concern of a repository that takes its name', async () => {
    await provisioned();
    story.alice.renameRepository(story.registry, 'proconnect');
    const other = story.createRegistry('org/registre', ['agenda', 'intrus']);
    const mallory = story.github.createUser('mallory');
    story.github.addCollaborator(other, mallory, 'admin');
    mallory.pushCommit(other, 'main', { 'service-providers/internet/integration/agenda.yaml': null });
    await story.settled();
    await story.sweep();
    expect(story.clients()).toEqual({ names: [...firstIds], made: 4 });
    expect(other.checkRuns).toEqual([]);
    await story.add('ecole');
    // Also when the configuration still names the one that took over.
    await story.stop();
    await story.start('org/registre');
    await story.settled();
    expect(story.clients()).toEqual({ names: [...firstIds, 'ecole'], made: 5 });
    expect(await story.measure('greffier_registry')).toMatchObject({ 'state="renamed"': 1 });
  });

  it('are no concern of a repository that takes its name while a push is read', async () => {
    await provisioned();
    const act = () => {
      story.alice.renameRepository(story.registry, 'proconnect');
      story.createRegistry('org/registre', ['intrus']);
    };
    const on = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
    story.github.faults.inject({ kind: 'meanwhile', act }, { on });
    story.alice.pushCommit(story.registry, 'main', { 'LISEZMOI.md': 'Bonjour\n' });
    await story.settled();
    expect(story.clients()).toEqual({ names: [...firstIds], made: 4 });
  });

  it('are held when it is deleted and another one made under its name', async () => {
    await provisioned();
    story.alice.deleteRepository(story.registry);
    const other = story.createRegistry('org/registre', ['agenda', 'intrus']);
    story.alice.pushCommit(other, 'main', { 'LISEZMOI.md': 'Bonjour\n' });
    await story.sweep();
    expect(await heldState()).toBe(1);
    expect(story.logged('the registry is held')[0]?.reason).toContain(String(story.registry.id));
    expect(story.logged('another repository under the name of the registry')).not.toEqual([]);
    // A restart makes no difference.
    await story.stop();
    await story.start('org/registre', true);
    await until('the registry is held', async () => (await heldState()) === 1);
    expect(story.logged('the registry is held').at(-1)?.reason).toContain(
      `greffier store bind \`org/registre\` \`${other.id}\``,
    );
    expect(story.clients()).toEqual({ names: [...firstIds], made: 4 });
    // The way out: the operator says that it is the registry, made anew.
    await story.stop();
    await story.inStore((db) => new Bindings(db).rebind('org/registre', String(other.id), 'operator'));
    story.registry = other;
    await story.start('org/registre');
    await story.add('ecole');
    expect(await heldState()).toBe(0);
    const { names } = story.clients();
    expect(names).toContain('ecole');
    expect(story.clients().made).toBe(6);
  });

  it('are not touched any more by a process that runs on after they were given to another repository', async () => {
    await provisioned();
    await new Bindings(story.context.store.db).rebind('org/registre', '666', 'operator');
    story.alice.pushCommit(story.registry, 'main', serviceFile('ecole'));
    await story.settled();
    expect(story.clients().made).toBe(4);
    expect(await heldState()).toBe(1);
  });

  it('are held when the App is moved to another repository without a word of the operator', async () => {
    await provisioned();
    await story.stop();
    story.alice.deleteRepository(story.registry);
    story.createRegistry('org/copie', [...firstIds]);
    await story.start(null, true);
    await until('the registry is held', async () => (await heldState()) === 1);
    expect(story.clients().made).toBe(4);
  });

  it('of a store from before numbers were kept are its own, even when it was renamed meanwhile', async () => {
    await provisioned();
    await story.stop();
    await story.inStore((db) => db.deleteFrom('repositories').execute());
    await story.start('org/registre');
    await story.add('ecole');
    await story.stop();
    await story.inStore((db) => db.deleteFrom('repositories').execute());
    story.alice.renameRepository(story.registry, 'proconnect');
    await story.start('org/proconnect');
    await story.add('forum');
    expect(story.clients()).toEqual({ names: [...firstIds, 'ecole', 'forum'], made: 6 });
  });

  it('are found by the work that was asked for under the old name', async () => {
    await provisioned();
    const pull = story.alice.openPullRequest(story.registry, {
      branch: 'x',
      title: 'x',
      files: { 'x.md': 'x' },
    });
    await story.settled();
    await story.stop();
    const payload = { installation: 1, repo: 'org/registre', number: pull.number, again: true };
    await story.inStore((db) =>
      new JobQueue(db).enqueue([{ kind: 'review', payload }], { request: 'from-before' }),
    );
    story.alice.renameRepository(story.registry, 'proconnect');
    await story.start('org/proconnect');
    await story.settled();
    expect(story.logged('judged').filter(({ request }) => request === 'from-before')).toHaveLength(1);
  });
});

/** The settings of a registry, however they come to be unreadable: whole stories on the local GitHub. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewMergeGroup } from '#application/pull-requests/review-merge-group';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { registrySource } from '#application/reconciliation/github-registry';
import { defaultConfiguration } from '#base/config/config-file';
import { createLog } from '#base/observability/logger';
import type { PullRequest } from '#demo/github/state';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { createProvisioning } from '#main/provisioning';
import { undisturbed } from '../../infrastructure/queue/leases.ts';
import { type Directory, startDirectory } from '../directory.ts';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

const path = '.github/greffier.yaml';
const three = 'approvals:\n  production: 3\n';
const broken = 'approvals:\n  production: 3\n integration: 1\n';

describe('the settings in force', () => {
  let environment: ReviewEnvironment;
  let directory: Directory;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open({ deployments: 'write' });
    directory = await startDirectory();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await directory.stop();
    await environment.close();
  });
  beforeEach(() => {
    environment.github.faults.clear();
    environment.createRegistry({ [path]: three });
  });

  const push = (files: Record<string, string | null>) =>
    environment.bob.pushCommit(environment.repository, 'main', files);
  const follow = () => rereviewAffected(environment.deps, async () => undefined);
  async function verdict(pull: PullRequest): Promise<string> {
    await reviewPullRequest(environment.deps, pull.number);
    const run = environment.repository.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha);
    return `${run?.conclusion}: ${run?.title}`;
  }
  /** A change of production that one person approved: enough by default, too little by these settings. */
  function approvedOnce(): PullRequest {
    const pull = environment.propose(serviceFile('agenda', 'internet/production'));
    environment.bob.approve(environment.repository, pull);
    return pull;
  }
  async function reconcile(): Promise<void> {
    const { deps, store } = environment;
    const created = createProvisioning({
      settings: { datapass: { url: 'http://127.0.0.1:9' }, entreprisesUrl: directory.url },
      configuration: defaultConfiguration,
      db: store.db,
      jobs: new JobQueue(store.db),
      log: createLog('fatal'),
      repo: deps.repo,
      installation: 1,
      appId: deps.appId,
      registry: deps.repository,
      repository: () => deps.repository,
      mirror: deps.mirror,
      reviewStore: deps.store,
      userAgent: 'greffier/test',
      registryUrl: 'https://github.com/org/registre',
    });
    const provisioning = undisturbed(created, environment.store.db);
    const payload = { installation: 1, repo: deps.repo };
    const job = {
      id: 1,
      kind: 'reconcile',
      payload,
      request: 'test',
      since: new Date(),
      attempt: 1,
    } as const;
    await provisioning.reconcile(job as Job<'reconcile'>);
  }
  const issues = () => [...environment.repository.issues.values()];

  it.each([
    ['cannot be parsed', { [path]: broken }],
    ['name a setting that does not exist', { [path]: 'approval:\n  production: 3\n' }],
    ['hold a value that cannot be', { [path]: 'approvals:\n  production: trois\n' }],
    ['are gone', { [path]: null }],
    ['are a folder now', { [path]: null, [`${path}/reglages.yaml`]: three }],
  ])('are the last ones that could be read, when those of the default branch %s', async (_what, files) => {
    await follow();
    push(files);
    await follow();
    expect(await verdict(approvedOnce())).toMatch(/^action_required/);
    // As after a restart, with all of the registry read anew.
    await environment.store.db.deleteFrom('registry_commits').execute();
    environment.deps = environment.createDeps();
    expect(await verdict(approvedOnce())).toMatch(/^action_required/);
    push({ [path]: '# Les réglages par défaut.\n' });
    expect(await verdict(approvedOnce())).toMatch(/^success/);
  });

  it('are those that could be read under the former name, when the registry was renamed', async () => {
    await follow();
    push({ [path]: broken });
    const { deps, repository, bob } = environment;
    bob.renameRepository(repository, 'ailleurs');
    const owner = repository.owner.login;
    const renamed = repositoryClient(environment.client(), `${owner}/ailleurs`, String(repository.id));
    const source = registrySource({
      registry: deps.repo,
      repository: renamed,
      mirror: deps.mirror,
      reviewStore: deps.store,
      log: createLog('fatal'),
    });
    expect((await source.at(await source.head())).approvals.count.production).toBe(3);
  });

  it('are asked for again, when GitHub does not show them', async () => {
    await follow();
    environment.github.faults.inject(
      { kind: 'not-found' },
      { on: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}' },
    );
    await environment.store.db.deleteFrom('blobs').execute();
    const pull = approvedOnce();
    await expect(verdict(pull)).rejects.toThrow('settings');
    expect(await verdict(pull)).toMatch(/^action_required/);
  });

  it('are the careful ones, where none could ever be read', async () => {
    environment.createRegistry({ [path]: 'automatic_merge:\n  integration: true\n approvals: 3\n' });
    expect(await verdict(environment.propose(serviceFile('agenda')))).toMatch(/^action_required/);
  });

  it('cannot be made unreadable: the check fails, and says the line and the way out', async () => {
    const pull = environment.propose({ [path]: broken });
    expect(await verdict(pull)).toBe('failure: 1 erreur à corriger');
    expect(pull.comments[0]?.body).toContain('`.github/greffier.yaml`');
    expect(pull.comments[0]?.body).toContain('ligne 3');
    expect([...pull.labels]).toEqual(['invalid']);
    const unknown = environment.propose({ [path]: `${three}labels:\n  pret: prêt\n` });
    expect(await verdict(unknown)).toBe('failure: 1 erreur à corriger');
    expect(unknown.comments[0]?.body).toMatch(/\[Ligne 4\]\([^)]*greffier\.yaml#L4\)/);
    environment.alice.pushCommit(environment.repository, pull.pull.headRef, {
      [path]: three.replace('3', '4'),
    });
    expect(await verdict(pull)).toMatch(/^success/);
  });

  it.each([
    ['removed', { [path]: null }, 'failure: 1 erreur à corriger'],
    // And where they are then, nobody reads them.
    ['moved away', { [path]: null, '.github/greffier.yml': three }, 'failure: 2 erreurs à corriger'],
  ])('cannot be %s: the check fails, and says what to write instead', async (_how, files, failure) => {
    const pull = environment.propose(files);
    expect(await verdict(pull)).toBe(failure);
    expect(pull.comments[0]?.body).toContain('fichier vide');
  });

  it('cannot be turned into a link', async () => {
    const link = { content: three, mode: '120000' } as const;
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'lien',
      title: 'x',
      files: { [path]: link },
    });
    expect(await verdict(pull)).toBe('failure: 1 erreur à corriger');
  });

  it.each([
    ['fewer approvals', 'approvals:\n  production: 2\n'],
    ['another team that approves', `${three}  teams: [org/equipe]\n`],
    ['automatic merges', `${three}automatic_merge:\n  integration: true\n`],
    ['a higher limit', `${three}limits:\n  definitions: 500\n`],
    ['the defaults', '# rien\n'],
  ])('are loosened by a decision, of as many people as production asks for: %s', async (_what, text) => {
    const pull = environment.propose({ [path]: text });
    expect(await verdict(pull)).toMatch(/^action_required: .*décision/);
    expect(pull.comments[0]?.body).toContain('3 personnes habilitées');
    environment.bob.approve(environment.repository, pull);
    expect(await verdict(pull)).toMatch(/^action_required/);
  });

  it('are not loosened by a merge group whose pull requests did not decide it', async () => {
    await follow();
    const base = environment.repository.git.branch('main') ?? '';
    const group = environment.bob.pushCommit(environment.repository, 'groupe', {
      [path]: 'approvals:\n  production: 2\n',
    });
    expect(await reviewMergeGroup(environment.deps, group, base)).toBeUndefined();
    expect(environment.repository.checkRuns.findLast(({ headSha }) => headSha === group)?.conclusion).toBe(
      'action_required',
    );
  });

  it('may be changed otherwise like any file, and are seen', async () => {
    const pull = environment.propose({ [path]: 'language: en\napprovals:\n  production: 4\n' });
    expect(await verdict(pull)).toMatch(/^success: Tout est prêt/);
    expect(pull.comments[0]?.body).toContain('`language`');
    expect([...pull.labels]).toEqual(['ready']);
  });

  it('hold no less than Greffier last found agreed, whoever pushes less past a review', async () => {
    await reconcile();
    push({ [path]: three.replace('3', '1') });
    // As another process that has not heard of it, and then has.
    environment.deps = environment.createDeps();
    expect(await verdict(approvedOnce())).toMatch(/^action_required/);
    await reconcile();
    expect(await verdict(approvedOnce())).toMatch(/^action_required/);
    const [issue] = issues().filter(({ title }) => title.startsWith('Des réglages assouplis'));
    expect(issue?.body).toContain('`approvals.production`');
    push({ [path]: `${three}limits:\n  definitions: 5\n` });
    await reconcile();
    expect(issue?.state).toBe('closed');
  });

  it('that cannot be read are told of in one issue, which closes when they are mended', async () => {
    await reconcile();
    expect(issues()).toEqual([]);
    push({ [path]: broken });
    await reconcile();
    await reconcile();
    expect(issues()).toMatchObject([{ state: 'open', body: expect.stringContaining('ligne 3') }]);
    push({ [path]: null });
    await reconcile();
    expect(issues()).toMatchObject([{ state: 'open', body: expect.stringContaining('fichier vide') }]);
    push({ [path]: three });
    await reconcile();
    expect(issues()).toMatchObject([{ state: 'closed' }]);
  });

  it('are not believed of a branch that is not the default one', async () => {
    environment.bob.pushCommit(environment.repository, 'autre', { [path]: 'approvals:\n  production: 1\n' });
    const elsewhere = environment.alice.openPullRequest(environment.repository, {
      branch: 'vers-autre',
      base: 'autre',
      title: 'x',
      files: serviceFile('voisin'),
    });
    await reviewPullRequest(environment.deps, elsewhere.number);
    push({ [path]: broken });
    expect(await verdict(approvedOnce())).toMatch(/^action_required/);
  });
});

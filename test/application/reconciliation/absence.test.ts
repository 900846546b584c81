/** Absence is never an answer: what GitHub does not show is asked for again, and nothing is taken away meanwhile. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '#base/config/config-file';
import { Secret } from '#base/config/secret';
import { createLog } from '#base/observability/logger';
import type { FileChanges } from '#demo/github/git/repository';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { classifyError } from '#infrastructure/queue/retry-policy';
import { createProvisioning } from '#main/provisioning';
import { emptyTables } from '../../infrastructure/database/engines.ts';
import { type Undisturbed, undisturbed } from '../../infrastructure/queue/leases.ts';
import { type Directory, startDirectory } from '../directory.ts';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

const ids = ['agenda', 'annuaire', 'courrier', 'dossier', 'enquete', 'forum'];
const settings = '.github/greffier.yaml';
const [agenda = ''] = Object.keys(serviceFile('agenda'));
/** Another definition of the same service, as the target of a link. */
const link = (Object.values(serviceFile('agenda'))[0] ?? '')
  .replaceAll('ville-agenda', 'ville-intrus')
  .trimEnd();
const key = randomBytes(32).toString('base64');

describe('what GitHub does not show', () => {
  let environment: ReviewEnvironment;
  let openid: LocalOpenIdProvider;
  let directory: Directory;

  beforeAll(async () => {
    environment = await ReviewEnvironment.open({ deployments: 'write' });
    openid = await startLocalOpenIdProvider();
    directory = await startDirectory();
  });
  afterAll(async () => {
    await openid.stop();
    await directory.stop();
    await environment.close();
  });
  beforeEach(async () => {
    environment.github.faults.clear();
    environment.createRegistry({
      [settings]: 'approvals:\n  production: 3\n',
      ...Object.assign({}, ...ids.map((id) => serviceFile(id))),
    });
  });

  /** As after a restart: only what the store holds is known. */
  function enter(): Undisturbed {
    const deps = environment.createDeps();
    const provisioning = createProvisioning({
      settings: {
        key: new Secret(key),
        publicUrl: 'https://greffier.example.fr',
        datapass: { url: 'http://127.0.0.1:9' },
        entreprisesUrl: directory.url,
      },
      configuration: {
        ...defaultConfiguration,
        cells: {
          'internet/integration': {
            provider: 'registration',
            issuer: openid.issuer,
            initialAccessToken: new Secret(openid.initialAccessToken),
            repair: false,
          },
        },
      },
      db: environment.store.db,
      jobs: new JobQueue(environment.store.db),
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
    return undisturbed(provisioning, environment.store.db);
  }
  function job(sweep = false): Job<'reconcile'> {
    const payload = { installation: 1, repo: environment.deps.repo, sweep };
    return { id: 1, kind: 'reconcile', payload, request: 'test', since: new Date(), attempt: 1 };
  }
  async function states(): Promise<Readonly<Record<string, string>>> {
    const rows = await environment.store.db
      .selectFrom('clients')
      .select(['id', 'state'])
      .where('registry', '=', environment.deps.repo)
      .orderBy('id')
      .execute();
    return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
  }
  const allActive = Object.fromEntries(ids.map((id) => [id, 'active']));

  /** Runs a reconciliation; an answer that is missing is an outage, to be tried again, and nothing else. */
  async function tryReconciling(provisioning: Undisturbed, sweep = false): Promise<void> {
    await provisioning.reconcile(job(sweep)).catch((error: unknown) => {
      expect(classifyError(error, Date.now()).cause, String(error)).toBe('outage');
    });
  }

  const reads = [
    'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
    'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
    'GET /repos/{owner}/{repo}/contents/{path}',
    'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
    'GET /repos/{owner}/{repo}/git/ref/{ref}',
    'GET /repos/{owner}/{repo}/compare/{basehead}',
    'GET /repos/{owner}/{repo}/tarball/{ref}',
  ];

  it.each(reads.flatMap((on) => [1, 2, 3].map((times) => [on, times] as const)))(
    'at %s, %i times, takes no client away, whether all is read anew or a part',
    async (on, times) => {
      await enter().reconcile(job());
      expect(await states()).toEqual(allActive);
      // A force push, of which no comparison can tell: all is read anew.
      const [own = ''] = Object.keys(serviceFile('agenda'));
      environment.bob.pushCommit(environment.repository, 'main', { 'LISEZMOI.md': `${on} ${times}\n` });
      environment.github.faults.inject({ kind: 'not-found' }, { on, times });
      await tryReconciling(enter());
      await emptyTables(environment.store.db, 'registry_commits', 'registry_files');
      environment.github.faults.inject({ kind: 'not-found' }, { on, times });
      await tryReconciling(enter(), true);
      expect(await states()).toEqual(allActive);
      environment.github.faults.clear();
      // What was missed meanwhile heals by itself, and what really goes away goes.
      await enter().reconcile(job(true));
      expect(await states()).toEqual(allActive);
      environment.bob.pushCommit(environment.repository, 'main', { [own]: null });
      await enter().reconcile(job());
      expect(await states()).toEqual({ ...allActive, agenda: 'inactive' });
    },
  );

  it('of a definition, is not remembered as a definition that claims nothing', async () => {
    await enter().reconcile(job());
    const [path = ''] = Object.keys(serviceFile('guide'));
    // More than are read one by one with what they are: their blobs are read by themselves.
    const others = ['hameau', 'horaires', 'journal', 'kiosque', 'lecture'];
    environment.bob.pushCommit(
      environment.repository,
      'main',
      Object.assign({}, ...['guide', ...others].map((id) => serviceFile(id))),
    );
    environment.github.faults.inject({ kind: 'not-found' }, { on: reads[1] ?? '' });
    await tryReconciling(enter());
    await enter().reconcile(job());
    const { rows } = await sql<{ claims: unknown }>`
      select claims from registry_files where repo = ${environment.deps.repo} and path = ${path}`.execute(
      environment.store.db,
    );
    expect(rows).toMatchObject([{ claims: { redirectUris: [expect.anything()] } }]);
    expect(await states()).toMatchObject({ ...allActive, guide: 'active' });
  });

  it('is not remembered: a mirror that lacks files takes nothing away, and heals', async () => {
    await enter().reconcile(job());
    await sql`delete from registry_files where path like '%agenda%' or path like '%forum%'`.execute(
      environment.store.db,
    );
    await enter().reconcile(job());
    expect(await states()).toEqual(allActive);
    const { rows } = await sql`select path from registry_files where repo = ${environment.deps.repo}`.execute(
      environment.store.db,
    );
    expect(rows).toHaveLength(ids.length + 1);
  });

  it.each<readonly [string, FileChanges]>([
    ['broken YAML', { [agenda]: 'version: 1\n name: x\n' }],
    ['a link', { [agenda]: { content: 'annuaire.yaml', mode: '120000' } }],
    ['a link whose text is a definition', { [agenda]: { content: link, mode: '120000' } }],
    ['a submodule', { [agenda]: { sha: '1f0e7a3c5d9b2468ace013579bdf02468ace1357', mode: '160000' } }],
    ['a file that is too large', { [agenda]: `# ${'x'.repeat(70_000)}\n` }],
    ['a folder', { [agenda]: null, [`${agenda}/agenda.yaml`]: 'version: 1\n' }],
  ])('holds a client as it is, whose definition became %s', async (_what, files) => {
    await enter().reconcile(job());
    const before = structuredClone(openid.clients().findLast((one) => one.client_name === 'Service agenda'));
    environment.bob.pushCommit(environment.repository, 'main', files);
    await enter().reconcile(job());
    await enter().reconcile(job(true));
    expect(await states()).toEqual(allActive);
    expect(openid.clients().find(({ client_id: id }) => id === before?.client_id)).toEqual(before);
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('agenda'));
    await enter().reconcile(job());
    expect(await states()).toEqual(allActive);
  });

  const gone = Object.fromEntries(
    ids.flatMap((id) => Object.keys(serviceFile(id))).map((path) => [path, null]),
  );
  const module = { sha: '1f0e7a3c5d9b2468ace013579bdf02468ace1357', mode: '160000' } as const;
  const elsewhere = { content: 'ailleurs', mode: '120000' } as const;
  it.each<readonly [string, FileChanges]>([
    ['all definitions became a submodule', { 'service-providers': module }],
    ['all definitions became a link', { 'service-providers': elsewhere }],
    ['a network became a link', { 'service-providers/internet': elsewhere }],
    ['a cell became a file', { 'service-providers/internet/integration': 'version: 1\n' }],
  ])('holds every client as it is, where the folder of %s', async (_what, files) => {
    await enter().reconcile(job());
    const { git } = environment.repository;
    // Git takes no two things of one name: the folder goes first.
    const bare = git.writeFiles(git.objects.commit(git.branch('main') ?? '')?.tree, gone);
    const author = { name: 'bob', email: '', date: new Date() };
    const commit = git.objects.writeCommit({
      tree: git.writeFiles(bare, files),
      parents: [git.branch('main') ?? ''],
      author,
      committer: author,
      message: 'Ranger',
    });
    environment.bob.pushObject(environment.repository, 'main', commit);
    await enter().reconcile(job());
    await enter().reconcile(job(true));
    expect(await states()).toEqual(allActive);
    environment.bob.pushCommit(
      environment.repository,
      'main',
      Object.fromEntries(Object.keys(files).map((path) => [path, null])),
    );
    environment.bob.pushCommit(
      environment.repository,
      'main',
      Object.assign({}, ...ids.slice(1).map((id) => serviceFile(id))),
    );
    await enter().reconcile(job());
    expect(await states()).toEqual({ ...allActive, agenda: 'inactive' });
  });
});

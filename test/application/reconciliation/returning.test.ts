/** A path that comes back while its client still exists: it belongs to whom it belonged to. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { defaultConfiguration } from '#base/config/config-file';
import { Secret } from '#base/config/secret';
import { createLog } from '#base/observability/logger';
import type { FileChanges } from '#demo/github/git/repository';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { createProvisioning } from '#main/provisioning';
import { type Undisturbed, undisturbed } from '../../infrastructure/queue/leases.ts';
import { type Directory, startDirectory } from '../directory.ts';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

const path = 'service-providers/internet/integration/agenda.yaml';
const key = randomBytes(32).toString('base64');

describe('a definition that comes back', () => {
  let environment: ReviewEnvironment;
  let directory: Directory;
  let openid: LocalOpenIdProvider;
  let provisioning: Undisturbed;
  let count = 0;
  let camille: GitHubUser;

  beforeAll(async () => {
    environment = await ReviewEnvironment.open({ deployments: 'write' });
    directory = await startDirectory();
    openid = await startLocalOpenIdProvider();
  });
  afterAll(async () => {
    await openid.stop();
    await directory.stop();
    await environment.close();
  });
  beforeEach(() => {
    count += 1;
    camille = environment.github.createUser(`camille-${count}`);
    environment.createRegistry({ '.github/greffier.yaml': 'automatic_merge:\n  integration: true\n' });
    enter(7 * 86_400);
  });

  function enter(removalDelay: number): void {
    const { deps, store } = environment;
    const created = createProvisioning({
      settings: {
        key: new Secret(key),
        publicUrl: 'https://greffier.example.fr',
        datapass: { url: 'http://127.0.0.1:9' },
        entreprisesUrl: directory.url,
      },
      configuration: {
        ...defaultConfiguration,
        removalDelay,
        cells: {
          'internet/integration': {
            provider: 'registration',
            issuer: openid.issuer,
            initialAccessToken: new Secret(openid.initialAccessToken),
            repair: false,
          },
        },
      },
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
    provisioning = undisturbed(created, store.db);
  }
  const push = (files: FileChanges) => environment.bob.pushCommit(environment.repository, 'main', files);
  async function reconcile(): Promise<void> {
    await rereviewAffected(environment.deps, async () => undefined);
    const payload = { installation: 1, repo: environment.deps.repo };
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
  async function judged(pull: PullRequest): Promise<{ conclusion: string; said: readonly string[] }> {
    const deps = { ...environment.deps, clientsOf: provisioning.clientsOf };
    const outcome = await reviewPullRequest(deps, pull.number);
    if (outcome.kind !== 'judged') throw new Error(outcome.kind);
    const { review } = outcome.collected;
    const said = review.files.flatMap(({ findings }) => findings).map(({ message }) => message.key);
    return { conclusion: review.conclusion, said: said.filter((each) => each.startsWith('change/')) };
  }
  const contact = (address: string) =>
    `\ncontacts:\n  technical:\n    - ${address}\n  support: aide@ville-agenda.fr`;
  const service = (address = 'equipe@ville-agenda.fr', more = '') =>
    serviceFile(
      'agenda',
      'internet/integration',
      `\nowners:\n  - ${camille.login}${contact(address)}${more}`,
    );
  async function removed(): Promise<void> {
    push(service());
    await reconcile();
    push({ [path]: null });
    await reconcile();
  }

  it('is decided by a person, who is told whose it was, when someone else asks for it', async () => {
    await removed();
    const pull = environment.propose(service('intrus@ville-agenda.fr'));
    expect(await judged(pull)).toEqual({ conclusion: 'action_required', said: ['change/returned#returned'] });
    expect(pull.comments[0]?.body).toContain(`\`${camille.login}\``);
    expect(pull.comments[0]?.body).toContain('Réactivation de l’accès');
    // As it was, it is still not theirs to bring back; and the owners that they write down are not its owners.
    expect((await judged(environment.propose(service()))).conclusion).toBe('action_required');
    const own = serviceFile(
      'agenda',
      'internet/integration',
      `\nowners:\n  - alice${contact('a@ville-agenda.fr')}`,
    );
    expect((await judged(environment.propose(own))).said).toEqual(['change/returned#returned']);
    environment.bob.approve(environment.repository, pull);
    expect((await judged(pull)).conclusion).toBe('success');
  });

  it('passes as it was when its last owner asks for it, and is decided when it would be handed on', async () => {
    await removed();
    expect(await judged(environment.propose(service(), camille))).toEqual({
      conclusion: 'success',
      said: [],
    });
    const changed = environment.propose(service('autre@ville-agenda.fr'), camille);
    expect(await judged(changed)).toEqual({
      conclusion: 'action_required',
      said: ['change/returned#changed'],
    });
  });

  it('does not fall to whoever takes the login of its last owner', async () => {
    await removed();
    const { login } = camille;
    camille.rename(`${login}-ministere`);
    const other = environment.github.createUser(login);
    const files = serviceFile(
      'agenda',
      'internet/integration',
      `\nowners:\n  - ${login}${contact('equipe@ville-agenda.fr')}`,
    );
    expect((await judged(environment.propose(files, other))).conclusion).toBe('action_required');
    expect((await judged(environment.propose(files, camille))).conclusion).toBe('success');
  });

  it('is decided also where it had no owner, or where nothing is remembered of it', async () => {
    push(serviceFile('agenda'));
    await reconcile();
    push({ [path]: null });
    await reconcile();
    const again = () => environment.propose(serviceFile('agenda'));
    expect((await judged(again())).said).toContain('change/returned#ownerless');
    await environment.store.db.deleteFrom('last_readable').execute();
    expect((await judged(again())).said).toContain('change/returned#unknown');
  });

  it('is decided too when its removal was not carried out yet, or when another file is moved there', async () => {
    push(service());
    await reconcile();
    push({ [path]: null });
    expect((await judged(environment.propose(service()))).said).toEqual(['change/returned#returned']);
    push(serviceFile('autre'));
    await reconcile();
    const [text = ''] = Object.values(serviceFile('autre'));
    const moved = environment.propose({ [path.replace('agenda', 'autre')]: null, [path]: text });
    expect((await judged(moved)).said).toContain('change/returned#returned');
  });

  it('is a new one once its client is gone', async () => {
    enter(0);
    await removed();
    await reconcile();
    expect(await judged(environment.propose(service()))).toEqual({ conclusion: 'success', said: [] });
  });
});

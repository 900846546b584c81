/**
 * From the merge to the sign-in, over real HTTP, SMTP and SQL: a local GitHub, an OpenID provider and a mailbox. At the
 * end every secret of the run is looked for in everything that was stored, sent, logged or published.
 */
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewPull } from '#application/pull-requests/review-pull-request';
import { type ProvisioningRoom, provisioningRoom } from '#application/reconciliation/setup';
import { defaultConfiguration } from '#base/config/config-file';
import { Secret } from '#base/config/secret';
import { createLog } from '#base/observability/logger';
import type { PullRequest } from '#demo/github/state';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { signIn } from '#demo/sign-in';
import type { Job } from '#infrastructure/queue/job-kinds';
import { Jobs } from '#infrastructure/queue/job-queue';
import { Stage, service } from '../pull-requests/review-stage.ts';

describe('provisioning on GitHub', () => {
  let stage: Stage;
  let openid: LocalOpenIdProvider;
  let mailbox: Mailbox;
  let room: ProvisioningRoom;
  let jobs: Jobs;
  const early: PullRequest[] = [];
  const lines: string[] = [];
  const key = randomBytes(32).toString('base64');
  const nextKey = randomBytes(32).toString('base64');

  beforeAll(async () => {
    stage = await Stage.open({ deployments: 'write' });
    openid = await startLocalOpenIdProvider();
    mailbox = await startMailbox();
    stage.registry(service('voisin'));
    jobs = new Jobs(stage.store.db);
    room = enter();
    // Two merges before the first reconciliation, which an outage may keep waiting.
    for (const id of ['ancien', 'nouveau']) {
      const pull = stage.propose(service(id));
      await reviewPull(stage.room, pull.number);
      stage.bob.merge(stage.repository, pull);
      early.push(pull);
    }
    await room.reconcile(job(), true);
  });
  afterAll(async () => {
    expect(stage.problems()).toEqual([]);
    await mailbox.stop();
    await openid.stop();
    await stage.close();
  });

  function enter(keys = key): ProvisioningRoom {
    const review = stage.enter();
    const kept = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    return provisioningRoom({
      settings: {
        key: new Secret(keys),
        publicUrl: 'https://greffier.example.fr',
        smtpUrl: new Secret(mailbox.url),
        mailFrom: 'Greffier <greffier@registre.example.fr>',
        // Nobody listens there: what cannot be asked is never an error.
        datapass: { url: 'http://127.0.0.1:9' },
        entreprisesUrl: 'http://127.0.0.1:9',
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
          'internet/production': { provider: 'manual', issuer: 'https://auth.agentconnect.gouv.fr/api/v2' },
        },
      },
      db: stage.store.db,
      jobs,
      log: createLog('trace', kept),
      repo: review.repo,
      appId: review.appId,
      gate: () => review.gate,
      mirror: review.mirror,
      memory: review.memory,
      userAgent: 'greffier/test',
    });
  }

  function job(): Job<'reconcile'> {
    const payload = { installation: 1, repo: 'org/registre' };
    return { id: 1, kind: 'reconcile', payload, request: 'test', since: new Date(), attempt: 1 };
  }

  async function merged(pull: PullRequest): Promise<void> {
    stage.bob.approve(stage.repository, pull);
    stage.bob.merge(stage.repository, pull);
    await room.reconcile(job(), false);
  }

  async function sendMails(): Promise<void> {
    const rows = await stage.store.db
      .selectFrom('mails')
      .select('id')
      .where('state', '=', 'waiting')
      .execute();
    for (const { id } of rows)
      await room.mail({
        id: 1,
        kind: 'mail',
        payload: { id },
        request: 'test',
        since: new Date(),
        attempt: 1,
      });
  }

  const commentsOf = (pull: PullRequest) => pull.comments.map(({ body }) => body);

  it('tells every pull request that was reviewed here, also those merged before the first look', () => {
    for (const pull of early)
      expect(commentsOf(pull).filter((body) => body.startsWith('<!-- greffier:provisioning'))).toHaveLength(
        1,
      );
    stage.repository.deployments.length = 0;
  });

  it('goes from the merge to a sign-in with the keys of the handover page', async () => {
    const pull = stage.propose(service('agenda'));
    await merged(pull);
    const [comment = ''] = commentsOf(pull);
    expect(comment).toMatch(/^<!-- greffier:provisioning -->[\s\S]*client créé/);
    expect(stage.repository.deployments).toMatchObject([
      {
        environment: 'internet-integration',
        sha: pull.pull.merged?.sha,
        statuses: [{ state: 'success' }],
      },
    ]);
    await sendMails();
    const mail = mailbox.mails.find(({ subject }) => subject.includes('agenda'));
    const token = /\/handover\/([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
    expect((await room.page({ method: 'GET', token })).body).toContain('Afficher les clés');
    const { body } = await room.page({ method: 'POST', token });
    const [clientId = '', secret = ''] = Array.from(
      body.matchAll(/<code[^>]*>([^<]+)<\/code>/g),
      (one) => one[1],
    );
    const signed = await signIn({
      issuer: openid.issuer,
      clientId,
      secret,
      redirectUri: 'https://agenda.ville-agenda.fr/retour',
      idTokenAlgorithm: 'RS256',
      userinfoAlgorithm: 'RS256',
      scopes: ['openid', 'email'],
    });
    expect(signed.userinfo.email).toBe('camille.durand@ville-de-montfictif.fr');
  });

  it('says nothing twice: another look changes nothing on GitHub', async () => {
    const { calls } = stage.github;
    calls.clear();
    await room.reconcile(job(), true);
    expect(calls.writes(), JSON.stringify(calls.summary())).toBe(0);
  });

  it('takes up after a restart what was merged meanwhile', async () => {
    const pull = stage.propose(service('carte'));
    stage.bob.approve(stage.repository, pull);
    stage.bob.merge(stage.repository, pull);
    room = enter();
    await room.reconcile(job(), false);
    expect(commentsOf(pull)[0]).toContain('client créé');
  });

  it('shows drift in one issue, which closes by itself', async () => {
    const client = openid.clients().find((one) => one.client_name === 'Service agenda');
    openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
    await room.reconcile(job(), true);
    await room.reconcile(job(), true);
    const issues = [...stage.repository.issues.values()].filter((issue) => issue.body?.includes('intrus'));
    expect(issues).toMatchObject([{ state: 'open' }]);
    openid.tamper(String(client?.client_id), { redirect_uris: client?.redirect_uris });
    await room.reconcile(job(), true);
    expect(issues).toMatchObject([{ state: 'closed' }]);
  });

  it('asks people in an issue, and tells the pull request when it is done', async () => {
    const pull = stage.propose(service('guichet', 'internet/production'));
    await merged(pull);
    const [request] = [...stage.repository.issues.values()].filter((issue) =>
      issue.title.includes('internet/production/guichet'),
    );
    if (request === undefined) throw new Error('no request was opened');
    expect(commentsOf(pull)[0]).toContain(`#${request.number}`);
    const answer = await room.later('provisioned', {
      number: request.number,
      by: 'bob',
      argument: 'c0ffee-id',
    });
    expect(answer).toMatchObject({ ok: true });
    await room.reconcile(job(), false);
    expect(request.state).toBe('closed');
    expect(commentsOf(pull)[0]).toMatch(/client créé[\s\S]*c0ffee-id/);
  });

  it('provisions nothing that is invalid on the default branch, whoever put it there', async () => {
    const before = openid.clients().length;
    const [agenda = ''] = Object.values(service('agenda'));
    const folder = 'service-providers/internet/integration';
    stage.bob.pushCommit(stage.repository, 'main', {
      [`${folder}/copie.yaml`]: agenda,
      [`${folder}/malforme.yaml`]:
        service('malforme')[`${folder}/malforme.yaml`]?.replace('https:', 'http:') ?? '',
    });
    await room.reconcile(job(), true);
    expect(openid.clients()).toHaveLength(before);
    stage.bob.pushCommit(stage.repository, 'main', {
      [`${folder}/copie.yaml`]: null,
      [`${folder}/malforme.yaml`]: null,
    });
    await room.reconcile(job(), true);
    expect(openid.clients()).toHaveLength(before);
  });

  it('shows in a review what a merge then does', async () => {
    const files = service('agenda', 'internet/integration', '\nuserinfo_signed_response_alg: none');
    const pull = stage.propose(files);
    await reviewPull(
      {
        ...stage.enter(),
        plan: (change) => room.plan({ ...change, number: pull.number, head: pull.pull.headSha }),
      },
      pull.number,
    );
    const shown = await stage.store.db
      .selectFrom('shown_plans')
      .selectAll()
      .where('pull', '=', pull.number)
      .execute();
    expect(shown).toMatchObject([{ client: 'internet/integration/agenda' }]);
    await merged(pull);
    const all = commentsOf(pull).join('\n');
    expect(all).toContain('client modifié');
  });

  it('works with a new key alone, once a sweep has sealed everything again with it', async () => {
    const pull = stage.propose(service('plage'));
    await merged(pull);
    room = enter(`${nextKey},${key}`);
    await room.reconcile(job(), true);
    expect(lines.at(-1)).toContain('former keys may be taken out of GREFFIER_KEY');
    room = enter(nextKey);
    const given = { number: pull.number, by: 'bob' };
    expect(await room.later('handover', given)).toMatchObject({ ok: true });
  });

  it('leaves no secret in clear anywhere', async () => {
    await sendMails();
    const secrets = [
      ...openid.secrets(),
      openid.initialAccessToken,
      key,
      nextKey,
      ...mailbox.mails.flatMap(({ text }) =>
        Array.from(text.matchAll(/\/handover\/([\w-]{43})/g), (one) => one[1] ?? ''),
      ),
    ];
    expect(secrets.length).toBeGreaterThan(4);
    const tables = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public'`.execute(stage.store.db);
    const dump: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(stage.store.db);
      dump.push(JSON.stringify(rows));
    }
    const published = stage.exchanges.map((exchange) => JSON.stringify(exchange));
    const mails = mailbox.mails.map(({ raw, text }) => `${raw}\n${text}`);
    for (const secret of secrets) {
      expect(dump.join('\n').includes(secret), 'in the store').toBe(false);
      expect(published.join('\n').includes(secret), 'on GitHub').toBe(false);
      expect(lines.join('\n').includes(secret), 'in the log').toBe(false);
    }
    // The link is in the mail; the secrets that it leads to are not.
    for (const secret of [...openid.secrets(), openid.initialAccessToken, key])
      expect(mails.join('\n').includes(secret), 'in a mail').toBe(false);
    expect(lines.length).toBeGreaterThan(0);
  });
});

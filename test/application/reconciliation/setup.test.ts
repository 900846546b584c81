/**
 * From the merge to the sign-in, over real HTTP, SMTP and SQL: a local GitHub, an OpenID provider and a mailbox. At the
 * end every secret of the run is looked for in everything that was stored, sent, logged or published.
 */
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { defaultConfiguration } from '#base/config/config-file';
import { Secret } from '#base/config/secret';
import { createLog } from '#base/observability/logger';
import type { PullRequest } from '#demo/github/state';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { performSignIn } from '#demo/sign-in';
import { columnsOf } from '#infrastructure/database/contents';
import { confirmWriter } from '#infrastructure/github/read/rights';
import type { Job } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { createProvisioning } from '#main/provisioning';
import { type Undisturbed, undisturbed } from '../../infrastructure/queue/leases.ts';
import { type Directory, startDirectory } from '../directory.ts';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';
import { writer } from '../writer.ts';

describe('provisioning on GitHub', () => {
  let environment: ReviewEnvironment;
  let openid: LocalOpenIdProvider;
  let directory: Directory;
  let mailbox: Mailbox;
  let provisioning: Undisturbed;
  let jobs: JobQueue;
  const early: PullRequest[] = [];
  const lines: string[] = [];
  const key = randomBytes(32).toString('base64');
  const nextKey = randomBytes(32).toString('base64');

  beforeAll(async () => {
    environment = await ReviewEnvironment.open({ deployments: 'write' });
    openid = await startLocalOpenIdProvider();
    directory = await startDirectory();
    mailbox = await startMailbox();
    environment.createRegistry(serviceFile('voisin'));
    jobs = new JobQueue(environment.store.db);
    provisioning = enter();
    // Two merges before the first reconciliation, which an outage may keep waiting.
    for (const id of ['ancien', 'nouveau']) {
      const pull = environment.propose(serviceFile(id));
      await review(pull);
      environment.bob.merge(environment.repository, pull);
      early.push(pull);
    }
    await provisioning.reconcile(job(true));
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await mailbox.stop();
    await openid.stop();
    await directory.stop();
    await environment.close();
  });

  function enter(keys = key): Undisturbed {
    const review = environment.createDeps();
    const kept = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const provisioning = createProvisioning({
      settings: {
        key: new Secret(keys),
        publicUrl: 'https://greffier.example.fr',
        smtpUrl: new Secret(mailbox.url),
        mailFrom: 'Greffier <greffier@registre.example.fr>',
        // Without an account at DataPass nothing is asked there.
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
          'internet/production': { provider: 'manual', issuer: 'https://auth.agentconnect.gouv.fr/api/v2' },
        },
      },
      db: environment.store.db,
      jobs,
      log: createLog('trace', kept),
      repo: review.repo,
      installation: 1,
      appId: review.appId,
      registry: review.repository,
      repository: () => review.repository,
      mirror: review.mirror,
      reviewStore: review.store,
      userAgent: 'greffier/test',
      registryUrl: 'https://github.com/org/registre',
    });
    return undisturbed(provisioning, environment.store.db);
  }

  function job(sweep = false): Job<'reconcile'> {
    const payload = { installation: 1, repo: 'org/registre', sweep };
    return { id: 1, kind: 'reconcile', payload, request: 'test', since: new Date(), attempt: 1 };
  }

  /** The verdict, with the plan that is shown. */
  async function review(pull: PullRequest): Promise<void> {
    const { clientsOf } = provisioning;
    await reviewPullRequest({ ...environment.createDeps(), clientsOf }, pull.number);
  }

  async function merged(pull: PullRequest): Promise<void> {
    await review(pull);
    environment.bob.approve(environment.repository, pull);
    environment.bob.merge(environment.repository, pull);
    await provisioning.reconcile(job());
  }

  async function sendMails(): Promise<void> {
    const rows = await environment.store.db
      .selectFrom('mails')
      .select('id')
      .where('state', '=', 'waiting')
      .execute();
    for (const { id } of rows)
      await provisioning.sendMail({
        id: 1,
        kind: 'mail',
        payload: { id },
        request: 'test',
        since: new Date(),
        attempt: 1,
      });
  }

  const commentsOf = (pull: PullRequest) => pull.comments.map(({ body }) => body);
  const outcomeOf = (pull: PullRequest) =>
    commentsOf(pull).find((body) => body.startsWith('<!-- greffier:provisioning'));

  it('tells every pull request that was reviewed here, also those merged before the first look', () => {
    for (const pull of early)
      expect(commentsOf(pull).filter((body) => body.startsWith('<!-- greffier:provisioning'))).toHaveLength(
        1,
      );
    environment.repository.deployments.length = 0;
  });

  it('goes from the merge to a sign-in with the keys of the handover page', async () => {
    const pull = environment.propose(serviceFile('agenda'));
    await merged(pull);
    const comment = outcomeOf(pull) ?? '';
    expect(comment).toMatch(/^<!-- greffier:provisioning -->[\s\S]*client créé/);
    expect(environment.repository.deployments).toMatchObject([
      {
        environment: 'internet-integration',
        sha: pull.pull.merged?.sha,
        statuses: [{ state: 'success' }],
      },
    ]);
    await sendMails();
    const mail = mailbox.mails.find(({ subject }) => subject.includes('agenda'));
    const token = /\/handover\/([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
    expect((await provisioning.serveHandoverPage({ method: 'GET', token })).body).toContain(
      'Afficher les clés',
    );
    const { body } = await provisioning.serveHandoverPage({ method: 'POST', token });
    const [clientId = '', secret = ''] = Array.from(
      body.matchAll(/<code[^>]*>([^<]+)<\/code>/g),
      (one) => one[1],
    );
    const signed = await performSignIn({
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
    const { calls } = environment.github;
    calls.clear();
    await provisioning.reconcile(job(true));
    expect(calls.writes(), JSON.stringify(calls.summary())).toBe(0);
  });

  it('takes up after a restart what was merged meanwhile', async () => {
    const pull = environment.propose(serviceFile('carte'));
    await review(pull);
    environment.bob.approve(environment.repository, pull);
    environment.bob.merge(environment.repository, pull);
    provisioning = enter();
    await provisioning.reconcile(job());
    expect(outcomeOf(pull)).toContain('client créé');
  });

  it('shows drift in one issue, which closes by itself', async () => {
    const client = openid.clients().find((one) => one.client_name === 'Service agenda');
    openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
    await provisioning.reconcile(job(true));
    await provisioning.reconcile(job(true));
    const issues = [...environment.repository.issues.values()].filter((issue) =>
      issue.body?.includes('intrus'),
    );
    expect(issues).toMatchObject([{ state: 'open' }]);
    openid.tamper(String(client?.client_id), { redirect_uris: client?.redirect_uris });
    await provisioning.reconcile(job(true));
    expect(issues).toMatchObject([{ state: 'closed' }]);
  });

  it('asks people in an issue, and tells the pull request when it is done', async () => {
    const pull = environment.propose(serviceFile('guichet', 'internet/production'));
    await merged(pull);
    const [request] = [...environment.repository.issues.values()].filter((issue) =>
      issue.title.includes('internet/production/guichet'),
    );
    if (request === undefined) throw new Error('no request was opened');
    expect(outcomeOf(pull)).toContain(`#${request.number}`);
    const answer = await provisioning.runCommand('provisioned', {
      number: request.number,
      by: writer('bob'),
      argument: 'c0ffee-id',
    });
    expect(answer).toMatchObject({ ok: true });
    await provisioning.reconcile(job());
    expect(request.state).toBe('closed');
    expect(outcomeOf(pull)).toMatch(/client créé[\s\S]*c0ffee-id/);
  });

  it('takes a request for declined on the word of a writer, asked live, and opens it again for anyone else', async () => {
    const { repository, bob } = environment;
    const pull = environment.propose(
      serviceFile('guichet', 'internet/production', '\nuserinfo_signed_response_alg: none'),
    );
    await merged(pull);
    const request = [...repository.issues.values()].findLast((issue) => issue.title.includes('guichet'));
    if (request === undefined) throw new Error('no request was opened');
    const carol = environment.github.createUser('carol');
    repository.collaborators.set('carol', 'triage');
    const decline = (by: typeof bob) => by.close(repository, request, 'not_planned');
    decline(carol);
    await provisioning.reconcile(job());
    expect(request.state).toBe('open');
    expect(outcomeOf(pull)).not.toContain('demande refusée');
    // Someone else's login is not someone else's right.
    decline(carol);
    carol.rename('caroline');
    const taken = environment.github.createUser('carol');
    repository.collaborators.set(taken.login, 'admin');
    repository.collaborators.set('caroline', 'triage');
    const { id } = carol.account;
    expect(await confirmWriter(environment.deps.repository, { id, login: taken.login })).toBeUndefined();
    await provisioning.reconcile(job());
    expect(request.state).toBe('open');
    expect(request.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^Demande rouverte\u00a0: `carol` l’a fermée sans avoir le droit d’écriture/),
      expect.stringMatching(/^Demande rouverte\u00a0: `caroline`/),
    ]);
    repository.collaborators.set('caroline', 'write');
    decline(bob);
    const { calls } = environment.github;
    calls.clear();
    await provisioning.reconcile(job());
    expect(calls.summary()).toMatchObject({
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission': 1,
    });
    expect(outcomeOf(pull)).toContain('demande refusée');
  });

  it('takes no request for done, or declined, that the merge of someone’s text closed in the name of a writer', async () => {
    const { repository, alice, bob } = environment;
    const request = (id: string) =>
      [...repository.issues.values()].findLast(({ title }) => title.includes(id)) ?? expect.fail();
    const done = (id: string) =>
      provisioning.runCommand('provisioned', { number: request(id).number, by: writer('bob'), argument: id });
    await merged(environment.propose(serviceFile('mairie', 'internet/production')));
    await done('mairie');
    await provisioning.reconcile(job());
    const change = environment.propose({
      'service-providers/internet/production/mairie.yaml': null,
      ...serviceFile('sosie', 'internet/production'),
    });
    await merged(change);
    const [removal, creation] = [request('mairie'), request('sosie')];
    const harmless = environment.propose(serviceFile('anodin'));
    alice.edit(repository, harmless, { body: `Fixes #${removal.number}, closes: #${creation.number}` });
    await merged(harmless);
    expect([removal.state, creation.state]).toEqual(['open', 'open']);
    expect(outcomeOf(change)).not.toMatch(/client désactivé|demande refusée/);
    expect(removal.comments.at(-1)?.body).toMatch(/^Demande rouverte\u00a0: GitHub ferme de lui-même/);
    await done('mairie');
    bob.close(repository, creation, 'not_planned');
    await provisioning.reconcile(job());
    expect(outcomeOf(change)).toContain('client désactivé');
    expect(outcomeOf(change)).toContain('demande refusée');
  });

  it('provisions nothing that is invalid on the default branch, whoever put it there', async () => {
    const [agenda = ''] = Object.values(serviceFile('agenda'));
    environment.bob.pushCommit(environment.repository, 'main', serviceFile('agenda'));
    await provisioning.reconcile(job(true));
    const before = openid.clients().length;
    const folder = 'service-providers/internet/integration';
    environment.bob.pushCommit(environment.repository, 'main', {
      [`${folder}/copie.yaml`]: agenda,
      [`${folder}/malforme.yaml`]:
        serviceFile('malforme')[`${folder}/malforme.yaml`]?.replace('https:', 'http:') ?? '',
    });
    await provisioning.reconcile(job(true));
    expect(openid.clients()).toHaveLength(before);
    environment.bob.pushCommit(environment.repository, 'main', {
      [`${folder}/copie.yaml`]: null,
      [`${folder}/malforme.yaml`]: null,
    });
    await provisioning.reconcile(job(true));
    expect(openid.clients()).toHaveLength(before);
  });

  it('keeps of what was shown of a pull request what was shown last, and what was merged', async () => {
    const { repository, bob, alice } = environment;
    const heads = async (pull: PullRequest) => {
      const rows = await environment.store.db
        .selectFrom('shown_plans')
        .select('head')
        .where('pull', '=', pull.number)
        .execute();
      return rows.map(({ head }) => head);
    };
    const pull = environment.propose(serviceFile('marche'));
    await review(pull);
    alice.pushCommit(repository, pull.pull.headRef, serviceFile('marche', 'internet/integration', '\n# 2'));
    const head = pull.pull.headSha;
    await review(pull);
    expect(await heads(pull)).toEqual([head]);
    await merged(pull);
    expect(await heads(pull)).toEqual([head]);
    // Long after, and whatever is said of it again.
    const other = environment.propose(serviceFile('marche', 'internet/integration', '\n# 3'));
    await review(other);
    bob.close(repository, other);
    expect(await heads(pull)).toEqual([head]);
  });

  it('shows in a review what a merge then does', async () => {
    const files = serviceFile('agenda', 'internet/integration', '\nuserinfo_signed_response_alg: none');
    const pull = environment.propose(files);
    await review(pull);
    const shown = await environment.store.db
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
    const pull = environment.propose(serviceFile('plage'));
    await merged(pull);
    provisioning = enter(`${nextKey},${key}`);
    await provisioning.reconcile(job(true));
    expect(lines.at(-1)).toContain('former keys may be taken out of GREFFIER_KEY');
    provisioning = enter(nextKey);
    const given = { number: pull.number, by: writer('bob') };
    expect(await provisioning.runCommand('handover', given)).toMatchObject({ ok: true });
  });

  /** Everything that the store holds. */
  async function dumped(): Promise<string> {
    const dump: string[] = [];
    for (const name of (await columnsOf(environment.store.db)).keys()) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(environment.store.db);
      dump.push(JSON.stringify(rows));
    }
    return dump.join('\n');
  }

  it('leaves no secret in clear anywhere', async () => {
    // Once a mail has left, its link is no longer kept: what is looked at is the store while it waits.
    const waiting = await dumped();
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
    const after = await dumped();
    // Each link was opened, and went out: so it is known below.
    const left = environment.store.db.selectFrom('mails').select('id').where('state', '=', 'waiting');
    expect(await left.execute()).toEqual([]);
    const dump = `${waiting}\n${after}`;
    const published = environment.exchanges.map((exchange) => JSON.stringify(exchange));
    const mails = mailbox.mails.map(({ raw, text }) => `${raw}\n${text}`);
    for (const secret of secrets) {
      expect(dump.includes(secret), 'in the store').toBe(false);
      expect(published.join('\n').includes(secret), 'on GitHub').toBe(false);
      expect(lines.join('\n').includes(secret), 'in the log').toBe(false);
    }
    // The link is in the mail; the secrets that it leads to are not.
    for (const secret of [...openid.secrets(), openid.initialAccessToken, key])
      expect(mails.join('\n').includes(secret), 'in a mail').toBe(false);
    expect(lines.length).toBeGreaterThan(0);
  });
});

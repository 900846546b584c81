/** Twenty and more broken installations: each is found, and each has a way out, in both languages. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Secret } from '#base/config/secret';
import { defined } from '#base/defined';
import { createLog } from '#base/observability/logger';
import { createMetrics } from '#base/observability/metrics';
import { startLocalGitHub } from '#demo/github/local-github';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { TextBrowser } from '#demo/text-browser';
import { placeholders } from '#domain/definition/rules/rule-catalogue';
import { webhook } from '#http/webhook/route';
import type { Database } from '#infrastructure/database/database';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { JobQueue } from '#infrastructure/queue/job-queue';
import en from '#templates/doctor.en.json' with { type: 'json' };
import fr from '#templates/doctor.fr.json' with { type: 'json' };
import { type Directory, startDirectory } from '../application/directory.ts';
import { opened } from '../infrastructure/database/engines.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../infrastructure/identity-providers/partner-api.ts';
import { startRegistrationServer } from '../infrastructure/identity-providers/registration-server.ts';
import { greffier } from './console.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What GitHub sent, and the service kept. */
const kept: string[] = [];

/** What the service answers at its address, as far as it is looked at there. */
async function serveAsGreffier(secret: string): Promise<string> {
  const route = webhook({
    secrets: [new Secret(secret)],
    receive: async ({ event }) => {
      kept.push(event);
      return 'accepted';
    },
    log: createLog('silent'),
    metrics: createMetrics(),
  });
  return serve((request, response) => {
    if (request.url === '/api/github/webhooks') void route(request, response);
    else response.end(schema);
  });
}

const granted = Object.fromEntries(
  Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
);
const schema = readFileSync(join(import.meta.dirname, '../../schemas/service-provider.v1.schema.json'));
/** A server that takes any sender, and says this of a recipient. */
async function smtpThatSays(word: string): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 essai\r\n');
    socket.on('data', (data) => {
      for (const line of data
        .toString()
        .split('\r\n')
        .filter((one) => one !== ''))
        socket.write(`${line.startsWith('RCPT') ? word : '250 OK'}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A cell whose provider answers every registration with this. */
async function ofRegistration([status, body]: readonly [number, unknown]): Promise<string> {
  const issuer = await serve((request, response) => {
    const url = `http://${request.headers.host}`;
    const description = {
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      registration_endpoint: `${url}/reg`,
    };
    response.writeHead(request.method === 'POST' ? status : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.method === 'POST' ? body : description));
  });
  return `registry: org/registre\ncells:\n  rie/integration: {provider: registration, issuer: "${issuer}", initial_access_token: x}\n`;
}

const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

/** A client whose access was sealed with a key that nobody has. */
async function sealByAnotherKey({ db }: Pick<Database, 'db'>): Promise<void> {
  await db
    .insertInto('clients')
    .values({
      registry: 'r',
      cell: 'rie/integration',
      id: 'a',
      state: 'active',
      client_id: 'c',
      request: null,
      account: JSON.stringify({ management: 'v1.inconnue.xxx' }),
    })
    .execute();
}

describe('greffier doctor', () => {
  let openid: LocalOpenIdProvider;
  let mailbox: Mailbox;
  let directory: Directory;
  let partner: PartnerApi;
  let folder: string;
  beforeAll(async () => {
    openid = await startLocalOpenIdProvider();
    mailbox = await startMailbox();
    directory = await startDirectory();
    partner = await startPartnerApi();
  });
  afterAll(async () => {
    await Promise.all([openid.stop(), mailbox.stop(), directory.stop(), partner.close()]);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greffier-doctor-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    rmSync(folder, { recursive: true, force: true });
  });

  interface World {
    readonly permissions?: Record<string, 'read' | 'write'>;
    readonly events?: readonly string[];
    readonly installed?: boolean;
    readonly checks?: readonly { context: string; appId?: number }[];
    readonly webhook?: string;
    readonly configuration?: string;
    readonly environment?: Record<string, string>;
    /** Whether GitHub sent something already, signed with what: the very secret when absent. */
    readonly delivered?: boolean;
    readonly signedWith?: string;
  }
  const cells = () =>
    `  internet/integration: {provider: proconnect, url: "${partner.url}", secret: ${partnerSecret}, identity_domain: registre.example.gouv.fr, issuer: "${openid.issuer}"}
  internet/production: {provider: manual}
  rie/integration: {provider: registration, issuer: "${openid.issuer}", initial_access_token: ${openid.initialAccessToken}}
`;

  /** An installation in which all is well but for what is asked for. */
  async function world(
    change: World = {},
  ): Promise<{ code: number; ids: string[]; unproven: string[]; out: string; err: string }> {
    const publicUrl = await serveAsGreffier('s'.repeat(32));
    const datapass = await serve((request, response) =>
      request.method === 'POST'
        ? response.end('{"access_token":"t"}')
        : response.writeHead(request.headers.authorization === 'Bearer t' ? 404 : 401).end(),
    );
    const github = await startLocalGitHub({
      permissions: change.permissions ?? granted,
      events: change.events ?? neededEvents,
      webhook: {
        url: change.webhook ?? `${publicUrl}/api/github/webhooks`,
        secret: change.signedWith ?? 's'.repeat(32),
      },
    });
    onTestFinished(() => github.stop());
    const repository = github.createRepository('org/registre', {
      files: { 'README.md': 'x' },
      installed: change.installed ?? true,
    });
    await github.webhooks.settled();
    // Who installs it anew finds no delivery.
    if (change.delivered === false) github.webhooks.deliveries.length = 0;
    kept.length = 0;
    repository.requiredChecks.push(...(change.checks ?? [{ context: 'greffier', appId: github.appId }]));
    const path = join(folder, 'greffier.config.yaml');
    writeFileSync(path, change.configuration ?? `registry: org/registre\ncells:\n${cells()}`);
    const environment: Record<string, string> = {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      PRIVATE_KEY_PATH: '',
      WEBHOOK_SECRET: 's'.repeat(32),
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      DATABASE_URL: '',
      GREFFIER_DATA: join(folder, 'data'),
      GREFFIER_CONFIG: path,
      GREFFIER_KEY: randomBytes(32).toString('base64'),
      PUBLIC_URL: publicUrl,
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'greffier@example.gouv.fr',
      DATAPASS_URL: datapass,
      DATAPASS_CLIENT_ID: 'id',
      DATAPASS_CLIENT_SECRET: 'tres-secret',
      ENTREPRISES_URL: directory.url,
      ...change.environment,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { code, out, err } = await greffier(folder, ['doctor', '--format=json', '--lang=en']);
    expect(out).not.toContain('tres-secret');
    const { findings } = JSON.parse(out) as {
      findings: { status: string; id?: string; message: string; wayOut?: string }[];
    };
    for (const finding of findings.filter(({ status }) => status !== 'ok')) {
      expect(finding.message).not.toBe('');
      if (Object.hasOwn(en, finding.id ?? '')) expect(finding.wayOut).toBeTruthy();
    }
    return {
      code,
      out,
      err,
      ids: findings.filter(({ status }) => status === 'error').map(({ id }) => id ?? '?'),
      unproven: findings.filter(({ status }) => status === 'unproven').map(({ id }) => id ?? '?'),
    };
  }

  it('says that all is well where it is, and nothing of it is changed', async () => {
    const { code, ids, unproven, out } = await world();
    expect(ids).toEqual([]);
    expect(unproven).toEqual([]);
    expect(kept).toEqual([]);
    expect(openid.clients()).toEqual([]);
    expect(code, out).toBe(0);
    expect(mailbox.mails).toEqual([]);
    expect(partner.asked.filter((asked) => !asked.startsWith('GET'))).toEqual([]);
    const text = await greffier(folder, ['doctor']);
    expect(text.out).toContain('✓ protection de la branche');
    expect(text.out).toContain('greffier serve » le crée');
  });

  const environments: readonly (readonly [string, Record<string, string>, string])[] = [
    ['no webhook secret', { WEBHOOK_SECRET: '' }, 'webhook-secret-missing'],
    ['a short webhook secret', { WEBHOOK_SECRET: 'court' }, 'webhook-secret-short'],
    ['no App', { APP_ID: '' }, 'missing'],
    ['a private key that is none', { PRIVATE_KEY: 'clé' }, 'private-key'],
    ['the private key of another App', { PRIVATE_KEY: rsa() }, 'app-unknown'],
    ['a GitHub that does not answer', { GHE_HOST: '127.0.0.1:1' }, 'github-unreachable'],
    ['a GitHub that refuses the connection', { GHE_HOST: '127.0.0.1:3' }, 'connection-refused'],
    ['a GitHub without a certificate, spoken to by https', { GHE_PROTOCOL: 'https' }, 'not-tls'],
    ['a malformed key', { GREFFIER_KEY: 'abc' }, 'key'],
    ['no key', { GREFFIER_KEY: '' }, 'key-missing'],
    ['no configuration at its place', { GREFFIER_CONFIG: '/nulle/part.yaml' }, 'file-absent'],
    ['no public address', { PUBLIC_URL: '' }, 'public-url-missing'],
    ['a public address where nobody is', { PUBLIC_URL: 'http://127.0.0.1:1' }, 'public-url-silent'],
    ['no mail server', { SMTP_URL: '' }, 'mail-missing'],
    ['no sender', { MAIL_FROM: '' }, 'mail-missing'],
    ['a sender that is no address', { MAIL_FROM: 'hello' }, 'mail-from'],
    ['a mail server that is not there', { SMTP_URL: 'smtp://127.0.0.1:1' }, 'mail-connection'],
    ['an encrypted mail server that is not there', { SMTP_URL: 'smtps://127.0.0.1:1' }, 'mail-connection'],
    ['a database that is not there', { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }, 'unreachable'],
    ['a directory that is silent', { ENTREPRISES_URL: 'http://127.0.0.1:1' }, 'service-silent'],
    ['a DataPass that is silent', { DATAPASS_URL: 'http://127.0.0.1:1' }, 'service-silent'],
  ];
  it.each(environments)('finds %s', async (_name, environment, id) => {
    const { code, ids } = await world({ environment });
    expect(ids).toContain(id);
    expect(code).toBe(1);
  });

  const without = (name: string) =>
    Object.fromEntries(Object.entries(granted).filter(([one]) => one !== name));
  const worlds: readonly (readonly [string, () => World | Promise<World>, string])[] = [
    ['a permission that is missing', () => ({ permissions: without('checks') }), 'permission-missing'],
    ['an event that is not heard', () => ({ events: ['push'] }), 'permission-missing'],
    ['an App that is not installed', () => ({ installed: false }), 'registry-not-installed'],
    [
      'an App that is installed nowhere',
      () => ({ installed: false, configuration: 'cells: {}\n' }),
      'not-installed',
    ],
    ['a branch without the check', () => ({ checks: [] }), 'check-not-required'],
    ['a check that anyone may give', () => ({ checks: [{ context: 'greffier' }] }), 'check-of-anyone'],
    ['a check of another App', () => ({ checks: [{ context: 'greffier', appId: 99 }] }), 'check-of-another'],
    [
      'webhooks that are signed with another secret',
      () => ({ signedWith: 'x'.repeat(32) }),
      'webhook-refused',
    ],
    [
      'another Greffier at the public address',
      async () => ({ environment: { PUBLIC_URL: await serveAsGreffier('x'.repeat(32)) } }),
      'public-url-another',
    ],
    [
      'a proxy that lets no webhook through',
      async () => ({
        environment: {
          PUBLIC_URL: await serve((request, response) =>
            request.url?.startsWith('/schemas/') === true
              ? response.end(schema)
              : response.writeHead(403).end(),
          ),
        },
      }),
      'webhooks-unreached',
    ],
    [
      'a registration token that is refused',
      () => ({
        configuration: `registry: org/registre\ncells:\n${cells().replace(openid.initialAccessToken, 'faux')}`,
      }),
      'initial-token-refused',
    ],
    [
      'a registration token that is missing',
      () => ({
        configuration: `registry: org/registre\ncells:\n  rie/integration: {provider: registration, issuer: "${openid.issuer}"}\n`,
      }),
      'initial-token-refused',
    ],
    [
      'a page of somebody else in the place of the directory',
      async () => ({
        environment: {
          ENTREPRISES_URL: await serve((_request, response) => void response.end('Connectez-vous')),
        },
      }),
      'directory-stranger',
    ],
    [
      'a DataPass account that may read nothing',
      async () => ({
        environment: {
          DATAPASS_URL: await serve((request, response) =>
            request.method === 'POST'
              ? response.end('{"access_token":"t"}')
              : response.writeHead(403).end('{}'),
          ),
        },
      }),
      'datapass-refused',
    ],
    [
      'a mail server that refuses the sender once a recipient is named',
      async () => ({ environment: { SMTP_URL: await smtpThatSays('550 5.7.1 Sender not allowed') } }),
      'mail-sender',
    ],
    ['webhooks that go elsewhere', () => ({ webhook: 'http://127.0.0.1:9/hook' }), 'webhook-elsewhere'],
    ['a configuration that is no YAML', () => ({ configuration: 'cells: [' }), 'config-yaml'],
    [
      'a configuration with an unset variable',
      () => ({
        configuration: `registry: org/registre\ncells:\n  rie/integration: {provider: registration, issuer: "${openid.issuer}", initial_access_token: "\${ABSENTE}"}\n`,
      }),
      'config-variable',
    ],
    [
      'an issuer that describes nothing',
      () => ({
        configuration: `registry: org/registre\ncells:\n  rie/integration: {provider: registration, issuer: "${openid.issuer}/x", initial_access_token: x}\n`,
      }),
      'discovery-missing',
    ],
    [
      'a partner API that refuses the secret',
      () => ({
        configuration: `registry: org/registre\ncells:\n${cells().replace(partnerSecret, 'un-autre-secret-de-la-meme-taille')}`,
      }),
      'partner-signature',
    ],
    [
      'requests where the App is not',
      () => ({
        configuration:
          'registry: org/registre\ncells:\n  rie/production: {provider: manual, repository: org/ailleurs}\n',
      }),
      'issues-unseen',
    ],
    [
      'somebody else at the public address',
      async () => ({
        environment: { PUBLIC_URL: await serve((_request, response) => void response.end('Bienvenue')) },
      }),
      'public-url-stranger',
    ],
    [
      'a DataPass that refuses the account',
      async () => ({
        environment: {
          DATAPASS_URL: await serve((_request, response) => void response.writeHead(401).end('{}')),
        },
      }),
      'datapass-refused',
    ],
    [
      'a mail account that is refused',
      async () => {
        const strict = await startMailbox(0, { user: 'greffier', password: 'bon' });
        onTestFinished(() => strict.stop());
        return { environment: { SMTP_URL: strict.url.replace('bon', 'mauvais') } };
      },
      'mail-account',
    ],
    [
      'a sender that is refused',
      () => ({ environment: { MAIL_FROM: 'greffier..dsi@ville.fr' } }),
      'mail-sender',
    ],
    [
      'a mail server that does not encrypt',
      () => ({ environment: { SMTP_URL: mailbox.url.replace('smtp:', 'smtps:') } }),
      'mail-encryption',
    ],
    [
      'a store that cannot be used',
      () => {
        mkdirSync(join(folder, 'data', 'greffier.sqlite'), { recursive: true });
        return {};
      },
      'folder-unusable',
    ],
    [
      'a store of an earlier version, which it leaves as it is',
      async () => {
        const store = await opened({ folder: join(folder, 'data') });
        await sql`delete from migrations where name = '0405-secret-marks'`.execute(store.db);
        await store.close();
        return {};
      },
      'store-earlier',
    ],
    [
      'a store that was sealed with another key',
      async () => {
        const store = await opened({ folder: join(folder, 'data') });
        await sealByAnotherKey(store);
        await store.close();
        return {};
      },
      'key-lost',
    ],
    [
      'a clock that is wrong',
      () => {
        const now = Date.now();
        vi.spyOn(Date, 'now')
          .mockReturnValueOnce(now)
          .mockImplementation(() => now + 600_000);
        onTestFinished(() => void vi.restoreAllMocks());
        return {};
      },
      'clock-wrong',
    ],
  ];
  it.each(worlds)('finds %s', async (_name, make, id) => {
    const { code, ids, err } = await world(await make());
    expect(ids, err).toContain(id);
    expect(code).toBe(1);
  });

  const unprovens: readonly (readonly [string, () => World | Promise<World>, string])[] = [
    ['what GitHub has not sent yet', () => ({ delivered: false }), 'webhook-undelivered'],
    [
      'a registration whose values are judged first',
      async () => ({ configuration: await ofRegistration([400, { error: 'invalid_client_metadata' }]) }),
      'registration-unproven',
    ],
    [
      'a registration that answers in a way of its own',
      async () => ({ configuration: await ofRegistration([400, { error: 'invalid_request' }]) }),
      'registration-unproven',
    ],
    [
      'a sender that a mail server says nothing of',
      async () => ({ environment: { SMTP_URL: await smtpThatSays('450 4.2.0 Greylisted') } }),
      'mail-sender-unproven',
    ],
  ];
  it.each(unprovens)('says of %s that it does not tell', async (_name, make, id) => {
    const { code, unproven, ids } = await world(await make());
    expect(ids).toEqual([]);
    expect(unproven).toEqual([id]);
    expect(code).toBe(0);
    const { out } = await greffier(folder, ['doctor']);
    expect(out).toContain('? ');
    expect(out).toContain('1 à vérifier vous-même');
    expect(out).not.toMatch(/\b0 à/);
  });

  it('leaves no client behind at a server that registers anything', async () => {
    const lax = await startRegistrationServer('bon');
    onTestFinished(() => lax.stop());
    const configuration = `registry: org/registre\ncells:\n  rie/integration: {provider: registration, issuer: "${lax.issuer}", initial_access_token: bon}\n`;
    expect((await world({ configuration })).unproven).toEqual(['registration-unproven']);
    expect(lax.asked).toContain('POST /reg');
    expect(lax.clients.size).toBe(0);
    lax.trouble = { method: 'DELETE', answer: (response) => void response.writeHead(403).end() };
    const { ids, out } = await world({ configuration });
    expect(ids).toEqual(['registration-left-behind']);
    expect(out).toContain([...lax.clients.keys()][0]);
  });

  it('looks into the store that the service has, with the keys of its own environment', async () => {
    const store = await opened({ folder: join(folder, 'data') });
    onTestFinished(() => store.close());
    await sealByAnotherKey(store);
    const jobs = new JobQueue(store.db);
    await jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'd' });
    await jobs.giveUp((await jobs.claim()) ?? expect.fail(), 'a bug');
    const { ids, unproven, out } = await world({});
    expect(unproven).toEqual([]);
    expect(ids).toEqual(['key-lost']);
    expect(out).toContain('jobs-dead');
  });

  it('says one thing of a key that is missing: to make one where nothing is sealed, else to give the one that sealed it', async () => {
    const environment = { GREFFIER_KEY: '' };
    const keysIn = async (configuration?: string) =>
      (await world({ environment, ...defined({ configuration }) })).ids.filter((id) => id.startsWith('key'));
    expect(await keysIn()).toEqual(['key-missing']);
    expect(await keysIn('cells: {}\n')).toEqual([]);
    const store = await opened({ folder: join(folder, 'data') });
    onTestFinished(() => store.close());
    expect(await keysIn()).toEqual(['key-missing']);
    await sealByAnotherKey(store);
    expect(await keysIn()).toEqual(['key-absent']);
    expect(await keysIn('cells: {}\n')).toEqual(['key-absent']);
    expect((await greffier(folder, ['doctor'])).out).not.toContain('openssl rand');
  });

  it('gives the page of what is to be done at GitHub, which is there', async () => {
    for (const change of [
      { installed: false },
      { installed: false, configuration: 'cells: {}\n' },
      {
        configuration:
          'registry: org/registre\ncells:\n  rie/production: {provider: manual, repository: org/ailleurs}\n',
      },
    ]) {
      const { out } = await world(change);
      const page = /http:\/\/127\.0\.0\.1:\d+\/apps\/greffier\/installations\/new/.exec(out)?.[0];
      if (page === undefined) expect.fail(out);
      const browser = new TextBrowser();
      const shown = await browser.open(new URL(page));
      expect(shown.html).toContain('org/registre');
      if (change.installed !== false) continue;
      const after = await browser.submit(shown, {}, {});
      expect(after.html).toContain('L’App y est installée');
      const { out: again } = await greffier(folder, ['doctor', '--format=json', '--lang=en']);
      expect(again).not.toContain('not-installed');
    }
  });

  it('has a way out of everything that it finds, in both languages', () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    const english: Readonly<Record<string, string>> = en;
    for (const [key, sentence] of Object.entries(fr)) {
      expect(placeholders(sentence), key).toEqual(placeholders(english[key] ?? ''));
      if (!key.startsWith('area-') && !key.endsWith('.way'))
        expect(fr).toHaveProperty([`${key.replace(/#.*/, '')}.way`]);
    }
  });
});

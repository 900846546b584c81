/** Twenty and more broken installations: each is found, and each has a way out, in both languages. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startLocalGitHub } from '#demo/github/local-github';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { TextBrowser } from '#demo/text-browser';
import { placeholders } from '#domain/definition/rules/rule-catalogue';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import en from '#templates/doctor.en.json' with { type: 'json' };
import fr from '#templates/doctor.fr.json' with { type: 'json' };
import { type Directory, startDirectory } from '../application/directory.ts';
import { opened } from '../infrastructure/database/engines.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../infrastructure/identity-providers/partner-api.ts';
import { greffier } from './console.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const granted = Object.fromEntries(
  Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
);
const schema = readFileSync(join(import.meta.dirname, '../../schemas/service-provider.v1.schema.json'));
const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

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
  }
  const cells = () =>
    `  internet/integration: {provider: proconnect, url: "${partner.url}", secret: ${partnerSecret}, identity_domain: registre.example.gouv.fr, issuer: "${openid.issuer}"}
  internet/production: {provider: manual}
  rie/integration: {provider: registration, issuer: "${openid.issuer}", initial_access_token: x}
`;

  /** An installation in which all is well but for what is asked for. */
  async function world(
    change: World = {},
  ): Promise<{ code: number; ids: string[]; out: string; err: string }> {
    const publicUrl = await serve((request, response) =>
      request.url === '/schemas/service-provider.v1.schema.json'
        ? response.end(schema)
        : response.writeHead(404).end(),
    );
    const datapass = await serve((_request, response) => void response.end('{"access_token":"t"}'));
    const github = await startLocalGitHub({
      permissions: change.permissions ?? granted,
      events: change.events ?? neededEvents,
      webhook: { url: change.webhook ?? `${publicUrl}/api/github/webhooks`, secret: 's'.repeat(32) },
    });
    onTestFinished(() => github.stop());
    const repository = github.createRepository('org/registre', {
      files: { 'README.md': 'x' },
      installed: change.installed ?? true,
    });
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
    };
  }

  it('says that all is well where it is, and nothing of it is changed', async () => {
    const { code, ids, out } = await world();
    expect(ids).toEqual([]);
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
    ['a malformed key', { GREFFIER_KEY: 'abc' }, 'key'],
    ['no key', { GREFFIER_KEY: '' }, 'key-missing'],
    ['no configuration at its place', { GREFFIER_CONFIG: '/nulle/part.yaml' }, 'file-absent'],
    ['no public address', { PUBLIC_URL: '' }, 'public-url-missing'],
    ['a public address where nobody is', { PUBLIC_URL: 'http://127.0.0.1:1' }, 'public-url-silent'],
    ['no mail server', { SMTP_URL: '' }, 'mail-missing'],
    ['no sender', { MAIL_FROM: '' }, 'mail-missing'],
    ['a mail server that is not there', { SMTP_URL: 'smtp://127.0.0.1:1' }, 'mail-connection'],
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
    ['a sender that is refused', () => ({ environment: { MAIL_FROM: 'pas une adresse' } }), 'mail-sender'],
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
        await store.db
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
      if (!key.startsWith('area-') && !key.endsWith('.way')) expect(fr).toHaveProperty([`${key}.way`]);
    }
  });
});

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '#base/config/environment';
import { githubWebUrl } from '#base/config/github-address';
import { startupError, startupErrorNames, startupErrorText } from '#base/config/startup-errors';
import { languages } from '#base/i18n/message';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const good = { APP_ID: '7', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: 'w'.repeat(32) };

function errorsOf(changes: Record<string, string | undefined>): string {
  const read = readEnvironment({ ...good, ...changes });
  return read.ok ? '' : read.errors.map((message) => startupErrorText(message, 'en')).join('\n');
}

describe('the environment', () => {
  it('is enough with an App and its secret', () => {
    const read = readEnvironment(good);
    expect(read).toMatchObject({
      ok: true,
      config: {
        appId: 7,
        port: 3000,
        host: '0.0.0.0',
        logLevel: 'info',
        store: { folder: '.greffier' },
        datapass: { url: 'https://datapass.api.gouv.fr' },
        entreprisesUrl: 'https://recherche-entreprises.api.gouv.fr',
      },
    });
  });

  it('says the rest', () => {
    const key = randomBytes(32).toString('base64');
    const read = readEnvironment({
      ...good,
      WEBHOOK_SECRET_PREVIOUS: 'p'.repeat(40),
      GHE_HOST: '127.0.0.1:9',
      GHE_PROTOCOL: 'http',
      DATABASE_URL: 'postgres://greffier:canary@db/greffier',
      GREFFIER_KEY: `${key},${key}`,
      PUBLIC_URL: 'https://greffier.example.gouv.fr/',
      SMTP_URL: 'smtp://user:canary@mail',
      DATAPASS_CLIENT_ID: 'greffier',
      DATAPASS_CLIENT_SECRET: 'canary',
    });
    if (!read.ok) return expect.fail(JSON.stringify(read.errors));
    expect(read.config).toMatchObject({
      apiAddress: 'http://127.0.0.1:9/api/v3',
      store: { url: 'postgres://greffier:canary@db/greffier' },
      publicUrl: 'https://greffier.example.gouv.fr',
    });
    expect(read.config.webhookSecrets).toHaveLength(2);
    const { store, ...others } = read.config;
    expect(store).toBeDefined();
    expect(inspect(others, { depth: null }) + JSON.stringify(others)).not.toMatch(
      /canary|PRIVATE KEY|wwww|pppp/,
    );
  });

  it('refuses half of an account at DataPass, by which nothing would be verified', () => {
    expect(errorsOf({ DATAPASS_CLIENT_ID: 'greffier' })).toContain('`DATAPASS_CLIENT_SECRET` is missing');
    expect(errorsOf({ DATAPASS_CLIENT_SECRET: 'canary' })).toContain('`DATAPASS_CLIENT_ID` is missing');
    expect(errorsOf({ DATAPASS_CLIENT_SECRET: 'canary' })).not.toContain('canary');
    expect(errorsOf({ DATAPASS_CLIENT_ID: '', DATAPASS_CLIENT_SECRET: '' })).toBe('');
  });

  it.each([
    'g@ville.fr',
    'g@localhost',
    'Greffier <g@ville.fr>',
    '"Greffier, guichet" <g@ville.fr>',
    'gréffe@ville.fr',
  ])('takes %s for the sender of mails', (from) => {
    expect(readEnvironment({ ...good, MAIL_FROM: from })).toMatchObject({ config: { mailFrom: from } });
  });

  it('accepts the private key with written line breaks, in base64, or in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'greffier-key-'));
    writeFileSync(join(folder, 'key.pem'), privateKey);
    expect(errorsOf({ PRIVATE_KEY: privateKey.replaceAll('\n', '\\n') })).toBe('');
    expect(errorsOf({ PRIVATE_KEY: Buffer.from(privateKey).toString('base64') })).toBe('');
    expect(errorsOf({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: join(folder, 'key.pem') })).toBe('');
    expect(errorsOf({ PRIVATE_KEY: '', PRIVATE_KEY_PATH: join(folder, 'none.pem') })).toContain(
      'does not exist',
    );
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['without a webhook secret', { WEBHOOK_SECRET: '' }, 'WEBHOOK_SECRET'],
    ['with a short one', { WEBHOOK_SECRET: 'development' }, 'too short: 11 characters, at least 32'],
    ['with a short previous one', { WEBHOOK_SECRET_PREVIOUS: 'x' }, '`WEBHOOK_SECRET_PREVIOUS` is too short'],
    ['without an App', { APP_ID: undefined }, '`APP_ID` is missing'],
    ['with an App that is no number', { APP_ID: 'greffier' }, 'not `greffier`'],
    ['without a private key', { PRIVATE_KEY: undefined }, '`PRIVATE_KEY` is missing'],
    ['with a malformed private key', { PRIVATE_KEY: '-----BEGIN canary' }, 'is not an RSA key'],
    ['with a malformed key', { GREFFIER_KEY: 'c2hvcnQ=' }, 'GREFFIER_KEY must hold 32 bytes'],
    ['with a port that is no port', { PORT: 'http' }, 'PORT must be'],
    ['with an unknown level', { LOG_LEVEL: 'loud' }, '`LOG_LEVEL` must be one of'],
    ['with another database', { DATABASE_URL: 'mysql://db' }, '`DATABASE_URL` must be an address'],
    ['with a sender that is no address', { MAIL_FROM: 'hello' }, 'not `hello`'],
    ['with a sender without brackets', { MAIL_FROM: 'Greffier g@ville.fr' }, 'not `Greffier g@ville.fr`'],
    ['with a sender of a name only', { MAIL_FROM: 'Greffier <ville.fr>' }, 'not `Greffier <ville.fr>`'],
    ['with a public address that is none', { PUBLIC_URL: 'greffier.fr' }, '`PUBLIC_URL` must be an address'],
  ])('is refused %s', (_what, changes, expected) => {
    const errors = errorsOf(changes);
    expect(errors).toContain(expected);
    expect(errors).not.toContain('canary');
  });

  it.each([
    ['https://github.example.gouv.fr', 'write `github.example.gouv.fr`'],
    ['github.example.gouv.fr/', 'write `github.example.gouv.fr`'],
    ['github.example.gouv.fr/api/v3', 'write `github.example.gouv.fr`'],
    ['GitHub.example.gouv.fr:443/', 'write `github.example.gouv.fr`'],
    ['jean:canary@github.example.gouv.fr', 'write `github.example.gouv.fr`, not `•••@'],
    ['http://jean:canary@github.example.gouv.fr:8443/x', 'write `github.example.gouv.fr:8443`'],
    ['github.example.gouv.fr:99999', 'must be the name of the GitHub server'],
    ['git hub.fr', 'not `git hub.fr`'],
    ['https://', 'must be the name of the GitHub server'],
    ['github.com', 'take it out'],
    ['https://api.github.com/', 'take it out'],
    ['api.ministere.ghe.com', 'write `ministere.ghe.com`'],
    ['https://ministere.ghe.com/', 'write `ministere.ghe.com`'],
  ])('is refused with GHE_HOST=%s', (host, expected) => {
    const errors = errorsOf({ GHE_HOST: host });
    expect(errors).toContain(expected);
    expect(errors).not.toContain('canary');
  });

  it.each([
    ['', 'https://github.com'],
    ['ministere.ghe.com', 'https://ministere.ghe.com'],
    ['github.example.gouv.fr:8443', 'https://github.example.gouv.fr:8443'],
  ])('knows where people see GHE_HOST=%s', (host, web) => {
    const read = readEnvironment({ ...good, GHE_HOST: host });
    expect(read.ok && githubWebUrl(read.config.apiAddress)).toBe(web);
  });

  it.each([
    ['', undefined],
    ['github.example.gouv.fr', 'https://github.example.gouv.fr/api/v3'],
    ['GitHub.example.gouv.fr', 'https://GitHub.example.gouv.fr/api/v3'],
    ['github.example.gouv.fr:8443', 'https://github.example.gouv.fr:8443/api/v3'],
    ['[::1]:8443', 'https://[::1]:8443/api/v3'],
    ['ministere.ghe.com', 'https://api.ministere.ghe.com'],
  ])('finds the API of GHE_HOST=%s', (host, api) => {
    const read = readEnvironment({ ...good, GHE_HOST: host });
    expect(read.ok && read.config.apiAddress).toBe(api);
  });

  it('is refused with a proxy that is no address, whatever the name of its variable', () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
      expect(errorsOf({ [name]: 'proxy:3128' })).toContain(`\`${name}\` must be the address of a proxy`);
      expect(errorsOf({ [name]: 'jean:canary@proxy' })).not.toContain('canary');
      expect(errorsOf({ [name]: 'http://jean:canary@proxy:3128' })).toBe('');
    }
  });

  it('is refused for everything at once', () => {
    const read = readEnvironment({});
    expect(read.ok ? [] : read.errors.map(({ key }) => key)).toEqual([
      'webhook-secret-missing',
      'missing',
      'missing',
    ]);
  });
});

describe('startup errors', () => {
  it('have their words in every language', () => {
    const values = new Proxy({}, { get: () => 'x' });
    for (const name of startupErrorNames)
      for (const language of languages)
        expect(startupErrorText(startupError(name, values), language)).not.toContain('{');
  });
});

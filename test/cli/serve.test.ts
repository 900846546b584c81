import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '#cli/cli';
import { engines, opened } from '../infrastructure/database/engines.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** A server whose certificate nobody but itself has signed. */
async function selfSigned(folder: string): Promise<{ readonly port: number; close(): void }> {
  const [key, cert] = [join(folder, 'self.key'), join(folder, 'self.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('greffier serve', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greffier-serve-'));
    vi.stubEnv('APP_ID', '1');
    vi.stubEnv('PRIVATE_KEY', privateKey);
    vi.stubEnv('WEBHOOK_SECRET', 'w'.repeat(32));
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('GREFFIER_DATA', folder);
    vi.stubEnv('GREFFIER_CONFIG', '');
    vi.stubEnv('LOG_LEVEL', 'silent');
    vi.stubEnv('PORT', '0');
    vi.stubEnv('HOST', '127.0.0.1');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  async function refusal(...args: readonly string[]): Promise<string> {
    let said = '';
    const code = await runCommandLine(['serve', ...args], {
      language: 'fr',
      folder,
      colours: false,
      interactive: false,
      columns: 100,
      out: () => undefined,
      err: (text) => {
        said += text;
      },
      progress: () => {},
      ask: async () => undefined,
    });
    expect(code).toBe(2);
    return said;
  }

  it.each([
    ['a webhook secret', { WEBHOOK_SECRET: '' }, 'Il manque WEBHOOK_SECRET'],
    ['a webhook secret that is long enough', { WEBHOOK_SECRET: 'development' }, 'trop court : 11 caractères'],
    ['a well-formed key', { GREFFIER_KEY: 'pas-une-clef' }, 'GREFFIER_KEY doit contenir 32 octets'],
    ['a private key', { PRIVATE_KEY: 'x' }, 'n’est pas une clé RSA'],
    [
      'a configuration that can be read',
      { GREFFIER_CONFIG: '/nowhere/c.yaml' },
      '`GREFFIER_CONFIG` désigne un fichier illisible',
    ],
    ['a database that answers', { DATABASE_URL: 'postgres://u:canary@127.0.0.1:1/d' }, 'ne répond pas'],
  ])('does not start without %s', async (_what, environment, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const said = await refusal();
    expect(said).toContain(expected);
    expect(said).not.toContain('canary');
  });

  it('does not start with a faulty configuration, and says where it is wrong', async () => {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, 'registry: org/r\nswep: 5m\n');
    vi.stubEnv('GREFFIER_CONFIG', path);
    expect(await refusal()).toContain('ligne 2 : le champ `swep` n’existe pas');
  });

  it('does not start on a folder that another process uses', async () => {
    const scratch = await (engines[0] ?? expect.fail()).scratch();
    const store = await opened(scratch.location);
    vi.stubEnv('GREFFIER_DATA', 'folder' in scratch.location ? scratch.location.folder : '');
    expect(await refusal()).toContain('est déjà utilisé par un autre processus de Greffier');
    await store.close();
    await scratch.remove();
  });

  it.each([
    ['a name that nobody has', 'http', 'greffier.invalid', 'Le nom `greffier.invalid` n’est pas connu ici'],
    ['a port where nothing listens', 'http', '127.0.0.1:2', '`127.0.0.1:2` refuse la connexion'],
    [
      'a certificate that is not believed',
      'https',
      '',
      'vient d’une autorité que cette machine ne connaît pas',
    ],
  ])('says in words, once, that GitHub is not reached: %s', async (_what, protocol, host, expected) => {
    const server = await selfSigned(folder);
    vi.stubEnv('GHE_PROTOCOL', protocol);
    vi.stubEnv('GHE_HOST', host === '' ? `localhost:${server.port}` : host);
    const said: string[] = [];
    const first = Promise.withResolvers<void>();
    const ended = runCommandLine(['serve'], {
      language: 'fr',
      folder,
      colours: false,
      interactive: false,
      columns: 100,
      out: () => undefined,
      err: (text) => {
        said.push(text);
        first.resolve();
      },
      progress: () => {},
      ask: async () => undefined,
    });
    await first.promise;
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(said).toEqual([expect.stringContaining(expected)]);
    server.close();
  });

  it('knows what it may be told', async () => {
    expect(await refusal('--only', 'everything')).toContain('--only');
  });
});

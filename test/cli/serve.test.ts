import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
      '`GREFFIER_CONFIG` désigne un fichier qui n’existe pas : `/nowhere/c.yaml`',
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

  it('says all that is wrong at once: the environment, the configuration in the order of its lines, the machine', async () => {
    const path = join(folder, 'config.yaml');
    writeFileSync(
      path,
      'regisry: org/r\nsweep: 5 minutes\ncells:\n  rie/integration:\n    provider: registraton\n    issuer: x\n  internet/production:\n    provider: registration\n    issuer: $' +
        '{NOT_SET}\n',
    );
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    vi.stubEnv('GREFFIER_CONFIG', path);
    vi.stubEnv('PORT', String(port));
    vi.stubEnv('GREFFIER_DATA', join(path, 'below-a-file'));
    const said = (await refusal()).trim().split('\n');
    other.close();
    expect(said.map((line) => /ligne (\d+)/.exec(line)?.[1] ?? line)).toEqual([
      '1',
      '2',
      '5',
      '9',
      expect.stringContaining(`Le port ${port} est déjà pris`),
      expect.stringContaining('un fichier est sur ce chemin'),
    ]);
    expect(said[1]).toContain('`30s`, `5m`, `12h`, `7d`');
    expect(said[2]).toContain('`proconnect`, `registration`, `manual`');
    expect(said.join()).not.toMatch(/\^\[|\\d|s’est trompé|EADDR|ENOTDIR/);
  });

  it.each([
    ['PRIVATE_KEY_PATH', 'absent.pem', 'n’existe pas'],
    ['PRIVATE_KEY_PATH', '.', 'désigne un dossier'],
  ])('says in words why the file of %s cannot be read: %s', async (name, file, expected) => {
    vi.stubEnv('PRIVATE_KEY', '');
    vi.stubEnv(name, join(folder, file));
    const said = await refusal();
    expect(said).toContain(expected);
    expect(said).not.toMatch(/ENOENT|EISDIR/);
  });

  it('says what keys cannot be handed over without, before anything starts, in its language', async () => {
    const path = join(folder, 'config.yaml');
    writeFileSync(
      path,
      'cells:\n  internet/production: { provider: registration, issuer: "https://idp.example.fr" }\n',
    );
    vi.stubEnv('GREFFIER_CONFIG', path);
    vi.stubEnv('GREFFIER_KEY', '');
    vi.stubEnv('PUBLIC_URL', '');
    expect((await refusal()).trim().split('\n')).toEqual([
      'Il manque `GREFFIER_KEY` dans l’environnement.',
      'Il manque `PUBLIC_URL` dans l’environnement.',
    ]);
    // Beside whatever else is wrong, and not of what is there, but malformed.
    vi.stubEnv('APP_ID', '');
    vi.stubEnv('PUBLIC_URL', 'greffier.example.gouv.fr');
    const several = await refusal();
    expect(several).toContain('`APP_ID`');
    expect(several).toContain('Il manque `GREFFIER_KEY` dans l’environnement.');
    expect(several.match(/PUBLIC_URL/g)).toHaveLength(1);
  });

  it('does not start on a folder that another process uses', async () => {
    const scratch = await (engines[0] ?? expect.fail()).scratch();
    const store = await opened(scratch.location);
    vi.stubEnv('GREFFIER_DATA', 'folder' in scratch.location ? scratch.location.folder : '');
    expect(await refusal()).toMatch(
      /est déjà utilisé par un autre processus de Greffier.*Arrêtez-le, puis recommencez/,
    );
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
    vi.stubEnv('LOG_LEVEL', 'error');
    const said: string[] = [];
    const plain: string[] = [];
    const first = Promise.withResolvers<void>();
    const ended = runCommandLine(['serve'], {
      language: 'fr',
      folder,
      colours: false,
      interactive: false,
      columns: 100,
      out: (text) => {
        const { msg, trouble } = JSON.parse(text) as { msg: string; trouble?: string };
        said.push(msg);
        // That no mail can leave is said first.
        if (trouble?.startsWith('mail') === false) first.resolve();
      },
      err: (text) => void plain.push(text),
      progress: () => {},
      ask: async () => undefined,
    });
    await first.promise;
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.filter((one) => !one.includes('SMTP_URL'))).toEqual([expect.stringContaining(expected)]);
    expect(plain).toEqual([]);
    server.close();
  });

  it('says that it listens, with what it is and who makes the clients of each cell, and that no mail can leave', async () => {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, 'registry: org/r\ncells:\n  internet/production: { provider: manual }\n');
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/greffier.js'), 'serve'], {
      env: {
        ...process.env,
        GREFFIER_CONFIG: path,
        GHE_HOST: '127.0.0.1:2',
        GHE_PROTOCOL: 'http',
        LOG_LEVEL: 'info',
        LANG: 'fr_FR.UTF-8',
        SMTP_URL: '',
        MAIL_FROM: '',
      },
    });
    let said = '';
    const warned: unknown[] = [];
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const listening = Promise.withResolvers<Record<string, unknown>>();
    createInterface(child.stdout).on('line', (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      if (entry.level === 50) warned.push(entry.msg);
      if (entry.msg === 'listening') listening.resolve(entry);
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.once('exit', () => listening.reject(new Error(said)));
    expect(await listening.promise).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      port: expect.any(Number),
      cells: { 'internet/production': 'manual', 'rie/integration': 'reviewed only' },
    });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    // Of a service that runs, all is JSON.
    expect(warned).toContainEqual(expect.stringContaining('Il manque `SMTP_URL`, `MAIL_FROM`'));
    expect(said).toBe('');
  });

  it('knows what it may be told', async () => {
    expect(await refusal('--only', 'everything')).toContain('--only');
  });
});

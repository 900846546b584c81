import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it('knows what it may be told', async () => {
    expect(await refusal('--only', 'everything')).toContain('--only');
  });
});

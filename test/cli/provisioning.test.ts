/** Provisioning from the command line, with a real OpenID provider and a store on the disk. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '../../src/demo/openid-provider.ts';
import { service } from '../service/review-stage.ts';
import { greffier } from './console.ts';

describe('plan, reconcile and log', () => {
  let openid: LocalOpenIdProvider;
  let folder: string;
  beforeAll(async () => {
    openid = await startLocalOpenIdProvider();
  });
  afterAll(() => openid.stop());
  beforeEach(() => {
    openid.forget();
    folder = mkdtempSync(join(tmpdir(), 'greffier-plan-'));
    const configuration = join(folder, 'greffier.config.yaml');
    writeFileSync(
      configuration,
      `registry: org/registre\ncells:\n  internet/integration:\n    provider: registration\n    issuer: ${openid.issuer}\n    initial_access_token: \${IDP_TOKEN}\n`,
    );
    vi.stubEnv('IDP_TOKEN', openid.initialAccessToken);
    vi.stubEnv('GREFFIER_CONFIG', configuration);
    vi.stubEnv('GREFFIER_DATA', join(folder, 'store'));
    vi.stubEnv('GREFFIER_KEY', randomBytes(32).toString('base64'));
    vi.stubEnv('DATABASE_URL', '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  it('shows what there is to do, does it, and then there is nothing left', async () => {
    write(service('agenda'));
    const planned = await greffier(folder, ['plan']);
    expect(planned).toMatchObject({ code: 3, err: '' });
    expect(planned.out).toContain('internet/integration/agenda : création');
    expect(planned.out).toContain('`https://agenda.ville-agenda.fr/retour`');
    expect(openid.clients()).toEqual([]);

    const done = await greffier(folder, ['reconcile', '--format', 'json']);
    expect(JSON.parse(done.out)).toMatchObject({
      steps: [{ id: 'agenda', ruling: 'apply', outcome: 'done' }],
    });
    expect(done.code).toBe(0);
    expect(openid.clients()).toMatchObject([{ client_name: 'Service agenda' }]);
    expect(await greffier(folder, ['plan'])).toMatchObject({ code: 0 });
    expect((await greffier(folder, ['reconcile'])).out).toBe('Rien à faire.\n');

    const log = await greffier(folder, ['log', 'agenda']);
    const lines = log.out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ registry: 'org/registre', id: 'agenda', what: 'create' });
    for (const secret of openid.secrets()) expect(log.out + done.out + planned.out).not.toContain(secret);
  });

  it('says with an exit code that definitions have errors, and leaves their clients alone', async () => {
    write(service('agenda'));
    await greffier(folder, ['reconcile']);
    write(service('agenda', 'internet/integration', '\nid_token_signed_response_alg: rs256'));
    expect(await greffier(folder, ['plan'])).toMatchObject({ code: 1 });
    expect(await greffier(folder, ['reconcile'])).toMatchObject({ code: 1 });
    expect(openid.clients()).toMatchObject([{ client_name: 'Service agenda' }]);
  });

  it.each([
    [['plan', '--cell', 'internet/production'], /internet\/production/],
    [['plan', '--root', 'nulle-part'], /nulle-part/],
  ])('cannot run: %j says why', async (args, words) => {
    write(service('agenda'));
    const ran = await greffier(folder, args);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(words);
  });

  it('cannot run without the key that seals the access to clients', async () => {
    write(service('agenda'));
    vi.stubEnv('GREFFIER_KEY', '');
    expect(await greffier(folder, ['plan'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('GREFFIER_KEY'),
    });
  });
});

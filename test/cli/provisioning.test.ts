/** Provisioning from the command line, with a real OpenID provider and a store on the disk. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { saveAgreedSettings } from '#application/mirror/agreed-settings';
import { startLocalGitHub } from '#demo/github/local-github';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { readSettings } from '#domain/registry/settings';
import { type Directory, startDirectory } from '../application/directory.ts';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { greffier } from './console.ts';

describe('plan, reconcile and log', () => {
  let openid: LocalOpenIdProvider;
  let directory: Directory;
  let folder: string;
  let store: Scratch;
  beforeAll(async () => {
    openid = await startLocalOpenIdProvider();
    directory = await startDirectory();
  });
  afterAll(async () => {
    await openid.stop();
    await directory.stop();
  });
  beforeEach(async () => {
    openid.forget();
    store = await (engines[0] ?? expect.fail()).scratch();
    await (await opened(store.location)).close();
    folder = mkdtempSync(join(tmpdir(), 'greffier-plan-'));
    const configuration = join(folder, 'greffier.config.yaml');
    writeFileSync(
      configuration,
      `registry: org/registre\ncells:\n  internet/integration:\n    provider: registration\n    issuer: ${openid.issuer}\n    initial_access_token: \${IDP_TOKEN}\n`,
    );
    vi.stubEnv('IDP_TOKEN', openid.initialAccessToken);
    vi.stubEnv('GREFFIER_CONFIG', configuration);
    vi.stubEnv('GREFFIER_DATA', 'folder' in store.location ? store.location.folder : '');
    vi.stubEnv('GREFFIER_KEY', randomBytes(32).toString('base64'));
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('ENTREPRISES_URL', directory.url);
    vi.stubEnv('DATAPASS_URL', 'http://127.0.0.1:9');
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'GITHUB_TOKEN', 'GHE_HOST']) vi.stubEnv(name, '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await store.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  it('shows what there is to do, does it, and then there is nothing left', async () => {
    write(serviceFile('agenda'));
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

  it('changes nothing in a cell that the settings of the folder freeze, nor where they cannot be read', async () => {
    write(serviceFile('agenda'));
    for (const settings of [
      'freeze:\n  internet/integration: { until: 2999-01-01, reason: Fêtes }\n',
      'freeze: {\n',
    ]) {
      write({ '.github/greffier.yaml': settings });
      const planned = await greffier(folder, ['plan']);
      expect(planned.out).toContain('quand le gel de sa cellule sera fini');
      const done = await greffier(folder, ['reconcile', '--format', 'json']);
      expect(JSON.parse(done.out)).toMatchObject({ steps: [{ id: 'agenda', ruling: 'frozen' }] });
      expect(done.code).toBe(1);
      expect(openid.clients()).toEqual([]);
    }
    write({ '.github/greffier.yaml': '' });
    expect((await greffier(folder, ['reconcile'])).code).toBe(0);
    expect(openid.clients()).toHaveLength(1);
  });

  it('holds to what was agreed of the settings, where those of the folder hold less on nobody’s word', async () => {
    write(serviceFile('agenda'));
    const { location } = store;
    const agreed = 'freeze:\n  internet/integration: { until: 2999-01-01, reason: Fêtes }\n';
    const { settings } = readSettings(agreed);
    const before = await opened(location);
    await before.db
      .transaction()
      .execute((transaction) => saveAgreedSettings(transaction, 'org/registre', { settings, since: 0 }));
    await before.close();
    // As someone pushed them, and nobody has confirmed.
    write({ '.github/greffier.yaml': '' });
    expect((await greffier(folder, ['plan'])).out).toContain('quand le gel de sa cellule sera fini');
    const done = await greffier(folder, ['reconcile', '--format', 'json']);
    expect(JSON.parse(done.out)).toMatchObject({ steps: [{ id: 'agenda', ruling: 'frozen' }] });
    expect(openid.clients()).toEqual([]);
  });

  it('tells whether keys were read, has them replaced by their client’s id, once, and closes the former', async () => {
    write(serviceFile('agenda'));
    expect((await greffier(folder, ['keys'])).out).toBe('Aucun client.\n');
    await greffier(folder, ['reconcile']);
    const listed = async () => JSON.parse((await greffier(folder, ['keys', '--format', 'json'])).out);
    const [{ clientId, ...waiting }] = await listed();
    expect(waiting).toMatchObject({ client: 'internet/integration/agenda', keys: 'waiting' });
    expect((await greffier(folder, ['keys'])).out).toContain(`\`${clientId}\`  lien en attente, jusqu’au `);
    expect((await greffier(folder, ['keys'])).out).toMatch(/jusqu’au \d{1,2}(?:er)? \p{L}+ \d{4}/u);
    expect(await greffier(folder, ['keys', 'rotate'])).toMatchObject({ code: 2 });
    expect(await greffier(folder, ['keys', 'rotate', 'nobody'])).toMatchObject({ code: 1 });
    const rotated = await greffier(folder, ['keys', 'rotate', clientId]);
    expect(rotated).toMatchObject({ code: 0, out: expect.stringContaining('greffier reconcile') });
    expect(await greffier(folder, ['reconcile'])).toMatchObject({ code: 0 });
    const [replaced] = await listed();
    expect(replaced).toMatchObject({ keys: 'waiting', former: clientId });
    expect(replaced.clientId).not.toBe(clientId);
    expect(openid.clients()).toHaveLength(2);
    expect(await greffier(folder, ['keys', 'rotate', replaced.clientId])).toMatchObject({ code: 1 });
    expect(await greffier(folder, ['keys', 'revoke', clientId])).toMatchObject({ code: 0 });
    await greffier(folder, ['reconcile']);
    expect(openid.clients()).toMatchObject([{ client_id: replaced.clientId }]);
    const { out } = await greffier(folder, ['log', 'agenda']);
    expect([...out.matchAll(/"what":"(\w+)"/g)].map(([, what]) => what).slice(-5)).toEqual([
      'replaced',
      'recorded',
      'create',
      'revoked',
      'closed',
    ]);
  });

  it('holds the client of a definition whose place a folder took, as of a submodule that was not fetched', async () => {
    const [path = ''] = Object.keys(serviceFile('agenda'));
    write(serviceFile('agenda'));
    expect((await greffier(folder, ['reconcile'])).code).toBe(0);
    rmSync(join(folder, path));
    mkdirSync(join(folder, path));
    const planned = await greffier(folder, ['plan', '--format', 'json']);
    expect(JSON.parse(planned.out)).toMatchObject({ steps: [] });
    expect(planned.code).toBe(1);
    rmSync(join(folder, path), { recursive: true });
    expect((await greffier(folder, ['plan'])).code).toBe(3);
  });

  /** Adds a cell that people provision. */
  function withPeople(): void {
    const path = join(folder, 'greffier.config.yaml');
    const people = '  internet/production:\n    provider: manual\n';
    writeFileSync(path, `${readFileSync(path, 'utf8')}${people}`);
  }

  it('plans what people would be asked, and says plainly that it cannot ask without a way to GitHub', async () => {
    withPeople();
    write(serviceFile('agenda'));
    write(serviceFile('guichet', 'internet/production'));
    const planned = await greffier(folder, ['plan']);
    expect(planned.code).toBe(3);
    expect(planned.out).toContain('internet/production/guichet : création d');
    expect(planned.out).toContain('à demander dans un ticket');
    const done = await greffier(folder, ['reconcile']);
    expect(done.code).toBe(1);
    expect(done.out).toMatch(/integration\/agenda : fait[\s\S]*production\/guichet : .*GITHUB_TOKEN/);
    // Nothing is noted that would keep the service from asking.
    const again = await greffier(folder, ['plan', '--cell', 'internet/production', '--format', 'json']);
    expect(JSON.parse(again.out)).toMatchObject({ steps: [{ action: 'create', ruling: 'apply' }] });
    expect((await greffier(folder, ['log', 'guichet'])).out).toBe('');
  });

  it.each(['as the App', 'with a token'])(
    'asks people in one issue, %s, however often it runs',
    async (way) => {
      const permissions = {
        issues: 'write',
        metadata: 'read',
        contents: 'read',
        pull_requests: 'read',
      } as const;
      const github = await startLocalGitHub({ permissions, events: [] });
      const registry = github.createRepository('org/registre', { files: { 'README.md': 'x' } });
      const operator = github.createUser('operatrice');
      github.addCollaborator(registry, operator, 'write');
      vi.stubEnv('GHE_HOST', github.host);
      vi.stubEnv('GHE_PROTOCOL', 'http');
      if (way === 'with a token') vi.stubEnv('GITHUB_TOKEN', operator.token);
      else {
        vi.stubEnv('APP_ID', String(github.appId));
        vi.stubEnv('PRIVATE_KEY', github.privateKey);
      }
      withPeople();
      write(serviceFile('guichet', 'internet/production'));
      const issues = () => [...registry.issues.values()];
      for (let time = 0; time < 2; time += 1) {
        const done = await greffier(folder, ['reconcile', '--cell', 'internet/production']);
        expect(done).toMatchObject({ code: 0, err: '' });
        expect(done.out).toMatch(/guichet : .*demandée dans le ticket n° 1\n/);
      }
      expect(issues()).toMatchObject([{ state: 'open' }]);
      write(serviceFile('guichet', 'internet/production', '\nuserinfo_signed_response_alg: none'));
      expect((await greffier(folder, ['reconcile'])).code).toBe(0);
      expect(issues()).toHaveLength(1);
      vi.stubEnv('GITHUB_TOKEN', way === 'with a token' ? 'ghp_wrong' : '');
      vi.stubEnv('APP_ID', way === 'with a token' ? '' : '99');
      const refused = await greffier(folder, ['reconcile']);
      expect(refused.code).toBe(2);
      expect(refused.err).toMatch(way === 'with a token' ? /GITHUB_TOKEN/ : /APP_ID/);
      await github.stop();
    },
  );

  it('asks public services again, and holds what they refuse, in the plan too', async () => {
    const closed = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      const matching = [{ siret: '13099990700012', etat_administratif: 'F', date_fermeture: '2024-05-01' }];
      const found = { siren: '130999907', nom_complet: 'X', etat_administratif: 'A', complements: {} };
      response.end(
        JSON.stringify({ results: [{ ...found, matching_etablissements: matching }], total_results: 1 }),
      );
    });
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('ENTREPRISES_URL', `http://127.0.0.1:${(closed.address() as AddressInfo).port}`);
    write(serviceFile('agenda'));
    for (const name of ['plan', 'reconcile']) {
      const ran = await greffier(folder, [name]);
      expect(ran, name).toMatchObject({ code: 1 });
      expect(ran.out).toMatch(/agenda : une vérification extérieure bloque.*13099990700012/);
    }
    expect(openid.clients()).toEqual([]);
    closed.close();
  });

  it('holds what a silent service should have said, until it is confirmed to go on without', async () => {
    vi.stubEnv('ENTREPRISES_URL', 'http://127.0.0.1:9');
    write(serviceFile('agenda'));
    const held = await greffier(folder, ['reconcile']);
    expect(held).toMatchObject({ code: 1 });
    expect(held.out).toMatch(/agenda : .*13099990700012.*Rien n’est fait sans cette réponse/);
    expect(openid.clients()).toEqual([]);
    const planned = await greffier(folder, ['plan']);
    expect(planned).toMatchObject({ code: 1 });
    expect(planned.out).toContain('Rien d’autre à faire');
    const [digest = ''] = /(?<=confirm )[0-9a-f]{32}/.exec(held.out) ?? [];
    expect(await greffier(folder, ['reconcile', '--confirm', digest])).toMatchObject({ code: 0, err: '' });
    expect(openid.clients()).toHaveLength(1);
    // Good once, and of nothing else: who confirms something that is not asked hears of it.
    for (const unasked of [digest, 'ffff'])
      expect(await greffier(folder, ['reconcile', '--confirm', unasked])).toMatchObject({
        code: 1,
        err: `L’empreinte \`${unasked}\` n’est celle de rien qui attende une confirmation ici. « greffier plan » donne celles qui valent aujourd’hui.\n`,
      });
  });

  it('shows drift without correcting it, and corrects it when it is confirmed', async () => {
    write(serviceFile('agenda'));
    await greffier(folder, ['reconcile']);
    const [client] = openid.clients();
    openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
    const planned = await greffier(folder, ['plan']);
    expect(planned.code).toBe(3);
    const digest = /agenda : le fournisseur dit autre chose.*--confirm ([0-9a-f]{32})/.exec(planned.out)?.[1];
    expect(planned.out).toContain('intrus.example.fr');
    expect(await greffier(folder, ['reconcile'])).toMatchObject({ code: 1 });
    expect(openid.clients()[0]?.redirect_uris).toEqual(['https://intrus.example.fr/cb']);
    expect(await greffier(folder, ['reconcile', '--confirm', digest ?? ''])).toMatchObject({ code: 0 });
    expect(openid.clients()[0]?.redirect_uris).toEqual(client?.redirect_uris);
    const trail = (await greffier(folder, ['log'])).out.trimEnd().split('\n');
    expect(trail.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ what: 'confirmed', by: expect.stringMatching(/^\S+ \(command line\)$/) }),
    );
  });

  it('says what is wrong with a provider, and goes on by itself once it is mended', async () => {
    vi.stubEnv('IDP_TOKEN', 'wrong');
    write(serviceFile('agenda'));
    for (let time = 0; time < 2; time += 1) {
      const failed = await greffier(folder, ['reconcile']);
      expect(failed.code).toBe(1);
      expect(failed.out).toMatch(/internet\/integration : .*initial_access_token/);
    }
    vi.stubEnv('IDP_TOKEN', openid.initialAccessToken);
    const wrong = await greffier(folder, ['reconcile', '--retry', 'internet/integration/autre']);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('internet/integration/autre') });
    const again = await greffier(folder, ['reconcile']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('agenda : fait') });
  });

  it('ends with 1 while a client is lost, and says so', async () => {
    write(serviceFile('agenda'));
    await greffier(folder, ['reconcile']);
    openid.forget();
    for (const name of ['plan', 'reconcile', 'plan']) {
      const ran = await greffier(folder, [name]);
      expect(ran.out, name).toMatch(/agenda : le fournisseur ne montre plus ce client/);
      expect(ran.out).not.toContain('Rien à faire');
      expect(ran.code, name).toBe(1);
    }
  });

  it('looks at what is there before it says that there is nothing to do', async () => {
    write(serviceFile('agenda'));
    await greffier(folder, ['reconcile']);
    const [client] = openid.clients();
    openid.tamper(String(client?.client_id), { redirect_uris: ['https://intrus.example.fr/cb'] });
    const ran = await greffier(folder, ['reconcile']);
    expect(ran.out).toMatch(/agenda : le fournisseur dit autre chose/);
    expect(ran.code).toBe(1);
  });

  it('promises nothing that the provider says it does not offer', async () => {
    const narrow = await startLocalOpenIdProvider({
      initialAccessToken: openid.initialAccessToken,
      configuration: {
        enabledJWA: { idTokenSigningAlgValues: ['RS256'], userinfoSigningAlgValues: ['RS256'] },
      },
    });
    const path = join(folder, 'greffier.config.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(openid.issuer, narrow.issuer));
    write(serviceFile('agenda', 'internet/integration', '\nid_token_signed_response_alg: ES256'));
    for (const name of ['plan', 'reconcile']) {
      const ran = await greffier(folder, [name]);
      expect(ran.out, name).toMatch(/agenda : .*que le fournisseur d’identité ne permet pas.*`ES256`/);
      expect(ran.code, name).toBe(1);
    }
    expect(narrow.clients()).toEqual([]);
    // What the provider comes to offer is done, without being told to try again.
    await narrow.stop();
    writeFileSync(path, readFileSync(path, 'utf8').replace(narrow.issuer, openid.issuer));
    expect(await greffier(folder, ['reconcile'])).toMatchObject({ code: 0 });
  });

  it('promises nothing at a provider that registers nobody', async () => {
    const closed = await startLocalOpenIdProvider({
      configuration: { features: { devInteractions: { enabled: false }, registration: { enabled: false } } },
    });
    const path = join(folder, 'greffier.config.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(openid.issuer, closed.issuer));
    write(serviceFile('agenda'));
    const planned = await greffier(folder, ['plan']);
    expect(planned.out).toMatch(/internet\/integration : .*registration_endpoint/);
    expect(planned.code).toBe(1);
    await closed.stop();
  });

  it('tells a provider that does not answer, leaves its clients alone, and goes on when it is back', async () => {
    const brief = await startLocalOpenIdProvider({ initialAccessToken: openid.initialAccessToken });
    const path = join(folder, 'greffier.config.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(openid.issuer, brief.issuer));
    write(serviceFile('agenda'));
    await greffier(folder, ['reconcile']);
    await brief.stop();
    write(serviceFile('agenda', 'internet/integration', '\nuserinfo_signed_response_alg: none'));
    for (const name of ['plan', 'reconcile']) {
      const ran = await greffier(folder, [name]);
      expect(ran, name).toMatchObject({ code: 1 });
      expect(ran.out).toMatch(/internet\/integration : le fournisseur d’identité ne répond pas/);
    }
  });

  it('says with an exit code that definitions have errors, and leaves their clients alone', async () => {
    write(serviceFile('agenda'));
    await greffier(folder, ['reconcile']);
    write(serviceFile('agenda', 'internet/integration', '\nid_token_signed_response_alg: rs256'));
    expect(await greffier(folder, ['plan'])).toMatchObject({ code: 1 });
    expect(await greffier(folder, ['reconcile'])).toMatchObject({ code: 1 });
    expect(openid.clients()).toMatchObject([{ client_name: 'Service agenda' }]);
  });

  it.each([
    [['plan', '--cell', 'internet/production'], /internet\/production/],
    [['plan', '--root', 'nulle-part'], /nulle-part/],
  ])('cannot run: %j says why', async (args, words) => {
    write(serviceFile('agenda'));
    const ran = await greffier(folder, args);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(words);
  });

  it('cannot run without the key that seals the access to clients', async () => {
    write(serviceFile('agenda'));
    vi.stubEnv('GREFFIER_KEY', '');
    expect(await greffier(folder, ['plan'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('GREFFIER_KEY'),
    });
  });
});

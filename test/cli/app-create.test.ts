/** A GitHub App by the manifest flow, against the local GitHub: as a person's browser goes through it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readConfiguration } from '#base/config/config-file';
import { runCommandLine } from '#cli/cli';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import { TextBrowser } from '#demo/text-browser';
import { placeholders } from '#domain/definition/rules/rule-catalogue';
import { readPage } from '#infrastructure/application-visit/page';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { html } from '#main/create-app/words';
import en from '#templates/app-create.en.json' with { type: 'json' };
import fr from '#templates/app-create.fr.json' with { type: 'json' };

const granted = Object.fromEntries(
  Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
);
const wanted = ['app', 'create', '--public-url=https://greffier.example.gouv.fr', '--registry=org/registre'];

describe('greffier app create', () => {
  let github: LocalGitHub;
  let folder: string;
  beforeEach(async () => {
    github = await startLocalGitHub({ permissions: granted, events: neededEvents });
    github.createRepository('org/registre', { files: { 'README.md': 'x' }, installed: false });
    folder = mkdtempSync(join(tmpdir(), 'greffier-app-'));
    vi.stubEnv('GHE_HOST', github.host);
    vi.stubEnv('GHE_PROTOCOL', 'http');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await github.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the command, and hands on the address of its page. */
  function begun(args: readonly string[] = wanted, language: 'fr' | 'en' = 'fr') {
    let out = '';
    let err = '';
    const { promise: address, resolve } = Promise.withResolvers<string>();
    const ended = runCommandLine(args, {
      language,
      folder,
      colours: false,
      interactive: false,
      columns: 100,
      progress: () => undefined,
      out: (text) => {
        out += text;
        const found = /http:\/\/127\.0\.0\.1:\d+\/[\w-]*/.exec(out)?.[0];
        if (found !== undefined) resolve(found);
      },
      err: (text) => {
        err += text;
      },
      ask: async () => undefined,
    });
    return { address, ended, said: () => ({ out, err }) };
  }

  /** Presses the one button of a page. */
  async function press(page: string, base: string): Promise<Response> {
    const [form] = readPage(page).forms;
    if (form === undefined) expect.fail(`no form in ${page}`);
    const body = new URLSearchParams();
    for (const [name, value] of form.fields) body.append(name, value);
    return fetch(new URL(form.action, base), { method: 'POST', body, redirect: 'manual' });
  }

  it('makes the App with one click, and keeps its keys where only their owner reads them', async () => {
    const { address, ended, said } = begun();
    const page = await fetch(await address);
    expect(page.headers.get('content-security-policy')).toContain(`form-action ${github.url}`);
    const first = await page.text();
    expect(first.match(/<button/g)).toHaveLength(1);
    expect(readPage(first).forms[0]?.action).toMatch(
      new RegExp(`^${github.url}/organizations/org/settings/apps/new\\?state=[\\w-]{43}$`),
    );
    const confirm = await press(first, await address);
    expect(github.askedManifests()).toMatchObject([
      {
        name: 'Greffier org',
        webhook: 'https://greffier.example.gouv.fr/api/github/webhooks',
        permissions: granted,
      },
    ]);
    expect([...(github.askedManifests()[0]?.events ?? [])].sort()).toEqual([...neededEvents].sort());
    const back = await press(await confirm.text(), github.url);
    const done = await fetch(back.headers.get('location') ?? '');
    const shown = await done.text();
    expect(shown).toContain('/installations/new');
    expect(await ended).toBe(0);

    expect(readdirSync(folder).sort()).toEqual([
      'greffier.config.yaml',
      'greffier.env',
      'greffier.private-key.pem',
    ]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const environment = Object.fromEntries(
      readFileSync(join(folder, 'greffier.env'), 'utf8')
        .split('\n')
        .flatMap((line) => (/^[A-Z_]+=/.test(line) ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
    ) as Record<string, string>;
    expect(environment).toMatchObject({
      APP_ID: '1',
      PUBLIC_URL: 'https://greffier.example.gouv.fr',
      GHE_HOST: github.host,
    });
    expect(readFileSync(environment.PRIVATE_KEY_PATH ?? '', 'utf8')).toBe(github.privateKey);
    // Else a command in the clone of the registry would make a store of its own, which knows no client.
    expect(environment.GREFFIER_DATA).toBe(join(folder, '.greffier'));
    expect(environment.WEBHOOK_SECRET).toBe(github.webhooks.target?.secret);
    const configuration = readFileSync(join(folder, 'greffier.config.yaml'), 'utf8');
    expect(parse(configuration)).toEqual({ registry: 'org/registre' });
    // As a newcomer goes on: what is in comments is good as it stands.
    const uncommented = configuration.replace(/^# (cells:| {2}.*)$/gm, '$1');
    expect(readConfiguration(uncommented, 'c.yaml', { IDP_TOKEN: 'x' })).toMatchObject({
      ok: true,
      configuration: { cells: { 'internet/production': {}, 'rie/integration': {} } },
    });
    // Made in a clone of Greffier, as the README does, they are nothing that Git would take.
    const root = join(import.meta.dirname, '../..');
    for (const name of readdirSync(folder).filter((one) => one.startsWith('greffier')))
      expect(execFileSync('git', ['check-ignore', name], { cwd: root, encoding: 'utf8' }).trim()).toBe(name);
    const { out, err } = said();
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]+$/m);
    expect(out).toMatch(/check greffier|contrôle greffier/);
    for (const secret of [environment.WEBHOOK_SECRET ?? '?', environment.GREFFIER_KEY ?? '?', 'PRIVATE KEY'])
      expect(out + err + shown).not.toContain(secret);

    // What was written is what the service starts with: nothing is missing but what only a person knows.
    // The page that the last step names installs it there.
    const browser = new TextBrowser();
    const install = /http\S+\/installations\/new/.exec(out)?.[0] ?? '';
    expect((await browser.press(await browser.open(new URL(install)))).html).toContain('y est installée');
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    vi.stubEnv('DATAPASS_URL', 'http://127.0.0.1:9');
    vi.stubEnv('ENTREPRISES_URL', 'http://127.0.0.1:9');
    let found = '';
    await runCommandLine(['doctor', '--format=json'], {
      language: 'en',
      folder,
      colours: false,
      interactive: false,
      columns: 100,
      progress: () => undefined,
      out: (text) => {
        found += text;
      },
      err: () => undefined,
      ask: async () => undefined,
    });
    const wrong = (JSON.parse(found) as { findings: { area: string; status: string; id?: string }[] })
      .findings;
    expect(
      wrong
        .filter(({ area }) => ['settings', 'keys', 'github', 'webhook'].includes(area))
        .every(({ status }) => status !== 'error'),
      found,
    ).toBe(true);
  });

  /** What is said before anyone presses anything, on the page and on the terminal. */
  async function shownFor(args: readonly string[], language: 'fr' | 'en' = 'fr') {
    const { address, ended, said } = begun(
      ['app', 'create', '--public-url=https://g.example.gouv.fr', ...args],
      language,
    );
    const url = await address;
    const page = await (await fetch(url)).text();
    const action = readPage(page).forms[0]?.action ?? '';
    // Whoever runs it gives up.
    const state = new URL(action).searchParams.get('state');
    await fetch(new URL(`/retour?code=aucun&state=${state}`, url));
    await ended;
    return { page, action: new URL(action).pathname, out: said().out };
  }

  it('belongs to whom the registry belongs, and says so before the click', async () => {
    github.createUser('bea');
    const ofOrganization = await shownFor(['--registry=Org/registre']);
    expect(ofOrganization.action).toBe('/organizations/org/settings/apps/new');
    const ofPerson = await shownFor(['--registry=bea/registre']);
    expect(ofPerson.action).toBe('/settings/apps/new');
    for (const { page, out } of [ofOrganization, ofPerson])
      for (const text of [page, out]) expect(text).toContain(github.host);
    expect(ofOrganization.page).toContain('L’App sera à l’organisation org');
    expect(ofOrganization.out).toContain('L’App sera à l’organisation `org`');
    expect(ofPerson.page).toContain('L’App sera à bea');
    const english = await shownFor(['--registry=org/registre'], 'en');
    expect(english.page).toContain('The App will belong to the organization org');
    // What it may do, in words, each of it.
    for (const name of Object.keys(neededPermissions)) {
      expect(english.page).toContain(html(en[`may-${name}` as keyof typeof en]));
      expect(ofPerson.page).toContain(html(fr[`may-${name}` as keyof typeof fr]));
    }
    for (const event of neededEvents) expect(ofPerson.page).toContain(event);
  });

  it('belongs to somebody else when that is asked for, with what follows', async () => {
    const personal = await shownFor(['--registry=org/registre', '--personal']);
    expect(personal.action).toBe('/settings/apps/new');
    expect(personal.page).toContain('sans --personal');
    const elsewhere = await shownFor(['--registry=org/registre', '--organization=autre']);
    expect(elsewhere.action).toBe('/organizations/autre/settings/apps/new');
    expect(elsewhere.page).toContain('ne pourra pas l’être');
    const nobody = await shownFor([]);
    expect(nobody.action).toBe('/settings/apps/new');
    expect(nobody.page).toContain('L’App sera à vous');
  });

  it('asks for a word where GitHub does not say whose the registry is', async () => {
    const failed = async (args: readonly string[] = wanted) => {
      const { ended, said } = begun(args);
      expect(await ended).toBe(2);
      return said().err;
    };
    // As an Enterprise Server in private mode, which answers 401.
    github.faults.inject({ kind: 'error', status: 503 });
    expect(await failed()).toMatch(/HTTP 503[\s\S]*--organization `org`, ou --personal/);
    expect(
      await failed(['app', 'create', '--public-url=https://g.example.gouv.fr', '--registry=absente/x']),
    ).toContain('aucun compte `absente`');
    expect(await failed([...wanted, '--personal', '--organization=org'])).toContain('l’un ou l’autre');
    expect(await failed([...wanted, '--port=huit'])).toContain('n’est pas un port');
    vi.stubEnv('GHE_HOST', 'https://github.example.gouv.fr');
    expect(await failed()).toContain('GHE_HOST');
    vi.stubEnv('GHE_HOST', '127.0.0.1:1');
    expect(await failed()).toMatch(/ne dit pas[\s\S]*--organization/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes no code that was not asked for here, and none twice', async () => {
    const { address, ended } = begun();
    const page = await address;
    for (const query of ['?code=abc', '?code=abc&state=faux', '?state=faux'])
      expect((await fetch(new URL(`/retour${query}`, page))).status).toBe(400);
    expect((await fetch(new URL('/retour', page), { method: 'POST' })).status).toBe(421);
    expect(readdirSync(folder)).toEqual([]);
    // Who else is on this machine sees that it listens, and not what only the terminal was told.
    for (const path of ['/', '/index.html', '/retour']) {
      const seen = await fetch(new URL(path, page));
      expect(await seen.text()).not.toContain('state=');
    }
    const back = await press(await (await press(await (await fetch(page)).text(), page)).text(), github.url);
    const location = back.headers.get('location') ?? '';
    const answers = await Promise.all([fetch(location), fetch(location)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await ended).toBe(0);
  });

  it('says that GitHub gave no keys, and writes none', async () => {
    const { address, ended, said } = begun();
    const page = await address;
    const state =
      new URL(readPage(await (await fetch(page)).text()).forms[0]?.action ?? '').searchParams.get('state') ??
      '';
    expect((await fetch(new URL(`/retour?code=inconnu&state=${state}`, page))).status).toBe(502);
    expect(await ended).toBe(1);
    expect(said().err).toContain('HTTP 404');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks nothing of GitHub when a file is in the way, or something is missing', async () => {
    for (const [args, words] of [
      [['app'], 'app create'],
      [['app', 'create'], '--public-url'],
      [['app', 'create', '--public-url=http://greffier.example.gouv.fr'], 'https'],
      [[...wanted, '--organization=a/b'], 'organisation'],
      [[...wanted, '--registry=a'], 'org/nom'],
      [[...wanted, '--out=absent'], 'absent'],
    ] as const) {
      const { ended, said } = begun(args);
      expect(await ended).toBe(2);
      expect(said().err).toContain(words);
    }
    writeFileSync(join(folder, 'greffier.env'), 'à moi');
    const { ended, said } = begun();
    expect(await ended).toBe(2);
    expect(said().err).toContain('existe déjà');
    expect(readFileSync(join(folder, 'greffier.env'), 'utf8')).toBe('à moi');
    expect(github.calls.count()).toBe(0);
  });

  it('speaks two languages', () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    const english: Readonly<Record<string, string>> = en;
    for (const [key, sentence] of Object.entries(fr))
      expect(placeholders(sentence), key).toEqual(placeholders(english[key] ?? ''));
  });
});

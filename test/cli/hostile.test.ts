/** Whatever names, values, references and answers hold, nothing that the command line prints acts: on a terminal or on a CI runner. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from '#base/observability/logger';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { invisibleCharacters } from '../hostile-text.ts';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { greffier, type Ran } from './console.ts';
import { commitAll, newRepository, write } from './git-repository.ts';
import { definition, registryOnDisk } from './registry-on-disk.ts';

/** What runners obey: those of GitHub and Forgejo, Azure Pipelines, TeamCity, GitLab, Travis. */
const commands = [
  '::set-output name=a::b',
  '::add-mask::greffier',
  '::stop-commands::x',
  '  ::error::x',
  '##[add-mask]greffier',
  '##vso[task.setvariable variable=a]b',
  "##teamcity[buildStatus text='x']",
  'section_start:1:x\r\x1b[0K',
  'travis_fold:start:x',
];
const acting = [
  '\x1b[31m',
  '\x1b]0;x\x07',
  '\x9b31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u2028',
  '\x7f',
  '\u{e0041}',
];
/** Of every kind, each at the start of a line of its own, and behind a space, where a text is broken into lines. */
const hostile = [...acting, ...commands, ...commands.map((one) => `x ${one} ${'y '.repeat(60)}${one}`)];
const all = hostile.join('\n');
/** As the name of a file: without `/`, and not longer than a system takes. */
const names = hostile.map((one) => `${one.replaceAll('/', '')}x\n${one.replaceAll('/', '')}`.slice(0, 120));

/** What of a text acts. */
function actingIn(text: string): string[] {
  return text
    .split('\n')
    .filter(
      (line) =>
        invisibleCharacters.test(line) ||
        (/^\s*::/.test(line) && !/^::(?:error|warning|notice) file=[^:]*::/.test(line)) ||
        /##\w*\[|section_(?:start|end):\d|travis_(?:fold|time):/.test(line),
    );
}

function expectInert({ out, err }: Ran): void {
  expect(actingIn(out)).toEqual([]);
  expect(actingIn(err)).toEqual([]);
}

const yaml = (value: string) =>
  `name: ${JSON.stringify(value)}\ndescription: ${JSON.stringify(value)}\nowners: [${JSON.stringify(value)}]\nredirect_uris: [${JSON.stringify(`https://a.fr/${value}`)}]\n${JSON.stringify(value)}: 1`;

describe('what nothing may act in', () => {
  it('is told by this very test', () => {
    for (const one of [...acting, ...commands]) expect(actingIn(`a\n${one}`), one).not.toEqual([]);
  });

  it.each(['fr', 'en'] as const)(
    'validate and fix, in every format, names and values (%s)',
    async (language) => {
      const files: Record<string, string> = {};
      hostile.forEach((one, index) => {
        files[`service-providers/internet/production/service-${index}.yaml`] = definition(yaml(one));
        files[`service-providers/internet/integration/raw-${index}.yaml`] = `${one}\nname: ${one}\n- ${one}`;
        files[`service-providers/internet/production/${names[index]}.yaml`] =
          definition('private_sector: oui');
        files[`${names[index]}.yaml`] = definition();
      });
      const { root } = registryOnDisk(files);
      for (const args of [
        ...['text', 'json', 'github', 'sarif'].map((format) => ['validate', '--format', format]),
        ['fix', '--dry-run'],
        ['fix'],
      ]) {
        const ran = await greffier(root, args, { language });
        expect(ran.code).toBe(1);
        expectInert(ran);
        if (args.includes('json') || args.includes('sarif')) JSON.parse(ran.out);
      }
      const { findings } = JSON.parse((await greffier(root, ['validate', '--format', 'json'])).out);
      expect(findings.map(({ path }: { path: string }) => path)).toContain(
        `service-providers/internet/production/${names[0]}.yaml`,
      );
    },
  );

  it('arguments of every command', async () => {
    const { root } = registryOnDisk({ 'service-providers/x.yaml': definition() });
    for (const one of [...hostile, all])
      for (const args of [
        [one],
        ['validate', one],
        ['validate', '--root', one],
        ['validate', '--base', one],
        ['validate', '--format', one],
        ['validate', `--${one}`],
        ['fix', one],
        ['explain', one],
        ['explain', `url/${one}`],
        ['jobs', one],
        ['log', one, one],
        ['plan', '--cell', one],
        ['reconcile', '--root', one],
        ['store', one],
        ['store', 'moved', one],
        ['serve', '--only', one],
        ['new', '--root', one],
        ['new', '--name', one, '--siret', one, '--contact', one, '--redirect-uri', one, '--id', one],
        ['--lang', one],
      ])
        expectInert(await greffier(root, args));
  });

  it('references, branches and paths that Git knows', async () => {
    const folder = newRepository({ 'service-providers/internet/production/a-la-une.yaml': definition() });
    for (const name of names)
      write(folder, { [`service-providers/internet/production/${name}.yaml`]: definition() });
    commitAll(folder, all);
    rmSync(join(folder, 'service-providers/internet/production'), { recursive: true });
    for (const format of ['text', 'json', 'github', 'sarif'])
      expectInert(await greffier(folder, ['validate', '--base', 'main', '--format', format]));
    write(folder, { '.github/greffier.yaml': yaml(all) });
    commitAll(folder, 'settings');
    expectInert(await greffier(folder, ['validate', '--base', 'main']));
  });

  it('examples of every rule', async () => {
    const { root } = registryOnDisk({});
    const { out } = await greffier(root, ['explain']);
    for (const rule of out.split('\n').map((line) => line.split(' ')[0] ?? ''))
      if (rule !== '') expectInert(await greffier(root, ['explain', rule]));
  });
});

describe('what nothing may act in, of stores and providers', () => {
  let scratch: Scratch;
  let folder: string;
  beforeEach(async () => {
    scratch = await (engines[0] ?? expect.fail()).scratch();
    folder = mkdtempSync(join(tmpdir(), 'greffier-hostile-'));
    vi.stubEnv('GREFFIER_DATA', 'folder' in scratch.location ? scratch.location.folder : '');
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('GREFFIER_KEY', randomBytes(32).toString('base64'));
    vi.stubEnv('ENTREPRISES_URL', 'http://127.0.0.1:9');
    vi.stubEnv('DATAPASS_URL', 'http://127.0.0.1:9');
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'GITHUB_TOKEN', 'GHE_HOST']) vi.stubEnv(name, '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await scratch.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('jobs, in both formats', async () => {
    const store = await opened(scratch.location);
    const jobs = new JobQueue(store.db);
    await jobs.enqueue([{ kind: 'review', payload: { installation: 1, repo: all, number: 1 } }], {
      request: 'd',
    });
    await jobs.giveUp((await jobs.claim()) ?? expect.fail(), all);
    await store.close();
    for (const args of [['jobs'], ['jobs', '--format', 'json'], ['jobs', 'show', '1']]) {
      const ran = await greffier(folder, args);
      expect(ran.code).toBe(0);
      expectInert(ran);
    }
  });

  it.each(['an answer', 'metadata'])('plan, reconcile and log, where %s of a provider acts', async (what) => {
    let origin = '';
    const server = createServer((request, response) => {
      const isDiscovery = request.url?.includes('well-known') === true;
      response.setHeader('content-type', 'application/json');
      if (isDiscovery && what === 'metadata')
        response.end(
          JSON.stringify({ issuer: origin, registration_endpoint: `${origin}/reg`, scopes_supported: [all] }),
        );
      else {
        response.statusCode = 400;
        response.end(
          JSON.stringify({ error: 'invalid_client_metadata', error_description: all, detail: all }),
        );
      }
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const configuration = join(folder, 'greffier.config.yaml');
    writeFileSync(
      configuration,
      `registry: org/registre\ncells:\n  internet/integration:\n    provider: registration\n    issuer: ${origin}\n    initial_access_token: x\n`,
    );
    vi.stubEnv('GREFFIER_CONFIG', configuration);
    write(folder, serviceFile('agenda'));
    write(folder, { [`service-providers/internet/integration/${names[3]}.yaml`]: definition() });
    for (const args of [
      ['plan'],
      ['reconcile'],
      ['plan'],
      ['plan', '--format', 'json'],
      ['reconcile', '--format', 'json'],
      ['log'],
    ])
      expectInert(await greffier(folder, args));
    writeFileSync(configuration, `registry: ${JSON.stringify(all)}\n${JSON.stringify(all)}: 1\ncells: {}\n`);
    expectInert(await greffier(folder, ['plan']));
    for (const one of hostile) {
      vi.stubEnv('GREFFIER_CONFIG', one);
      expectInert(await greffier(folder, ['plan']));
    }
  });

  it('logs', () => {
    const lines: string[] = [];
    createLog('info', { write: (line: string) => void lines.push(line) }).info(
      { path: all, [all]: all },
      all,
    );
    expectInert({ code: 0, out: lines.join(''), err: '' });
    expect(JSON.parse(lines.join(''))).toMatchObject({ path: all, msg: all });
  });

  it('serve: settings that are wrong', () => {
    for (const one of [all]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/cli.ts', 'serve'], {
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          APP_ID: one.replaceAll('\0', ''),
          GHE_HOST: one,
          LOG_LEVEL: 'info',
          GREFFIER_CONFIG: one,
        },
      });
      expect(status).toBe(2);
      expectInert({ code: 2, out: stdout, err: stderr });
    }
  });
});

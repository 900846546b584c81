/**
 * What the service is measured on: folders, databases, processes and local GitHubs of its own, of which nothing is
 * left in the end, however it ends.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { BotProcess, freePort } from '#demo/bot-process';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { ApiExchange } from '#demo/github/rest-api';
import type { PullRequest, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { commune, startLookupServices } from '#demo/lookup-services';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { sampleDefinition } from '../sample-registry.ts';

const root = join(import.meta.dirname, '../..');
export const webhookSecret = 'b'.repeat(32);
export const registryName = 'registre-fictif/proconnect';

export type BenchmarkEngine = 'SQLite' | 'PostgreSQL';
type ProcessEnvironment = Readonly<Record<string, string>>;

/** A GitHub with one registry, on which the App is installed. */
export interface RegistrySetup {
  readonly github: LocalGitHub;
  readonly registry: Repository;
  readonly applicant: GitHubUser;
  readonly installation: number;
  /** What a process needs to be the App there. */
  readonly processEnvironment: ProcessEnvironment;
}

export interface StartBotOptions {
  readonly setup: RegistrySetup;
  /** What `createStore` gave. */
  readonly store: ProcessEnvironment;
  readonly options?: readonly string[];
  readonly nodeOptions?: readonly string[];
}

export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

export class BenchmarkEnvironment {
  /** Those that can be measured here. */
  readonly engines: readonly BenchmarkEngine[];
  readonly #folder: string;
  readonly #server: string | undefined;
  readonly #cleanups: (() => unknown)[];
  #count = 0;

  constructor(folder: string, server: string | undefined, cleanups: (() => unknown)[], only?: string) {
    this.#folder = folder;
    this.#server = server;
    this.#cleanups = cleanups;
    const here: BenchmarkEngine[] = server === undefined ? ['SQLite'] : ['SQLite', 'PostgreSQL'];
    this.engines = here.filter((engine) => only === undefined || only === engine);
  }

  /** To be called at the end, the last first. */
  addCleanup(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  /** A path that nobody uses. */
  newPath(name: string): string {
    this.#count += 1;
    return join(this.#folder, `${this.#count}-${name}`);
  }

  /** An empty store. */
  async createStore(engine: BenchmarkEngine): Promise<ProcessEnvironment> {
    if (engine === 'SQLite' || this.#server === undefined) return { GREFFIER_DATA: this.newPath('data') };
    this.#count += 1;
    const name = `greffier_bench_${process.pid}_${this.#count}`;
    const server = this.#server;
    await administer(server, `create database ${name}`);
    this.addCleanup(() => administer(server, `drop database ${name} with (force)`));
    const own = new URL(server);
    own.pathname = `/${name}`;
    return { DATABASE_URL: own.href };
  }

  async setUpRegistry(onExchange?: (exchange: ApiExchange) => void): Promise<RegistrySetup> {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    const github = await startLocalGitHub({
      permissions,
      events: neededEvents,
      limits: { requests: Number.MAX_SAFE_INTEGER },
      ...(onExchange === undefined ? {} : { onExchange }),
    });
    const lookups = await startLookupServices();
    this.addCleanup(() => Promise.all([github.stop(), lookups.stop()]));
    const registry = github.createRepository(registryName, {
      files: { 'README.md': 'Bonjour\n' },
      installed: false,
    });
    await github.webhooks.settled();
    return {
      github,
      registry,
      applicant: github.createUser('camille'),
      installation: github.install(registry).id,
      processEnvironment: {
        PATH: process.env.PATH ?? '',
        APP_ID: String(github.appId),
        PRIVATE_KEY: github.privateKey,
        WEBHOOK_SECRET: webhookSecret,
        GHE_HOST: github.host,
        GHE_PROTOCOL: 'http',
        HOST: '127.0.0.1',
        ENTREPRISES_URL: lookups.url,
        LOG_LEVEL: 'warn',
      },
    };
  }

  /** `greffier serve`, ready. */
  async startBot({ setup, store, options, nodeOptions }: StartBotOptions): Promise<BotProcess> {
    const bot = new BotProcess({
      entry: join(root, 'bin/greffier.js'),
      port: await freePort(),
      environment: { ...setup.processEnvironment, ...store },
      log: this.newPath('greffier.log'),
      ...(options === undefined ? {} : { options }),
      ...(nodeOptions === undefined ? {} : { nodeOptions }),
    });
    this.addCleanup(() => bot.kill());
    await bot.start();
    return bot;
  }
}

/**
 * A pull request that adds a definition. All are of one commune: of another each time, the directory of companies, which
 * is asked five times a second at most, would be what is measured.
 */
export function openSamplePullRequest({ applicant, registry }: RegistrySetup, index: number): PullRequest {
  const { path, text } = sampleDefinition(index);
  return applicant.openPullRequest(registry, {
    branch: `ajout-${index}`,
    title: `Ajouter ${index}`,
    files: { [path]: text.replace(/siret: "\d+"/, `siret: "${commune.siret}"`) },
  });
}

/**
 * Prepares an environment, works in it, and removes it, also when the work is interrupted by a signal.
 *
 * @param only the engine to measure; all that are there when undefined
 */
export async function withBenchmarkEnvironment(
  work: (environment: BenchmarkEnvironment) => Promise<void>,
  only?: string,
): Promise<void> {
  const cleanups: (() => unknown)[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  let cleaning: Promise<void> | undefined;
  const clean = (): Promise<void> => {
    cleaning ??= cleanUp(cleanups);
    return cleaning;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void clean().then(() => process.exit(130)));
  try {
    const server = only === 'SQLite' ? undefined : findOrStartServer(cleanups);
    await work(new BenchmarkEnvironment(folder, server, cleanups, only));
  } finally {
    await clean();
  }
}

async function cleanUp(cleanups: (() => unknown)[]): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
}

/** The server that `TEST_DATABASE_URL` names, or one of Debian's, started for the time of the measurement. */
function findOrStartServer(cleanups: (() => unknown)[]): string | undefined {
  const named = process.env.TEST_DATABASE_URL;
  if (named !== undefined && named !== '') return named;
  const installed = '/usr/lib/postgresql';
  if (!existsSync(installed) || readdirSync(installed).length === 0) {
    print('PostgreSQL is left out: it is not installed, and TEST_DATABASE_URL names no server.');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-postgresql-'));
  chmodSync(folder, 0o755);
  const program = join(root, '.ci/postgresql');
  cleanups.push(() => spawnSync(program, ['stop', folder]));
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

/** Seconds of the processor that a process has had so far, in all of its threads (proc(5): ticks of a hundredth). */
export function processorSeconds(processId: number | undefined): number {
  // The name of the program, in brackets, may hold anything.
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

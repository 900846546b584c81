/** A whole service with a registry of four definitions and an OpenID provider, to be stopped and started again. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { readConfiguration } from '#base/config/config-file';
import { readEnvironment } from '#base/config/environment';
import { createLog } from '#base/observability/logger';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { PullRequest, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { waitUntil } from '#demo/wait-until';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import type { ServiceContext } from '#main/context';
import { buildHandlers } from '#main/handlers';
import { type Service, startService } from '#main/start';
import { type Directory, startDirectory } from '../application/directory.ts';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { type Engine, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { patience } from '../patience.ts';

const webhookSecret = 'secret-of-the-webhooks-0123456789';

/** What the registry has from the beginning. */
export const firstIds = ['agenda', 'bibliotheque', 'cantine', 'dechets'] as const;

export class ServiceStory {
  readonly github: LocalGitHub;
  readonly openid: LocalOpenIdProvider;
  readonly scratch: Scratch;
  /** Has every right on the registry. */
  readonly alice: GitHubUser;
  registry: Repository;
  readonly lines: string[] = [];
  /** More of the configuration's cells, as YAML. */
  moreCells = '';
  readonly #key = randomBytes(32).toString('base64');
  #service: Service | undefined;
  #context: ServiceContext | undefined;

  readonly #directory: Directory;

  private constructor(
    github: LocalGitHub,
    openid: LocalOpenIdProvider,
    scratch: Scratch,
    directory: Directory,
  ) {
    this.#directory = directory;
    this.github = github;
    this.openid = openid;
    this.scratch = scratch;
    this.alice = github.createUser('alice');
    this.registry = this.createRegistry('org/registre');
  }

  static async open(engine: Engine, limits: { readonly requests?: number } = {}): Promise<ServiceStory> {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    const [github, openid, scratch, directory] = await Promise.all([
      startLocalGitHub({ permissions, events: neededEvents, limits }),
      startLocalOpenIdProvider(),
      engine.scratch(),
      startDirectory(),
    ]);
    return new ServiceStory(github, openid, scratch, directory);
  }

  /** A repository with the definitions of the registry, or others, on which the App is installed. */
  createRegistry(fullName: string, ids: readonly string[] = firstIds): Repository {
    return this.github.createRepository(fullName, {
      files: Object.assign({ 'README.md': '# Registre\n' }, ...ids.map((id) => serviceFile(id))),
      collaborators: { alice: 'admin' },
    });
  }

  /** @param named what the configuration says of the registry's name; nothing when null */
  configuration(named: string | null): string {
    return `${named === null ? '' : `registry: ${named}\n`}cells:
  internet/integration:
    provider: registration
    issuer: ${this.openid.issuer}
    initial_access_token: \${IDP_TOKEN}
${this.moreCells}sweep: 1d
`;
  }

  /** The variables of the environment that service and commands share. */
  environment(): Record<string, string> {
    const { location } = this.scratch;
    return {
      APP_ID: String(this.github.appId),
      PRIVATE_KEY: this.github.privateKey,
      GHE_HOST: this.github.host,
      GHE_PROTOCOL: 'http',
      GREFFIER_KEY: this.#key,
      IDP_TOKEN: this.openid.initialAccessToken,
      ENTREPRISES_URL: this.#directory.url,
      DATAPASS_URL: 'http://127.0.0.1:9',
      ...('url' in location ? { DATABASE_URL: location.url } : { GREFFIER_DATA: location.folder }),
    };
  }

  /** Starts the service, which is at work afterwards unless `held` says that it cannot be. */
  async start(named: string | null = 'org/registre', held = false): Promise<void> {
    await this.github.webhooks.settled();
    const environment = {
      ...this.environment(),
      WEBHOOK_SECRET: webhookSecret,
      HOST: '127.0.0.1',
      PORT: '0',
      PUBLIC_URL: 'https://greffier.example.fr',
    };
    const settings = readEnvironment(environment);
    const read = readConfiguration(this.configuration(named), 'greffier.config.yaml', environment);
    if (!settings.ok || !read.ok) throw new Error(JSON.stringify([settings, read]));
    const started = await startService({
      settings: settings.config,
      configuration: read.configuration,
      version: 'test',
      log: createLog('info', { write: (line: string) => this.lines.push(line) }),
      handlers: (context) => {
        this.#context = context;
        return buildHandlers(context, 'test');
      },
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    this.#service = started.service;
    const url = `http://127.0.0.1:${started.service.port}/api/github/webhooks`;
    this.github.webhooks.target = { url, secret: webhookSecret };
    if (!held) await started.service.atWork;
  }

  async stop(): Promise<void> {
    this.github.webhooks.target = undefined;
    await this.#service?.stop(5000);
    this.#service = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.github.stop();
    await this.openid.stop();
    await this.#directory.stop();
    await this.scratch.remove();
  }

  get context(): ServiceContext {
    if (this.#context === undefined) throw new Error('nothing was built');
    return this.#context;
  }

  /** Waits until nothing is left to do, but for what is held. */
  async settled(): Promise<void> {
    await this.github.webhooks.settled();
    await until('nothing is left to do', async () => {
      const { rows } = await sql<{ error: string | null }>`
        select last_error as error from jobs where state <> 'dead'`.execute(this.context.store.db);
      return rows.every(({ error }) => error === 'the registry is held');
    });
  }

  /** A sweep, to its end. */
  async sweep(): Promise<void> {
    await this.context.jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'sweep-of-the-story' });
    await this.settled();
  }

  /** Merges a pull request that adds a definition, as soon as it is judged. */
  async add(id: string): Promise<PullRequest> {
    const { alice, registry } = this;
    const branch = `ajout-${id}`;
    const pull = alice.openPullRequest(registry, { branch, title: id, files: serviceFile(id) });
    await this.settled();
    alice.merge(registry, pull);
    await this.settled();
    return pull;
  }

  /** The names of the clients that there are, and how many there ever were. */
  clients(): { readonly names: readonly string[]; readonly made: number } {
    const names = this.openid.clients().map((client) => String(client.client_name).replace('Service ', ''));
    return { names: names.toSorted(), made: this.openid.secrets().length };
  }

  /** What a measure says, by its labels as Prometheus writes them. */
  async measure(name: string): Promise<Readonly<Record<string, number>>> {
    const text = await (await fetch(`http://127.0.0.1:${this.#service?.port}/metrics`)).text();
    const found = text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'));
    return Object.fromEntries(Array.from(found, ([, labels = '', value]) => [labels, Number(value)]));
  }

  logged(message: string): readonly Record<string, unknown>[] {
    return this.lines
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ msg }) => msg === message);
  }

  /** Something in the store, while no service has it. */
  async inStore<T>(look: (db: ServiceContext['store']['db']) => Promise<T>): Promise<T> {
    const store = await opened(this.scratch.location);
    try {
      return await look(store.db);
    } finally {
      await store.close();
    }
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  if ((await waitUntil(holds, patience)) !== true) throw new Error(`It never came that ${what}`);
}

/**
 * A GitHub on this machine: real Git objects behind GitHub's REST API, its webhooks, and `git clone` and `git push`.
 *
 * It keeps to what GitHub does, and to its limits, as far as an App can tell: signed webhooks that are tried once and
 * kept for redelivery, installation tokens, the permissions of the App (403 for what `app.yml` does not ask for),
 * pages of lists, at most 50 annotations a request, 3,000 files a pull request, test merges, stale `base.sha`. It merges
 * as Git does, following renames (git/merge/), and says when (test-merges.ts).
 *
 * @example
 * const github = await startLocalGitHub({ permissions: { contents: 'read', checks: 'write' }, events: ['pull_request'] });
 * github.webhooks.target = { url: 'http://127.0.0.1:3000/api/github/webhooks', secret: 'shared' };
 * const registry = github.createRepository('beta-fictif/registre', { files: { 'README.md': 'Bonjour\n' } });
 * const alice = github.createUser('alice');
 * const pull = alice.openPullRequest(registry, { branch: 'ajout', title: 'Ajouter', files: { 'a.yaml': 'a: 1\n' } });
 * await github.webhooks.settled();                       // every webhook has been answered
 * github.calls.count('POST /repos/{owner}/{repo}/check-runs');
 * github.faults.inject({ kind: 'error', status: 502 });    // the next request fails
 * github.testMerges.readsUnknown = 2;                      // `mergeable: null` twice, then known
 * await github.stop();
 *
 * For Octokit: `baseUrl: github.api`, `appId: github.appId`, `privateKey: github.privateKey`.
 */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '#base/i18n/message';
import { ApiError } from './api-error.ts';
import { type PendingManifest, serveManifestFlow } from './app-manifests.ts';
import { buildArchive } from './archive.ts';
import { CallLog } from './call-log.ts';
import { FaultInjector } from './fault-injector.ts';
import type { FileChanges } from './git/repository.ts';
import { installApp } from './mutations/installations.ts';
import { servePage } from './pages/serve.ts';
import { type ApiExchange, RestApi } from './rest-api.ts';
import { SmartHttp } from './smart-http.ts';
import {
  type App,
  type AppInstallation,
  fullName,
  type Permissions,
  type Repository,
  type Role,
} from './state.ts';
import { type ApiLimits, defaultLimits, GitHubStore } from './store.ts';
import type { TestMergeSettings } from './test-merges.ts';
import { GitHubUser } from './user.ts';
import { Webhooks, type WebhookTarget } from './webhooks.ts';

export interface LocalGitHubOptions {
  /** The port to listen on, on the loopback address; any free one when absent. */
  readonly port?: number;
  /** What the App may do: `default_permissions` of its manifest. */
  readonly permissions: Permissions;
  /** What the App listens to: `default_events` of its manifest. */
  readonly events: readonly string[];
  /** The App's slug; its comments are by `slug[bot]`. */
  readonly slug?: string;
  /** The App's private key, PEM; a new one when absent. */
  readonly privateKey?: string;
  readonly webhook?: WebhookTarget;
  /** What time it is; the machine's when absent. */
  readonly now?: () => Date;
  readonly limits?: Partial<ApiLimits>;
  /** Of the pages; French when absent. */
  readonly language?: Language;
  /** Is shown every request to the REST API with its answer. */
  readonly onExchange?: (exchange: ApiExchange) => void;
}

export interface RepositoryOptions {
  /** The first commit; a repository without any has no branch. */
  readonly files?: FileChanges;
  readonly private?: boolean;
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** Whether the App is installed on it; true when absent. */
  readonly installed?: boolean;
}

export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const github = new LocalGitHub(options);
  await github.listen(options.port ?? 0);
  return github;
}

export class LocalGitHub {
  readonly privateKey: string;
  readonly appId = 1;
  readonly faults = new FaultInjector();
  readonly calls = new CallLog();
  readonly webhooks: Webhooks;
  readonly #store: GitHubStore;
  readonly #language: Language;
  readonly #rest: RestApi;
  readonly #git: SmartHttp;
  readonly #folder: string;
  readonly #server: Server;

  constructor(options: LocalGitHubOptions) {
    const now = options.now ?? (() => new Date());
    const slug = options.slug ?? 'greffier';
    this.#language = options.language ?? 'fr';
    this.privateKey =
      options.privateKey ??
      generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      }).privateKey;
    const account = (id: number, login: string, type: 'User' | 'Bot') => ({
      id,
      login,
      type,
      name: login,
      token: '',
    });
    const app: App = {
      id: this.appId,
      slug,
      name: slug,
      owner: account(1, 'app-owner', 'User'),
      bot: account(2, `${slug}[bot]`, 'Bot'),
      publicKey: createPublicKey(this.privateKey),
      permissions: options.permissions,
      events: options.events,
      createdAt: now(),
    };
    this.webhooks = new Webhooks(this.faults, now, app.id);
    this.webhooks.target = options.webhook;
    this.#store = new GitHubStore(app, this.webhooks, now, { ...defaultLimits, ...options.limits });
    this.#store.appPrivateKey = this.privateKey;
    this.#rest = new RestApi({
      store: this.#store,
      faults: this.faults,
      log: this.calls,
      observe: options.onExchange,
    });
    this.#folder = mkdtempSync(join(tmpdir(), 'local-github-'));
    this.#git = new SmartHttp(this.#store, this.#folder);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        process.stderr.write(`local GitHub: ${error instanceof Error ? error.stack : String(error)}\n`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
  }

  /** `http://127.0.0.1:…`: what people open, and `git` clones from. */
  get url(): string {
    return this.#store.html;
  }

  /** The root of the REST API, as Octokit's `baseUrl` wants it. */
  get api(): string {
    return this.#store.api;
  }

  /** `host:port`, for a `GHE_HOST`. */
  get host(): string {
    return new URL(this.url).host;
  }

  /** How test merges are made; may be changed at any moment. */
  get testMerges(): TestMergeSettings {
    return this.#store.testMerges;
  }

  /** What the Apps that are being made by a manifest asked for. */
  askedManifests(): readonly PendingManifest[] {
    return [...this.#store.manifests.values()];
  }

  /** Every token that an installation was given: what must not be found anywhere. */
  installationTokens(): readonly string[] {
    return [...this.#store.installationTokens.keys()];
  }

  async listen(port: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    await promise;
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
    this.#store.origin = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    await this.webhooks.settled();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  createUser(login: string, name = login): GitHubUser {
    return new GitHubUser(this.#store, this.#store.createAccount(login, 'User', name));
  }

  user(login: string): GitHubUser {
    return new GitHubUser(this.#store, this.#store.account(login));
  }

  /** Creates `owner/name`; the owner becomes an organization when there is no such account yet. */
  createRepository(fullName: string, options: RepositoryOptions = {}): Repository {
    const [ownerLogin = '', name = ''] = fullName.split('/');
    const owner =
      this.#store.accounts.get(ownerLogin.toLowerCase()) ??
      this.#store.createAccount(ownerLogin, 'Organization');
    const created = this.#store.createRepository(owner, name, { private: options.private ?? false });
    for (const [login, role] of Object.entries(options.collaborators ?? {}))
      created.collaborators.set(login, role);
    if (options.files !== undefined)
      created.git.refs.set(
        'refs/heads/main',
        created.git.commitFiles([], options.files, 'Commencer', this.#store.signature(owner)),
      );
    if (options.installed !== false) this.install(created);
    return created;
  }

  repositories(): readonly Repository[] {
    return [...this.#store.repositories.values()];
  }

  /** Installs the App on a repository, with all that its manifest asks for. */
  install(on: Repository): AppInstallation {
    return installApp(this.#store, on);
  }

  /** Adds someone to a repository, or changes their role there. */
  addCollaborator(to: Repository, person: GitHubUser, role: Role): void {
    to.collaborators.set(person.login, role);
  }

  /** A team of the organization; made when it is not there. */
  addToTeam(organization: string, slug: string, person: GitHubUser): void {
    const teams = this.#store.teams.get(organization) ?? [];
    this.#store.teams.set(organization, teams);
    const team = teams.find((one) => one.slug === slug) ?? {
      id: this.#store.nextId(),
      slug,
      members: new Set<string>(),
    };
    if (!teams.includes(team)) teams.push(team);
    team.members.add(person.login);
  }

  /** GitHub finds it by its new name only. */
  renameTeam(organization: string, from: string, to: string): void {
    const teams = this.#store.teams.get(organization) ?? [];
    const others = teams.filter(({ slug }) => slug !== from);
    const renamed = teams.filter(({ slug }) => slug === from).map((team) => ({ ...team, slug: to }));
    this.#store.teams.set(organization, [...others, ...renamed]);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const present = this.#presentPath(url);
    if (present !== undefined) return void response.writeHead(301, { location: present }).end();
    if (/^\/[^/]+\/[^/]+\.git\//.test(url.pathname)) return this.#git.serve(request, response, url);
    if (url.pathname.startsWith('/codeload/')) return this.#serveArchive(response, url);
    // GitHub Enterprise Server answers under /api/v3, github.com at the root of its own host: both do here.
    const ofApi = url.pathname.startsWith('/api/v3');
    if (!ofApi && (await serveManifestFlow(this.#store.manifests, request, response, url))) return;
    if (!ofApi && !this.#rest.hasRoute(request.method ?? 'GET', url.pathname)) {
      if (await servePage(this.#store, this.#language, request, response, url)) return;
    }
    if (ofApi) url.pathname = url.pathname.slice('/api/v3'.length) || '/';
    return this.#rest.serve(request, response, url);
  }

  /** Where a page or a clone is now whose repository has another name than the address says. */
  #presentPath({ pathname, search }: URL): string | undefined {
    const [, owner = '', name = '', rest = ''] =
      /^\/([^/]+)\/([^/]+?)((?:\.git)?(?:\/.*)?)$/.exec(pathname) ?? [];
    const of = this.#store.movedRepository(owner, name);
    return of === undefined ? undefined : `${this.url}/${fullName(of)}${rest}${search}`;
  }

  async #serveArchive(response: ServerResponse, url: URL): Promise<void> {
    const [, , owner = '', name = '', , sha = ''] = url.pathname.split('/');
    try {
      const of = this.#store.repository(owner, name);
      if (!this.#store.mayReadArchive(of, url.searchParams.get('token')))
        throw new ApiError(404, 'Not Found');
      const body = await buildArchive(of, sha);
      response.writeHead(200, {
        'content-type': 'application/x-gzip',
        'content-disposition': `attachment; filename=${owner}-${name}-${sha.slice(0, 7)}.tar.gz`,
      });
      response.end(body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      response.writeHead(error.status).end();
    }
  }
}

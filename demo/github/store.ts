/** Holds the state of the local GitHub, finds what is in it, and sends the webhooks about it. */

import { randomBytes } from 'node:crypto';
import { notFound } from './api-error.ts';
import type { PendingManifest } from './app-manifests.ts';
import { ObjectStore, type Signature } from './git/objects.ts';
import { GitRepository } from './git/repository.ts';
import { nodeId, serializeAccount } from './serializers/account.ts';
import type { SerializerContext } from './serializers/context.ts';
import { webhookRepositoryFields } from './serializers/repository.ts';
import {
  type Account,
  type App,
  type AppInstallation,
  fullName,
  type Issue,
  isPullRequest,
  type Permissions,
  type PullRequest,
  type Repository,
  type Role,
  type Team,
} from './state.ts';
import type { TestMergeSettings } from './test-merges.ts';
import type { Webhooks } from './webhooks.ts';

export interface InstallationToken {
  readonly token: string;
  readonly installation: AppInstallation;
  readonly permissions: Permissions;
  readonly repositories: readonly Repository[];
  readonly expiresAt: Date;
}

/** Limits that a test may want to meet sooner than at GitHub. */
export interface ApiLimits {
  /** Requests an hour of one installation. */
  readonly requests: number;
  /** Entries of a tree in one answer. */
  readonly treeEntries: number;
}

/** What GitHub allows. */
export const defaultLimits: ApiLimits = { requests: 5_000, treeEntries: 100_000 };

const rank: Readonly<Record<Role, number>> = { read: 0, triage: 1, write: 2, maintain: 3, admin: 4 };

export class GitHubStore implements SerializerContext {
  readonly app: App;
  readonly webhooks: Webhooks;
  readonly now: () => Date;
  readonly limits: ApiLimits;
  readonly accounts = new Map<string, Account>();
  readonly repositories = new Map<string, Repository>();
  readonly installations: AppInstallation[] = [];
  readonly installationTokens = new Map<string, InstallationToken>();
  /** By organization login. */
  readonly teams = new Map<string, Team[]>();
  /** Apps that someone asked for by GitHub's manifest flow, by the code that is their keys'. */
  readonly manifests = new Map<string, PendingManifest>();
  /** What the conversion of a manifest gives: the key of the one App that there is. */
  appPrivateKey = '';
  readonly testMerges: TestMergeSettings = { readsUnknown: 0, madeAgain: 'when the base moves' };
  /** By lower-cased name: what each name led to before its repository took another one. */
  readonly #formerNames = new Map<string, Repository>();
  readonly #archiveTokens = new Map<string, Repository>();
  #origin = '';
  #lastId: number;

  constructor(app: App, webhooks: Webhooks, now: () => Date, limits: ApiLimits) {
    this.app = app;
    this.webhooks = webhooks;
    this.now = now;
    this.limits = limits;
    this.#lastId = 1000;
    this.accounts.set(app.owner.login.toLowerCase(), app.owner);
    this.accounts.set(app.bot.login.toLowerCase(), app.bot);
  }

  get api(): string {
    return `${this.#origin}/api/v3`;
  }

  get html(): string {
    return this.#origin;
  }

  set origin(origin: string) {
    this.#origin = origin;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  createAccount(login: string, type: 'User' | 'Organization', name = login): Account {
    if (this.accounts.has(login.toLowerCase())) throw new Error(`There is an account ${login} already`);
    const created: Account = {
      id: this.nextId(),
      login,
      type,
      name,
      token: `ghp_${randomBytes(18).toString('hex')}`,
    };
    this.accounts.set(login.toLowerCase(), created);
    return created;
  }

  /** Gives an account another login, with which it keeps its rights; the old one is free. */
  renameAccount(who: Account, login: string): void {
    if (this.accounts.has(login.toLowerCase())) throw new Error(`There is an account ${login} already`);
    const old = who.login;
    this.accounts.delete(old.toLowerCase());
    who.login = login;
    this.accounts.set(login.toLowerCase(), who);
    for (const [name, of] of [...this.repositories])
      if (of.owner === who) {
        this.repositories.delete(name);
        this.#formerNames.set(name, of);
        this.repositories.set(fullName(of).toLowerCase(), of);
      }
    for (const { collaborators } of this.repositories.values()) {
      const role = collaborators.get(old);
      if (collaborators.delete(old) && role !== undefined) collaborators.set(login, role);
    }
    for (const { members } of [...this.teams.values()].flat()) if (members.delete(old)) members.add(login);
  }

  createRepository(
    owner: Account,
    name: string,
    options: { readonly private?: boolean; readonly parent?: Repository } = {},
  ): Repository {
    const { parent } = options;
    const created: Repository = {
      id: this.nextId(),
      owner,
      name,
      private: options.private ?? false,
      defaultBranch: 'main',
      // A fork shares the objects of its parent, as at GitHub.
      git: new GitRepository(parent?.git.objects ?? new ObjectStore()),
      parent,
      createdAt: this.now(),
      pushedAt: this.now(),
      collaborators: new Map(owner.type === 'User' ? [[owner.login, 'admin']] : []),
      labels: new Map(),
      issues: new Map(),
      checkRuns: [],
      deployments: [],
      requiredChecks: [],
      requiredApprovals: 0,
      mergeMethods: new Set(['merge', 'squash', 'rebase']),
      mergeQueue: [],
      activities: [],
    };
    if (this.repositories.has(fullName(created).toLowerCase()))
      throw new Error(`There is a repository ${fullName(created)} already`);
    this.repositories.set(fullName(created).toLowerCase(), created);
    return created;
  }

  /** Gives a repository another name or another owner. Its former name leads to it, until another one takes it. */
  moveRepository(of: Repository, to: { readonly name?: string; readonly owner?: Account }): void {
    const before = fullName(of).toLowerCase();
    const after = `${(to.owner ?? of.owner).login}/${to.name ?? of.name}`.toLowerCase();
    if (after !== before && this.repositories.has(after))
      throw new Error(`There is a repository ${after} already`);
    this.repositories.delete(before);
    this.#formerNames.set(before, of);
    of.name = to.name ?? of.name;
    of.owner = to.owner ?? of.owner;
    this.repositories.set(after, of);
  }

  removeRepository(of: Repository): void {
    this.repositories.delete(fullName(of).toLowerCase());
    for (const [name, led] of this.#formerNames) if (led === of) this.#formerNames.delete(name);
  }

  /** The repository that had this name, unless another one has it now. */
  movedRepository(owner: string, name: string): Repository | undefined {
    const key = `${owner}/${name}`.toLowerCase();
    return this.repositories.has(key) ? undefined : this.#formerNames.get(key);
  }

  account(login: string): Account {
    const found = this.accounts.get(login.toLowerCase());
    if (found === undefined) throw notFound();
    return found;
  }

  repository(owner: string, name: string): Repository {
    const found = this.repositories.get(`${owner}/${name}`.toLowerCase());
    if (found === undefined) throw notFound();
    return found;
  }

  issue(of: Repository, number: number): Issue {
    const found = of.issues.get(number);
    if (found === undefined) throw notFound();
    return found;
  }

  pull(of: Repository, number: number): PullRequest {
    const found = this.issue(of, number);
    if (!isPullRequest(found)) throw notFound();
    return found;
  }

  accountByToken(token: string): Account | undefined {
    return [...this.accounts.values()].find((one) => one.token === token && one.type === 'User');
  }

  accountByEmail(email: string): Account | undefined {
    return this.accounts.get(email.split('@')[0]?.split('+').at(-1)?.toLowerCase() ?? '');
  }

  /** A right to read one archive of a private repository without further credentials. */
  archiveToken(of: Repository): string {
    const token = randomBytes(12).toString('hex');
    this.#archiveTokens.set(token, of);
    return token;
  }

  mayReadArchive(of: Repository, token: string | null): boolean {
    return !of.private || (token !== null && this.#archiveTokens.get(token) === of);
  }

  signature(who: Account): Signature {
    const email = `${who.id}+${who.login}@users.noreply.${new URL(this.#origin).hostname}`;
    return { name: who.name, email, date: this.now() };
  }

  installationOn(of: Repository): AppInstallation | undefined {
    return this.installations.find((one) => one.repositories.includes(of));
  }

  roleOf(of: Repository, who: Account): Role | undefined {
    return of.collaborators.get(who.login);
  }

  /** Whether someone has at least this role. Everyone may read what is public. */
  may(who: Account, role: Role, of: Repository): boolean {
    const has = this.roleOf(of, who) ?? (of.private ? undefined : 'read');
    return has !== undefined && rank[has] >= rank[role];
  }

  /** Sends the App a webhook about a repository, when it is installed there and subscribed to the event. */
  emitWebhook(
    event: string,
    action: string | undefined,
    of: Repository,
    sender: Account,
    payload: Readonly<Record<string, unknown>>,
  ): void {
    const installation = this.installationOn(of);
    if (installation === undefined || !this.#isSubscribed(event, action, installation)) return;
    this.webhooks.send(
      {
        event,
        action: action ?? null,
        installation: installation.id,
        repository: of.id,
      },
      {
        ...(action === undefined ? {} : { action }),
        ...payload,
        ...webhookRepositoryFields(this, of),
        sender: serializeAccount(this, sender),
        installation: { id: installation.id, node_id: nodeId('Installation', installation.id) },
      },
    );
  }

  /** Sends the App a webhook about one of its installations, which no App can do without. */
  emitInstallationWebhook(
    event: 'installation' | 'installation_repositories',
    action: string,
    installation: AppInstallation,
    sender: Account,
    payload: Readonly<Record<string, unknown>>,
  ): void {
    this.webhooks.send(
      { event, action, installation: installation.id, repository: null },
      { action, ...payload, sender: serializeAccount(this, sender) },
    );
  }

  #isSubscribed(event: string, action: string | undefined, installation: AppInstallation): boolean {
    if (event === 'installation' || event === 'installation_repositories') return true;
    // An App that may write checks always gets a webhook when one is asked for again.
    if ((event === 'check_run' || event === 'check_suite') && action === 'rerequested')
      return installation.permissions.checks === 'write';
    return this.app.events.includes(event);
  }
}

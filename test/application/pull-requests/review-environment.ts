/** A local GitHub with a registry, a store, and what a review works with: for tests of whole stories. */
import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { ReviewDeps } from '#application/mirror/deps';
import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewStore } from '#application/mirror/review-store';
import type { CellName } from '#base/config/cells';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { ApiExchange } from '#demo/github/rest-api';
import { fullName, type PullRequest, type Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { completeExample } from '#domain/definition/rules/complete-example';
import type { Database } from '#infrastructure/database/database';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import { exchangeProblems } from '../../demo/openapi.ts';
import { opened, type Scratch, thisEngine } from '../../infrastructure/database/engines.ts';

const silent = () => undefined;
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** What `app.yml` asks for by default. */
const permissions = {
  contents: 'read',
  checks: 'write',
  issues: 'write',
  deployments: 'write',
  pull_requests: 'write',
  metadata: 'read',
  members: 'read',
} as const;

/** A file of a definition of a cell, with some of its keys replaced. */
export function definitionFile(
  id: string,
  yaml = '',
  cell: CellName = 'internet/integration',
): Record<string, string> {
  const path = `service-providers/${cell}/${id}.yaml`;
  return { [path]: completeExample({ yaml, cell, path }).text };
}

/** A definition whose name and addresses are its own. */
export function serviceFile(
  id: string,
  cell: CellName = 'internet/integration',
  more = '',
): Record<string, string> {
  const url = `https://${id}.ville-${id}.fr`;
  return definitionFile(
    id,
    `name: Service ${id}\nredirect_uris:\n  - ${url}/retour\npost_logout_redirect_uris:\n  - ${url}/fin${more}`,
    cell,
  );
}

export class ReviewEnvironment {
  readonly exchanges: ApiExchange[] = [];
  readonly github: LocalGitHub;
  readonly store: Database;
  readonly #scratch: Scratch;
  #installation = 0;
  /** Of the registry's rows in the store: the name that it had first. */
  #key = '';
  repository: Repository;
  alice: GitHubUser;
  bob: GitHubUser;
  deps: ReviewDeps;

  private constructor(github: LocalGitHub, store: Database, scratch: Scratch, exchanges: ApiExchange[]) {
    this.github = github;
    this.store = store;
    this.#scratch = scratch;
    this.exchanges = exchanges;
    this.alice = github.createUser('alice');
    this.bob = github.createUser('bob');
    this.repository = this.createRegistry({ 'README.md': '# Registre\n' });
    this.deps = this.createDeps();
  }

  static async open(
    granted: Partial<Record<keyof typeof permissions, 'write' | 'read'>> = {},
  ): Promise<ReviewEnvironment> {
    const exchanges: ApiExchange[] = [];
    const github = await startLocalGitHub({
      privateKey,
      permissions: { ...permissions, ...granted },
      events: [],
      onExchange: (exchange) => exchanges.push(exchange),
    });
    const scratch = await thisEngine.scratch();
    return new ReviewEnvironment(github, await opened(scratch.location), scratch, exchanges);
  }

  /** A new registry, which takes the place of the one before. Bob can write to it. */
  createRegistry(files: Readonly<Record<string, string>>): Repository {
    this.repository = this.github.createRepository(
      `org-${Math.random().toString(36).slice(2, 10)}/registre`,
      {
        files: { 'README.md': '# Registre\n', ...files },
        collaborators: { bob: 'write' },
        installed: false,
      },
    );
    this.#installation = this.github.install(this.repository).id;
    this.#key = fullName(this.repository);
    this.deps = this.createDeps();
    return this.repository;
  }

  /** A client of the App in the present registry. */
  client(): Octokit {
    return new Octokit({
      baseUrl: this.github.api,
      authStrategy: createAppAuth,
      auth: { appId: this.github.appId, privateKey, installationId: this.#installation },
      log: { debug: silent, info: silent, warn: silent, error: silent },
    });
  }

  /** Deps that know what the store holds, and nothing else: as after a restart. */
  createDeps(store = new ReviewStore(this.store.db), client = this.client()): ReviewDeps {
    const repo = this.#key;
    const repository = repositoryClient(client, fullName(this.repository), String(this.repository.id));
    const { appId } = this.github;
    const mirror = new RegistryMirror(repo, store);
    return { repo, repository, appId, appLogin: 'greffier[bot]', store, mirror };
  }

  propose(
    files: Readonly<Record<string, string | null>>,
    by = this.alice,
    branch = `demande-${this.repository.git.refs.size}`,
  ): PullRequest {
    return by.openPullRequest(this.repository, { branch, title: 'Demande', files });
  }

  /** What GitHub's own description has to say against what was sent and answered. */
  apiProblems(): string[] {
    return this.exchanges.flatMap(exchangeProblems);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.github.stop();
    await this.#scratch.remove();
  }
}

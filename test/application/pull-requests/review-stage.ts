/** A local GitHub with a registry, a store, and a room to review in: the stage of whole stories. */
import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { ReviewRoom } from '#application/mirror/deps';
import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewMemory } from '#application/mirror/review-store';
import type { CellName } from '#base/config/cells';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Person } from '#demo/github/people';
import type { Exchange } from '#demo/github/rest';
import type { PullRequest, Repository } from '#demo/github/state';
import { completed } from '#domain/definition/rules/complete-example';
import type { Store } from '#infrastructure/database/database';
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
export function definition(
  id: string,
  yaml = '',
  cell: CellName = 'internet/integration',
): Record<string, string> {
  const path = `service-providers/${cell}/${id}.yaml`;
  return { [path]: completed({ yaml, cell, path }).text };
}

/** A definition whose name and addresses are its own. */
export function service(
  id: string,
  cell: CellName = 'internet/integration',
  more = '',
): Record<string, string> {
  const url = `https://${id}.ville-${id}.fr`;
  return definition(
    id,
    `name: Service ${id}\nredirect_uris:\n  - ${url}/retour\npost_logout_redirect_uris:\n  - ${url}/fin${more}`,
    cell,
  );
}

export class Stage {
  readonly exchanges: Exchange[] = [];
  readonly github: LocalGitHub;
  readonly store: Store;
  readonly #scratch: Scratch;
  #installation = 0;
  repository: Repository;
  alice: Person;
  bob: Person;
  room: ReviewRoom;

  private constructor(github: LocalGitHub, store: Store, scratch: Scratch, exchanges: Exchange[]) {
    this.github = github;
    this.store = store;
    this.#scratch = scratch;
    this.exchanges = exchanges;
    this.alice = github.createPerson('alice');
    this.bob = github.createPerson('bob');
    this.repository = this.registry({ 'README.md': '# Registre\n' });
    this.room = this.enter();
  }

  static async open(
    granted: Partial<Record<keyof typeof permissions, 'write' | 'read'>> = {},
  ): Promise<Stage> {
    const exchanges: Exchange[] = [];
    const github = await startLocalGitHub({
      privateKey,
      permissions: { ...permissions, ...granted },
      events: [],
      observe: (exchange) => exchanges.push(exchange),
    });
    const scratch = await thisEngine.scratch();
    return new Stage(github, await opened(scratch.location), scratch, exchanges);
  }

  /** A new registry, to which the stage turns. Bob can write to it. */
  registry(files: Readonly<Record<string, string>>): Repository {
    this.repository = this.github.createRepository(
      `org-${Math.random().toString(36).slice(2, 10)}/registre`,
      {
        files: { 'README.md': '# Registre\n', ...files },
        collaborators: { bob: 'write' },
        installed: false,
      },
    );
    this.#installation = this.github.install(this.repository).id;
    this.room = this.enter();
    return this.repository;
  }

  /** A client of the App in the registry that the stage shows. */
  client(): Octokit {
    return new Octokit({
      baseUrl: this.github.api,
      authStrategy: createAppAuth,
      auth: { appId: this.github.appId, privateKey, installationId: this.#installation },
      log: { debug: silent, info: silent, warn: silent, error: silent },
    });
  }

  /** A room that remembers what the store holds, and nothing else: as after a restart. */
  enter(memory = new ReviewMemory(this.store.db), client = this.client()): ReviewRoom {
    const repo = `${this.repository.owner.login}/${this.repository.name}`;
    const gate = { client, owner: this.repository.owner.login, repo: this.repository.name };
    return { repo, gate, appId: this.github.appId, memory, mirror: new RegistryMirror(repo, memory) };
  }

  propose(
    files: Readonly<Record<string, string | null>>,
    by = this.alice,
    branch = `demande-${this.repository.git.refs.size}`,
  ): PullRequest {
    return by.openPullRequest(this.repository, { branch, title: 'Demande', files });
  }

  /** What GitHub's own description has to say against what was sent and answered. */
  problems(): string[] {
    return this.exchanges.flatMap(exchangeProblems);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.github.stop();
    await this.#scratch.remove();
  }
}

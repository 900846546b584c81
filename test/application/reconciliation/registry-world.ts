/**
 * A registry on the local GitHub with the whole of Greffier over it, by its jobs: reviews, commands and reconciliations, an
 * OpenID provider that registers the clients of both environments, and people who act on GitHub.
 */
import { randomBytes } from 'node:crypto';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { runCommands } from '#application/pull-requests/run-commands';
import { type CellName, cellNames } from '#base/config/cells';
import { type CellConfiguration, defaultConfiguration } from '#base/config/config-file';
import { Secret } from '#base/config/secret';
import { createLog } from '#base/observability/logger';
import type { Issue, PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import { JobQueue } from '#infrastructure/queue/job-queue';
import type { Lease } from '#infrastructure/queue/lease';
import { createProvisioning, type Provisioning } from '#main/provisioning';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../../infrastructure/identity-providers/partner-api.ts';
import { type Undisturbed, undisturbed } from '../../infrastructure/queue/leases.ts';
import { type Directory, startDirectory } from '../directory.ts';
import { ReviewEnvironment } from '../pull-requests/review-environment.ts';

/** Of Greffier's own addresses at the partner API. */
export const identityDomain = 'registre.example.fr';

/** Who has the clients of a cell: a server that registers them, the partner API, or people, asked in the registry or elsewhere. */
export type CellProvider = 'registration' | 'proconnect' | 'manual' | { readonly requests: string };

/** What seals in these worlds. */
export const worldKey = randomBytes(32).toString('base64');
/** What opens what it sealed. */
export const worldVault = vaultWith(parseKeyring(worldKey));

export class RegistryWorld {
  readonly environment: ReviewEnvironment;
  readonly openid: LocalOpenIdProvider;
  readonly partner: PartnerApi;
  readonly directory: Directory;
  /** Whether a mail server is named; from the next beginning on. */
  hasMail = true;
  #cells: readonly CellName[] = [];
  #providers: Readonly<Partial<Record<CellName, CellProvider>>> = {};
  /** Someone who may write, besides Bob. */
  readonly dan: GitHubUser;
  provisioning: Undisturbed;
  /** The same, for jobs under leases of their own. */
  services: Provisioning;

  private constructor(
    environment: ReviewEnvironment,
    openid: LocalOpenIdProvider,
    partner: PartnerApi,
    directory: Directory,
  ) {
    this.directory = directory;
    this.partner = partner;
    this.environment = environment;
    this.openid = openid;
    this.dan = environment.github.createUser('dan');
    this.services = this.#start(['internet/integration', 'internet/production']);
    this.provisioning = undisturbed(this.services, environment.store.db);
  }

  /** @param granted what the App may do, besides what `app.yml` asks for */
  static async open(granted: Parameters<typeof ReviewEnvironment.open>[0] = {}): Promise<RegistryWorld> {
    const environment = await ReviewEnvironment.open({ deployments: 'write', ...granted });
    const [openid, partner] = [await startLocalOpenIdProvider(), await startPartnerApi()];
    return new RegistryWorld(environment, openid, partner, await startDirectory());
  }

  /** A new registry, of which nothing was reconciled. Bob and Dan can write to it, Alice cannot. */
  begin(
    files: Readonly<Record<string, string>>,
    cells: readonly CellName[] = ['internet/integration', 'internet/production'],
  ): void {
    this.environment.createRegistry(files);
    this.environment.github.addCollaborator(this.environment.repository, this.dan, 'write');
    this.openid.forget();
    this.partner.clients.clear();
    this.#providers = {};
    this.restart(cells);
  }

  /** As after a restart: only what the store holds is known. */
  restart(cells: readonly CellName[] = this.#cells, lease?: Lease): Undisturbed {
    this.services = this.#start(cells);
    this.provisioning = undisturbed(this.services, this.environment.store.db, lease);
    return this.provisioning;
  }

  /** The operator has the clients of some cells elsewhere than at the server that registers them. */
  provide(providers: Readonly<Partial<Record<CellName, CellProvider>>>): void {
    this.#providers = providers;
    this.restart();
  }

  providerOf(cell: CellName): CellProvider {
    return this.#providers[cell] ?? 'registration';
  }

  #configurationOf(cell: CellName): CellConfiguration {
    const provider = this.providerOf(cell);
    const { openid, partner } = this;
    if (provider === 'proconnect')
      return {
        provider,
        url: partner.url,
        secret: new Secret(partnerSecret),
        identityDomain,
        issuer: openid.issuer,
        repair: false,
      };
    if (provider === 'registration')
      return {
        provider,
        issuer: openid.issuer,
        initialAccessToken: new Secret(openid.initialAccessToken),
        repair: false,
      };
    return { provider: 'manual', ...(provider !== 'manual' && { repository: provider.requests }) };
  }

  #start(cells: readonly CellName[]): Provisioning {
    this.#cells = cells;
    const deps = this.environment.createDeps();
    return createProvisioning({
      settings: {
        key: new Secret(worldKey),
        publicUrl: 'https://greffier.example.fr',
        ...(this.hasMail && { smtpUrl: new Secret('smtp://127.0.0.1:9') }),
        datapass: { url: 'http://127.0.0.1:9' },
        entreprisesUrl: this.directory.url,
      },
      configuration: {
        ...defaultConfiguration,
        cells: Object.fromEntries(
          cellNames.flatMap((name) =>
            cells.includes(name) ? [[name, this.#configurationOf(name)] as const] : [],
          ),
        ),
      },
      db: this.environment.store.db,
      jobs: new JobQueue(this.environment.store.db),
      log: createLog('fatal'),
      repo: deps.repo,
      installation: 1,
      appId: deps.appId,
      registry: deps.repository,
      repository: (name, id) => repositoryClient(this.environment.client(), name, id),
      mirror: deps.mirror,
      reviewStore: deps.store,
      userAgent: 'greffier/test',
      registryUrl: 'https://github.com/org/registre',
    });
  }

  /** The verdict on a pull request, with the plan that is shown. */
  async review(pull: PullRequest): Promise<void> {
    const deps = { ...this.environment.createDeps(), clientsOf: this.provisioning.clientsOf };
    await reviewPullRequest(deps, pull.number);
  }

  async reconcile(sweep = false): Promise<void> {
    const place = { installation: 1, repo: this.environment.deps.repo };
    const job = { id: 1, request: 'test', since: new Date(), attempt: 1 };
    await this.provisioning.reconcile({ ...job, kind: 'reconcile', payload: { ...place, sweep } });
    // What a sweep asks for besides.
    if (sweep) await this.provisioning.checkLive({ ...job, kind: 'live-checks', payload: place });
  }

  /** What someone writes, and what Greffier makes of it. @returns the reactions to the comment */
  async say(by: GitHubUser, on: Issue | PullRequest, body: string): Promise<readonly string[]> {
    const { repository, deps } = this.environment;
    const comment = by.comment(repository, on, body);
    const author = { id: by.account.id, login: by.login, bot: false };
    await runCommands(
      {
        review: deps,
        requestReview: async () => undefined,
        runProvisioningCommand: this.provisioning.runCommand,
        runKeep: this.provisioning.runKeep,
      },
      on.number,
      { id: comment.id, body, author },
    );
    return comment.reactions.map(({ content }) => content);
  }

  /** The clients that the provider has, by name: their redirect URIs, or undefined where they were deactivated. */
  clients(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      this.openid
        .clients()
        .map((client) => [String(client.client_name), (client.redirect_uris ?? []) as string[]]),
    );
  }

  async states(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.environment.store.db
      .selectFrom('clients')
      .select(['cell', 'id', 'state'])
      .where('registry', '=', this.environment.deps.repo)
      .orderBy('cell')
      .orderBy('id')
      .execute();
    return Object.fromEntries(rows.map(({ cell, id, state }) => [`${cell}/${id}`, state]));
  }

  /** The open issue of a title. */
  issue(title: string): Issue | undefined {
    return [...this.environment.repository.issues.values()].find(
      (issue) => issue.title.includes(title) && issue.state === 'open',
    );
  }

  async close(): Promise<void> {
    await this.openid.stop();
    await this.partner.close();
    await this.directory.stop();
    await this.environment.close();
  }
}

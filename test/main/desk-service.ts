/** The desk of a whole service, with a GitHub, an OpenID provider, a mailbox and a reviewer, all on this machine. */
import { randomBytes } from 'node:crypto';
import { readConfiguration } from '#base/config/config-file';
import { readEnvironment } from '#base/config/environment';
import { createLog } from '#base/observability/logger';
import { freePort } from '#demo/bot-process';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import { isPullRequest, type PullRequest, type Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { type LookupServices, startLookupServices } from '#demo/lookup-services';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { agent, type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import type { ServiceContext } from '#main/context';
import { buildHandlers } from '#main/handlers';
import { type Service, startService } from '#main/start';
import { type Scratch, thisEngine } from '../infrastructure/database/engines.ts';

const webhookSecret = 'secret-of-the-webhooks-0123456789';

export class DeskService {
  readonly github: LocalGitHub;
  readonly openid: LocalOpenIdProvider;
  readonly mailbox: Mailbox;
  readonly registry: Repository;
  /** A reviewer. */
  readonly bob: GitHubUser;
  readonly origin: string;
  /** `GREFFIER_KEY`. */
  readonly key = randomBytes(32).toString('base64');
  /** Of the log. */
  readonly lines: string[] = [];
  readonly #lookups: LookupServices;
  readonly #scratch: Scratch;
  #service: Service | undefined;
  #context: ServiceContext | undefined;

  private constructor(
    parts: readonly [LocalGitHub, LocalOpenIdProvider, Mailbox, LookupServices, Scratch],
    port: number,
  ) {
    [this.github, this.openid, this.mailbox, this.#lookups, this.#scratch] = parts;
    this.bob = this.github.createUser('bob');
    this.registry = this.github.createRepository('org/registre', {
      files: {
        'README.md': '# Registre\n',
        '.github/greffier.yaml': 'approvals:\n  integration: 1\nrecertify: 365d\n',
      },
      collaborators: { bob: 'write' },
    });
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async open(): Promise<DeskService> {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    const parts = await Promise.all([
      startLocalGitHub({ permissions: { ...permissions, contents: 'write' }, events: neededEvents }),
      startLocalOpenIdProvider(),
      startMailbox(),
      startLookupServices(),
      thisEngine.scratch(),
    ]);
    const port = await freePort();
    const desk = new DeskService(parts, port);
    await desk.#start(port);
    return desk;
  }

  async #start(port: number): Promise<void> {
    const { github, openid, mailbox, origin } = this;
    const { location } = this.#scratch;
    const registered = await fetch(`${openid.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${openid.initialAccessToken}` },
      body: JSON.stringify({ client_name: 'Guichet', redirect_uris: [`${origin}/connexion/retour`] }),
    });
    const client = (await registered.json()) as { client_id: string; client_secret: string };
    const environment = {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      GREFFIER_KEY: this.key,
      IDP_TOKEN: openid.initialAccessToken,
      DESK_SECRET: client.client_secret,
      ENTREPRISES_URL: this.#lookups.url,
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'greffier@registre-fictif.fr',
      WEBHOOK_SECRET: webhookSecret,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: origin,
      ...('url' in location ? { DATABASE_URL: location.url } : { GREFFIER_DATA: location.folder }),
    };
    const settings = readEnvironment(environment);
    const read = readConfiguration(
      `registry: org/registre
cells:
  internet/integration: { provider: registration, issuer: "${openid.issuer}", initial_access_token: "\${IDP_TOKEN}" }
front_desk:
  sign_in: { issuer: "${openid.issuer}", client_id: "${client.client_id}", client_secret: "\${DESK_SECRET}", email_verified: assumed }
  operators: ["${agent.email}"]
  catalogue: public
sweep: 1d
`,
      'greffier.config.yaml',
      environment,
    );
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
    github.webhooks.target = { url: `${origin}/api/github/webhooks`, secret: webhookSecret };
    await started.service.atWork;
  }

  /** What the service is built of. */
  get context(): ServiceContext {
    if (this.#context === undefined) throw new Error('not started');
    return this.#context;
  }

  pulls(): readonly PullRequest[] {
    return [...this.registry.issues.values()].filter(isPullRequest);
  }

  async close(): Promise<void> {
    this.github.webhooks.target = undefined;
    await this.#service?.stop(5000);
    await Promise.all([this.github.stop(), this.openid.stop(), this.mailbox.stop(), this.#lookups.stop()]);
    await this.#scratch.remove();
  }
}

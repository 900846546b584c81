/** The environment in which the stories run: every server that Greffier has around it in production, on this machine. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Language } from '#base/i18n/message';
import { startApplication } from './application.ts';
import { BotProcess, freePort } from './bot-process.ts';
import { readme } from './definitions.ts';
import { type LocalGitHub, startLocalGitHub } from './github/local-github.ts';
import type { Permissions, Repository } from './github/state.ts';
import type { GitHubUser } from './github/user.ts';
import type { LocalPages } from './local-pages.ts';
import { startLookupServices } from './lookup-services.ts';
import { startMailPages } from './mail-pages.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from './openid-provider.ts';
import { agent, operator } from './people.ts';

export const registryName = 'registre-fictif/proconnect';

export interface DemoEnvironmentOptions {
  /** The script of the command line, which `serve` is started with. */
  readonly entry: string;
  readonly language: Language;
}

export interface DemoEnvironment {
  readonly github: LocalGitHub;
  readonly registry: Repository;
  /** Asks for a service by Git; has no right on the registry. */
  readonly applicant: GitHubUser;
  /** The applicant's own copy of the registry. */
  readonly fork: Repository;
  /** Reviews and merges. */
  readonly reviewer: GitHubUser;
  readonly mailbox: Mailbox;
  /** Where mails are read. */
  readonly mailPages: LocalPages;
  /** Of production, and of those who sign in at the desk. */
  readonly openid: LocalOpenIdProvider;
  /** Of integration. */
  readonly integration: LocalOpenIdProvider;
  /** An application in which keys can be tried. */
  readonly application: LocalPages;
  readonly bot: BotProcess;
  /** Stops everything and leaves nothing behind. */
  stop(): Promise<void>;
}

/** Starts every server around the bot, which is ready to be started. */
export async function startEnvironment({
  entry,
  language,
}: DemoEnvironmentOptions): Promise<DemoEnvironment> {
  const folder = mkdtempSync(join(tmpdir(), 'greffier-demo-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const desk = { id: 'guichet', secret: randomBytes(24).toString('base64url') };
  const people = [agent, operator];
  const [mailbox, lookups, openid, integration] = await Promise.all([
    startMailbox(),
    startLookupServices(),
    startLocalOpenIdProvider({
      language,
      people,
      configuration: { clients: [deskClient(desk, url, language)] },
    }),
    startLocalOpenIdProvider({ language, people }),
  ]);
  const [mailPages, application] = await Promise.all([
    startMailPages(mailbox, language),
    startApplication(
      [
        { environment: 'integration', issuer: integration.issuer },
        { environment: 'production', issuer: openid.issuer },
      ],
      language,
    ),
  ]);
  const webhookSecret = randomBytes(24).toString('hex');
  const asked = askedByManifest();
  const github = await startLocalGitHub({
    ...asked,
    // As an operator with a front desk grants it: what is optional, and the desk needs.
    permissions: { ...asked.permissions, contents: 'write' },
    language,
    webhook: { url: `${url}/api/github/webhooks`, secret: webhookSecret },
    // The sweep of the demo comes each second: at GitHub's 5,000 requests an hour, nothing would happen after some minutes.
    limits: { requests: 1_000_000 },
  });
  const applicant = github.createUser('sacha', 'Sacha Lambert');
  const reviewer = github.createUser('dominique', 'Dominique Petit');
  const registry = github.createRepository(registryName, {
    files: { 'README.md': readme, '.github/greffier.yaml': `language: ${language}\n` },
    collaborators: { [reviewer.login]: 'write' },
  });
  // As docs/registry.md has it: the check must succeed, and the App is its only source.
  registry.requiredChecks.push({ context: 'greffier', appId: github.appId });
  const fork = applicant.fork(registry);
  await github.webhooks.settled();
  const configuration = join(folder, 'greffier.config.yaml');
  writeFileSync(
    configuration,
    configurationText({ production: openid.issuer, integration: integration.issuer, desk: desk.id }),
  );
  mkdirSync(join(folder, 'data'));
  const bot = new BotProcess({
    entry,
    port,
    log: join(folder, 'greffier.log'),
    environment: {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PUBLIC_URL: url,
      GREFFIER_DATA: join(folder, 'data'),
      GREFFIER_CONFIG: configuration,
      GREFFIER_KEY: randomBytes(32).toString('base64'),
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'greffier@registre-fictif.fr',
      ENTREPRISES_URL: lookups.url,
      DATAPASS_URL: lookups.url,
      DATAPASS_CLIENT_ID: lookups.clientId,
      DATAPASS_CLIENT_SECRET: lookups.clientSecret,
      PRODUCTION_TOKEN: openid.initialAccessToken,
      INTEGRATION_TOKEN: integration.initialAccessToken,
      DESK_SECRET: desk.secret,
      LANG: language,
    },
  });
  const servers = [github, mailbox, mailPages, openid, integration, application, lookups];
  return {
    github,
    registry,
    applicant,
    fork,
    reviewer,
    mailbox,
    mailPages,
    openid,
    integration,
    application,
    bot,
    async stop() {
      await bot.stop();
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The desk is a service provider like any other (docs/guichet.md). */
function deskClient(
  { id, secret }: { readonly id: string; readonly secret: string },
  url: string,
  language: Language,
) {
  return {
    client_id: id,
    client_secret: secret,
    client_name: language === 'fr' ? 'Guichet ProConnect' : 'ProConnect front desk',
    redirect_uris: [`${url}/connexion/retour`],
    post_logout_redirect_uris: [`${url}/`],
    userinfo_signed_response_alg: 'RS256',
  } as const;
}

/** What the App asks for when it is created. */
export function askedByManifest(): { readonly permissions: Permissions; readonly events: readonly string[] } {
  const text = readFileSync(new URL('../app.yml', import.meta.url), 'utf8');
  const read = parse(text) as { default_permissions: Permissions; default_events: readonly string[] };
  return { permissions: read.default_permissions, events: read.default_events };
}

/** The cells of the configuration, each at a provider of the demo by its issuer. */
export function cellsText(of: { readonly integration: string; readonly production: string }): string {
  return `cells:
  internet/integration:
    provider: registration
    issuer: ${of.integration}
    initial_access_token: \${INTEGRATION_TOKEN}
  internet/production:
    provider: registration
    issuer: ${of.production}
    initial_access_token: \${PRODUCTION_TOKEN}`;
}

/** Sweeps come every second, so that drift is found while one watches. */
function configurationText(of: {
  readonly production: string;
  readonly integration: string;
  readonly desk: string;
}): string {
  return `registry: ${registryName}
${cellsText(of)}
front_desk:
  sign_in:
    issuer: ${of.production}
    client_id: ${of.desk}
    client_secret: \${DESK_SECRET}
    email_verified: assumed
  operators: [${operator.email}]
  catalogue: public
sweep: 1s
removal_delay: 1s
`;
}

/** The environment in which the story runs: every server that Greffier has around it in production, on this machine. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Language } from '#base/i18n/message';
import { BotProcess, freePort } from './bot-process.ts';
import { readme } from './definitions.ts';
import { type LocalGitHub, startLocalGitHub } from './github/local-github.ts';
import type { Permissions, Repository } from './github/state.ts';
import type { GitHubUser } from './github/user.ts';
import { startLookupServices } from './lookup-services.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from './openid-provider.ts';

export const registryName = 'registre-fictif/proconnect';

export interface DemoEnvironmentOptions {
  /** The script of the command line, which `serve` is started with. */
  readonly entry: string;
  readonly language: Language;
}

export interface DemoEnvironment {
  readonly github: LocalGitHub;
  readonly registry: Repository;
  /** Asks for a service; has no right on the registry. */
  readonly applicant: GitHubUser;
  /** Reviews and merges. */
  readonly reviewer: GitHubUser;
  readonly mailbox: Mailbox;
  readonly openid: LocalOpenIdProvider;
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
  const [mailbox, openid, lookups, port] = await Promise.all([
    startMailbox(),
    startLocalOpenIdProvider({ language }),
    startLookupServices(),
    freePort(),
  ]);
  const webhookSecret = randomBytes(24).toString('hex');
  const url = `http://127.0.0.1:${port}`;
  const github = await startLocalGitHub({
    ...manifest(),
    webhook: { url: `${url}/api/github/webhooks`, secret: webhookSecret },
  });
  const applicant = github.createUser('camille', 'Camille Durand');
  const reviewer = github.createUser('dominique', 'Dominique Petit');
  const registry = github.createRepository(registryName, {
    files: { 'README.md': readme, '.github/greffier.yaml': `language: ${language}\n` },
    collaborators: { [reviewer.login]: 'write' },
  });
  await github.webhooks.settled();
  const configuration = join(folder, 'greffier.config.yaml');
  writeFileSync(configuration, configurationText(openid.issuer));
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
      IDP_TOKEN: openid.initialAccessToken,
      LANG: language,
    },
  });
  return {
    github,
    registry,
    applicant,
    reviewer,
    mailbox,
    openid,
    bot,
    async stop() {
      await bot.stop();
      await Promise.all([github.stop(), mailbox.stop(), openid.stop(), lookups.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the App asks for when it is created: its manifest, as an operator registers it. */
function manifest(): { permissions: Permissions; events: readonly string[] } {
  const text = readFileSync(new URL('../app.yml', import.meta.url), 'utf8');
  const read = parse(text) as { default_permissions: Permissions; default_events: readonly string[] };
  return { permissions: read.default_permissions, events: read.default_events };
}

/** Sweeps come every two seconds, so that drift is found while one watches. */
function configurationText(issuer: string): string {
  return `registry: ${registryName}
cells:
  internet/production:
    provider: registration
    issuer: ${issuer}
    initial_access_token: \${IDP_TOKEN}
sweep: 2s
removal_delay: 1s
`;
}

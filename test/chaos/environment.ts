/** Everything that Greffier has around it in production, on this machine, each behind something that fails at times. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { StoreLocation } from '#base/config/environment';
import { seededRandom } from '#demo/github/fault-injector';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Permissions, Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { startLookupServices } from '#demo/lookup-services';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import type { Scratch } from '../infrastructure/database/engines.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../infrastructure/identity-providers/partner-api.ts';
import { BotProcesses, startLoadBalancer } from './bot-processes.ts';
import { ChaosFaults } from './faults.ts';
import { startFaultyHttpProxy } from './faulty-http-proxy.ts';
import { startFaultySmtpProxy } from './faulty-smtp-proxy.ts';

const registryName = 'registre-fictif/proconnect';

export interface ChaosEnvironmentOptions {
  readonly scratch: Scratch;
  readonly processes: number;
  readonly seed: number;
  /** The part of all requests that meets a fault, 0 to 1. */
  readonly rate: number;
}

export interface ChaosEnvironment {
  readonly github: LocalGitHub;
  readonly registry: Repository;
  readonly reviewer: GitHubUser;
  readonly partner: PartnerApi;
  readonly openid: LocalOpenIdProvider;
  readonly mailbox: Mailbox;
  readonly bots: BotProcesses;
  readonly faults: ChaosFaults;
  readonly location: StoreLocation;
  /** What must be found nowhere. */
  readonly secrets: () => readonly string[];
  stop(): Promise<void>;
}

export async function startChaosEnvironment(options: ChaosEnvironmentOptions): Promise<ChaosEnvironment> {
  const { scratch, seed } = options;
  const faults = new ChaosFaults(seed, options.rate);
  const random = seededRandom(seed + 1);
  const folder = mkdtempSync(join(tmpdir(), 'greffier-chaos-'));
  const proxies = {
    github: await startFaultyHttpProxy('github', faults),
    partner: await startFaultyHttpProxy('partner', faults),
    openid: await startFaultyHttpProxy('openid', faults),
    lookups: await startFaultyHttpProxy('lookups', faults),
  };
  const [mailbox, partner, lookups] = await Promise.all([
    startMailbox(),
    startPartnerApi(),
    startLookupServices(),
  ]);
  const initialAccessToken = randomBytes(24).toString('base64url');
  const openid = await startLocalOpenIdProvider({
    issuer: proxies.openid.url,
    initialAccessToken,
    configuration: { features: providerFeatures(initialAccessToken) },
  });
  const smtp = await startFaultySmtpProxy(mailbox.url, faults);
  const webhookSecret = randomBytes(24).toString('hex');
  const key = randomBytes(32).toString('base64');
  const loadBalancer = await startLoadBalancer(() => bots.ports, random);
  const github = await startLocalGitHub({
    ...manifest(),
    webhook: { url: `${loadBalancer.url}/api/github/webhooks`, secret: webhookSecret },
    limits: { requests: 1_000_000 },
  });
  proxies.github.target = github.url;
  proxies.partner.target = partner.url;
  proxies.openid.target = openid.origin;
  proxies.lookups.target = lookups.url;
  const configuration = join(folder, 'greffier.config.yaml');
  writeFileSync(configuration, configurationText(proxies.partner.url, openid.issuer));
  const reviewer = github.createUser('dominique', 'Dominique Petit');
  const bots = new BotProcesses({
    location: scratch.location,
    count: options.processes,
    log: join(folder, 'greffier.log'),
    random,
    environment: {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GHE_HOST: new URL(proxies.github.url).host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PUBLIC_URL: loadBalancer.url,
      ...('url' in scratch.location
        ? { DATABASE_URL: scratch.location.url }
        : { GREFFIER_DATA: scratch.location.folder }),
      GREFFIER_CONFIG: configuration,
      GREFFIER_KEY: key,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'greffier@registre-fictif.fr',
      ENTREPRISES_URL: proxies.lookups.url,
      DATAPASS_URL: proxies.lookups.url,
      DATAPASS_CLIENT_ID: lookups.clientId,
      DATAPASS_CLIENT_SECRET: lookups.clientSecret,
      PARTNER_SECRET: partnerSecret,
      IDP_TOKEN: openid.initialAccessToken,
      LANG: 'fr',
    },
  });
  const registry = github.createRepository(registryName, {
    files: { 'README.md': 'Registre\n', '.github/greffier.yaml': 'language: fr\n' },
    collaborators: { [reviewer.login]: 'write' },
  });
  await github.webhooks.settled();
  return {
    github,
    registry,
    reviewer,
    partner,
    openid,
    mailbox,
    bots,
    faults,
    location: scratch.location,
    secrets: () => [
      webhookSecret,
      key,
      partnerSecret,
      openid.initialAccessToken,
      lookups.clientSecret,
      ...github.privateKey.split('\n').slice(1, 3),
      ...openid.secrets(),
      ...Array.from(partner.clients.values(), ({ client_secret }) => client_secret),
    ],
    async stop() {
      await bots.stop('SIGKILL');
      await Promise.all([github.stop(), mailbox.stop(), openid.stop(), partner.close(), lookups.stop()]);
      await Promise.all([
        smtp.stop(),
        loadBalancer.stop(),
        ...Object.values(proxies).map((proxy) => proxy.stop()),
        scratch.remove(),
      ]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A provider that keeps the token with which a client is managed. One that renews it at every change (RFC 7592 §3)
 * takes the means to change the client away with an answer that is lost: nothing a client of it can do prevents that.
 */
function providerFeatures(initialAccessToken: string) {
  return {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    registration: { enabled: true, initialAccessToken },
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
    rpInitiatedLogout: { enabled: true },
  };
}

function manifest(): { permissions: Permissions; events: readonly string[] } {
  const text = readFileSync(new URL('../../app.yml', import.meta.url), 'utf8');
  const read = parse(text) as { default_permissions: Permissions; default_events: readonly string[] };
  return { permissions: read.default_permissions, events: read.default_events };
}

/** Every kind of provider, and one cell that nobody serves. */
function configurationText(partner: string, issuer: string): string {
  return `registry: ${registryName}
cells:
  internet/integration:
    provider: proconnect
    url: ${partner}
    secret: \${PARTNER_SECRET}
    identity_domain: registre-fictif.fr
    portal: https://partenaires.example.fr/apps
    issuer: ${issuer}
  internet/production:
    provider: registration
    issuer: ${issuer}
    initial_access_token: \${IDP_TOKEN}
  rie/integration:
    provider: manual
    issuer: ${issuer}
sweep: 3s
removal_delay: 1s
`;
}

/** Everything that Greffier has around it in production, on this machine, each behind something that fails at times. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { StoreLocation } from '#base/config/environment';
import { chance } from '#demo/github/faults';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { Person } from '#demo/github/people';
import type { Permissions, Repository } from '#demo/github/state';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { startStateServices } from '#demo/state-services';
import type { Scratch } from '../infrastructure/database/engines.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../infrastructure/identity-providers/partner-api.ts';
import { Bots, startFront } from './bots.ts';
import { startFaultyPost } from './faulty-post.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import { Trouble } from './trouble.ts';

const registryName = 'registre-fictif/proconnect';

export interface SetOptions {
  readonly scratch: Scratch;
  readonly processes: number;
  readonly seed: number;
  /** The part of all requests that meets a fault, 0 to 1. */
  readonly rate: number;
}

export interface ChaosSet {
  readonly github: LocalGitHub;
  readonly registry: Repository;
  readonly reviewer: Person;
  readonly partner: PartnerApi;
  readonly openid: LocalOpenIdProvider;
  readonly mailbox: Mailbox;
  readonly bots: Bots;
  readonly trouble: Trouble;
  readonly location: StoreLocation;
  /** What must be found nowhere. */
  readonly secrets: () => readonly string[];
  stop(): Promise<void>;
}

export async function buildSet(options: SetOptions): Promise<ChaosSet> {
  const { scratch, seed } = options;
  const trouble = new Trouble(seed, options.rate);
  const random = chance(seed + 1);
  const folder = mkdtempSync(join(tmpdir(), 'greffier-chaos-'));
  const ways = {
    github: await startFaultyProxy('github', trouble),
    partner: await startFaultyProxy('partner', trouble),
    openid: await startFaultyProxy('openid', trouble),
    state: await startFaultyProxy('state', trouble),
  };
  const [mailbox, partner, state] = await Promise.all([
    startMailbox(),
    startPartnerApi(),
    startStateServices(),
  ]);
  const initialAccessToken = randomBytes(24).toString('base64url');
  const openid = await startLocalOpenIdProvider({
    issuer: ways.openid.url,
    initialAccessToken,
    configuration: { features: featuresWith(initialAccessToken) },
  });
  const post = await startFaultyPost(mailbox.url, trouble);
  const webhookSecret = randomBytes(24).toString('hex');
  const key = randomBytes(32).toString('base64');
  const front = await startFront(() => bots.ports, random);
  const github = await startLocalGitHub({
    ...manifest(),
    webhook: { url: `${front.url}/api/github/webhooks`, secret: webhookSecret },
    limits: { requests: 1_000_000 },
  });
  ways.github.target = github.url;
  ways.partner.target = partner.url;
  ways.openid.target = openid.origin;
  ways.state.target = state.url;
  const configuration = join(folder, 'greffier.config.yaml');
  writeFileSync(configuration, configurationText(ways.partner.url, openid.issuer));
  const reviewer = github.createPerson('dominique', 'Dominique Petit');
  const bots = new Bots({
    location: scratch.location,
    count: options.processes,
    log: join(folder, 'greffier.log'),
    random,
    environment: {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GHE_HOST: new URL(ways.github.url).host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PUBLIC_URL: front.url,
      ...('url' in scratch.location
        ? { DATABASE_URL: scratch.location.url }
        : { GREFFIER_DATA: scratch.location.folder }),
      GREFFIER_CONFIG: configuration,
      GREFFIER_KEY: key,
      SMTP_URL: post.url,
      MAIL_FROM: 'greffier@registre-fictif.fr',
      ENTREPRISES_URL: ways.state.url,
      DATAPASS_URL: ways.state.url,
      DATAPASS_CLIENT_ID: state.clientId,
      DATAPASS_CLIENT_SECRET: state.clientSecret,
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
    trouble,
    location: scratch.location,
    secrets: () => [
      webhookSecret,
      key,
      partnerSecret,
      openid.initialAccessToken,
      state.clientSecret,
      ...github.privateKey.split('\n').slice(1, 3),
      ...openid.secrets(),
      ...Array.from(partner.clients.values(), ({ client_secret }) => client_secret),
    ],
    async stop() {
      await bots.stop('SIGKILL');
      await Promise.all([github.stop(), mailbox.stop(), openid.stop(), partner.close(), state.stop()]);
      await Promise.all([
        post.stop(),
        front.stop(),
        ...Object.values(ways).map((way) => way.stop()),
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
function featuresWith(initialAccessToken: string) {
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

/** A desk with sign-in: an OpenID provider in process, a store, and people with browsers. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { ClientMetadata } from 'oidc-provider';
import { pino } from 'pino';
import { historyOf, overviewOf } from '#application/front-desk/overview';
import { phaseOf } from '#application/front-desk/request-phase';
import { RequestStore } from '#application/front-desk/request-store';
import { endedSessions, useSignInOnce } from '#application/front-desk/used-sign-ins';
import { parseDerivedKeyring } from '#application/handover/secrets/keyring';
import { Secret } from '#base/config/secret';
import { createMetrics } from '#base/observability/metrics';
import { agent, startLocalOpenIdProvider } from '#demo/openid-provider';
import { type BrowserPage, TextBrowser } from '#demo/text-browser';
import type { FrontDeskOptions } from '#http/front-desk/front-desk';
import { sessionKeyPurpose } from '#http/front-desk/session';
import { type PeopleWork, signedInPeople } from '#http/front-desk/signed-in-people';
import { type HttpServer, startHttpServer } from '#http/server';
import type { Tables } from '#infrastructure/database/tables';
import { aStore, aVault } from '../../infrastructure/identity-providers/store.ts';

export { agent };

export interface SignedInDesk {
  readonly origin: string;
  readonly issuer: string;
  readonly db: Kysely<Tables>;
  readonly requests: RequestStore;
  /** Of the desk, by which time is put forward. */
  readonly clock: { ahead: number };
  /** What the provider tells of whoever signs in, besides what it tells of the agent. */
  readonly claims: Record<string, unknown>;
  readonly work: { -readonly [K in keyof PeopleWork]: PeopleWork[K] };
  signIn(browser?: TextBrowser, path?: string): Promise<{ browser: TextBrowser; page: BrowserPage }>;
  close(): Promise<void>;
}

export async function openDesk({
  assumesVerified = false,
  signed = true,
  operators = [],
}: {
  readonly assumesVerified?: boolean;
  /** Whether userinfo is a signed JWT, as ProConnect's. */
  readonly signed?: boolean;
  readonly operators?: readonly string[];
} = {}): Promise<SignedInDesk> {
  const claims: Record<string, unknown> = { email_verified: true };
  const clients: ClientMetadata[] = [];
  const provider = await startLocalOpenIdProvider({
    configuration: {
      clients,
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        given_name: ['given_name'],
        usual_name: ['usual_name'],
        siret: ['siret'],
      },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ ...agent, sub, ...claims }),
      }),
    },
  });
  const db = await aStore();
  const clock = { ahead: 0 };
  const requests = new RequestStore({
    db,
    registry: 'org/registre',
    vault: aVault(),
    onWork: async () => undefined,
    onPull: async () => undefined,
    onLater: async () => undefined,
    onMail: async () => undefined,
  });
  const work: SignedInDesk['work'] = {
    requests,
    phase: async (request) => phaseOf(request, false),
    keys: async () => 'none',
    reveal: async () => undefined,
    services: async () => [],
    keep: async () => false,
    overview: async () => overviewOf(db, 'org/registre', { 'internet/integration': 'registration' }),
    history: (id) => historyOf(db, id),
    definition: async () => ({ kind: 'free' }),
    wake: () => undefined,
    lacks: [],
  };
  const keyring = parseDerivedKeyring(randomBytes(32).toString('base64'), sessionKeyPurpose);
  if (keyring === undefined) throw new Error('not a key');
  let server: HttpServer | undefined;
  const log = pino({ level: 'silent' });
  // The port is part of the address at which the provider sends people back.
  const first = await startHttpServer(httpOptions(undefined));
  const port = first.port;
  await first.close();
  const origin = `http://127.0.0.1:${port}`;
  const registered = await fetch(`${provider.issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${provider.initialAccessToken}` },
    body: JSON.stringify({
      client_name: 'Guichet',
      redirect_uris: [`${origin}/connexion/retour`],
      post_logout_redirect_uris: [`${origin}/`],
      ...(signed && { userinfo_signed_response_alg: 'RS256' }),
    }),
  });
  const client = (await registered.json()) as { client_id: string; client_secret: string };
  const desk: FrontDeskOptions = {
    origin,
    registry: async () => ({ url: 'https://github.com/org/registre', defaultBranch: 'main' }),
  };
  const now = () => Date.now() + clock.ahead;
  const people = signedInPeople({
    desk,
    provider: {
      issuer: provider.issuer,
      clientId: client.client_id,
      clientSecret: new Secret(client.client_secret),
      assumesVerified,
    },
    keyring,
    work: () => work,
    operators,
    useOnce: (state) => useSignInOnce(db, state),
    endings: endedSessions(db),
    log,
    now,
  });
  server = await startHttpServer({ ...httpOptions({ ...desk, people, now }), port });

  function httpOptions(frontDesk: FrontDeskOptions | undefined) {
    return {
      host: '127.0.0.1',
      port: 0,
      secrets: [],
      ready: async () => true,
      measure: async () => undefined,
      ...(frontDesk !== undefined && { frontDesk }),
      schemas: new Map<string, string>(),
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
    };
  }

  return {
    origin,
    issuer: provider.issuer,
    db,
    requests,
    clock,
    claims,
    work,
    async signIn(browser = new TextBrowser(), path = '/connexion') {
      const there = await browser.open(new URL(path, origin));
      // Where the provider knows the browser already, it leads back at once.
      const page = there.url.href.startsWith(provider.issuer) ? await browser.press(there) : there;
      return { browser, page };
    },
    async close() {
      await server?.close();
      await provider.stop();
      await db.destroy();
    },
  };
}

/** A real OpenID provider (the library that ProConnect is built on) in this process, and a real client of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import * as client from 'openid-client';
import { defaultScopes } from '../../src/provisioning/metadata.ts';
import { openidKeys } from './openid-keys.ts';

export const initialAccessToken = 'initial-access-token-of-the-tests-0123456789';

export interface RunningProvider {
  readonly issuer: string;
  readonly provider: Provider;
  /** Every client that it holds, by id. */
  clients(): readonly Record<string, unknown>[];
  /** Empties its store. */
  forget(): void;
  close(): Promise<void>;
}

export async function startOpenidProvider(changes: Partial<Configuration> = {}): Promise<RunningProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const store = new Map<string, Map<string, Record<string, unknown>>>();
  const provider = new Provider(issuer, {
    adapter: (name: string) => memory(store, name),
    jwks: openidKeys,
    cookies: { keys: ['a-key-for-the-cookies-of-the-tests'] },
    scopes: [...defaultScopes],
    claims: { openid: ['sub'], email: ['email'], siret: ['siret'] },
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'],
      userinfoSigningAlgValues: ['RS256', 'ES256', 'HS256'],
    },
    features: {
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      registration: { enabled: true, initialAccessToken },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
    },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: 'agent@ville.example.fr', siret: '21999900000017' }),
    }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ...changes,
  });
  // The library speaks plain http on a loopback address, and says so on the console for each start.
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return answer(request, response);
    const { params, prompt } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login')
      return provider.interactionFinished(request, response, { login: { accountId: 'agent' } });
    const grant = new provider.Grant({ accountId: 'agent', clientId: String(params.client_id) });
    grant.addOIDCScope(String(params.scope));
    const grantId = await grant.save();
    return provider.interactionFinished(request, response, { consent: { grantId } });
  });
  return {
    issuer,
    provider,
    clients: () => [...(store.get('Client')?.values() ?? [])],
    forget() {
      for (const kept of store.values()) kept.clear();
    },
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** An adapter for `oidc-provider` that the tests can look into. */
function memory(store: Map<string, Map<string, Record<string, unknown>>>, name: string) {
  const kept = store.get(name) ?? new Map<string, Record<string, unknown>>();
  store.set(name, kept);
  const by = (field: string, value: string) => [...kept.values()].find((entry) => entry[field] === value);
  return {
    upsert: async (id: string, payload: object) => void kept.set(id, { ...payload }),
    find: async (id: string) => kept.get(id),
    findByUid: async (uid: string) => by('uid', uid),
    findByUserCode: async (code: string) => by('userCode', code),
    destroy: async (id: string) => void kept.delete(id),
    consume: async (id: string) => void kept.set(id, { ...kept.get(id), consumed: Date.now() / 1000 }),
    revokeByGrantId: async (grantId: string) => {
      for (const [id, entry] of kept) if (entry.grantId === grantId) kept.delete(id);
    },
  };
}

export interface SignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  readonly redirectUri: string;
  readonly idTokenAlgorithm: string;
  readonly userinfoAlgorithm: string;
}

/** Signs a person in as an application does, following every redirect of the browser, and reads userinfo. */
export async function signIn(as: SignIn): Promise<{ claims: Record<string, unknown>; userinfo: unknown }> {
  const configuration = await client.discovery(
    new URL(as.issuer),
    as.clientId,
    {
      client_secret: as.secret,
      id_token_signed_response_alg: as.idTokenAlgorithm,
      ...(as.userinfoAlgorithm === 'none' ? {} : { userinfo_signed_response_alg: as.userinfoAlgorithm }),
    },
    client.ClientSecretPost(as.secret),
    { execute: [client.allowInsecureRequests] },
  );
  const nonce = client.randomNonce();
  const state = client.randomState();
  const start = client.buildAuthorizationUrl(configuration, {
    redirect_uri: as.redirectUri,
    scope: 'openid email siret',
    nonce,
    state,
  });
  const back = await browse(start, as.redirectUri);
  const tokens = await client.authorizationCodeGrant(configuration, back, {
    expectedNonce: nonce,
    expectedState: state,
  });
  const claims = { ...tokens.claims() };
  const userinfo = await client.fetchUserInfo(configuration, tokens.access_token, String(claims.sub));
  return { claims, userinfo };
}

/** What a browser does until it is sent back to the application. */
async function browse(start: URL, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hops = 0; hops < 12; hops += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
    await response.body?.cancel();
    url = new URL(location, url);
    if (url.href.startsWith(redirectUri)) return url;
  }
  throw new Error('the sign-in went round in circles');
}

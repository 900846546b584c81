/**
 * An OpenID provider on this machine that speaks as ProConnect does: the same library, scopes, claims and signature
 * algorithms, `client_secret_post`, and clients made by dynamic registration (RFC 7591, RFC 7592). People sign in there by
 * a button, or as whoever they say they are.
 */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';
import { html, ownHtml } from '#base/html';
import type { Language } from '#base/i18n/message';
import { agent } from './people.ts';
import { readForm } from './read-form.ts';
import {
  type Person,
  personOf,
  providerHeaders,
  providerPage,
  providerWord,
  signInPage,
} from './sign-in-page.ts';

export { agent };

/** Scope to claims (« Données fournies », default and optional ones). */
const claims = {
  openid: ['sub'],
  given_name: ['given_name'],
  usual_name: ['usual_name'],
  email: ['email'],
  uid: ['uid'],
  siret: ['siret'],
  phone: ['phone_number'],
  idp_id: ['idp_id'],
  custom: ['custom'],
  roles: ['roles'],
  organization_label: ['organization_label'],
  siren: ['siren'],
  organizational_unit: ['organizational_unit'],
  belonging_population: ['belonging_population'],
  chorusdt: ['chorusdt:matricule', 'chorusdt:societe'],
  idp_acr: ['idp_acr'],
  groups: ['groups'],
};

export interface LocalOpenIdProvider {
  readonly issuer: string;
  /** Where it listens: its issuer, unless it is reached through another server. */
  readonly origin: string;
  /** What a client registration has to show. */
  readonly initialAccessToken: string;
  /** The metadata of every client that is registered, as the provider holds it: with its secret. */
  clients(): readonly Readonly<Record<string, unknown>>[];
  /** Every secret that a client ever had, also of those that are gone: what must not be found anywhere. */
  secrets(): readonly string[];
  /** Every token that gave access to a client's registration (RFC 7592), likewise. */
  managementTokens(): readonly string[];
  /** Changes a client behind everyone's back, as an operator may: what drift is made of. */
  tamper(clientId: string, change: Readonly<Record<string, unknown>>): void;
  /** Loses every client and session. */
  forget(): void;
  stop(): Promise<void>;
}

/**
 * @param options.initialAccessToken what a registration has to show; a new one when absent
 * @param options.port the port to listen on, on the loopback address; any free one when absent
 * @param options.issuer under which address it is known, when it is reached through another server
 * @param options.configuration what to set otherwise than ProConnect has it
 * @param options.library another version of the library
 */
export async function startLocalOpenIdProvider(
  options: {
    readonly port?: number;
    readonly issuer?: string;
    readonly initialAccessToken?: string;
    readonly configuration?: Partial<Configuration>;
    readonly library?: typeof Provider;
    /** Of its pages; French when absent. */
    readonly language?: Language;
    /** Who has an account, besides whoever says who they are; the agent alone, and nobody else, when absent. */
    readonly people?: readonly Person[];
  } = {},
): Promise<LocalOpenIdProvider> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject).listen(options.port ?? 0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? own;
  const initialAccessToken = options.initialAccessToken ?? randomBytes(24).toString('base64url');
  const store = new Map<string, Map<string, AdapterPayload>>();
  const secrets = new Set<string>();
  const managementTokens = new Set<string>();
  const { people = [agent], language = 'fr' } = options;
  const accounts = new Map<string, Person>(people.map((person) => [person.sub, person]));
  const { port } = new URL(own);
  const provider = new (options.library ?? Provider)(issuer, {
    adapter: (name: string) => {
      const kept = memory(store, name);
      return {
        ...kept,
        async upsert(id, payload, expiresIn) {
          if (name === 'Client' && payload.client_secret !== undefined)
            secrets.add(String(payload.client_secret));
          if (name === 'RegistrationAccessToken') managementTokens.add(id);
          await kept.upsert(id, payload, expiresIn);
        },
      };
    },
    jwks: { keys: signingKeys() },
    cookies: {
      keys: [randomBytes(16).toString('hex')],
      // Browsers give the cookies of one port to all others of a host: several providers must not undo each other.
      names: { session: `session-${port}`, interaction: `interaction-${port}`, resume: `resume-${port}` },
    },
    scopes: [...Object.keys(claims), 'offline_access'],
    claims,
    clientAuthMethods: ['client_secret_post'],
    clientDefaults: { token_endpoint_auth_method: 'client_secret_post' },
    responseTypes: ['code'],
    pkce: { required: () => false },
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'],
      userinfoSigningAlgValues: ['RS256', 'ES256', 'HS256'],
    },
    features: {
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      registration: { enabled: true, initialAccessToken },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(context, form) {
          const button = html`<button class="main" form="op.logoutForm" name="logout" value="yes">${providerWord('out', language)}</button>`;
          context.body = providerPage(
            language,
            providerWord('out', language),
            html`<h1>${providerWord('out-sure', language)}</h1>${ownHtml(form)}${button}`,
          );
        },
        postLogoutSuccessSource(context) {
          const said = providerWord('out-done', language);
          context.body = providerPage(language, said, html`<h1>${said}</h1>`);
        },
      },
    },
    // Seconds, as ProConnect has them (« Implémentation technique »): a code lives one minute, a token one hour.
    ttl: {
      AccessToken: 3_600,
      AuthorizationCode: 60,
      Grant: 43_200,
      IdToken: 3_600,
      Interaction: 3_600,
      RefreshToken: 7_200,
      Session: 43_200,
    },
    renderError(context, error) {
      const said = providerWord('failed', language);
      context.body = providerPage(
        language,
        said,
        html`<h1>${said}</h1><p><code>${error.error}</code> : ${error.error_description ?? ''}</p>`,
      );
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ ...agent, ...accounts.get(sub), sub }),
    }),
    // Agents are not asked to consent at ProConnect: who signs in grants what the client may have.
    async loadExistingGrant(context) {
      const { client, session, params } = context.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new context.oidc.provider.Grant({
        accountId: session.accountId,
        clientId: client.clientId,
      });
      grant.addOIDCScope(String(params?.scope ?? 'openid'));
      await grant.save();
      return grant;
    },
    ...options.configuration,
  });
  const protocol = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/interaction/') === true)
      interact(provider, request, response, {
        language,
        people,
        others: options.people !== undefined,
        accounts,
      }).catch(() => {
        // Of a sign-in that is over, or was never begun in this browser.
        const said = providerWord('failed', language);
        if (!response.headersSent) response.writeHead(400, providerHeaders);
        response.end(providerPage(language, said, html`<h1>${said}</h1>`));
      });
    else void protocol(request, response);
  });
  const kept = () => store.get('Client') ?? new Map<string, AdapterPayload>();
  return {
    issuer,
    origin: own,
    initialAccessToken,
    clients: () => [...kept().values()],
    secrets: () => [...secrets],
    managementTokens: () => [...managementTokens],
    tamper(clientId, change) {
      const known = kept().get(clientId);
      if (known === undefined) throw new Error(`There is no client ${clientId}`);
      kept().set(clientId, { ...known, ...change });
    },
    forget() {
      for (const things of store.values()) things.clear();
    },
    stop: () => stopped(server),
  };
}

/** The sign-in page: who one is. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  at: {
    readonly language: Language;
    readonly people: readonly Person[];
    /** Whether one may be somebody else. */
    readonly others: boolean;
    readonly accounts: Map<string, Person>;
  },
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    // Its cookie, which no other site can send along, says whose sign-in it is.
    const form = await readForm(request);
    const person = form === undefined ? undefined : personOf(form, at);
    if (person === undefined) return void response.writeHead(403).end();
    at.accounts.set(person.sub, person);
    await provider.interactionFinished(request, response, { login: { accountId: person.sub } });
    return;
  }
  const client = await provider.Client.find(String(params.client_id));
  response.writeHead(200, providerHeaders);
  response.end(signInPage(at.language, client?.clientName ?? '', at));
}

function signingKeys() {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return [
    { ...rsa, alg: 'RS256', use: 'sig', kid: 'rsa' },
    { ...curve, alg: 'ES256', use: 'sig', kid: 'curve' },
  ];
}

/** The store of one kind of things, which `clients` and `tamper` look into. */
function memory(store: Map<string, Map<string, AdapterPayload>>, name: string): Adapter {
  const kept = store.get(name) ?? new Map<string, AdapterPayload>();
  store.set(name, kept);
  const by = (field: 'uid' | 'userCode', value: string) =>
    [...kept.values()].find((entry) => entry[field] === value);
  return {
    upsert: async (id, payload) => void kept.set(id, { ...payload }),
    find: async (id) => kept.get(id),
    findByUid: async (uid) => by('uid', uid),
    findByUserCode: async (code) => by('userCode', code),
    destroy: async (id) => void kept.delete(id),
    consume: async (id) => void kept.set(id, { ...kept.get(id), consumed: true }),
    async revokeByGrantId(grantId) {
      for (const [id, entry] of kept) if (entry.grantId === grantId) kept.delete(id);
    },
  };
}

async function stopped(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

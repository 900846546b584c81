/**
 * An OpenID provider with dynamic registration whose manners can be chosen: what real servers do that the standards
 * allow, or that they do all the same. Facts of Keycloak from its sources and issues, of Glewlwyd and Authlib from
 * theirs; none of their code.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Metadata = Record<string, unknown>;

export interface Manners {
  /** The answer to an update names an address with the id twice, where nothing is (Keycloak before 23, its issue 23229). */
  readonly doublesId?: boolean;
  /** A new registration token with every read, update: the former is worth nothing any more. */
  readonly renewsToken?: readonly ('read' | 'update')[];
  /** The same token, signed anew with every read, as after a change of keys (Keycloak): both are good. */
  readonly signsTokenAnew?: boolean;
  /** A new secret with every read, update (Glewlwyd: update). */
  readonly renewsSecret?: readonly ('read' | 'update')[];
  /** Never told, whatever was asked. */
  readonly leavesOut?: readonly string[];
  /** Told as `null`. */
  readonly tellsNull?: readonly string[];
  /** What is told whatever was asked. */
  readonly tells?: Metadata;
  /** What reads tell whatever was asked, and updates do not. */
  readonly readsAs?: Metadata;
  /** What becomes of the scopes that were asked for. */
  readonly scopes?: (asked: readonly string[]) => readonly string[];
  /** What becomes of what was asked for, silently. */
  readonly keeps?: (asked: Metadata) => Metadata;
  /** A client policy: an update that names scopes is refused with 403 `insufficient_scope` (Keycloak, its issue 42339). */
  readonly forbidsScopes?: boolean;
  /** An update that names scopes ends in an internal error (Keycloak, its issue 51311). */
  readonly failsOnScopes?: boolean;
  /** How a registration token that is worth nothing is refused. */
  readonly refusal?: readonly [status: number, body: unknown];
  /** The secret is not told again by a read. */
  readonly tellsSecretOnce?: boolean;
}

export interface RegistrationServer {
  readonly issuer: string;
  manners: Manners;
  /** `METHOD /path` in order. */
  readonly asked: string[];
  readonly clients: Map<string, StoredClient>;
  /** Answers every request, or those of one method, with this instead, until told otherwise. */
  trouble: { readonly method?: string; answer(response: ServerResponse): void } | undefined;
  /** The registration tokens that are good now. */
  tokenOf(clientId: string): string;
  reset(): void;
  stop(): Promise<void>;
}

export interface StoredClient {
  readonly metadata: Metadata;
  secret: string;
  tokens: string[];
}

const invalidToken = [401, { error: 'invalid_token', error_description: 'Not a valid token' }] as const;

/** Keycloak in several versions, one quirk each, and all of them together. */
export const keycloakManners = {
  'address with the id twice': { doublesId: true, renewsToken: ['update'] },
  'tokens that are renewed by updates': { renewsToken: ['update'] },
  'tokens that are renewed by reads too': { renewsToken: ['read', 'update'] },
  'tokens that are signed anew': { signsTokenAnew: true },
  'scopes added and left out': {
    scopes: (asked) => [...asked.filter((scope) => scope !== 'openid'), 'offline_access', 'web-origins'],
  },
  'scopes, contacts and addresses after sign-out not told': {
    leavesOut: ['scope', 'contacts', 'post_logout_redirect_uris'],
  },
  'updates with scopes refused': { forbidsScopes: true },
  'updates with scopes failing': { failsOnScopes: true },
  'another way to show the secret': { tells: { token_endpoint_auth_method: 'client_secret_basic' } },
  'plain userinfo not told': { leavesOut: ['userinfo_signed_response_alg'] },
  'empty contacts': { tells: { contacts: [] } },
  nulls: { tellsNull: ['contacts', 'post_logout_redirect_uris', 'userinfo_signed_response_alg', 'scope'] },
  'all of it': {
    doublesId: true,
    renewsToken: ['read', 'update'],
    forbidsScopes: true,
    leavesOut: ['contacts', 'userinfo_signed_response_alg'],
    scopes: () => ['email', 'offline_access', 'roles'],
    tells: {
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
    },
  },
} as const satisfies Record<string, Manners>;

export const glewlwydManners: Manners = {
  renewsSecret: ['update'],
  leavesOut: ['userinfo_signed_response_alg'],
};

/** Neither algorithm is kept or told; a bad token is 400 `access_denied`. */
export const authlibManners: Manners = {
  leavesOut: ['userinfo_signed_response_alg', 'id_token_signed_response_alg', 'post_logout_redirect_uris'],
  refusal: [400, { error: 'access_denied' }],
};

/** @param initialToken what a registration has to show */
export async function startRegistrationServer(initialToken?: string): Promise<RegistrationServer> {
  const clients = new Map<string, StoredClient>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { trouble } = running;
    const isTroubled = trouble !== undefined && (trouble.method ?? request.method) === request.method;
    void (isTroubled ? noted(request) : handle(request)).then(([status, body]) => {
      if (isTroubled) {
        trouble.answer(response);
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });

  type Reply = readonly [status: number, body?: unknown];

  async function noted(request: IncomingMessage): Promise<Reply> {
    asked.push(`${request.method} ${new URL(request.url ?? '/', running.issuer).pathname}`);
    request.resume();
    return [500];
  }

  async function handle(request: IncomingMessage): Promise<Reply> {
    const { manners, issuer } = running;
    const url = new URL(request.url ?? '/', issuer);
    asked.push(`${request.method} ${url.pathname}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Metadata;
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (url.pathname === '/.well-known/openid-configuration') return [200, description(issuer)];
    if (url.pathname === '/auth') return authorize(url.searchParams);
    if (url.pathname === '/reg' && request.method === 'POST') {
      if (initialToken !== undefined && token !== initialToken) return invalidToken;
      const id = randomUUID();
      const client: StoredClient = { metadata: {}, secret: newToken(), tokens: [newToken()] };
      keepOf(client, body);
      clients.set(id, client);
      return [201, told(id, client, `${issuer}/reg/${id}`)];
    }
    const [, id = ''] = /^\/reg\/([^/]+)$/.exec(url.pathname) ?? [];
    if (id === '') return [404, { error: 'HTTP 404 Not Found' }];
    const client = clients.get(id);
    if (client === undefined || !client.tokens.includes(token)) return manners.refusal ?? invalidToken;
    switch (request.method) {
      case 'GET':
        renew(client, 'read');
        return [
          200,
          {
            ...told(id, client, `${issuer}/reg/${id}`, manners.tellsSecretOnce !== true),
            ...manners.readsAs,
          },
        ];
      case 'PUT': {
        if (body.client_id !== id)
          return [400, { error: 'invalid_client_metadata', error_description: 'client_id' }];
        if (manners.failsOnScopes === true && body.scope !== undefined)
          return [500, { error: 'unknown_error' }];
        if (manners.forbidsScopes === true && body.scope !== undefined)
          return [
            403,
            { error: 'insufficient_scope', error_description: 'Not permitted to use specified clientScope' },
          ];
        keepOf(client, body);
        renew(client, 'update');
        return [200, told(id, client, `${issuer}/reg/${id}${manners.doublesId === true ? `/${id}` : ''}`)];
      }
      case 'DELETE':
        clients.delete(id);
        return [204];
      default:
        return [405];
    }
  }

  function keepOf(client: StoredClient, asked: Metadata): void {
    const { manners } = running;
    const { client_id: _, ...whole } = asked;
    const kept = manners.keeps?.(whole) ?? whole;
    for (const key of Object.keys(client.metadata)) if (key !== 'scope') delete client.metadata[key];
    Object.assign(client.metadata, kept);
    if (typeof kept.scope === 'string' && manners.scopes !== undefined)
      client.metadata.scope = manners.scopes(kept.scope.split(' ')).join(' ');
    client.metadata.scope ??= manners.scopes?.([]).join(' ') ?? 'email';
  }

  function renew(client: StoredClient, by: 'read' | 'update'): void {
    const { manners } = running;
    if (manners.renewsToken?.includes(by) === true) client.tokens = [newToken()];
    else if (manners.signsTokenAnew === true && by === 'read') client.tokens.push(newToken());
    if (manners.renewsSecret?.includes(by) === true) client.secret = newToken();
  }

  function told(id: string, client: StoredClient, uri: string, withSecret = true): Metadata {
    const { leavesOut = [], tellsNull = [], tells = {} } = running.manners;
    const whole: Metadata = {
      client_id: id,
      client_id_issued_at: 1_767_225_600,
      client_secret_expires_at: 0,
      ...(withSecret ? { client_secret: client.secret } : {}),
      registration_client_uri: uri,
      registration_access_token: client.tokens.at(-1),
      ...client.metadata,
      ...tells,
      ...Object.fromEntries(tellsNull.map((name) => [name, null])),
    };
    return Object.fromEntries(Object.entries(whole).filter(([name]) => !leavesOut.includes(name)));
  }

  function authorize(params: URLSearchParams): Reply {
    const client = clients.get(params.get('client_id') ?? '');
    if (client === undefined) return [400, { error: 'invalid_client' }];
    const uris = client.metadata.redirect_uris;
    const known = Array.isArray(uris) && uris.includes(params.get('redirect_uri'));
    return known ? [200, { page: 'sign in' }] : [400, { error: 'invalid_redirect_uri' }];
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const running: RegistrationServer = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manners: {},
    asked,
    clients,
    trouble: undefined,
    tokenOf: (id) => clients.get(id)?.tokens.at(-1) ?? '',
    reset() {
      clients.clear();
      asked.length = 0;
      running.trouble = undefined;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return running;
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}

function description(issuer: string): Metadata {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    registration_endpoint: `${issuer}/reg`,
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256'],
    userinfo_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    scopes_supported: ['openid', 'email', 'given_name', 'offline_access', 'roles', 'web-origins'],
  };
}

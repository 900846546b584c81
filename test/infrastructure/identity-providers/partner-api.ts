/**
 * ProConnect's partner API, as far as its documentation and published source tell: a real HTTP server with the same
 * signature, visibility by collaborator, strict fields, partial updates, and the secret in every response.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const partnerSecret = 'test-oidc-clients-secret';

export interface StoredClient extends Record<string, unknown> {
  _id: string;
  key: string;
  client_secret: string;
  collaborators: string[];
}

export interface PartnerApi {
  readonly url: string;
  readonly clients: Map<string, StoredClient>;
  /** What was asked, in order: `POST /api/oidc_clients`. */
  readonly asked: string[];
  /** What clients were made or changed with. */
  readonly bodies: Record<string, unknown>[];
  /** The next matching request is done, and its answer lost. */
  dropAnswerTo(method: string): void;
  /** The next matching request is left unanswered, and done when the returned function is called: after others. */
  delay(method: string): () => void;
  /** The next request is answered with this instead. */
  answerNext(status: number, body: unknown, headers?: Record<string, string>): void;
  /** Seconds by which the server's clock differs from ours. */
  clockOffset: number;
  close(): Promise<void>;
}

const settable = [
  'name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'collaborators',
  'active',
];
const algorithms = ['RS256', 'ES256', 'HS256', null];

type Reply = readonly [status: number, body: unknown];

function issuesOf(body: Record<string, unknown>): object[] {
  const issues: object[] = [];
  const unknown = Object.keys(body).filter((key) => !settable.includes(key));
  if (unknown.length > 0)
    issues.push({
      code: 'unrecognized_keys',
      keys: unknown,
      path: [],
      message: `Unrecognized keys: ${unknown}`,
    });
  const { name } = body;
  if (name !== undefined && (typeof name !== 'string' || name.length < 1 || name.length > 200))
    issues.push({
      code: 'invalid_type',
      path: ['name'],
      message: 'Invalid input: expected 1 to 200 characters',
    });
  for (const list of ['redirect_uris', 'post_logout_redirect_uris', 'collaborators'])
    if (body[list] !== undefined && !Array.isArray(body[list]))
      issues.push({ code: 'invalid_type', path: [list], message: 'Invalid input: expected array' });
  for (const alg of ['id_token_signed_response_alg', 'userinfo_signed_response_alg'])
    if (body[alg] !== undefined && !algorithms.includes(body[alg] as string | null))
      issues.push({ code: 'invalid_value', path: [alg], message: 'Invalid option' });
  return issues;
}

export async function startPartnerApi(): Promise<PartnerApi> {
  const clients = new Map<string, StoredClient>();
  const asked: string[] = [];
  const bodies: Record<string, unknown>[] = [];
  let dropped: string | undefined;
  let delayed: { readonly method: string; act: () => void } | undefined;
  let forced: { status: number; body: unknown; headers: Record<string, string> } | undefined;
  let born = 0;

  const server = createServer(async (request, response) => {
    const raw = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'http://partner');
    asked.push(`${request.method} ${url.pathname}`);
    if (delayed !== undefined && delayed.method === request.method) {
      delayed.act = () => handle(request, url, raw);
      delayed = undefined;
      request.socket.destroy();
      return;
    }
    const answer: Reply = forced === undefined ? handle(request, url, raw) : [forced.status, forced.body];
    const headers = forced?.headers ?? {};
    forced = undefined;
    if (dropped === request.method) {
      dropped = undefined;
      request.socket.destroy();
      return;
    }
    response.writeHead(answer[0], { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(answer[1]));
  });

  function handle(request: IncomingMessage, url: URL, raw: string): Reply {
    const path = /^\/api\/oidc_clients(?:\/([^/]+))?$/.exec(url.pathname);
    if (path === null) return [404, { detail: 'Not Found' }];
    const refused = refusedSignature(request, url, raw);
    if (refused !== undefined) return refused;
    const email = url.searchParams.get('email') ?? '';
    const seen = [...clients.values()].filter((client) => client.collaborators.includes(email));
    const id = path[1];
    if (id === undefined) {
      if (request.method === 'GET') return [200, seen];
      if (request.method !== 'POST') return [404, { detail: 'Not Found' }];
      const body = parsed(raw);
      if (Array.isArray(body)) return [422, { detail: body }];
      born += 1;
      const made: StoredClient = {
        ...body,
        _id: born.toString(16).padStart(24, '0'),
        key: randomBytes(32).toString('hex'),
        client_secret: randomBytes(32).toString('hex'),
        collaborators: [...new Set([...((body.collaborators as string[] | undefined) ?? []), email])],
        createdAt: new Date(Date.now() + api.clockOffset * 1000).toISOString(),
      };
      clients.set(made._id, made);
      return [200, made];
    }
    if (!/^[0-9a-f]{24}$/.test(id)) return [422, { detail: 'Invalid ObjectId' }];
    const client = seen.find((one) => one._id === id);
    if (client === undefined) return [404, { detail: 'Not Found' }];
    if (request.method === 'GET') return [200, client];
    if (request.method === 'DELETE') {
      clients.delete(id);
      return [200, { deleted: true }];
    }
    const body = parsed(raw);
    if (Array.isArray(body)) return [422, { detail: body }];
    bodies.push(body);
    const wanted = body.collaborators as string[] | undefined;
    if (wanted !== undefined && !wanted.includes(email))
      return [422, { detail: 'Cannot remove yourself from collaborators' }];
    // Left out, the others are forgotten.
    const changed = { ...client, ...body, collaborators: [...new Set([...(wanted ?? []), email])] };
    clients.set(id, changed);
    return [200, changed];
  }

  function refusedSignature(request: IncomingMessage, url: URL, raw: string): Reply | undefined {
    const signature = request.headers['x-signature'];
    const timestamp = request.headers['x-timestamp'];
    const email = url.searchParams.get('email');
    if (typeof signature !== 'string' || typeof timestamp !== 'string' || email === null)
      return [401, { detail: 'Missing authentication headers' }];
    if (!/^\d+$/.test(timestamp)) return [401, { detail: 'Invalid timestamp' }];
    const now = Date.now() / 1000 + api.clockOffset;
    if (Math.abs(now - Number(timestamp)) > 300) return [401, { detail: 'Timestamp expired' }];
    const signsBody = ['POST', 'PATCH', 'PUT'].includes(request.method ?? '') && raw !== '';
    const start = `${timestamp}:${request.method}:${url.pathname}?${url.search.slice(1)}`;
    const message = signsBody ? `${start}:${raw}` : start;
    if (createHmac('sha256', partnerSecret).update(message).digest('hex') !== signature)
      return [401, { detail: 'Invalid signature' }];
    return /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/.test(
      email,
    )
      ? undefined
      : [422, { detail: 'Invalid email' }];
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: PartnerApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clients,
    asked,
    bodies,
    clockOffset: 0,
    dropAnswerTo(method) {
      dropped = method;
    },
    delay(method) {
      const late: NonNullable<typeof delayed> = { method, act: () => undefined };
      delayed = late;
      return () => late.act();
    },
    answerNext(status, body, headers = {}) {
      forced = { status, body, headers };
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return api;
}

function parsed(raw: string): Record<string, unknown> | object[] {
  try {
    const body: unknown = raw === '' ? {} : JSON.parse(raw);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error('not an object');
    const issues = issuesOf(body as Record<string, unknown>);
    return issues.length > 0 ? issues : (body as Record<string, unknown>);
  } catch {
    return [{ code: 'custom', path: [], message: 'Invalid JSON' }];
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

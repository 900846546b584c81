/** The HTTP door: the few routes that are needed, and nothing said to those who have no business here. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HandoverPageRequest, HandoverPageResponse } from '#application/handover/one-time-page';
import type { Secret } from '#base/config/secret';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { Delivery, ReceiveStatus } from '#infrastructure/queue/inbox';
import { envelopeOf } from './webhook/event-routing.ts';
import { readBody, refuseAndClose } from './webhook/request-body.ts';
import { isSigned } from './webhook/signature.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Any of them may have signed. */
  readonly secrets: readonly Secret[];
  /**
   * Keeps a signed delivery. Resolves once it is on durable storage. Absent: this process takes no deliveries.
   */
  readonly receive?: (delivery: Delivery, payload: unknown) => Promise<ReceiveStatus>;
  /** Whether the work can be done: the store answers. */
  readonly ready: () => Promise<boolean>;
  /** Brings the gauges that are read from the store up to date. */
  readonly measure: () => Promise<void>;
  readonly handover?: (request: HandoverPageRequest) => Promise<HandoverPageResponse>;
  /** File name to text. */
  readonly schemas: ReadonlyMap<string, string>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds a client has to send its headers, and its whole request. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

export interface HttpServer {
  readonly port: number;
  /** Lets nobody in any more, and waits for those who are. */
  close(): Promise<void>;
}

const webhookPath = '/api/github/webhooks';
/** `X-GitHub-Delivery` is a UUID; other servers that speak GitHub's protocol are given some room. */
const deliveryId = /^[A-Za-z0-9-]{1,100}$/;
const eventName = /^[a-z_]{1,60}$/;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const headersTimeoutMs = options.headersTimeoutMs ?? 10_000;
  const requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, headersTimeoutMs / 2),
      keepAliveTimeout: 5_000,
    },
    (request, response) => {
      route(options, request, response).catch((error: unknown) => {
        options.log.error(errorFields(error), 'a request could not be answered');
        end(response, 500);
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  return promise;
}

async function route(
  options: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', query] = (request.url ?? '').split('?', 2);
  if (path === webhookPath && options.receive !== undefined) {
    if (!allows(request, response, 'POST')) return;
    await receiveWebhook(options, options.receive, request, response);
    return;
  }
  const handover = /^\/handover\/([A-Za-z0-9_-]{1,200})$/.exec(path)?.[1];
  if (handover !== undefined && options.handover !== undefined) {
    await serveHandoverPage(options.handover, handover, query, request, response);
    return;
  }
  const schema = /^\/schemas\/([a-z0-9.-]+)$/.exec(path)?.[1];
  const known = schema === undefined ? undefined : options.schemas.get(schema);
  if (!['/healthz', '/readyz', '/metrics'].includes(path) && known === undefined) {
    end(response, 404);
    return;
  }
  if (!allows(request, response, 'GET', 'HEAD')) return;
  if (known !== undefined) {
    const headers = { 'content-type': 'application/schema+json', 'access-control-allow-origin': '*' };
    end(response, 200, known, { ...headers, 'cache-control': 'public, max-age=3600' });
  } else if (path === '/healthz') {
    end(response, 200, 'ok\n');
  } else if (path === '/readyz') {
    const ready = await options.ready();
    end(response, ready ? 200 : 503, ready ? 'ok\n' : '');
  } else {
    await options.measure();
    const { registry } = options.metrics;
    end(response, 200, await registry.metrics(), { 'content-type': registry.contentType });
  }
}

/** One webhook: bounded, signed, kept, and only then accepted. Why it was refused is for the log, not the sender. */
async function receiveWebhook(
  options: HttpServerOptions,
  receive: NonNullable<HttpServerOptions['receive']>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log, metrics } = options;
  const refuse = (status: number, reason: string): void => {
    metrics.deliveries.inc({ event: 'unknown', outcome: 'refused' });
    log.warn({ status, reason }, 'a delivery was refused');
    refuseAndClose(request, response, status);
  };
  const signature = request.headers['x-hub-signature-256'];
  if (typeof signature !== 'string') return refuse(401, 'no signature');
  const read = await readBody(request);
  if (!read.ok) return read.status === undefined ? undefined : refuse(read.status, read.reason);
  if (!isSigned(read.body, signature, options.secrets)) return refuse(401, 'another signature');

  const id = request.headers['x-github-delivery'];
  const event = request.headers['x-github-event'];
  if (typeof id !== 'string' || !deliveryId.test(id)) return refuse(400, 'no delivery id');
  if (typeof event !== 'string' || !eventName.test(event)) return refuse(400, 'no event');
  let payload: unknown;
  try {
    payload = JSON.parse(read.body.toString('utf8'));
  } catch {
    return refuse(400, 'not JSON: the content type of the webhook must be application/json');
  }
  const envelope = envelopeOf(payload);
  const followed = log.child({ request: id, event, ...envelope });
  try {
    const outcome = await receive({ id, event, ...envelope, body: read.body }, payload);
    metrics.deliveries.inc({ event, outcome });
    followed.info({ outcome }, 'delivery');
    end(response, 202);
  } catch (error) {
    metrics.deliveries.inc({ event, outcome: 'failed' });
    followed.error(errorFields(error), 'a delivery could not be kept');
    end(response, 503);
  }
}

async function serveHandoverPage(
  page: NonNullable<HttpServerOptions['handover']>,
  token: string,
  query: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!allows(request, response, 'GET', 'HEAD', 'POST')) return;
  request.resume();
  const lang = new URLSearchParams(query ?? '').get('lang');
  const acceptLanguage = request.headers['accept-language'];
  const answered = await page({
    method: request.method ?? 'GET',
    token,
    ...(lang === null ? {} : { lang }),
    ...(acceptLanguage === undefined ? {} : { acceptLanguage }),
  });
  end(response, answered.status, answered.body, answered.headers);
}

/** Whether the method may be used here; otherwise it is answered. */
function allows(request: IncomingMessage, response: ServerResponse, ...methods: readonly string[]): boolean {
  if (methods.includes(request.method ?? '')) return true;
  refuseAndClose(request, response, 405, { allow: methods.join(', ') });
  return false;
}

function end(
  response: ServerResponse,
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': bytes.length,
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

/** The HTTP server: the few routes that are needed, and nothing said to those who have no business here. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { HandoverPageRequest, HandoverPageResponse } from '#application/handover/one-time-page';
import type { Secret } from '#base/config/secret';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import type { Delivery, ReceiveStatus } from '#infrastructure/queue/inbox';
import type { FrontDeskOptions } from './front-desk/front-desk.ts';
import { HeldAnswers } from './held-answers.ts';
import { operatorRoutes } from './operator-routes.ts';
import { oneTimePage } from './pages/one-time-page.ts';
import { answer, type HttpEnv, refuseAndClose } from './response.ts';
import { schemaFiles } from './schema-files.ts';
import { webhook } from './webhook/route.ts';

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
  /** The form of a request, as web pages. Absent: there is none, and its paths are unknown. */
  readonly frontDesk?: FrontDeskOptions;
  /** File name to text. */
  readonly schemas: ReadonlyMap<string, string>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds a client has to send its headers (10,000 when absent), and its whole request (30,000). */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** Milliseconds from its headers until a request is answered and the answer taken (60,000 when absent). */
  readonly answerTimeoutMs?: number;
  /** Bytes of answers that are not taken yet, of all together (64 MB when absent). */
  readonly heldAnswerBytes?: number;
}

export interface HttpServer {
  readonly port: number;
  /** Lets nobody in any more, and waits so many milliseconds (5,000 when absent) for those who are, then hangs up. */
  close(milliseconds?: number): Promise<void>;
}

const webhookPath = '/api/github/webhooks';

/** Proxies open another connection after the last. */
const maxRequestsPerConnection = 100;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const headersTimeoutMs = options.headersTimeoutMs ?? 10_000;
  const requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
  const answerTimeoutMs = options.answerTimeoutMs ?? 60_000;
  const answerAny = getRequestListener((await routes(options)).fetch, {
    // HTTP/1.0 has no `Host`, and load balancers ask in it whether the service is alive.
    hostname: 'localhost',
    // The process's own calls to GitHub are made with Node's Request and Response.
    overrideGlobalObjects: false,
    // What is left of a body is for Node to drop; a refusal hangs up by itself.
    autoCleanupIncoming: false,
    // A host or a path that is none (RFC 9112, 3.2) is the sender's mistake: as with Node's own 400, nothing is logged.
    errorHandler: (error) =>
      error instanceof RequestError ? answer(400, '', { connection: 'close' }) : failure(options.log, error),
  });
  const { receive } = options;
  const answerWebhook = receive && webhook({ ...options, receive });
  const held = new HeldAnswers(options.heldAnswerBytes ?? 64 * 1024 * 1024);
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, headersTimeoutMs / 2),
      keepAliveTimeout: 5_000,
    },
    (request, response) => {
      if (answerWebhook === undefined || pathOf(request) !== webhookPath)
        held.inTurn(request, response, () => void answerAny(request, response));
      // What is said to a delivery is short: it waits for nothing.
      else
        answerWebhook(request, response).catch((error: unknown) => {
          logFailure(options.log, error);
          refuseAndClose(request, response, 500);
        });
    },
  );
  server.maxRequestsPerSocket = maxRequestsPerConnection;
  server.on('request', (request, response) => hangUpOnUntaken(request, response, answerTimeoutMs));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (milliseconds = 5_000) => close(server, milliseconds),
  };
}

/** Node looks at its timeouts no longer once a server closes: half a request would keep it open for ever. */
function close(server: Server, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hangUp = setTimeout(() => server.closeAllConnections(), milliseconds);
  server.close(() => {
    clearTimeout(hangUp);
    resolve();
  });
  server.closeIdleConnections();
  return promise;
}

/** Node times what is sent to us, and not what we send: whoever does not take an answer would hold it in memory. */
function hangUpOnUntaken({ socket }: IncomingMessage, response: ServerResponse, milliseconds: number): void {
  const hangUp = setTimeout(() => socket.destroy(), milliseconds);
  response.once('close', () => clearTimeout(hangUp));
}

/**
 * Every route but that of webhooks. Another page is a Hono app of its own in `pages/`, put in its place here. The front
 * desk is loaded where there is one.
 */
async function routes(options: HttpServerOptions): Promise<Hono<HttpEnv>> {
  const app = new Hono<HttpEnv>({ getPath: pathAsWritten });
  const { handover } = options;
  if (handover !== undefined) app.route('/handover', oneTimePage(handover));
  app.route('/schemas', schemaFiles(options.schemas));
  app.route('/', operatorRoutes(options));
  app.notFound(() => answer(404));
  if (options.frontDesk !== undefined) {
    const { assetFiles } = await import('./front-desk/assets.ts');
    const { frontDesk, unknownPageOf } = await import('./front-desk/front-desk.ts');
    app.route('/', assetFiles());
    app.route('/', frontDesk(options.frontDesk));
    const page = unknownPageOf(options.frontDesk);
    app.notFound((context) => (isBrowser(context) ? page(context) : answer(404)));
  }
  app.onError((error) => failure(options.log, error));
  return app;
}

/** Whether someone looks for a page: programs are told nothing. */
function isBrowser({ req }: Context<HttpEnv>): boolean {
  return req.method === 'GET' && /\btext\/html\b/.test(req.header('accept') ?? '');
}

/**
 * The path of a request, byte for byte. Hono would take `..` out of it and decode it first: a path that a proxy in front
 * keeps to itself, such as `/metrics`, would have other spellings.
 */
function pathAsWritten(_request: Request, context?: { readonly env?: HttpEnv['Bindings'] }): string {
  return context?.env === undefined ? '' : pathOf(context.env.incoming);
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

function failure(log: Log, error: unknown): Response {
  logFailure(log, error);
  return answer(500);
}

function logFailure(log: Log, error: unknown): void {
  log.error(errorFields(error), 'a request could not be answered');
}

/** Answering one request to the REST API: who asks, which route, what goes wrong, what it says. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { ApiCall, type ApiResponse, type Route } from './api-call.ts';
import { ApiError, notFound } from './api-error.ts';
import { authenticate, authorize, notAccessibleByIntegration } from './auth.ts';
import { isRecord } from './body-fields.ts';
import type { CallLog } from './call-log.ts';
import type { ApiFault, FaultInjector } from './fault-injector.ts';
import { movedAnswer, pathByName } from './moved-paths.ts';
import { Router } from './router.ts';
import { appRoutes } from './routes/app.ts';
import { checkRoutes } from './routes/checks.ts';
import { gitRoutes } from './routes/git.ts';
import { issueRoutes } from './routes/issues.ts';
import { pullRoutes } from './routes/pulls.ts';
import type { Caller } from './state.ts';
import type { GitHubStore } from './store.ts';

/** A request and its answer, for tests that hold both against GitHub's own description of its API. */
export interface ApiExchange {
  readonly method: string;
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly answerBody: unknown;
}

const router = new Router([...appRoutes, ...pullRoutes, ...issueRoutes, ...checkRoutes, ...gitRoutes]);

/** Faults with which a request is answered as without. */
const harmless: ReadonlySet<ApiFault['kind']> = new Set(['slow', 'meanwhile']);

export interface RestApiOptions {
  readonly store: GitHubStore;
  readonly faults: FaultInjector;
  readonly log: CallLog;
  readonly observe: ((exchange: ApiExchange) => void) | undefined;
}

export class RestApi {
  readonly #options: RestApiOptions;
  /** Requests of each installation in the hour that began then. */
  readonly #used = new Map<number, { count: number; reset: number }>();

  constructor(options: RestApiOptions) {
    this.#options = options;
  }

  /** Whether a path is one of the REST API's. */
  hasRoute(method: string, path: string): boolean {
    return router.find(method, pathByName(this.#options.store, path)) !== undefined;
  }

  /** @param url the address, its path without the prefix of the API. */
  async serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { store, faults, log } = this.#options;
    const method = request.method ?? 'GET';
    const asked = url.pathname;
    const found = router.find(method, pathByName(store, asked));
    const name = found === undefined ? `${method} ${asked}` : `${method} ${found.route.template}`;
    const body = await readBody(request);
    let by: Caller = { kind: 'anonymous' };
    let limits: Record<string, string> = {};
    let answer: ApiResponse;
    let moved: ApiResponse | undefined;
    const fault = faults.forRequest(name);
    if (fault?.kind === 'meanwhile') fault.act();
    // What a number is called may just have changed.
    url.pathname = pathByName(store, asked);
    const params = router.find(method, url.pathname)?.params ?? {};
    try {
      by = authenticate(store, request.headers.authorization);
      limits = this.#spend(by);
      if (Number(limits['x-ratelimit-used']) > store.limits.requests)
        throw new ApiError(403, 'API rate limit exceeded.');
      const refused = fault === undefined ? undefined : faultResponse(fault);
      if (refused !== undefined) answer = refused;
      else if (fault?.kind === 'reset' || fault?.kind === 'silence') answer = { status: 0 };
      else {
        if (found === undefined) throw notFound();
        moved = movedAnswer(store, by, method, url);
        const call = new ApiCall(store, by, params, absolute(store, url), isRecord(body) ? body : {});
        if (moved === undefined) checkAccess(call, found.route);
        answer = moved ?? found.route.handle(call);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { status: error.status, body: error.body };
    }
    answer = { ...answer, headers: { ...limits, ...answer.headers } };
    if (fault?.kind === 'error-after') answer = { status: fault.status, body: { message: 'Server Error' } };
    log.add({ method, route: name, path: asked, by: by.kind, status: answer.status });
    if (found !== undefined && moved === undefined && (fault === undefined || harmless.has(fault.kind)))
      this.#options.observe?.({
        method,
        template: found.route.template,
        params,
        query: Object.fromEntries(url.searchParams),
        requestBody: body,
        status: answer.status,
        answerBody: answer.body,
      });
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'reset' || fault?.kind === 'reset-after') request.socket.destroy();
    else sendResponse(request, response, answer);
  }

  #spend(by: Caller): Record<string, string> {
    const { store } = this.#options;
    const now = Math.floor(store.now().getTime() / 1000);
    const key = by.kind === 'installation' ? by.installation.id : 0;
    const known = this.#used.get(key);
    const window = known === undefined || known.reset <= now ? { count: 0, reset: now + 3600 } : known;
    window.count++;
    this.#used.set(key, window);
    return {
      'x-ratelimit-limit': String(store.limits.requests),
      'x-ratelimit-remaining': String(Math.max(0, store.limits.requests - window.count)),
      'x-ratelimit-used': String(window.count),
      'x-ratelimit-reset': String(window.reset),
      'x-ratelimit-resource': 'core',
    };
  }
}

/** What a fault answers instead of doing anything; undefined for faults of another kind. */
function faultResponse(fault: ApiFault): ApiResponse | undefined {
  if (fault.kind === 'error') return { status: fault.status, body: { message: 'Server Error' } };
  if (fault.kind === 'not-found') return { status: 404, body: { message: 'Not Found' } };
  if (fault.kind === 'refusal') return { status: fault.status, body: { message: fault.message } };
  if (fault.kind === 'secondary-limit')
    return {
      status: fault.status ?? 403,
      headers: { 'retry-after': String(fault.retryAfter) },
      body: {
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        documentation_url:
          'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      },
    };
  if (fault.kind === 'primary-limit')
    return {
      status: 403,
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + fault.resetAfter),
      },
      body: { message: 'API rate limit exceeded.', documentation_url: 'https://docs.github.com/rest' },
    };
  return undefined;
}

function checkAccess(call: ApiCall, route: Route): void {
  const { caller } = call;
  if (route.access === 'anyone') return;
  if (route.access === 'app') {
    if (caller.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
  } else if (route.access === 'installation') {
    if (caller.kind === 'app' || caller.kind === 'anonymous') throw notAccessibleByIntegration();
  } else authorize(call.store, caller, call.repository, route.access.needs, route.access.role);
}

/** The address as the caller may follow it, in `Link` headers. */
function absolute(store: GitHubStore, url: URL): URL {
  return new URL(`${store.api}${url.pathname}${url.search}`);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  try {
    return await json(request);
  } catch {
    // An empty body, or one that is not JSON: the fields that a route needs will be missing.
    return undefined;
  }
}

function sendResponse(request: IncomingMessage, response: ServerResponse, answer: ApiResponse): void {
  const headers: Record<string, string> = {
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': randomUUID(),
    ...answer.headers,
  };
  if (answer.body === undefined) {
    response.writeHead(answer.status, headers).end();
    return;
  }
  const text = JSON.stringify(answer.body);
  headers['content-type'] = 'application/json; charset=utf-8';
  if (request.method === 'GET' && answer.status === 200) {
    headers.etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
    if (request.headers['if-none-match'] === headers.etag) {
      response.writeHead(304, headers).end();
      return;
    }
  }
  response.writeHead(answer.status, headers).end(text);
}

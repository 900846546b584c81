/**
 * The App's way to GitHub: Probot as a library, for the App's own identity and its installations' tokens.
 *
 * Of Probot's defaults, throttling (writes spaced by seconds, a request dropped on a secondary limit) and retries
 * (sleeping within a request) are switched off: the queue waits instead, where a wait survives a restart. Its
 * webhook secret, a known word by default, is never used: deliveries are verified by our own server.
 */

import { Probot, ProbotOctokit } from 'probot';
import type { Secret } from '#base/config/secret';
import { defined } from '#base/defined';
import type { Log } from '#base/observability/logger';
import { requestedDelaySeconds } from '#infrastructure/http-client/retry-after';

/** Octokit as Probot makes it: `request`, `rest`, `paginate`. */
export type GitHubClient = Awaited<ReturnType<Probot['auth']>>;

/** One answer of GitHub, as far as metrics and pauses are concerned. */
export interface GitHubAnswer {
  readonly installation: number | undefined;
  readonly method: string;
  /** As in GitHub's documentation, with the names of its parameters and not their values. */
  readonly route: string;
  readonly status: number;
  /** By which GitHub's support finds the request (`X-GitHub-Request-Id`). */
  readonly github?: string;
  /** Calls of an hour, those left of it, and when it ends (seconds since 1970). */
  readonly limit?: number;
  readonly remaining?: number;
  readonly reset?: number;
  /** Seconds that GitHub asks to wait. */
  readonly wait?: number;
}

export interface GitHubApp {
  /** As the App itself: only `/app` routes. */
  app(): Promise<GitHubClient>;
  /** As one installation. The client is made once and renews its own token. */
  installation(id: number): Promise<GitHubClient>;
}

export interface GitHubAppOptions {
  readonly appId: number;
  readonly privateKey: Secret;
  /** Of the API; GitHub.com's when undefined. */
  readonly baseUrl?: string;
  readonly log: Log;
  readonly onAnswer: (answer: GitHubAnswer) => void;
  readonly userAgent: string;
}

/** Milliseconds after which a call that does not answer is given up. */
const requestTimeoutMs = 30_000;

/** `fetch`, given up after half a minute. */
export function fetchWithTimeout(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const limit = AbortSignal.timeout(requestTimeoutMs);
  const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
  return fetch(input, { ...init, signal });
}

export function openGitHubApp(options: GitHubAppOptions): GitHubApp {
  const probot = new Probot({
    appId: options.appId,
    privateKey: options.privateKey.reveal(),
    ...defined({ baseUrl: options.baseUrl }),
    // Probot logs the body of every request at `debug`.
    log: options.log.child({}, { level: 'warn' }),
    request: { fetch: fetchWithTimeout },
    // As a function: Probot lays its own throttling over what is given as an object.
    Octokit: ProbotOctokit.defaults((given: object) => ({
      ...given,
      throttle: { enabled: false },
      retry: { enabled: false },
      userAgent: options.userAgent,
    })),
  });
  const clients = new Map<number | undefined, Promise<GitHubClient>>();

  function client(installation: number | undefined): Promise<GitHubClient> {
    const known = clients.get(installation);
    if (known !== undefined) return known;
    const made = probot
      .auth(installation)
      .then((octokit) => withAnswerHook(octokit, installation, options.onAnswer));
    clients.set(installation, made);
    made.catch(() => clients.delete(installation));
    return made;
  }
  return { app: () => client(undefined), installation: (id) => client(id) };
}

function withAnswerHook(
  octokit: GitHubClient,
  installation: number | undefined,
  onAnswer: (answer: GitHubAnswer) => void,
): GitHubClient {
  const tell = (
    { method, url: route }: { readonly method: string; readonly url: string },
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void => {
    const github = headers['x-github-request-id'];
    const limit = Number(headers['x-ratelimit-limit'] ?? Number.NaN);
    const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
    const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
    const wait = requestedDelaySeconds(headers, Date.now());
    onAnswer({
      installation,
      method,
      route,
      status,
      ...(typeof github === 'string' ? { github } : {}),
      ...(Number.isFinite(limit) ? { limit } : {}),
      ...(Number.isFinite(remaining) ? { remaining } : {}),
      ...(Number.isFinite(reset) ? { reset } : {}),
      ...defined({ wait }),
    });
  };
  octokit.hook.after('request', (response, request) => {
    tell(request, response.status, response.headers);
  });
  octokit.hook.error('request', (error, request) => {
    const answered = 'status' in error && error.response !== undefined;
    tell(request, answered ? error.status : 0, answered ? (error.response?.headers ?? {}) : {});
    throw error;
  });
  return octokit;
}

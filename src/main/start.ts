/** Starts the service: the database, the HTTP server, then, once GitHub says what is served, the worker and the sweeps. */

import { readdir, readFile } from 'node:fs/promises';
import type { HandoverPageRequest, HandoverPageResponse } from '#application/handover/one-time-page';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { measureSealed } from '#application/handover/secrets/rotate-key';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { createLog, errorFields, type Log } from '#base/observability/logger';
import { createMetrics, type Metrics } from '#base/observability/metrics';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '#http/server';
import { routeEvent, type WatchedRepositories } from '#http/webhook/event-routing';
import { type Database, openDatabase } from '#infrastructure/database/database';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { type GitHubAnswer, type GitHubApp, openGitHubApp } from '#infrastructure/github/client/app-client';
import { findInstallation, type Installation } from '#infrastructure/github/client/installation';
import { Inbox } from '#infrastructure/queue/inbox';
import type { Handlers } from '#infrastructure/queue/job-kinds';
import { JobQueue, jobsChannel } from '#infrastructure/queue/job-queue';
import { pauseInstallation } from '#infrastructure/queue/rate-limit-pauses';
import { backOffSeconds } from '#infrastructure/queue/retry-policy';
import { startWorker } from '#infrastructure/queue/worker';
import type { ServiceContext } from './context.ts';
import { isResyncDue } from './resync.ts';

/** What does the work, once it is known whose registry is served. */
export interface ServiceHandlers {
  readonly handlers: Handlers;
  readonly handover?: (request: HandoverPageRequest) => Promise<HandoverPageResponse>;
}

export interface ServiceOptions {
  readonly settings: EnvironmentConfig;
  readonly configuration: Configuration;
  /** Which half runs here; both when undefined. */
  readonly only?: 'ingress' | 'worker';
  readonly version: string;
  readonly handlers: (context: ServiceContext) => Promise<ServiceHandlers>;
  /** Standard output's when undefined. */
  readonly log?: Log;
  /** How many jobs run at the same time. */
  readonly concurrency?: number;
}

export interface Service {
  readonly port: number;
  /** Resolves once it is known which registry is served, and the work goes on. */
  readonly atWork: Promise<void>;
  /** Resolves with the reason when it cannot go on. */
  readonly refused: Promise<Message>;
  /** Finishes what runs within `milliseconds`, and takes no more. */
  stop(milliseconds: number): Promise<void>;
}

export type StartedService =
  | { readonly ok: true; readonly service: Service }
  | { readonly ok: false; readonly error: Message };

/** Calls to GitHub that are left for people's own use of the hour, and for what cannot wait. */
const reservedCalls = 50;
/** Milliseconds that a store may take to say that it is there. */
const readinessTimeoutMs = 2_000;

export async function startService(options: ServiceOptions): Promise<StartedService> {
  const { settings, configuration } = options;
  const log = options.log ?? createLog(settings.logLevel);
  const opened = await openDatabase(settings.store);
  if (!opened.ok) {
    const { ok: _ok, reason, ...values } = opened;
    return { ok: false, error: startupError(reason, values) };
  }
  const { store } = opened;
  const metrics = createMetrics();
  const jobs = new JobQueue(store.db);
  const github = githubClient(options, store, metrics, log);
  /** Known once GitHub has answered; until then deliveries are refused, and asked for again later. */
  let serving: { readonly installation: Installation; readonly handlers?: ServiceHandlers } | undefined;

  let server: HttpServer;
  try {
    server = await startHttpServer({
      host: settings.host,
      port: settings.port,
      secrets: settings.webhookSecrets,
      ...(options.only !== 'worker' && {
        receive: receiver(new Inbox(store.db, jobs), configuration, () => serving?.installation),
      }),
      handover: async (request) =>
        (await serving?.handlers?.handover?.(request)) ?? { status: 404, headers: {}, body: '' },
      ready: async () => serving !== undefined && (await storeAnswers(store)),
      measure: () => updateMetrics(options, store, serving?.installation.repo, metrics),
      schemas: await readSchemas(),
      log,
      metrics,
    });
  } catch (error) {
    await store.close();
    throw error;
  }

  const ending = new AbortController();
  const refused = Promise.withResolvers<Message>();
  const begun = begin();
  const atWork = begun.then(
    () => undefined,
    (error: unknown) => {
      if (!ending.signal.aborted) log.fatal(errorFields(error), 'the work cannot begin');
      throw error;
    },
  );
  atWork.catch(() => undefined);

  async function begin(): Promise<{ stop(milliseconds: number): Promise<void> } | undefined> {
    const { signal } = ending;
    const installation = await awaitInstallation(
      github,
      configuration.registry,
      log,
      signal,
      refused.resolve,
    );
    serving = { installation };
    const { repo, installationId, appLogin, appId } = installation;
    const registry = { repo, installation: installationId };
    const context = { settings, configuration, store, jobs, github, log, metrics, registry, appLogin, appId };
    const handlers = await options.handlers(context);
    serving = { installation, handlers };
    const working =
      options.only === 'ingress' || signal.aborted ? undefined : await startWork(options, context, handlers);
    log.info({ registry: repo, engine: store.engine, only: options.only ?? 'all' }, 'at work');
    return working;
  }

  return {
    ok: true,
    service: {
      port: server.port,
      atWork,
      refused: refused.promise,
      async stop(milliseconds) {
        ending.abort();
        const closed = server.close();
        const working = await begun.catch(() => undefined);
        await working?.stop(milliseconds);
        await closed;
        await store.close();
        log.info('stopped');
      },
    },
  };
}

/** Keeps deliveries with the work that they cause. */
function receiver(
  inbox: Inbox,
  configuration: Configuration,
  served: () => Installation | undefined,
): NonNullable<HttpServerOptions['receive']> {
  return async (delivery, payload) => {
    const installation = served();
    if (installation === undefined) throw new Error('it is not yet known which registry is served');
    const watched = watchedRepositories(installation, configuration);
    return inbox.receive(delivery, routeEvent(delivery.event, payload, watched));
  };
}

async function updateMetrics(
  { settings }: ServiceOptions,
  store: Database,
  registry: string | undefined,
  metrics: Metrics,
): Promise<void> {
  await updateDatabaseMetrics(store.db, registry, metrics);
  const keyring = settings.key === undefined ? undefined : parseKeyring(settings.key.reveal());
  await measureSealed(store.db, keyring, metrics);
}

/** Starts the worker, what tells it of others' work, and the clock of the sweeps. */
async function startWork(
  options: ServiceOptions,
  context: ServiceContext,
  { handlers }: ServiceHandlers,
): Promise<{ stop(milliseconds: number): Promise<void> }> {
  const { store, jobs, log, metrics, configuration } = context;
  const worker = await startWorker({
    jobs,
    handlers,
    log,
    metrics,
    concurrency: options.concurrency ?? 8,
    alone: store.engine === 'embedded',
    onLimit: (installation, seconds, reason) => pauseInstallation(store.db, installation, seconds, reason),
  });
  const stopListening = store.listen(jobsChannel, () => jobs.wake());
  // Always anew: were a sweep that was given up the last one, nothing that was missed would be found any more.
  const askForSweep = () =>
    jobs
      .enqueue([{ kind: 'sweep', payload: {} }], { request: `sweep-${crypto.randomUUID()}` })
      .catch((error: unknown) => log.error(errorFields(error), 'no sweep could be asked for'));
  await askForSweep();
  // Every process has this clock; whichever strikes first is enough.
  const clock = setInterval(() => {
    isResyncDue(context).then(
      (due) => (due ? askForSweep() : undefined),
      (error: unknown) => log.error(errorFields(error), 'no sweep could be asked for'),
    );
  }, configuration.sweep * 1000);
  return {
    async stop(milliseconds) {
      clearInterval(clock);
      await stopListening();
      await worker.stop(milliseconds);
    },
  };
}

function githubClient(options: ServiceOptions, store: Database, metrics: Metrics, log: Log): GitHubApp {
  const { settings } = options;
  const onAnswer = (answer: GitHubAnswer): void => {
    const { installation, method, route, status, github, remaining, reset, wait } = answer;
    const fields = defined({ method, route, status, github });
    // What is written is what people see: it can be followed at the usual level.
    if (method === 'GET') log.debug(fields, 'GitHub answered');
    else log.info(fields, 'GitHub answered');
    metrics.githubCalls.inc({ method, status: String(status) });
    if (installation === undefined) return;
    if (remaining !== undefined)
      metrics.githubRemaining.set({ installation: String(installation) }, remaining);
    const spent = remaining !== undefined && remaining < reservedCalls && reset !== undefined;
    const seconds = wait ?? (spent ? Math.max(1, reset - Math.floor(Date.now() / 1000)) : undefined);
    if (seconds === undefined) return;
    log.warn({ installation, seconds, status, remaining }, 'GitHub asks for patience');
    pauseInstallation(
      store.db,
      installation,
      seconds,
      `GitHub answered ${status}, ${remaining ?? '?'} calls left`,
    ).catch((error: unknown) => log.error(errorFields(error), 'a pause could not be kept'));
  };
  return openGitHubApp({
    appId: settings.appId,
    privateKey: settings.privateKey,
    ...defined({ baseUrl: settings.apiAddress }),
    log,
    onAnswer,
    userAgent: `greffier/${options.version}`,
  });
}

/** Asks until GitHub answers and the App is installed; a wait that a restart would not shorten. */
async function awaitInstallation(
  github: GitHubApp,
  registry: string | undefined,
  log: Log,
  signal: AbortSignal,
  refuse: (message: Message) => void,
): Promise<Installation> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const found = await findInstallation(github, registry);
      if (found.ok) {
        const { missing, surplus } = found.identity.permissions;
        if (missing.length > 0) log.warn({ missing }, 'the App was not granted all that it uses');
        if (surplus.length > 0) log.warn({ surplus }, 'the App was granted more than it uses: take it back');
        return found.identity;
      }
      log.warn({ reason: startupErrorText(found.error, 'en') }, 'cannot work yet');
      if (!found.later) {
        refuse(found.error);
        throw new Error(startupErrorText(found.error, 'en'));
      }
    } catch (error) {
      if (error instanceof Error && 'status' in error && (error.status === 401 || error.status === 404)) {
        refuse(startupError('app-unknown'));
        throw error;
      }
      if (!(error instanceof Error && 'status' in error)) throw error;
      log.warn(errorFields(error), 'GitHub does not answer');
    }
    await delay(Math.min(30, backOffSeconds(attempt, Math.random())) * 1000, signal);
  }
}

/** Resolves after so many milliseconds, or when the signal fires. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}

function watchedRepositories(installation: Installation, configuration: Configuration): WatchedRepositories {
  const issueRepositories = Object.values(configuration.cells).flatMap((cell) =>
    cell.provider === 'manual' && cell.repository !== undefined ? [cell.repository] : [],
  );
  return { registry: installation.repo, issueRepositories, appLogin: installation.appLogin };
}

async function storeAnswers(store: Database): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, readinessTimeoutMs, false).unref());
  const asked = store.db
    .selectFrom('marks')
    .select('name')
    .limit(1)
    .execute()
    .then(
      () => true,
      () => false,
    );
  return Promise.race([asked, late]);
}

async function readSchemas(): Promise<ReadonlyMap<string, string>> {
  const folder = new URL('../../schemas/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.schema.json'));
  const texts = names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}

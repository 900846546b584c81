/** Starts the service: the database, the HTTP server, then, once GitHub says what is served, the worker and the sweeps. */

import { readdir, readFile } from 'node:fs/promises';
import { endedSessions, useSignInOnce } from '#application/front-desk/used-sign-ins';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { measureSealed } from '#application/handover/secrets/rotate-key';
import { measureUnsentMails } from '#application/ledger/unsent-mails';
import { type CellName, cellNames } from '#base/config/cells';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { listenFault, startupError } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { createLog, errorFields, type Log } from '#base/observability/logger';
import { createMetrics, type Metrics } from '#base/observability/metrics';
import { type HttpServer, startHttpServer } from '#http/server';
import { type Database, openDatabase } from '#infrastructure/database/database';
import { updateDatabaseMetrics } from '#infrastructure/database/metrics';
import { probeSmtp } from '#infrastructure/mail/smtp-probe';
import { CallBudget } from '#infrastructure/queue/call-budget';
import { Inbox } from '#infrastructure/queue/inbox';
import { jobsChannel } from '#infrastructure/queue/job-insertion';
import type { Handlers } from '#infrastructure/queue/job-kinds';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { pauseInstallation } from '#infrastructure/queue/rate-limit-pauses';
import { startWorker } from '#infrastructure/queue/worker';
import type { ServiceContext } from './context.ts';
import { frontDeskOptions, frontDeskPeople } from './front-desk.ts';
import { githubClient } from './github-client.ts';
import { receiver } from './receiver.ts';
import { ServedRegistry, type ServiceHandlers } from './served-registry.ts';
import { isSweepDue, msBetweenLooks } from './sweep.ts';

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
  /** Is told what keeps the work from beginning, and is tried again. */
  readonly onTrouble?: (message: Message) => void;
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

/** Milliseconds that a store may take to say that it is there. */
const readinessTimeoutMs = 2_000;

export async function startService(options: ServiceOptions): Promise<StartedService> {
  const { settings, configuration } = options;
  const log = options.log ?? createLog(settings.logLevel);
  const opened = await openDatabase(settings.store, 'upgrade');
  if (!opened.ok) {
    const { ok: _ok, reason, ...values } = opened;
    return { ok: false, error: startupError(reason, values) };
  }
  const { store } = opened;
  const metrics = createMetrics();
  const jobs = new JobQueue(store.db);
  const budget = new CallBudget();
  const github = githubClient({ ...options, store, metrics, log, budget });
  let context: ServiceContext | undefined;
  /** Known once GitHub has answered; until then deliveries are refused, and asked for again later. */
  const registry = new ServedRegistry({
    github,
    store,
    log,
    metrics,
    configured: configuration.registry,
    onUnreachable: (fault) =>
      options.onTrouble?.(
        startupError(fault, { host: new URL(settings.apiAddress ?? 'https://api.github.com').host }),
      ),
    build(served) {
      const { appLogin, appId } = served;
      context = {
        settings,
        configuration,
        store,
        jobs,
        github,
        log,
        metrics,
        registry: served,
        appLogin,
        appId,
      };
      return options.handlers(context);
    },
  });

  const desk = frontDeskOptions(settings, configuration, () => registry.work?.frontDesk);
  const people =
    desk &&
    (await frontDeskPeople(settings, configuration, desk, {
      work: () => registry.work?.people,
      useOnce: (state) => useSignInOnce(store.db, state),
      endings: endedSessions(store.db),
      log,
    }));
  let server: HttpServer;
  try {
    server = await startHttpServer({
      host: settings.host,
      port: settings.port,
      secrets: settings.webhookSecrets,
      ...(options.only !== 'worker' && {
        receive: receiver(
          new Inbox(store.db, jobs),
          store.db,
          () => registry.served,
          configuration.frontDesk?.signIn !== undefined,
          log,
          // Elsewhere the work is done by another process.
          options.only === undefined
            ? (commits, sender) =>
                budget.ahead(sender, registry.served?.installation, () => registry.work?.readAhead?.(commits))
            : undefined,
        ),
      }),
      handover: async (request) =>
        (await registry.work?.handover?.(request)) ?? { status: 404, headers: {}, body: '' },
      ready: async () => registry.served !== undefined && (await storeAnswers(store)),
      measure: () => updateMetrics(options, store, registry.served?.registry, metrics),
      ...defined({ frontDesk: desk && defined({ ...desk, people }) }),
      schemas: await readSchemas(),
      log,
      metrics,
    });
  } catch (error) {
    await store.close();
    const fault = listenFault(settings.host, settings.port, error);
    if (fault === undefined) throw error;
    return { ok: false, error: fault };
  }
  log.info(
    { version: options.version, host: settings.host, port: server.port, cells: cellsServed(configuration) },
    'listening',
  );

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
    const served = await registry.begin(signal, refused.resolve);
    if (context === undefined) throw new Error('nothing was built');
    if (options.only !== 'ingress' && !signal.aborted) void tryMail(options, log);
    const working =
      options.only === 'ingress' || signal.aborted
        ? undefined
        : await startWork({ ...options, budget }, context, registry.handlers());
    log.info({ registry: served.name, engine: store.engine, only: options.only ?? 'all' }, 'at work');
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
        const closed = server.close(milliseconds);
        const working = await begun.catch(() => undefined);
        await working?.stop(milliseconds);
        await closed;
        await store.close();
        log.info('stopped');
      },
    },
  };
}

/** Says that the mail server does not take what would be sent, while there is still nobody who waits for it. */
async function tryMail({ settings, onTrouble }: ServiceOptions, log: Log): Promise<void> {
  const { smtpUrl, mailFrom } = settings;
  if (smtpUrl === undefined || mailFrom === undefined) return;
  const url = smtpUrl.reveal();
  const probe = await probeSmtp(url, mailFrom);
  if (probe.ok) return;
  const { host } = new URL(url);
  log.error({ host, at: probe.at, reason: probe.reason }, 'the mail server takes no mails');
  onTrouble?.(startupError('mail-silent', { host, from: mailFrom, reason: probe.reason }));
}

/** By cell, who makes its clients: a kind of provider; nobody, where it is reviewed and no more. */
function cellsServed({ cells }: Configuration): Readonly<Record<CellName, string>> {
  const entries = cellNames.map((name) => [name, cells[name]?.provider ?? 'reviewed only'] as const);
  return Object.fromEntries(entries) as Record<CellName, string>;
}

async function updateMetrics(
  { settings }: ServiceOptions,
  store: Database,
  registry: string | undefined,
  metrics: Metrics,
): Promise<void> {
  await updateDatabaseMetrics(store.db, registry, metrics);
  if (registry !== undefined)
    await measureUnsentMails(store.db, registry, metrics, settings.smtpUrl === undefined);
  const keyring = settings.key === undefined ? undefined : parseKeyring(settings.key.reveal());
  await measureSealed(store.db, keyring, metrics);
}

/** Starts the worker, what tells it of others' work, and the clock of the sweeps. */
async function startWork(
  options: ServiceOptions & { readonly budget: CallBudget },
  context: ServiceContext,
  handlers: Handlers,
): Promise<{ stop(milliseconds: number): Promise<void> }> {
  const { store, jobs, log, metrics, configuration } = context;
  const worker = await startWorker({
    jobs,
    handlers,
    log,
    metrics,
    concurrency: options.concurrency ?? 8,
    alone: store.engine === 'embedded',
    budget: options.budget,
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
    isSweepDue(context).then(
      (due) => (due ? askForSweep() : undefined),
      (error: unknown) => log.error(errorFields(error), 'no sweep could be asked for'),
    );
  }, msBetweenLooks(configuration.sweep));
  return {
    async stop(milliseconds) {
      clearInterval(clock);
      await stopListening();
      await worker.stop(milliseconds);
    },
  };
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

/** Builds provisioning: the jobs, the page, the plan of a review, the commands after the merge. */

import type { Kysely } from 'kysely';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink } from '#application/handover/link-token';
import { runMailJob } from '#application/handover/mail-job';
import {
  type HandoverPageRequest,
  type HandoverPageResponse,
  type HandoverStore,
  handoverPage,
} from '#application/handover/one-time-page';
import { type MailCell, type OutboxDeps, outboxUnder } from '#application/handover/outbox';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { lookUpAnswers, lookUpReview } from '#application/lookups/answer-cache';
import type { ReviewDeps } from '#application/mirror/deps';
import type { RegistryMirror } from '#application/mirror/mirror';
import type { ReviewStore } from '#application/mirror/review-store';
import { type RunKeep, runKeep } from '#application/recertification/keep';
import { RecertificationStore } from '#application/recertification/recertification-store';
import { cellInfos } from '#application/reconciliation/cells';
import { registrySource } from '#application/reconciliation/github-registry';
import {
  provisioningCommandRunner,
  type RunProvisioningCommand,
} from '#application/reconciliation/operator-commands';
import { githubIssueTracker, githubPublisher } from '#application/reconciliation/outcomes/github-publisher';
import { touchedClients } from '#application/reconciliation/plan-change';
import { createLookups, createRecheck } from '#application/reconciliation/recheck-outside-answers';
import { runLiveChecks } from '#application/reconciliation/run-live-checks';
import { runReconciliation } from '#application/reconciliation/run-reconciliation';
import {
  publisherUnder,
  type ReconciliationParts,
  reconciliationUnder,
} from '#application/reconciliation/under-lease';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import { logContext } from '#base/observability/log-context';
import type { Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { openidConfigurationUrl } from '#domain/provisioning/issuer';
import type { CellInfo } from '#domain/provisioning/outcome';
import { handsKeysOver } from '#domain/provisioning/provider';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { Tables } from '#infrastructure/database/tables';
import {
  describeRepository,
  fullNameOf,
  type RepositoryClient,
} from '#infrastructure/github/client/repository-client';
import { smtpSender } from '#infrastructure/mail/smtp';
import type { Handlers } from '#infrastructure/queue/job-kinds';
import type { JobQueue } from '#infrastructure/queue/job-queue';
import type { FencedDatabase, Lease } from '#infrastructure/queue/lease';

type NeededSettings = Pick<
  EnvironmentConfig,
  'key' | 'publicUrl' | 'smtpUrl' | 'mailFrom' | 'datapass' | 'entreprisesUrl'
>;

export interface ProvisioningDeps {
  readonly settings: NeededSettings;
  readonly configuration: Configuration;
  readonly db: Kysely<Tables>;
  readonly jobs: JobQueue;
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'unjudged'>;
  /** The key of the registry's rows in the store, and the installation that gives access to it. */
  readonly repo: string;
  readonly installation: number;
  readonly appId: number;
  readonly registry: RepositoryClient;
  /** The way to another repository, where requests are opened: by its name, or by its number too. */
  readonly repository: (name: string, id?: string) => RepositoryClient;
  readonly mirror: RegistryMirror;
  readonly reviewStore: ReviewStore;
  readonly userAgent: string;
  /** The registry on the web, without a slash at the end. */
  readonly registryUrl: string;
  /** What a mail of the front desk says, and to whom. */
  readonly requestMail?: OutboxDeps['requestMail'];
}

export interface Provisioning {
  /** What the directory of companies knows of a SIRET. @param asker whose turn it is */
  readonly lookUpSiret: (siret: string, asker: string) => Promise<OutsideAnswers['siret']>;
  readonly lookUp: NonNullable<ReviewDeps['lookUp']>;
  readonly reconcile: Handlers['reconcile'];
  readonly checkLive: Handlers['live-checks'];
  readonly sendMail: Handlers['mail'];
  readonly handovers: HandoverStore;
  readonly serveHandoverPage: (request: HandoverPageRequest) => Promise<HandoverPageResponse>;
  /** What reviews and commands do of it, under the lease of their job. */
  readonly forPullRequests: (lease: Lease) => {
    readonly clientsOf: NonNullable<ReviewDeps['clientsOf']>;
    readonly runProvisioningCommand: RunProvisioningCommand;
    readonly runKeep: RunKeep;
  };
  /** Someone who is signed in at the desk says that a service of theirs still lives. */
  readonly keepAtDesk: (client: string, person: string) => Promise<boolean>;
}

/** @throws when the configuration asks for something that the environment does not give, in words. */
export function createProvisioning(deps: ProvisioningDeps): Provisioning {
  const { settings, configuration, db, jobs, log, repo, appId, mirror, reviewStore } = deps;
  const missing = missingFor(settings, configuration);
  if (missing.length > 0)
    throw new Error(
      missing.map((name) => startupErrorText(startupError('missing', { name }), 'en')).join(' '),
    );
  const now = () => Date.now();
  const keyring = settings.key === undefined ? undefined : parseKeyring(settings.key.reveal());
  const vault = vaultWith(keyring);
  const repository = deps.registry;
  const source = registrySource(
    defined({ registry: repo, repository, mirror, reviewStore, log, metrics: deps.metrics }),
  );
  const language = () => source.settings().language;
  const lookups = createLookups(db, settings, configuration, deps.userAgent, (silence) =>
    log.warn(silence, 'a public service gives no answer'),
  );
  const { recheck, applicantOf } = createRecheck(lookups, language);
  const removalDelay = configuration.removalDelay * 1000;
  const parts: ReconciliationParts = {
    cells: {
      configuration,
      repo: fullNameOf(repository),
      ...defined({ registryId: repository.id }),
      trackerFor: (of) =>
        githubIssueTracker(() => (of === undefined ? repository : deps.repository(of.name, of.id)), {
          appId,
        }),
      repositoryAt: (place) =>
        describeRepository('name' in place ? deps.repository(place.name) : deps.repository('', place.id)),
      vault,
      fetch,
      now,
      language,
      applicantOf,
    },
    ledger: {
      registry: repo,
      vault,
      newLink,
      withoutMail: settings.smtpUrl === undefined,
      onMail: (id, transaction) =>
        jobs.enqueue(
          [{ kind: 'mail', payload: { id } }],
          { request: logContext()?.request ?? `mail-${id}` },
          transaction,
        ),
    },
    source,
    recheck,
    removalDelay,
    sweepInterval: configuration.sweep * 1000,
  };
  const infos = cellInfos(configuration);
  const hasDesk = configuration.frontDesk?.signIn !== undefined && settings.publicUrl !== undefined;
  const answerPlaces = {
    registryUrl: deps.registryUrl,
    ...(hasDesk && { desk: `${settings.publicUrl}/demandes` }),
  };
  const recertificationIn = (of: FencedDatabase) =>
    new RecertificationStore({
      db: of,
      registry: repo,
      ...defined({ onMail: parts.ledger.onMail }),
      onKept: (transaction) =>
        jobs.enqueue(
          [{ kind: 'reconcile', payload: { installation: deps.installation, repo } }],
          { request: logContext()?.request ?? 'kept' },
          transaction,
        ),
    });
  const outbox: Omit<OutboxDeps, 'db'> | undefined =
    settings.smtpUrl === undefined
      ? undefined
      : {
          vault,
          sender: smtpSender({
            url: settings.smtpUrl.reveal(),
            from: settings.mailFrom ?? 'greffier@localhost',
          }),
          publicUrl: settings.publicUrl ?? '',
          cell: (name) => mailCell(infos.get(name), removalDelay),
          language,
          answerPlaces,
          ...defined({ requestMail: deps.requestMail }),
        };
  const handovers = sqlHandoverStore(db, vault, (name) => {
    const info = infos.get(name);
    return defined({ method: info?.method ?? 'client_secret_post', discovery: discoveryOf(info?.issuer) });
  });
  const publisher = githubPublisher(repository, appId);
  const jobDeps = defined({
    db,
    jobs,
    log,
    metrics: deps.metrics,
    keyring,
    sendsMails: outbox !== undefined,
    forgetAfter: configuration.forgetAfter,
  });
  return {
    lookUpSiret: async (siret, asker) => (await lookUpAnswers(lookups, { siret }, { asker })).siret,
    lookUp: (entries, asker) =>
      lookUpReview(
        lookups,
        new Map(
          entries.map(({ path, partial }) => [
            path,
            defined({ siret: partial?.siret, datapass: partial?.datapass }),
          ]),
        ),
        asker,
      ),
    reconcile: (job, lease) =>
      runReconciliation(
        {
          ...jobDeps,
          reconcile: reconciliationUnder(lease, parts),
          publisher: publisherUnder(lease, publisher),
          recertification: recertificationIn(lease.database),
        },
        job,
      ),
    async checkLive(_job, lease) {
      await runLiveChecks({
        reconcile: reconciliationUnder(lease, parts),
        issues: publisherUnder(lease, publisher).issues,
        registry: repo,
        repository,
        reviewStore,
        recheckIn: (own) => createRecheck(lookups, () => own, 'live checks').recheck,
        log,
      });
      return undefined;
    },
    sendMail: (job, lease) => runMailJob(defined({ outbox: outbox && outboxUnder(lease, outbox), log }), job),
    handovers,
    keepAtDesk: (client, person) => recertificationIn(db).keep(client, { person }, now()),
    serveHandoverPage: (request) => handoverPage(handovers, request, language()),
    forPullRequests(lease) {
      const reconciliation = reconciliationUnder(lease, parts);
      return {
        clientsOf: (paths, read) => touchedClients(reconciliation, paths, read),
        runKeep: (command) =>
          runKeep(
            {
              store: recertificationIn(lease.database),
              reconcileStore: reconciliation.store,
              issues: reconciliation.issues,
              repository,
              repo,
              database: db,
              language: language(),
              now,
            },
            command,
          ),
        runProvisioningCommand: provisioningCommandRunner(reconciliation, ({ number }) =>
          jobs.enqueue([{ kind: 'reconcile', payload: { installation: deps.installation, repo } }], {
            request: logContext()?.request ?? `command-${number}`,
          }),
        ),
      };
    },
  };
}

function discoveryOf(issuer: string | undefined): string | undefined {
  return issuer === undefined ? undefined : openidConfigurationUrl(issuer);
}

function mailCell(info: CellInfo | undefined, removalDelay: number): MailCell | undefined {
  if (info === undefined) return undefined;
  const { provider, portal, issuer } = info;
  return defined({ provider, removalDelay, portal, discovery: discoveryOf(issuer) });
}

/** What a cell with keys to hand over needs: a key to seal them with, and an address for their link. */
export function missingFor(
  settings: { readonly key?: unknown; readonly publicUrl?: unknown },
  configuration: Configuration,
): readonly string[] {
  const registers = Object.values(configuration.cells).some(
    (cell) => cell !== undefined && handsKeysOver[cell.provider],
  );
  if (!registers) return [];
  return [
    ...(settings.key === undefined ? ['GREFFIER_KEY'] : []),
    ...(settings.publicUrl === undefined ? ['PUBLIC_URL'] : []),
  ];
}

/** Builds provisioning: the jobs, the page, the plan of a review, the commands after the merge. */
import type { Kysely } from 'kysely';
import { eraseExpiredSecrets, sqlHandoverStore } from '#application/handover/handover-store';
import { newLink } from '#application/handover/link-token';
import {
  type HandoverPageRequest,
  type HandoverPageResponse,
  handoverPage,
} from '#application/handover/one-time-page';
import { type MailCell, sendMail, waitingMails } from '#application/handover/outbox';
import { type Keyring, parseKeyring } from '#application/handover/secrets/keyring';
import { countSealed, resealStored } from '#application/handover/secrets/rotate-key';
import { vaultWith } from '#application/handover/secrets/vault';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { deleteOldAnswers, lookUpAnswers } from '#application/lookups/answer-cache';
import type { ProposedChange } from '#application/mirror/deps';
import type { RegistryMirror } from '#application/mirror/mirror';
import type { ReviewStore } from '#application/mirror/review-store';
import { cellNames } from '#base/config/cells';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import { logContext } from '#base/observability/log-context';
import type { Log } from '#base/observability/logger';
import { cellName, placeFromPath } from '#domain/definition/cell';
import { openidConfigurationUrl } from '#domain/provisioning/issuer';
import { cellState } from '#domain/provisioning/known-clients';
import { clientKey, planFor } from '#domain/provisioning/plan';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import type { ProvisioningCommand } from '#domain/review/commands/parse';
import type { PlanFacts } from '#domain/review/facts/facts';
import type { Tables } from '#infrastructure/database/tables';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import {
  setDeploymentState,
  upsertComment,
  upsertDeployment,
} from '#infrastructure/github/write/deployments';
import { smtpSender } from '#infrastructure/mail/smtp';
import type { Job, RetryLater } from '#infrastructure/queue/job-kinds';
import type { JobQueue } from '#infrastructure/queue/job-queue';
import { githubIssueTracker, servedCells } from './cells.ts';
import * as commands from './operator-commands.ts';
import { type OutcomePublisher, publishOutcomes } from './publish-outcomes.ts';
import { createLookups, createRecheck } from './recheck.ts';
import { type ReconcileDeps, type Reconciliation, reconcile } from './reconcile.ts';
import { ReconcileStore } from './reconcile-store.ts';
import { registrySource } from './registry-source.ts';

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
  /** `owner/name` of the registry, and the installation that gives access to it. */
  readonly repo: string;
  readonly installation: number;
  readonly appId: number;
  /** The client of the registry, and of another repository where requests are opened. */
  readonly repository: (repo: string) => RepositoryClient;
  readonly mirror: RegistryMirror;
  readonly reviewStore: ReviewStore;
  readonly userAgent: string;
}

export interface Provisioning {
  lookUp(entry: Entry): Promise<OutsideAnswers>;
  /** What merging would do; remembered as what this commit of the pull request showed. */
  planChange(change: ProposedChange): Promise<PlanFacts>;
  /** In a sweep it looks at every client, and resumes whatever was left undone. */
  reconcile(job: Job<'reconcile'>): Promise<RetryLater | undefined>;
  sendMail(job: Job<'mail'>): Promise<RetryLater | undefined>;
  serveHandoverPage(request: HandoverPageRequest): Promise<HandoverPageResponse>;
  /** The person's right to give it was checked before. A reconciliation is asked for where one is to follow. */
  runCommand(
    name: ProvisioningCommand,
    given: commands.ProvisioningCommandContext & { readonly argument?: string },
  ): Promise<commands.ProvisioningCommandResult>;
}

/** @throws when the configuration asks for something that the environment does not give, in words. */
export function createProvisioning(deps: ProvisioningDeps): Provisioning {
  const { settings, configuration, db, jobs, repo } = deps;
  const missing = missingFor(settings, configuration);
  if (missing.length > 0)
    throw new Error(
      missing.map((name) => startupErrorText(startupError('missing', { name }), 'en')).join(' '),
    );
  const now = () => Date.now();
  const keyring = settings.key === undefined ? undefined : parseKeyring(settings.key.reveal());
  const vault = vaultWith(keyring);
  const source = registrySource({
    repository: deps.repository(repo),
    mirror: deps.mirror,
    reviewStore: deps.reviewStore,
    log: deps.log,
  });
  const language = () => source.settings().language;
  const lookups = createLookups(db, settings, deps.userAgent);
  const { recheck, applicantOf } = createRecheck(lookups, language);
  const cells = servedCells({
    configuration,
    repo,
    trackerFor: (of) => githubIssueTracker(() => deps.repository(of), { appId: deps.appId }),
    vault,
    fetch,
    now,
    language,
    applicantOf,
  });
  const removalDelay = configuration.removalDelay * 1000;
  const store = new ReconcileStore(db, repo);
  const ledger = new SqlLedger({
    db,
    registry: repo,
    vault,
    newLink,
    onMail: (id, transaction) =>
      jobs.enqueue(
        [{ kind: 'mail', payload: { id } }],
        { request: logContext()?.request ?? `mail-${id}` },
        transaction,
      ),
  });
  const publisher = githubPublisher(deps);
  const sender =
    settings.smtpUrl === undefined
      ? undefined
      : smtpSender({ url: settings.smtpUrl.reveal(), from: settings.mailFrom ?? 'greffier@localhost' });
  const cellOf = (name: string) => cells.get(cellNames.find((one) => one === name) ?? 'internet/integration');
  const handovers = sqlHandoverStore(db, vault, (name) => {
    const info = cellOf(name)?.info;
    return {
      method: info?.method ?? 'client_secret_post',
      ...(info?.issuer === undefined ? {} : { discovery: openidConfigurationUrl(info.issuer) }),
    };
  });

  const reconcileDeps = (): ReconcileDeps => ({
    source,
    cells,
    ledger,
    store,
    recheck,
    removalDelay,
    now,
    language: language(),
  });
  const mailCell = (name: string): MailCell | undefined => {
    const info = cellOf(name)?.info;
    return info === undefined
      ? undefined
      : {
          provider: info.provider,
          removalDelay,
          ...(info.portal === undefined ? {} : { portal: info.portal }),
          ...(info.issuer === undefined ? {} : { discovery: openidConfigurationUrl(info.issuer) }),
        };
  };

  return {
    lookUp: (entry) =>
      lookUpAnswers(lookups, {
        ...(entry.partial?.siret === undefined ? {} : { siret: entry.partial.siret }),
        ...(entry.partial?.datapass === undefined ? {} : { datapass: entry.partial.datapass }),
      }),

    async planChange(change) {
      const accounts = await ledger.all();
      const places = change.touched.flatMap((path) => placeFromPath(path) ?? []);
      const plan = planFor({
        desired: change.desired,
        cells: [...cells.values()].map((cell) => cellState(cell.provider, accounts)),
        now: now(),
        removalDelay,
        only: new Set(places.map((place) => `${cellName(place)}/${place.id}`)),
      });
      await store.saveShownPlan(change.number, change.head, plan);
      const touched = cellNames.filter((name) => places.some((place) => cellName(place) === name));
      return {
        digest: plan.digest,
        steps: plan.steps.map((step) => ({
          path: `service-providers/${clientKey(step)}.yaml`,
          cell: step.cell,
          action: step.action,
          changes: step.changes,
          left: step.left,
        })),
        unserved: touched.filter((name) => !cells.has(name)),
        manual: touched.filter((name) => cells.get(name)?.info.provider === 'manual'),
      };
    },

    async reconcile(job) {
      const sweep = job.payload.sweep === true;
      const result = await reconcile(reconcileDeps(), sweep);
      await publishOutcomes(reconcileDeps(), publisher, result);
      await store.saveDrift(logReconciliation(deps.log, result, cells.keys()));
      if (sweep) {
        await eraseExpiredSecrets(db);
        if (keyring !== undefined) await rotateStoredSecrets(deps, keyring);
        await deleteOldAnswers(db);
        const waiting = await waitingMails(db);
        const left = waiting.map((id) => ({ kind: 'mail' as const, payload: { id } }));
        if (sender !== undefined) await jobs.enqueue(left, { request: job.request, news: false });
      }
      jobs.wake();
      if (result.retry === undefined) return undefined;
      const { reason, after } = result.retry;
      return { again: reason, ...(after === undefined ? {} : { after }) };
    },

    async sendMail(job) {
      // Without a mail server it stays in the outbox; a sweep sends it once there is one.
      if (sender === undefined) return undefined;
      const outbox = { db, vault, sender, publicUrl: settings.publicUrl ?? '', cell: mailCell };
      const sending = await sendMail(outbox, job.payload.id);
      if (sending.kind === 'later') return { again: sending.reason };
      if (sending.kind === 'refused')
        deps.log.error({ mail: job.payload.id, reason: sending.reason }, 'a mail was refused');
      return undefined;
    },

    serveHandoverPage: (request) => handoverPage(handovers, request),

    async runCommand(name, { argument = '', ...context }) {
      const result = await commandsByName[name](reconcileDeps(), context, argument);
      if (result.reconcile)
        await jobs.enqueue([{ kind: 'reconcile', payload: { installation: deps.installation, repo } }], {
          request: logContext()?.request ?? `command-${context.number}`,
        });
      return result;
    },
  };
}

const commandsByName: Readonly<
  Record<
    ProvisioningCommand,
    (
      deps: ReconcileDeps,
      context: commands.ProvisioningCommandContext,
      argument: string,
    ) => Promise<commands.ProvisioningCommandResult>
  >
> = {
  provisioned: commands.runProvisioned,
  confirm: commands.runConfirm,
  retry: commands.runRetry,
  handover: commands.runHandover,
  rotate: commands.runRotate,
};

/** What a cell with keys to hand over needs: a key to seal them with, and an address for their link. */
function missingFor(settings: NeededSettings, configuration: Configuration): readonly string[] {
  const registers = Object.values(configuration.cells).some((cell) => cell?.provider === 'registration');
  if (!registers) return [];
  return [
    ...(settings.key === undefined ? ['GREFFIER_KEY'] : []),
    ...(settings.publicUrl === undefined ? ['PUBLIC_URL'] : []),
  ];
}

/** Seals again what a former key sealed, and logs when that key may be removed. */
async function rotateStoredSecrets(deps: ProvisioningDeps, keyring: Keyring): Promise<void> {
  const resealed = await resealStored(deps.db, keyring);
  const { former, missing } = await countSealed(deps.db, keyring);
  const fields = { resealed, former, missing };
  if (missing > 0) deps.log.error(fields, 'a key that sealed what is stored is not in GREFFIER_KEY');
  else if (former > 0) deps.log.warn(fields, 'former keys are still needed in GREFFIER_KEY');
  else if (keyring.ids.length > 1) deps.log.info(fields, 'former keys may be taken out of GREFFIER_KEY');
}

function githubPublisher(deps: ProvisioningDeps): OutcomePublisher {
  const repository = () => deps.repository(deps.repo);
  return {
    comment: (pull, marker, body) => upsertComment(repository(), pull, marker, body, deps.appId),
    deploy: (commit, environment) => upsertDeployment(repository(), commit, environment),
    setDeployment: (id, state) => setDeploymentState(repository(), id, state),
    issues: githubIssueTracker(repository, { appId: deps.appId }),
  };
}

/**
 * Logs a reconciliation for the operator: names of clients, never their contents.
 *
 * @returns by cell, how many clients differ from the registry
 */
function logReconciliation(
  log: Log,
  result: Reconciliation,
  cells: Iterable<string>,
): ReadonlyMap<string, number> {
  const drift = new Map<string, number>(Array.from(cells, (cell) => [cell, 0]));
  const count = (cell: string) => drift.set(cell, (drift.get(cell) ?? 0) + 1);
  for (const { step, decision } of result.decidedSteps) {
    if (decision !== 'drift') continue;
    count(step.cell);
    log.warn({ client: clientKey(step), fields: step.changes.map((change) => change.field) }, 'drift');
  }
  for (const { cell, id } of result.plan.lost) {
    count(cell);
    log.warn({ client: clientKey({ cell, id }) }, 'a client is no longer shown to us');
  }
  for (const { removed, clientId, ...place } of result.duplicateClients) {
    if (!removed) count(place.cell);
    log.warn({ client: clientKey(place), clientId, removed }, 'a second client came to be');
  }
  for (const one of result.results) {
    const fields = { client: clientKey(one.step), action: one.step.action };
    if (one.kind === 'failed') log.warn({ ...fields, failure: one.failure.message.key }, 'not provisioned');
    else log.info({ ...fields, outcome: one.kind }, 'provisioned');
  }
  return drift;
}

/** The job that reconciles: the reconciliation itself, what is published of it, and in a sweep what is tidied up. */
import type { Kysely } from 'kysely';
import { eraseExpiredSecrets } from '#application/handover/handover-store';
import { waitingMails } from '#application/handover/outbox';
import type { Keyring } from '#application/handover/secrets/keyring';
import { countSealed, resealStored } from '#application/handover/secrets/rotate-key';
import { deleteOldAnswers } from '#application/lookups/answer-cache';
import { waitingTopic } from '#application/recertification/publish-recertification';
import type { RecertificationStore } from '#application/recertification/recertification-store';
import { type Recertified, recertify } from '#application/recertification/recertify';
import type { OutcomePublisher } from '#application/reconciliation/outcomes/outcome-publisher';
import { publishOutcomes } from '#application/reconciliation/outcomes/publish-outcomes';
import { defined } from '#base/defined';
import type { Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { clientKey } from '#domain/provisioning/plan';
import type { Tables } from '#infrastructure/database/tables';
import { EmptyRepository } from '#infrastructure/github/client/repository-client';
import type { Job, RetryLater } from '#infrastructure/queue/job-kinds';
import type { JobQueue } from '#infrastructure/queue/job-queue';
import { type Reconciliation, reconcile } from './reconcile.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

export interface ReconciliationJobDeps {
  readonly reconcile: ReconcileDeps;
  readonly publisher: OutcomePublisher;
  /** Of whose contacts are asked whether their service still lives. Absent: nobody is. */
  readonly recertification?: RecertificationStore;
  readonly db: Kysely<Tables>;
  readonly jobs: JobQueue;
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'unjudged'>;
  /** Absent: nothing is kept sealed. */
  readonly keyring?: Keyring;
  /** Seconds after which a closed pull request is forgotten. */
  readonly forgetAfter: number;
  /** Whether there is a mail server to send what waits in the outbox. */
  readonly sendsMails: boolean;
}

/** In a sweep it looks at every client, and resumes whatever was left undone. */
export async function runReconciliation(
  deps: ReconciliationJobDeps,
  job: Job<'reconcile'>,
): Promise<RetryLater | undefined> {
  const sweep = job.payload.sweep === true;
  const result = await reconcile(deps.reconcile, sweep).catch((error: unknown) => {
    if (error instanceof EmptyRepository) return undefined;
    throw error;
  });
  if (result === undefined) {
    deps.log.info('the registry has no commit yet: nothing is provisioned, and nothing is taken away');
    if (sweep) await tidyUp(deps, job.request);
    return undefined;
  }
  // Before anything is told: that may fail, and the figures are of what was seen.
  await deps.reconcile.store.observations.saveDrift(
    logReconciliation(deps, result, deps.reconcile.cells.keys()),
  );
  const recertified = await askContacts(deps, result, sweep);
  for (const refusal of await publishOutcomes(deps.reconcile, deps.publisher, result, recertified?.asked))
    deps.log.error(refusal, 'GitHub refuses to have this told; it is not tried again as it is');
  if (sweep) {
    await tidyUp(deps, job.request);
    await forgetClosedPulls(deps, result);
  }
  // Other settings ask other things of what is open.
  if (result.settingsNews !== undefined) {
    const { installation, repo } = job.payload;
    const rejudge = { kind: 'rejudge' as const, payload: { installation, repo } };
    await deps.jobs.enqueue([rejudge], { request: job.request });
  }
  deps.jobs.wake();
  if (result.retry === undefined) return undefined;
  const { reason, after, wait } = result.retry;
  return defined({ again: reason, after, wait });
}

/** Asks whether services still live, and logs of which. */
async function askContacts(
  { recertification, reconcile: { store, now }, log }: ReconciliationJobDeps,
  result: Reconciliation,
  sweep: boolean,
): Promise<Recertified | undefined> {
  if (recertification === undefined) return undefined;
  const issue = async () => (await store.topics.find(waitingTopic))?.issue;
  const recertified = await recertify({ store: recertification, issue, now }, result, sweep);
  for (const { client, step } of recertified.steps)
    log.info({ client, step }, 'contacts were asked whether a service still lives');
  return recertified;
}

/** Erases what is too old, seals anew what a former key sealed, and asks for the mails that still wait. */
async function tidyUp(deps: ReconciliationJobDeps, request: string): Promise<void> {
  const { db, jobs, keyring, sendsMails } = deps;
  await eraseExpiredSecrets(db);
  if (keyring !== undefined) await rotateStoredSecrets(deps, keyring);
  await deleteOldAnswers(db);
  const waiting = await waitingMails(db);
  const left = waiting.map((id) => ({ kind: 'mail' as const, payload: { id } }));
  if (sendsMails) await jobs.enqueue(left, { request, news: false });
}

/** Where everything up to the head is known to have come from, and no settings wait for what a review of theirs showed. */
async function forgetClosedPulls(
  { forgetAfter, reconcile: { store }, log }: ReconciliationJobDeps,
  { commit, heldSettings }: Reconciliation,
): Promise<void> {
  if (heldSettings !== undefined || (await store.origins.reconciledCommit()) !== commit) return;
  const pulls = await store.closedPulls.forget(forgetAfter);
  if (pulls > 0) log.info({ pulls }, 'closed pull requests are forgotten');
}

/** Seals again what a former key sealed, and logs when that key may be removed. */
async function rotateStoredSecrets(
  deps: Pick<ReconciliationJobDeps, 'db' | 'log'>,
  keyring: Keyring,
): Promise<void> {
  const resealed = await resealStored(deps.db, keyring);
  const { former, missing } = await countSealed(deps.db, keyring);
  const fields = { resealed, former, missing };
  if (missing > 0) deps.log.error(fields, 'a key that sealed what is stored is not in GREFFIER_KEY');
  else if (former > 0) deps.log.warn(fields, 'former keys are still needed in GREFFIER_KEY');
  else if (keyring.ids.length > 1) deps.log.info(fields, 'former keys may be taken out of GREFFIER_KEY');
}

/**
 * Logs a reconciliation for the operator: names of clients, never their contents.
 *
 * @returns by cell, how many clients differ from the registry
 */
function logReconciliation(
  { log, metrics }: Pick<ReconciliationJobDeps, 'log' | 'metrics'>,
  result: Reconciliation,
  cells: Iterable<string>,
): ReadonlyMap<string, number> {
  for (const { isNew, ...change } of result.moved)
    if (isNew)
      log.error(change, 'the server of a cell is another one: nothing is done there (greffier store moved)');
  for (const cell of result.freezeChanges) {
    const freeze = result.frozen.find((one) => one.cell === cell);
    log.info({ cell, ...freeze }, freeze === undefined ? 'a freeze is over' : 'a cell is frozen');
  }
  if (result.settingsNews === 'held')
    log.warn(
      { settings: [...(result.heldSettings?.loosened.keys() ?? [])], digest: result.heldSettings?.digest },
      'settings that nobody agreed to loosen are not in force',
    );
  else if (result.settingsNews !== undefined) log.info(result.settingsNews, 'settings are loosened');
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
  for (const [cell, { count: found, first }] of result.unknown.unknownClients) {
    drift.set(cell, (drift.get(cell) ?? 0) + found);
    if (result.unknown.news.includes(cell))
      log.warn(
        { cell, clients: found, clientIds: first.map(({ clientId }) => clientId) },
        'clients carry the address of Greffier, and are no definition’s: they are not touched',
      );
  }
  const tellFault = (fields: object): void => {
    metrics?.unjudged.inc({ kind: 'client' });
    log.error(fields, 'a client could not be provisioned for a fault of Greffier');
  };
  for (const { step, fault } of result.heldSteps)
    if (fault !== undefined) tellFault({ client: clientKey(step), action: step.action, problem: fault });
  for (const one of result.results) {
    const fields = { client: clientKey(one.step), action: one.step.action };
    if (one.kind === 'failed' && one.failure.message.key === 'provisioning#own-fault')
      tellFault({ ...fields, ...one.failure.message.values });
    else if (one.kind === 'failed')
      log.warn({ ...fields, failure: one.failure.message.key }, 'not provisioned');
    else log.info({ ...fields, outcome: one.kind }, 'provisioned');
  }
  return drift;
}

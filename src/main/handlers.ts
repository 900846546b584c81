/** What does the service's work, put together: reviews, provisioning, sweeps. */

import { createReviewHandlers } from '#application/pull-requests/handlers';
import type { CommandDeps } from '#application/pull-requests/run-commands';
import { createProvisioning, type PlannedChange, type Provisioning } from '#application/reconciliation/setup';
import { logContext } from '#base/observability/log-context';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import type { PlanFacts } from '#domain/review/facts/facts';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import type { ServiceContext } from './context.ts';
import { resync } from './resync.ts';
import type { ServiceHandlers } from './start.ts';

/**
 * @param version of Greffier, by which public services know who asks
 * @throws when the configuration asks for something that the environment does not give, in words
 */
export async function buildHandlers(context: ServiceContext, version: string): Promise<ServiceHandlers> {
  const { registry, jobs } = context;
  const client = await context.github.installation(registry.installation);
  const repository = (of: string) => repositoryClient(client, of);
  // Each of the two rooms needs something of the other: these are only called once both are there.
  let provisioning: Provisioning | undefined;
  const there = (): Provisioning => {
    if (provisioning === undefined) throw new Error('provisioning is not set up yet');
    return provisioning;
  };
  const later: NonNullable<CommandDeps['later']> = async (name, given) => {
    const answer = await there().runCommand(name, given);
    if (answer.reconcile)
      await jobs.enqueue(
        [{ kind: 'reconcile', payload: { installation: registry.installation, repo: registry.repo } }],
        { request: logContext()?.request ?? `command-${given.number}` },
      );
    return { ok: answer.ok, text: answer.text };
  };
  const reviews = createReviewHandlers(
    { ...context, db: context.store.db },
    {
      ask: (entry: Entry): Promise<OutsideAnswers> => there().lookUp(entry),
      plan: (change: PlannedChange): Promise<PlanFacts> => there().planChange(change),
      later,
    },
  );
  provisioning = createProvisioning({
    settings: context.settings,
    configuration: context.configuration,
    db: context.store.db,
    jobs,
    log: context.log,
    repo: registry.repo,
    appId: context.appId,
    repository: repository,
    mirror: reviews.mirror,
    reviewStore: reviews.store,
    userAgent: `Greffier/${version} (+https://github.com/${registry.repo})`,
  });
  const deps = provisioning;
  return {
    handlers: {
      ...reviews.handlers,
      reconcile: (job) => deps.reconcile(job, job.payload.sweep === true),
      mail: (job) => deps.sendMail(job),
      sweep: (job) => resync(context, job, () => reviews.judgedHeads()),
    },
    handover: (request) => deps.serveHandoverPage(request),
  };
}

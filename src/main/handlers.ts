/** What does the service's work, put together: reviews, provisioning, sweeps. */

import { openReviewWorkshop } from '#application/pull-requests/handlers';
import type { CommandSeams } from '#application/pull-requests/run-commands';
import { type ProvisioningRoom, provisioningRoom, type ShownChange } from '#application/reconciliation/setup';
import { followed } from '#base/observability/log-context';
import type { Answers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';
import type { PlanFacts } from '#domain/review/facts/facts';
import { gateTo } from '#infrastructure/github/client/repository-client';
import type { ServiceContext } from './context.ts';
import { sweep } from './resync.ts';
import type { Workshop } from './start.ts';

/**
 * @param version of Greffier, by which public services know who asks
 * @throws when the configuration asks for something that the environment does not give, in words
 */
export async function openWorkshop(context: ServiceContext, version: string): Promise<Workshop> {
  const { registry, jobs } = context;
  const client = await context.github.installation(registry.installation);
  const gate = (of: string) => gateTo(client, of);
  // Each of the two rooms needs something of the other: these are only called once both are there.
  let provisioning: ProvisioningRoom | undefined;
  const there = (): ProvisioningRoom => {
    if (provisioning === undefined) throw new Error('The room of provisioning is not open yet');
    return provisioning;
  };
  const later: NonNullable<CommandSeams['later']> = async (name, given) => {
    const answer = await there().later(name, given);
    if (answer.reconcile)
      await jobs.enqueue(
        [{ kind: 'reconcile', payload: { installation: registry.installation, repo: registry.repo } }],
        { request: followed()?.request ?? `command-${given.number}` },
      );
    return { ok: answer.ok, text: answer.text };
  };
  const reviews = openReviewWorkshop(
    { ...context, db: context.store.db },
    {
      ask: (entry: Entry): Promise<Answers> => there().ask(entry),
      plan: (change: ShownChange): Promise<PlanFacts> => there().plan(change),
      later,
    },
  );
  provisioning = provisioningRoom({
    settings: context.settings,
    configuration: context.configuration,
    db: context.store.db,
    jobs,
    log: context.log,
    repo: registry.repo,
    appId: context.appId,
    gate,
    mirror: reviews.mirror,
    memory: reviews.memory,
    userAgent: `Greffier/${version} (+https://github.com/${registry.repo})`,
  });
  const room = provisioning;
  return {
    handlers: {
      ...reviews.handlers,
      reconcile: (job) => room.reconcile(job, job.payload.sweep === true),
      mail: (job) => room.mail(job),
      sweep: (job) => sweep(context, job, () => reviews.judgedHeads()),
    },
    handover: (request) => room.page(request),
  };
}

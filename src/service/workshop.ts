/** What does the service's work, put together: reviews, provisioning, sweeps. */
import { gateTo } from '../github/gate.ts';
import type { Answers } from '../registry/outside-answers.ts';
import type { Entry } from '../registry/registry.ts';
import type { PlanFacts } from '../review/facts.ts';
import type { ServiceContext } from './context.ts';
import { followed } from './following.ts';
import { type ProvisioningRoom, provisioningRoom, type ShownChange } from './provisioning-room.ts';
import type { CommandSeams } from './review-commands.ts';
import { openReviewWorkshop } from './review-handlers.ts';
import type { Workshop } from './service.ts';
import { sweep } from './sweep.ts';

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
  const reviews = openReviewWorkshop(context, {
    ask: (entry: Entry): Promise<Answers> => there().ask(entry),
    plan: (change: ShownChange): Promise<PlanFacts> => there().plan(change),
    later,
  });
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

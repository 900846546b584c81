/** Builds what does the work, once it is known whose registry is served: what is shared first, then its users. */

import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewStore } from '#application/mirror/review-store';
import { createReviewHandlers } from '#application/pull-requests/handlers';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import type { ServiceContext } from './context.ts';
import { createProvisioning } from './provisioning.ts';
import type { ServiceHandlers } from './served-registry.ts';
import { sweep } from './sweep.ts';

/**
 * @param version of Greffier, by which public services know who asks
 * @throws when the configuration asks for something that the environment does not give, in words
 */
export async function buildHandlers(context: ServiceContext, version: string): Promise<ServiceHandlers> {
  const { settings, configuration, jobs, log, metrics, appId } = context;
  // The key of the rows in the store; the name serves to ask GitHub, and changes.
  const { registry: repo, id, name, installation } = context.registry;
  const { db } = context.store;

  const client = await context.github.installation(installation);
  const repository = repositoryClient(client, name, id);
  const store = new ReviewStore(db);
  const mirror = new RegistryMirror(repo, store);

  const provisioning = createProvisioning({
    settings,
    configuration,
    db,
    jobs,
    log,
    metrics,
    repo,
    installation,
    appId,
    registry: repository,
    repository: (of, number) => repositoryClient(client, of, number),
    mirror,
    reviewStore: store,
    userAgent: `Greffier/${version} (+https://github.com/${name})`,
  });
  const reviews = createReviewHandlers({
    review: {
      repo,
      repository,
      appId,
      store,
      mirror,
      lookUp: provisioning.lookUp,
    },
    jobs,
    log,
    metrics,
    installation,
    repositoryNumbered: (of, number) => repositoryClient(client, of, number),
    provisioning: provisioning.forPullRequests,
  });
  return {
    handlers: {
      ...reviews,
      reconcile: provisioning.reconcile,
      mail: provisioning.sendMail,
      sweep: (job) => sweep(context, job, store),
    },
    handover: provisioning.serveHandoverPage,
  };
}

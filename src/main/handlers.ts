/** Builds what does the work, once it is known whose registry is served: what is shared first, then its users. */

import { requestMail } from '#application/front-desk/request-mail';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewStore } from '#application/mirror/review-store';
import { createReviewHandlers } from '#application/pull-requests/handlers';
import { ReadAhead } from '#application/pull-requests/read-ahead';
import { githubWebUrl } from '#base/config/github-address';
import { repositoryClient } from '#infrastructure/github/client/repository-client';
import { readingLease } from '#infrastructure/queue/lease';
import { isPaused } from '#infrastructure/queue/rate-limit-pauses';
import type { ServiceContext } from './context.ts';
import { frontDeskWork } from './front-desk.ts';
import { createProvisioning } from './provisioning.ts';
import { createRequestWork, type RequestWork } from './requests.ts';
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

  const publicUrl = settings.publicUrl ?? '';
  const registryUrl = `${githubWebUrl(settings.apiAddress)}/${name}`;
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
    requestMail: (facts) => requestMail(requestWork.requests, publicUrl, facts),
    userAgent: `Greffier/${version} (+${registryUrl})`,
    registryUrl,
  });
  const requestWork: RequestWork = createRequestWork({
    db,
    jobs,
    repo,
    installation,
    repository,
    appLogin: context.appLogin,
    appId,
    vault: vaultWith(settings.key === undefined ? undefined : parseKeyring(settings.key.reveal())),
    handovers: provisioning.handovers,
    keepService: provisioning.keepAtDesk,
    mirror,
    reviewStore: store,
    providers: Object.fromEntries(
      Object.entries(configuration.cells).map(([cell, { provider }]) => [cell, provider]),
    ),
    lacks: context.registry.lackedByDesk,
  });
  if (configuration.frontDesk?.signIn !== undefined && context.registry.lackedByDesk.length > 0)
    log.warn(
      { missing: context.registry.lackedByDesk },
      'the front desk cannot send requests without these permissions',
    );
  const review = {
    repo,
    repository,
    appId,
    appLogin: context.appLogin,
    store,
    mirror,
    lookUp: provisioning.lookUp,
    applicantOf: requestWork.applicantOf,
  };
  const ahead = new ReadAhead({
    ...review,
    clientsOf: provisioning.forPullRequests(readingLease(db)).clientsOf,
    isPaused: () => isPaused(db, installation),
  });
  const reviews = createReviewHandlers({
    ahead,
    review,
    jobs,
    log,
    metrics,
    installation,
    repositoryNumbered: (of, number) => repositoryClient(client, of, number),
    provisioning: provisioning.forPullRequests,
    onJudged: requestWork.judged,
  });
  return {
    readAhead: (commits) => ahead.begin(commits),
    handlers: {
      ...reviews,
      ...requestWork.handlers,
      async reconcile(job, lease) {
        const again = await provisioning.reconcile(job, lease);
        // Keys that are there now are news to whoever asked for them.
        await requestWork.lookAgain(job.request, 'keys');
        return again;
      },
      'live-checks': provisioning.checkLive,
      mail: provisioning.sendMail,
      async sweep(job) {
        const again = await sweep(context, job, store);
        await requestWork.lookAgain(job.request, 'all');
        return again;
      },
    },
    handover: provisioning.serveHandoverPage,
    people: requestWork.people,
    ...(configuration.frontDesk !== undefined && {
      frontDesk: frontDeskWork(repository, db, repo, provisioning.lookUpSiret),
    }),
  };
}

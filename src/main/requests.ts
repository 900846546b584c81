/** Builds what is done for requests of the front desk: their store, and the jobs that carry them to GitHub. */
import type { Kysely, Transaction } from 'kysely';
import { applicantOfPull } from '#application/front-desk/applicant-of-pull';
import { type BringDeps, bringRequest } from '#application/front-desk/bring-request';
import { clientOfPath, keysOfRequest } from '#application/front-desk/keys-of-request';
import { historyOf, overviewOf } from '#application/front-desk/overview';
import { ownServices } from '#application/front-desk/own-services';
import { readOwnDefinition } from '#application/front-desk/read-own-definition';
import { type KeysDeps, keysState, revealKeys } from '#application/front-desk/request-keys';
import { phaseOf } from '#application/front-desk/request-phase';
import { RequestStore } from '#application/front-desk/request-store';
import { type ReviewSummary, summarize } from '#application/front-desk/review-summary';
import type { HandoverStore } from '#application/handover/one-time-page';
import type { ReviewDeps } from '#application/mirror/deps';
import type { RegistryMirror } from '#application/mirror/mirror';
import type { ReviewStore } from '#application/mirror/review-store';
import { currentSettings } from '#application/pull-requests/collect-facts';
import { writingUnder } from '#application/writing-under';
import type { CellName, ProviderKind } from '#base/config/cells';
import { logContext } from '#base/observability/log-context';
import type { Vault } from '#domain/provisioning/provider';
import type { Review } from '#domain/review/evaluate/evaluate';
import type { PeopleWork } from '#http/front-desk/signed-in-people';
import type { Tables } from '#infrastructure/database/tables';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import type { Handlers, NewJob } from '#infrastructure/queue/job-kinds';
import type { JobQueue } from '#infrastructure/queue/job-queue';
import type { Lease } from '#infrastructure/queue/lease';

export interface RequestWorkDeps {
  readonly db: Kysely<Tables>;
  readonly jobs: JobQueue;
  /** The key of the registry's rows in the store, and the installation that gives access to it. */
  readonly repo: string;
  readonly installation: number;
  readonly repository: RepositoryClient;
  readonly appLogin: string;
  readonly appId: number;
  readonly vault: Vault;
  readonly handovers: HandoverStore;
  /** Someone says that a service (`network/environment/id`) still lives. */
  readonly keepService: (client: string, person: string) => Promise<boolean>;
  readonly mirror: RegistryMirror;
  readonly reviewStore: ReviewStore;
  /** Who makes the clients of each cell that the configuration has. */
  readonly providers: Readonly<Partial<Record<CellName, ProviderKind>>>;
  /** The permissions that the desk needs and has not. */
  readonly lacks: readonly string[];
}

export interface RequestWork {
  readonly requests: RequestStore;
  /** For the pages of those who are signed in. */
  readonly people: PeopleWork;
  readonly handlers: Pick<Handlers, 'request' | 'request-news'>;
  /** What a review found, under its lease: kept where the pull request is one of the desk's. */
  readonly judged: (lease: Lease, pull: number, head: string, review: Review) => Promise<void>;
  readonly applicantOf: NonNullable<ReviewDeps['applicantOf']>;
  /**
   * Asks for a look at the requests whose keys are there now; `all`: also at those that something may have happened to at
   * GitHub, of which the delivery was missed.
   */
  readonly lookAgain: (request: string, which: 'keys' | 'all') => Promise<void>;
}

export function createRequestWork(deps: RequestWorkDeps): RequestWork {
  const { db, jobs, repo, installation, repository, appLogin, appId, vault } = deps;
  const jobOf = (request: number): NewJob => ({ kind: 'request', payload: { installation, repo, request } });
  const requests = new RequestStore({
    db,
    registry: repo,
    vault,
    onWork: (request: number, person: string, transaction: Transaction<Tables>) =>
      jobs.enqueue(
        [jobOf(request)],
        { request: logContext()?.request ?? `request-${request}`, sender: senderOf(person) },
        transaction,
      ),
    onPull: (number, person, transaction) =>
      jobs.enqueue(
        [{ kind: 'review', payload: { installation, repo, number } }],
        { request: logContext()?.request ?? `request-pull-${number}`, sender: senderOf(person) },
        transaction,
      ),
    // Counted from when it is due: until then it is not late.
    onLater: (pull, after, transaction) =>
      jobs.enqueue(
        [{ kind: 'request-news', payload: { installation, repo, pull } }],
        {
          request: logContext()?.request ?? `request-pull-${pull}`,
          since: new Date(Date.now() + after * 1000),
          after,
        },
        transaction,
      ),
    onMail: (id, transaction) =>
      jobs.enqueue(
        [{ kind: 'mail', payload: { id } }],
        { request: logContext()?.request ?? `mail-${id}` },
        transaction,
      ),
  });
  const bringUnder = (lease: Lease): BringDeps => ({
    requests: requests.under(lease.database),
    repository: writingUnder(lease, repository),
    appLogin,
    appId,
    language: async () => {
      const { mirror, reviewStore: store } = deps;
      return (await currentSettings({ mirror, repo, repository, store })).language;
    },
    now: Date.now,
    keysThere: (request) => keysOfRequest(db, repo, request, requests.applicantOf(request)),
  });
  const keys: KeysDeps = { db, registry: repo, handovers: deps.handovers };
  return {
    requests,
    people: {
      requests,
      async phase(request) {
        const isMerged = request.state === 'merged' && request.wanted !== null;
        const account = isMerged ? await clientOfPath(db, repo, request.path) : undefined;
        return phaseOf(request, account?.state === 'active' && account.clientId !== undefined);
      },
      keys: (request, { person }) => keysState(keys, request, { email: person.email }),
      reveal: (request, { person }) => revealKeys(keys, request, { email: person.email }),
      overview: () => overviewOf(db, repo, deps.providers),
      history: (id) => historyOf(db, id),
      services: (email) => ownServices(db, repo, email),
      keep: ({ cell, id }, { person }) => deps.keepService(`${cell}/${id}`, person.key),
      definition: (path, email, before) => readOwnDefinition(deps.reviewStore, repo, path, email, before),
      wake: () => jobs.wake(),
      lacks: deps.lacks,
    },
    handlers: {
      request: (job, lease) => bringRequest(bringUnder(lease), job.payload.request),
      async 'request-news'(job) {
        const found = await requests.ofPull(job.payload.pull);
        if (found !== undefined)
          await jobs.enqueue([jobOf(found.number)], { request: job.request, sender: senderOf(found.person) });
        return undefined;
      },
    },
    applicantOf: (pull) => applicantOfPull(requests, appLogin, pull),
    async judged(lease, pull, head, review) {
      const before = (await requests.ofPull(pull))?.review as ReviewSummary | null | undefined;
      if (before === undefined) return;
      const summary = summarize(review, head, before ?? undefined, new Date().toISOString());
      await requests.under(lease.database).saveReview(pull, summary);
    },
    async lookAgain(request, which) {
      for (const one of await requests.unfinished()) {
        const isDue =
          one.state === 'merged'
            ? (await keysOfRequest(db, repo, one, requests.applicantOf(one))) !== 'no'
            : which === 'all';
        if (isDue)
          await jobs.enqueue([jobOf(one.number)], { request, news: false, sender: senderOf(one.person) });
      }
    },
  };
}

/** At whose turn the work for a person at the desk is: at GitHub all of it is the App's. */
function senderOf(person: string): string {
  return `desk:${person}`;
}

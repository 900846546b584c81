/**
 * The registry that this process serves, wherever it is. What does the work is built for one place of it (a name, an
 * installation) and built anew when it is found elsewhere; while it is found nowhere, its work waits.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HandoverPageRequest, HandoverPageResponse } from '#application/handover/one-time-page';
import { Bindings } from '#application/identity/bindings';
import {
  type ResolvedRegistry,
  relocateRegistry,
  resolveRegistry,
  sameName,
} from '#application/identity/resolve-registry';
import type { ProposedCommits } from '#application/pull-requests/read-ahead';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import type { Message } from '#base/i18n/message';
import { type NetworkFault, networkFault } from '#base/network-fault';
import { errorFields, type Log } from '#base/observability/logger';
import { type Metrics, showRegistryState } from '#base/observability/metrics';
import type { PeopleWork } from '#http/front-desk/signed-in-people';
import type { Database } from '#infrastructure/database/database';
import type { GitHubApp } from '#infrastructure/github/client/app-client';
import { type AppIdentity, installationPage, readApp } from '#infrastructure/github/client/installation';
import { EmptyRepository, RepositoryMoved } from '#infrastructure/github/client/repository-client';
import { type Handlers, type JobKind, jobKinds, type RetryLater } from '#infrastructure/queue/job-kinds';
import type { Lease } from '#infrastructure/queue/lease';
import { backOffSeconds } from '#infrastructure/queue/retry-policy';
import type { FrontDeskWork } from './front-desk.ts';

/** What does the work, once it is known which registry is served. */
export interface ServiceHandlers {
  readonly handlers: Handlers;
  /** Begins to read what a delivery will have to be judged by, while it is kept. */
  readonly readAhead?: (commits: ProposedCommits) => void;
  readonly handover?: (request: HandoverPageRequest) => Promise<HandoverPageResponse>;
  readonly frontDesk?: FrontDeskWork;
  /** What is done for those who are signed in at the front desk. */
  readonly people?: PeopleWork;
}

/** The registry, and who the App is there. */
export type Served = ResolvedRegistry & AppIdentity;

export interface ServedRegistryOptions {
  readonly github: GitHubApp;
  readonly store: Database;
  readonly log: Log;
  readonly metrics: Metrics;
  /** `owner/name`, when the configuration says it. */
  readonly configured: string | undefined;
  /** Builds what does the work at a place. */
  readonly build: (served: Served) => Promise<ServiceHandlers>;
  /** Is told why GitHub cannot be reached at the start, once for each reason, while it is asked again and again. */
  readonly onUnreachable?: ((fault: NetworkFault) => void) | undefined;
}

/** Seconds until work that waits for the registry looks for it again. */
const heldSeconds = 60;

export class ServedRegistry {
  readonly #options: ServedRegistryOptions;
  readonly #bindings: Bindings;
  #served: Served | undefined;
  #work: ServiceHandlers | undefined;
  /** When it was last looked for in vain, in milliseconds since 1970. */
  #missedAt: number | undefined;
  #looking: Promise<boolean> | undefined;

  constructor(options: ServedRegistryOptions) {
    this.#options = options;
    this.#bindings = new Bindings(options.store.db);
  }

  /** Where it is; undefined until it is known. */
  get served(): Served | undefined {
    return this.#served;
  }

  /** What does the work; undefined until it is built. */
  get work(): ServiceHandlers | undefined {
    return this.#work;
  }

  /**
   * Asks until GitHub answers and shows the registry, and builds what does the work.
   *
   * @param refuse is told what a wait would not mend; it throws then
   */
  async begin(signal: AbortSignal, refuse: (message: Message) => void): Promise<Served> {
    const { github, log, onUnreachable } = this.#options;
    const told = new Set<NetworkFault>();
    let app: AppIdentity | undefined;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        app ??= await readApp(github);
        const served = await this.#find(app, refuse);
        if (served !== undefined) {
          await this.#enter(served);
          return served;
        }
      } catch (error) {
        if (!(error instanceof Error && 'status' in error)) throw error;
        if (error.status === 401 || (error.status === 404 && app === undefined)) {
          refuse(startupError('app-unknown'));
          throw error;
        }
        log.warn(errorFields(error), 'GitHub does not answer');
        const fault = networkFault(error);
        if (fault !== undefined && !told.has(fault)) {
          told.add(fault);
          onUnreachable?.(fault);
        }
      }
      const seconds = Math.min(30, backOffSeconds(attempt, Math.random()));
      await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #find(app: AppIdentity, refuse: (message: Message) => void): Promise<Served | undefined> {
    const { github, log, metrics, configured } = this.#options;
    const found = await resolveRegistry(github, this.#bindings, configured);
    if (found.ok) {
      const { missing, surplus } = found.permissions;
      if (missing.length > 0) log.warn({ missing }, 'the App was not granted all that it uses');
      if (surplus.length > 0) log.warn({ surplus }, 'the App was granted more than it uses: take it back');
      return { ...found, ...app };
    }
    const reason = startupErrorText(found.error, 'en');
    if (found.held) {
      showRegistryState(metrics, 'held');
      log.error({ reason }, 'the registry is held');
    } else log.warn({ reason }, 'cannot work yet');
    if (found.later) return undefined;
    refuse(found.error);
    throw new Error(reason);
  }

  /** Serves the registry at a place from now on. */
  async #enter(served: Served): Promise<void> {
    const { log, metrics, configured, build } = this.#options;
    const { name } = served;
    const elsewhere = configured !== undefined && !sameName(configured, name);
    if (elsewhere)
      log.warn({ configured, registry: name }, 'the registry was renamed: write its name in GREFFIER_CONFIG');
    const before = this.#served;
    if (before !== undefined && isSamePlace(before, served)) log.debug({ registry: name }, 'still there');
    else {
      this.#served = served;
      this.#work = await build(served);
      if (before !== undefined) log.warn({ before: before.name, registry: name }, 'the registry moved');
    }
    this.#missedAt = undefined;
    showRegistryState(metrics, elsewhere ? 'renamed' : 'served');
  }

  /** Looks for it at GitHub, by its number. @returns whether it is served */
  #look(): Promise<boolean> {
    this.#looking ??= this.#relocate().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #relocate(): Promise<boolean> {
    const { github, log, metrics } = this.#options;
    const served = this.#served;
    if (served === undefined) return false;
    const found = await relocateRegistry(github, this.#bindings, served.id);
    if (found !== undefined) {
      await this.#enter({ ...served, ...found });
      return true;
    }
    this.#missedAt = Date.now();
    showRegistryState(metrics, 'held');
    const reason = startupErrorText(lostMessage(served, await installationPage(github)), 'en');
    log.error({ registry: served.name, id: served.id, reason }, 'the registry is held');
    return false;
  }

  /** Takes over where another process found it. @returns whether it is served */
  async #follow(): Promise<boolean> {
    const served = this.#served;
    if (served === undefined) return false;
    const { id } = served;
    const binding = await this.#bindings.ofRepository(id);
    if (binding === undefined) return this.#look();
    if (!isSamePlace(served, binding)) await this.#enter({ ...served, ...binding });
    if (this.#missedAt === undefined) return true;
    return Date.now() - this.#missedAt >= heldSeconds * 1000 ? this.#look() : false;
  }

  /** The work as the worker calls it: each job is done where the registry is, or waits until it is found. */
  handlers(): Handlers {
    const held: RetryLater = { again: 'the registry is held', after: heldSeconds, wait: true };
    const follow = async (kind: JobKind, job: unknown, lease: Lease): Promise<RetryLater | undefined> => {
      // Which kind a job is, is only known when it comes: that its handler takes it follows from `Handlers`.
      type AnyHandler = (job: unknown, lease: Lease) => Promise<RetryLater | undefined>;
      const handle = () => (this.#work?.handlers[kind] as AnyHandler | undefined)?.(job, lease);
      if (kind === 'mail') return handle();
      const there = kind === 'sweep' ? await this.#look() : await this.#follow();
      if (!there) return held;
      try {
        return await handle();
      } catch (error) {
        if (error instanceof EmptyRepository) {
          // Whatever was asked: there is nothing to read, nothing follows, and the first push asks for all of it again.
          this.#options.log.info({ kind }, 'the registry has no commit yet: there is nothing to do');
          return undefined;
        }
        if (!(error instanceof RepositoryMoved)) throw error;
        this.#options.log.warn(errorFields(error), 'the registry is looked for');
        return (await this.#look()) ? { again: error.message, after: 0, wait: true } : held;
      }
    };
    return Object.fromEntries(
      jobKinds.map((kind) => [kind, (job: unknown, lease: Lease) => follow(kind, job, lease)]),
    ) as unknown as Handlers;
  }
}

function isSamePlace(
  one: Pick<ResolvedRegistry, 'name' | 'installation'>,
  other: Pick<ResolvedRegistry, 'name' | 'installation'>,
): boolean {
  return one.name === other.name && one.installation === other.installation;
}

function lostMessage({ name, registry, id }: Served, install: string): Message {
  return startupError('registry-lost', { name, registry, known: id, install });
}

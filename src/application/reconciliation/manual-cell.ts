/**
 * A cell that people provision, and the repository where they are asked. The configuration names that repository; what it
 * is, says the number that GitHub gives it. The number is remembered where other cells have their server: requests are
 * known by the numbers of their issues, which in another repository are somebody else's.
 */
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import { failure } from '#domain/provisioning/failures';
import type { Provider, ProviderFailure, ProviderResult } from '#domain/provisioning/provider';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { type IssueTracker, manualProvider } from '#infrastructure/identity-providers/manual';
import { classifyError } from '#infrastructure/queue/retry-policy';
import type { CellsDeps } from './cells.ts';
import type { ServedCell } from './served-cell.ts';

/** A repository as GitHub shows it. */
export interface ShownRepository {
  /** GitHub's number of it, in decimal. */
  readonly id: string;
  /** `owner/name`. */
  readonly name: string;
}

/** What was remembered before numbers were: some repository, whichever its name led to. */
const anywhere = 'manual';
const inRegistry = 'manual registry';

/** What is remembered of where a cell asks people. @param id absent for the registry itself */
function requestsServer(id?: string): string {
  return id === undefined ? inRegistry : `${anywhere} ${id}`;
}

/** The number of the repository of requests; undefined for the registry, and for what is no such repository. */
export function requestsRepository(server: string | undefined): string | undefined {
  return /^manual (\d+)$/.exec(server ?? '')?.[1];
}

/** Whether a cell asks people, by what is remembered of its server. */
export function asksPeople(server: string): boolean {
  return server === anywhere || server.startsWith(`${anywhere} `);
}

/** Whether what is remembered may be the same place. */
export function isSameServer(from: string, to: string): boolean {
  return from === to || (from === anywhere && asksPeople(to));
}

type Common = Pick<ServedCell, 'info' | 'probe'>;

export function manualCell(
  deps: CellsDeps,
  cell: CellName,
  named: string | undefined,
  common: Common,
): ServedCell {
  const build = (tracker: IssueTracker, requests: Omit<NonNullable<ServedCell['requests']>, 'tracker'>) => ({
    provider: providerOf(deps, cell, tracker),
    ...common,
    repair: false,
    requests: { tracker, ...requests },
  });
  const { repo: registry, configuration, repositoryAt } = deps;
  const atRegistry = (): ServedCell => {
    const found = deps.trackerFor(undefined);
    const unavailable = found === undefined ? outOfReach(registry).message : undefined;
    const tracker = found === undefined ? refusing(outOfReach(registry)) : answering(deps, found, registry);
    return {
      ...build(tracker, { repository: registry, inRegistry: true }),
      server: requestsServer(),
      ...defined({ unavailable }),
    };
  };
  // The registry may be named there as the configuration calls it, whatever its name is now.
  if (named === undefined || sameName(named, configuration.registry ?? '') || sameName(named, registry))
    return atRegistry();
  const elsewhere = { repository: named, inRegistry: false };
  const unknown = build(refusing(outOfReach(named)), elsewhere);
  if (repositoryAt === undefined) return { ...unknown, unavailable: outOfReach(named).message };
  return {
    ...unknown,
    async located(server) {
      const known = requestsRepository(server);
      const shown = await refusable(deps, named, async () => ({
        ok: true as const,
        value: (await repositoryAt({ name: named })) ?? (known && (await repositoryAt({ id: known }))),
      }));
      if (!shown.ok) return build(refusing(shown), elsewhere);
      if (!shown.value) return build(refusing(refused(named, 404)), elsewhere);
      const { id, name } = shown.value;
      if (id === deps.registryId) return atRegistry();
      const tracker = deps.trackerFor({ id, name });
      if (tracker === undefined) return unknown;
      const requests = { repository: name, id, inRegistry: false };
      return { ...build(answering(deps, tracker, name), requests), server: requestsServer(id) };
    },
  };
}

function providerOf({ language, applicantOf }: CellsDeps, cell: CellName, tracker: IssueTracker): Provider {
  return manualProvider({ cell, tracker, language, ...defined({ applicantOf }) });
}

function outOfReach(repository: string): ProviderFailure {
  return failure('requests-out-of-reach', { repository });
}

function refused(repository: string, status: number): ProviderFailure {
  return failure('requests-refused', { repository, status });
}

/** What GitHub refuses for good is an answer, of this cell alone. What may pass is thrown as before. */
async function refusable<T>(
  { now }: Pick<CellsDeps, 'now'>,
  repository: string,
  ask: () => Promise<ProviderResult<T>>,
): Promise<ProviderResult<T>> {
  try {
    return await ask();
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || classifyError(error, now()).cause !== 'fault') throw error;
    return refused(repository, status);
  }
}

function answering(deps: CellsDeps, tracker: IssueTracker, repository: string): IssueTracker {
  const answered = <T>(ask: () => Promise<ProviderResult<T>>) => refusable(deps, repository, ask);
  return {
    findOpen: (marker) => answered(() => tracker.findOpen(marker)),
    open: (title, body) => answered(() => tracker.open(title, body)),
    edit: (number, title, body) => answered(() => tracker.edit(number, title, body)),
    close: (number, comment) => answered(() => tracker.close(number, comment)),
    reopen: (number, comment) => answered(() => tracker.reopen(number, comment)),
    state: (number) => answered(() => tracker.state(number)),
  };
}

/** The issues of a repository that is not to be asked. */
function refusing(failed: ProviderFailure): IssueTracker {
  const refuse = async () => failed;
  return { findOpen: refuse, open: refuse, edit: refuse, close: refuse, reopen: refuse, state: refuse };
}

/** GitHub's names do not depend on case. */
function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

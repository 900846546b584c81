/** The cells that the operator configured, each with its provider. */

import type { CellName } from '#base/config/cells';
import { cellNames } from '#base/config/cells';
import type { CellConfiguration, Configuration } from '#base/config/config-file';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import type { Applicant } from '#domain/provisioning/applicant';
import { failure } from '#domain/provisioning/messages';
import type { CellInfo } from '#domain/provisioning/outcome-comment';
import type { ClientRef, ProviderFailure, ProviderResult, Vault } from '#domain/provisioning/provider';
import { statusOf } from '#infrastructure/github/client/repository-client';
import type { Fetch } from '#infrastructure/http-client/fetch';
import { type IssueTracker, manualProvider } from '#infrastructure/identity-providers/manual';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import {
  type RedirectUriProbe,
  redirectUriProbe,
} from '#infrastructure/identity-providers/redirect-uri-probe';
import { discover } from '#infrastructure/identity-providers/registration/discovery';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { classifyError } from '#infrastructure/queue/retry-policy';
import type { ServedCell } from './reconcile.ts';

export interface CellsDeps {
  readonly configuration: Configuration;
  /** `owner/name` of the registry, as GitHub calls it now. */
  readonly repo: string;
  /** The issues of a repository (`owner/name`); undefined without a way to GitHub. */
  readonly trackerFor: (repo: string) => IssueTracker | undefined;
  readonly vault: Vault;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly language: () => Language;
  /** Who asks for a client, for the people who make it by hand. */
  readonly applicantOf?: (ref: ClientRef) => Applicant | undefined;
}

/** What the numbers of a cell's clients belong to: the kind of provider, and the addresses that the operator wrote. */
export function serverOf(cell: CellConfiguration): string {
  const plain = (url: string) => url.replace(/\/$/, '');
  switch (cell.provider) {
    case 'proconnect':
      return `proconnect ${plain(cell.url)} ${plain(cell.issuer)}`;
    case 'registration':
      return `registration ${plain(cell.issuer)}`;
    case 'manual':
      // People make clients wherever they do: what is asked of them names no server.
      return 'manual';
  }
}

export function servedCells(deps: CellsDeps): ReadonlyMap<CellName, ServedCell> {
  const cells = new Map<CellName, ServedCell>();
  for (const name of cellNames) {
    const cell = deps.configuration.cells[name];
    if (cell !== undefined) cells.set(name, { ...servedCell(deps, name, cell), server: serverOf(cell) });
  }
  return cells;
}

/** How applications show their secret at ProConnect, and at the other providers where they accept it. */
const defaultAuthMethod = 'client_secret_post';

/** What people are told of the cells that are configured. */
export function cellInfos({ cells }: Configuration): ReadonlyMap<string, CellInfo> {
  return new Map(
    cellNames.flatMap((name) => {
      const cell = cells[name];
      return cell === undefined ? [] : [[name, infoOf(cell)] as const];
    }),
  );
}

function infoOf(cell: CellConfiguration): CellInfo {
  const portal = cell.provider === 'proconnect' ? cell.portal : undefined;
  return defined({ provider: cell.provider, method: defaultAuthMethod, issuer: cell.issuer, portal });
}

function servedCell(deps: CellsDeps, name: CellName, cell: CellConfiguration): ServedCell {
  const { vault, fetch, now, language } = deps;
  const { issuer } = cell;
  const info = infoOf(cell);
  const probe = issuer === undefined ? undefined : probeOfIssuer(fetch, issuer, now);
  switch (cell.provider) {
    case 'proconnect':
      return {
        provider: proconnectProvider({
          cell: name,
          url: cell.url,
          secret: cell.secret.reveal(),
          identityDomain: cell.identityDomain,
          fetch,
          now,
        }),
        info,
        ...defined({ probe }),
        repair: cell.repair,
      };
    case 'registration':
      return {
        provider: registrationProvider({
          cell: name,
          issuer: cell.issuer,
          vault,
          fetch,
          ...defined({ initialAccessToken: cell.initialAccessToken?.reveal() }),
        }),
        info,
        ...defined({ probe }),
        repair: cell.repair,
      };
    case 'manual': {
      const repository = requestsOf(deps, cell.repository);
      const found = deps.trackerFor(repository);
      const tracker =
        found === undefined ? unavailableTracker(repository) : refusalsOf(found, repository, now);
      return {
        provider: manualProvider({
          cell: name,
          tracker,
          language,
          ...defined({ applicantOf: deps.applicantOf }),
        }),
        info,
        ...defined({ probe }),
        repair: false,
        requests: { tracker, repository, inRegistry: repository.toLowerCase() === deps.repo.toLowerCase() },
        ...defined({ unavailable: found === undefined ? trackerOutOfReach(repository).message : undefined }),
      };
    }
  }
}

/** Where requests are opened. The registry may be named there as the configuration calls it, whatever its name is now. */
function requestsOf({ repo, configuration }: CellsDeps, named: string | undefined): string {
  const ofRegistry = named === undefined || named.toLowerCase() === configuration.registry?.toLowerCase();
  return ofRegistry ? repo : named;
}

/** Milliseconds for which a provider's authorization endpoint is remembered. */
const endpointMaxAgeMs = 10 * 60_000;

function probeOfIssuer(fetch: Fetch, issuer: string, now: () => number): RedirectUriProbe {
  let known: { readonly url: URL; readonly at: number } | undefined;
  return redirectUriProbe(fetch, async () => {
    if (known === undefined || now() - known.at > endpointMaxAgeMs) {
      const discovery = await discover(fetch, issuer);
      known = discovery.ok ? { url: discovery.value.authorizationEndpoint, at: now() } : undefined;
    }
    return known?.url;
  });
}

/** The issues of a repository: what GitHub refuses for good is an answer, of this cell alone. What may pass is thrown as before. */
function refusalsOf(tracker: IssueTracker, repository: string, now: () => number): IssueTracker {
  const answered = async <T>(work: Promise<ProviderResult<T>>): Promise<ProviderResult<T>> => {
    try {
      return await work;
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined || classifyError(error, now()).cause !== 'fault') throw error;
      return failure('requests-refused', { repository, status });
    }
  };
  return {
    findOpen: (marker) => answered(tracker.findOpen(marker)),
    open: (title, body) => answered(tracker.open(title, body)),
    edit: (number, title, body) => answered(tracker.edit(number, title, body)),
    close: (number, comment) => answered(tracker.close(number, comment)),
    reopen: (number, comment) => answered(tracker.reopen(number, comment)),
    state: (number) => answered(tracker.state(number)),
  };
}

function trackerOutOfReach(repository: string): ProviderFailure {
  return failure('requests-out-of-reach', { repository });
}

/** The issues of a repository that is out of reach. */
function unavailableTracker(repository: string): IssueTracker {
  const refuse = async () => trackerOutOfReach(repository);
  return { findOpen: refuse, open: refuse, edit: refuse, close: refuse, reopen: refuse, state: refuse };
}

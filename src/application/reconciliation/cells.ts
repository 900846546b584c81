/** The cells that the operator configured, each with its provider. */

import type { CellName } from '#base/config/cells';
import { cellNames } from '#base/config/cells';
import type { CellConfiguration, Configuration } from '#base/config/config-file';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import type { Applicant } from '#domain/provisioning/applicant';
import type { CellInfo } from '#domain/provisioning/outcome';
import type { ClientRef, Vault } from '#domain/provisioning/provider';
import type { Fetch } from '#infrastructure/http-client/fetch';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import {
  type RedirectUriProbe,
  redirectUriProbe,
} from '#infrastructure/identity-providers/redirect-uri-probe';
import { discover } from '#infrastructure/identity-providers/registration/discovery';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import { manualCell, type ShownRepository } from './manual-cell.ts';
import type { ServedCell } from './served-cell.ts';

export interface CellsDeps {
  readonly configuration: Configuration;
  /** `owner/name` of the registry, as GitHub calls it now. */
  readonly repo: string;
  /** GitHub's number of it, where there is a way there. */
  readonly registryId?: string;
  /** The issues of a repository, of the registry when undefined; undefined without a way to GitHub. */
  readonly trackerFor: (repository: ShownRepository | undefined) => IssueTracker | undefined;
  /** What GitHub shows under a name, or by a number; undefined when nothing. Absent without a way there. */
  readonly repositoryAt?: (
    place: { readonly name: string } | { readonly id: string },
  ) => Promise<ShownRepository | undefined>;
  readonly vault: Vault;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly language: () => Language;
  /** Who asks for a client, for the people who make it by hand. */
  readonly applicantOf?: (ref: ClientRef) => Applicant | undefined;
}

/**
 * What the numbers of a cell's clients belong to: the kind of provider, and the addresses that the operator wrote.
 *
 * @returns undefined where the configuration does not tell: see `manual-cell`
 */
export function serverOf(cell: CellConfiguration): string | undefined {
  const plain = (url: string) => url.replace(/\/$/, '');
  switch (cell.provider) {
    case 'proconnect':
      return `proconnect ${plain(cell.url)} ${plain(cell.issuer)}`;
    case 'registration':
      return `registration ${plain(cell.issuer)}`;
    case 'manual':
      return undefined;
  }
}

export function servedCells(deps: CellsDeps): ReadonlyMap<CellName, ServedCell> {
  const cells = new Map<CellName, ServedCell>();
  for (const name of cellNames) {
    const cell = deps.configuration.cells[name];
    if (cell !== undefined)
      cells.set(name, { ...servedCell(deps, name, cell), ...defined({ server: serverOf(cell) }) });
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
  const { vault, fetch, now } = deps;
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
    case 'manual':
      return manualCell(deps, name, cell.repository, { info, ...defined({ probe }) });
  }
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

/** The cells that the operator configured, each with its provider. */

import type { CellName } from '#base/config/cells';
import { cellNames } from '#base/config/cells';
import type { CellConfiguration, Configuration } from '#base/config/config-file';
import type { Language } from '#base/i18n/message';
import type { Applicant } from '#domain/provisioning/applicant';
import { hitch } from '#domain/provisioning/messages';
import type { ProviderFailure, Subject, Vault } from '#domain/provisioning/provider';
import type { Gate } from '#infrastructure/github/client/repository-client';
import {
  type Author,
  closeIssue,
  editIssue,
  findOpenIssue,
  issueState,
  openIssue,
} from '#infrastructure/github/write/issues';
import type { Fetch } from '#infrastructure/identity-providers/http';
import { type Issues, manualProvider } from '#infrastructure/identity-providers/manual';
import { proconnectProvider } from '#infrastructure/identity-providers/proconnect/provider';
import { type Probe, probeOf } from '#infrastructure/identity-providers/redirect-uri-probe';
import { discover } from '#infrastructure/identity-providers/registration/discovery';
import { registrationProvider } from '#infrastructure/identity-providers/registration/provider';
import type { ServedCell } from './reconcile.ts';

export interface CellsOptions {
  readonly configuration: Configuration;
  /** `owner/name` of the registry. */
  readonly repo: string;
  /** The issues of a repository (`owner/name`); undefined without a way to GitHub. */
  readonly issuesIn: (repo: string) => Issues | undefined;
  readonly vault: Vault;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly language: () => Language;
  /** Who asks for a client, for the people who make it by hand. */
  readonly applicantOf?: (subject: Subject) => Applicant | undefined;
}

export function servedCells(options: CellsOptions): ReadonlyMap<CellName, ServedCell> {
  const cells = new Map<CellName, ServedCell>();
  for (const name of cellNames) {
    const cell = options.configuration.cells[name];
    if (cell !== undefined) cells.set(name, servedCell(options, name, cell));
  }
  return cells;
}

/** How applications show their secret at ProConnect, and at the other providers where they accept it. */
const method = 'client_secret_post';

function servedCell(options: CellsOptions, name: CellName, cell: CellConfiguration): ServedCell {
  const { vault, fetch, now, language } = options;
  const known = cell.issuer === undefined ? {} : { issuer: cell.issuer };
  const tried = cell.issuer === undefined ? {} : { probe: probeAt(fetch, cell.issuer, now) };
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
        card: {
          provider: 'proconnect',
          method,
          ...known,
          ...(cell.portal === undefined ? {} : { portal: cell.portal }),
        },
        ...tried,
        repair: cell.repair,
      };
    case 'registration':
      return {
        provider: registrationProvider({
          cell: name,
          issuer: cell.issuer,
          vault,
          fetch,
          ...(cell.initialAccessToken === undefined
            ? {}
            : { initialAccessToken: cell.initialAccessToken.reveal() }),
        }),
        card: { provider: 'registration', method, ...known },
        ...tried,
        repair: cell.repair,
      };
    case 'manual': {
      const repository = cell.repository ?? options.repo;
      const found = options.issuesIn(repository);
      const port = found ?? noIssues(repository);
      return {
        provider: manualProvider({
          cell: name,
          issues: port,
          language,
          ...(options.applicantOf === undefined ? {} : { applicantOf: options.applicantOf }),
        }),
        card: { provider: 'manual', method, ...known },
        ...tried,
        repair: false,
        issues: { port, repository, here: repository.toLowerCase() === options.repo.toLowerCase() },
        ...(found === undefined ? { idle: outOfReach(repository).message } : {}),
      };
    }
  }
}

/** Milliseconds for which a provider's authorization endpoint is remembered. */
const endpointAge = 10 * 60_000;

function probeAt(fetch: Fetch, issuer: string, now: () => number): Probe {
  let known: { readonly url: URL; readonly at: number } | undefined;
  return probeOf(fetch, async () => {
    if (known === undefined || now() - known.at > endpointAge) {
      const discovery = await discover(fetch, issuer);
      known = discovery.ok ? { url: discovery.value.authorizationEndpoint, at: now() } : undefined;
    }
    return known?.url;
  });
}

/** The issues of a repository. What GitHub refuses is thrown: the queue knows how to wait for it. */
export function issuesOf(gate: () => Gate, author: Author): Issues {
  const done = async <T>(act: Promise<T>) => ({ ok: true as const, value: await act });
  return {
    findOpen: (marker) => done(findOpenIssue(gate(), marker, author).then((issue) => issue?.number)),
    open: (title, body) => done(openIssue(gate(), title, body)),
    edit: (number, title, body) => done(editIssue(gate(), number, title, body)),
    close: (number, comment) => done(closeIssue(gate(), number, comment, author)),
    state: (number) => done(issueState(gate(), number)),
  };
}

function outOfReach(repository: string): ProviderFailure {
  return hitch('requests-out-of-reach', { repository });
}

/** Issues that nobody here can read or open. */
function noIssues(repository: string): Issues {
  const refuse = async () => outOfReach(repository);
  return { findOpen: refuse, open: refuse, edit: refuse, close: refuse, state: refuse };
}

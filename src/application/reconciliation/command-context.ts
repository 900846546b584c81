/** What a command about provisioning is given and gives back, and which accounts it is about. */
import { issueOfTopic } from '#application/reconciliation/outcomes/topic-issue';
import type { CellName } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import type { ConfirmedByWriter } from '#domain/provisioning/confirmed-by-writer';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { requestMarker } from '#domain/provisioning/manual-request';
import { translateProvisioning } from '#domain/provisioning/messages';
import { clientKey } from '#domain/provisioning/plan';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { ServedCell } from './served-cell.ts';

/** What came of a command. `text` is Markdown, in the language of the registry. */
export interface CommandResult {
  /** False: nothing was done, and `text` says why. */
  readonly ok: boolean;
  readonly text?: string;
}

export interface ProvisioningCommandResult extends CommandResult {
  readonly text: string;
  /** Whether a reconciliation is to follow. */
  readonly reconcile: boolean;
}

/** What a command speaks of was begun, and its end is not known yet: it is run again then, and nobody has to repeat it. */
export interface NotYet {
  readonly retryReason: string;
  /** Seconds. */
  readonly after: number;
}

export interface ProvisioningCommandContext {
  /** The pull request or issue in which the command stands. */
  readonly number: number;
  /** GitHub's number of the repository where that is; the registry when absent. Numbers of two repositories meet. */
  readonly repository?: string;
  /** The person: a writer of the repository whose matter it is. */
  readonly by: ConfirmedByWriter;
  /** The comment that asks for it: what it brought about is not brought about twice. */
  readonly comment?: number;
}

/** Nothing was done, and why. */
export function refused({ language }: ReconcileDeps, message: Message): ProvisioningCommandResult {
  return { ok: false, text: translateProvisioning(message, language, codeSpan), reconcile: false };
}

/** The accounts that a pull request brought, or that an issue is about; in an issue of drift, those of its cell. */
export async function affectedAccounts(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<readonly ClientAccount[]> {
  const accounts = await deps.ledger.all();
  const asked = accountsRequestedIn(deps, context, accounts);
  if (context.repository !== undefined) return asked;
  const { number } = context;
  const origins = await deps.store.origins.all();
  const brought = accounts.filter((account) => origins.get(clientKey(account))?.pull === number);
  if (brought.length + asked.length > 0) return [...new Set([...brought, ...asked])];
  const cells: string[] = [];
  const known = { topics: deps.store.topics, issues: deps.issues };
  for (const cell of deps.cells.keys())
    if ((await issueOfTopic(known, `drift ${cell}`)) === number) cells.push(cell);
  return accounts.filter((account) => cells.includes(account.cell) && account.state === 'lost');
}

/** Those of the accounts that people were asked about in this very issue of this very repository. */
export function accountsRequestedIn(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  accounts: readonly ClientAccount[],
): readonly ClientAccount[] {
  return accounts.filter(({ cell, request }) => isRequestOf(deps, context, cell, request?.name));
}

/** Whether the issue of this name, about a client of this cell, is the one in which the command stands. */
export function isRequestOf(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  cell: CellName,
  issue: string | undefined,
): boolean {
  return issue === String(context.number) && requestsHere(deps, context, cell) !== undefined;
}

/** Where a cell asks people, when that is the repository in which the command stands. */
function requestsHere(
  deps: ReconcileDeps,
  { repository }: ProvisioningCommandContext,
  cell: CellName,
): ServedCell['requests'] {
  const issues = deps.cells.get(cell)?.requests;
  const isHere = repository === undefined ? issues?.inRegistry === true : issues?.id === repository;
  return isHere ? issues : undefined;
}

/**
 * Whether the command stands in a request that was opened, while GitHub's answer to that was lost or is on its way: the
 * intent is in the ledger, and the issue says of itself whose it is. Not in a frozen cell, where nobody is asked on.
 */
export async function isBeingAsked(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<boolean> {
  for (const account of await deps.ledger.all()) {
    const { cell, intent, request, failure } = account;
    const issues = requestsHere(deps, context, cell);
    if (issues === undefined || intent === undefined || request !== undefined || failure !== undefined)
      continue;
    if (await deps.store.observations.isFrozen(cell, deps.now())) continue;
    const found = await issues.tracker.findOpen(requestMarker(account));
    if (found.ok && found.value === context.number) return true;
  }
  return false;
}

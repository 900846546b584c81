/**
 * The commands that people give in comments once a plan is being applied. Whether they may is decided before; here
 * they are only executed. Each of them is followed by a reconciliation when `reconcile` says so.
 */

import { defined } from '#base/defined';
import { codeSpan } from '#base/i18n/render';
import { type Amendment, type ClientAccount, newAccount } from '#domain/provisioning/ledger';
import { requestTranslator } from '#domain/provisioning/manual-request';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import { clientKey } from '#domain/provisioning/plan';
import type { ProviderResult } from '#domain/provisioning/provider';
import type { ProvisioningCommand } from '#domain/review/commands/parse';
import {
  accountsRequestedIn,
  affectedAccounts,
  type CommandResult,
  isBeingAsked,
  isRequestOf,
  type NotYet,
  type ProvisioningCommandContext,
  type ProvisioningCommandResult,
  refused,
} from './command-context.ts';
import { runHandover, runRevoke, runRotate } from './key-commands.ts';
import { withKnownServers } from './known-servers.ts';
import { confirmProvisioned, confirmRenewed } from './manual-requests.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

/** Runs a command about provisioning, on the word of a writer. */
export type RunProvisioningCommand = (
  name: ProvisioningCommand,
  given: ProvisioningCommandContext & { readonly argument?: string },
) => Promise<CommandResult | NotYet>;

/** @param askForReconciliation is called where one is to follow, with the context of the command */
export function provisioningCommandRunner(
  deps: ReconcileDeps,
  askForReconciliation: (context: ProvisioningCommandContext) => Promise<void>,
): RunProvisioningCommand {
  return async (name, { argument = '', ...context }) => {
    const result = await commandsByName[name](await withKnownServers(deps), context, argument);
    if ('retryReason' in result || result.reconcile) await askForReconciliation(context);
    return result;
  };
}

/** After which a command is run again whose request is not known yet: a run takes seconds. */
const secondsUntilKnown = 10;

/** `/greffier provisioned CLIENT_ID`, in the issue of a request. */
export async function runProvisioned(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  clientId: string,
): Promise<ProvisioningCommandResult | NotYet> {
  const accounts = await deps.ledger.all();
  const { by, comment } = context;
  const renewing = accounts.find(({ cell, renewal }) => isRequestOf(deps, context, cell, renewal));
  if (renewing !== undefined)
    return confirmed(
      deps,
      context,
      await confirmRenewed(deps.ledger, renewing, { clientId, by, comment }),
      clientId,
    );
  const [asked] = accountsRequestedIn(deps, context, accounts);
  const theirs = accounts.filter((account) => account.clientId === clientId);
  // Confirmed in this very issue.
  const before = asked ?? theirs.find(({ cell, last }) => isRequestOf(deps, context, cell, last?.request));
  const renewed = before === undefined ? await renewedBy(deps, context, theirs) : undefined;
  if (renewed !== undefined) return confirmed(deps, context, { ok: true, value: renewed }, clientId);
  if (before === undefined && (await isBeingAsked(deps, context)))
    return { retryReason: 'it is not known yet which request this issue is', after: secondsUntilKnown };
  // Confirmed before, and interrupted before the issue was closed: that is what is left to do.
  const done =
    before !== undefined && before.request === undefined
      ? { ok: true as const, value: before }
      : await confirmProvisioned(deps, before, { clientId, by });
  return confirmed(deps, context, done, clientId);
}

/** Closes the issue in which something was confirmed, and says so. */
async function confirmed(
  deps: ReconcileDeps,
  { number }: ProvisioningCommandContext,
  done: ProviderResult<ClientAccount>,
  clientId: string,
): Promise<ProvisioningCommandResult> {
  if (!done.ok) return refused(deps, done.message);
  const place = { trusted: codeSpan(clientKey(done.value)) };
  const text = requestTranslator(deps.language)('closed', { clientId, place });
  await deps.cells.get(done.value.cell)?.requests?.tracker.close(number, text);
  return { ok: true, text, reconcile: true };
}

/** The account whose client has another secret by the word of this very comment, which was interrupted before it closed the issue. */
async function renewedBy(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  accounts: readonly ClientAccount[],
): Promise<ClientAccount | undefined> {
  const { number, comment } = context;
  for (const account of accounts) {
    const { cell, id, renewal } = account;
    if (renewal !== undefined) continue;
    const event = defined({ cell, id, what: 'renewed' as const, comment });
    if (isRequestOf(deps, context, cell, String(number)) && (await deps.ledger.wasRecorded(event)))
      return account;
  }
  return undefined;
}

/**
 * `/greffier confirm DIGEST`: of what waits for it, by someone else than the author of the change. Whose change it is, is
 * known of what was looked at: where the default branch has moved since, that comes first.
 */
export async function runConfirm(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  digest: string,
): Promise<ProvisioningCommandResult | NotYet> {
  const t = outcomeTranslator(deps.language);
  const asked = digest.toLowerCase();
  const confirmable = await deps.store.confirmations.findConfirmable(asked);
  if (confirmable === undefined)
    return { ok: false, text: t('said-confirm-unknown', { digest: asked }), reconcile: false };
  if (confirmable.authors.includes(String(context.by.account)))
    return { ok: false, text: t('said-confirm-author'), reconcile: false };
  const { commit } = await deps.store.confirmations.waiting();
  if (commit !== (await deps.source.head()))
    return { retryReason: 'the default branch has moved since this was asked', after: secondsUntilKnown };
  await deps.store.confirmations.save(asked, context.by.login);
  return { ok: true, text: t('said-confirmed'), reconcile: true };
}

/** `/greffier retry`: what failed, was declined or lost is tried again. */
export async function runRetry(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  let retried = 0;
  for (const account of await affectedAccounts(deps, context)) {
    const unavailable = deps.cells.get(account.cell)?.unavailable;
    if (unavailable !== undefined) return refused(deps, unavailable);
    const taken = await resetForRetry(deps, account, context.by.login);
    if (taken === 'still-there')
      return {
        ok: false,
        text: t('said-still-there', { clientId: account.clientId ?? '' }),
        reconcile: false,
      };
    if (taken === 'taken') retried += 1;
  }
  return retried === 0
    ? { ok: false, text: t('said-retry-nothing'), reconcile: true }
    : { ok: true, text: t('said-retry'), reconcile: true };
}

/**
 * Makes the next reconciliation try once more what failed for good, was declined or is lost.
 *
 * @returns `still-there`: the client of a lost account still signs people in, so that none is made beside it
 */
export async function resetForRetry(
  deps: Pick<ReconcileDeps, 'cells' | 'ledger'>,
  account: ClientAccount,
  by: string,
): Promise<'taken' | 'nothing' | 'still-there'> {
  const isLost = isGivenUp(account);
  if (isLost && (await stillSignsIn(deps, account))) return 'still-there';
  let taken: 'taken' | 'nothing' = 'nothing';
  // A run may have come to something else meanwhile.
  await deps.ledger.amend(account, (present) => {
    if (present.clientId !== account.clientId || isGivenUp(present) !== isLost) return undefined;
    const amended = isLost ? forgotten(present, by) : cleared(present);
    if (amended !== undefined) taken = 'taken';
    return amended;
  });
  return taken;
}

/** Whether the client of an account can no longer be seen, or changed, so that another one is to be made. */
function isGivenUp({ state, unmanageable, failure }: ClientAccount): boolean {
  return state === 'lost' || (unmanageable === true && failure !== undefined);
}

/** The account without its client. What is left of the client before it is still to be closed. */
function forgotten(account: ClientAccount, by: string): Amendment {
  const { cell, id, clientId, former, formerManagement } = account;
  const event = defined({ cell, id, what: 'forgotten' as const, by, clientId });
  if (former === undefined) return { dropped: account, event };
  return { account: { ...newAccount(account), ...defined({ former, formerManagement }) }, event };
}

/** The account without what keeps its step from being tried; undefined where nothing does. */
function cleared({ failure, request, ...rest }: ClientAccount): Amendment | undefined {
  const isDeclined = request?.declined === true;
  if (failure === undefined && !isDeclined) return undefined;
  return { account: { ...rest, ...defined({ request: isDeclined ? undefined : request }), unanswered: 0 } };
}

/** Whether the provider still signs people in through a client that we may no longer see. */
async function stillSignsIn(deps: Pick<ReconcileDeps, 'cells'>, account: ClientAccount): Promise<boolean> {
  const probe = deps.cells.get(account.cell)?.probe;
  const [uri] = account.wanted?.redirect_uris ?? [];
  if (probe === undefined || account.clientId === undefined || uri === undefined) return false;
  return (await probe(account.clientId, uri)).kind === 'accepted';
}

const commandsByName: Readonly<
  Record<
    ProvisioningCommand,
    (
      deps: ReconcileDeps,
      context: ProvisioningCommandContext,
      argument: string,
    ) => Promise<ProvisioningCommandResult | NotYet>
  >
> = {
  provisioned: runProvisioned,
  confirm: runConfirm,
  retry: runRetry,
  handover: runHandover,
  rotate: runRotate,
  revoke: runRevoke,
};

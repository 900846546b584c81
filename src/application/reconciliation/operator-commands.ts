/**
 * The commands that people give in comments once a plan is being applied. Whether they may is decided before; here
 * they are only executed. Each of them is followed by a reconciliation when `reconcile` says so.
 */

import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import type { ConfirmedByWriter } from '#domain/provisioning/confirmed-by-writer';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { requestTranslator } from '#domain/provisioning/manual-request';
import { translateProvisioning } from '#domain/provisioning/messages';
import { outcomeTranslator } from '#domain/provisioning/outcome-comment';
import { clientKey } from '#domain/provisioning/plan';
import type { ProvisioningCommand } from '#domain/review/commands/parse';
import { KeptAccount, recordedClient } from './kept-account.ts';
import { withKnownServers } from './known-servers.ts';
import { confirmProvisioned } from './manual-requests.ts';
import type { ReconcileDeps } from './reconcile.ts';

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

/** Runs a command about provisioning, on the word of a writer. */
export type RunProvisioningCommand = (
  name: ProvisioningCommand,
  given: ProvisioningCommandContext & { readonly argument?: string },
) => Promise<CommandResult>;

/** @param askForReconciliation is called where one is to follow, with the context of the command */
export function provisioningCommandRunner(
  deps: ReconcileDeps,
  askForReconciliation: (context: ProvisioningCommandContext) => Promise<void>,
): RunProvisioningCommand {
  return async (name, { argument = '', ...context }) => {
    const result = await commandsByName[name](await withKnownServers(deps), context, argument);
    if (result.reconcile) await askForReconciliation(context);
    return result;
  };
}

/** `/greffier provisioned CLIENT_ID`, in the issue of a request. */
export async function runProvisioned(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  clientId: string,
): Promise<ProvisioningCommandResult> {
  const [asked] = await accountsRequestedIn(deps, context);
  const before = asked ?? (await accountConfirmedIn(deps, context, clientId));
  // Confirmed before, and interrupted before the issue was closed: that is what is left to do.
  const confirmed =
    before !== undefined && before.request === undefined
      ? { ok: true as const, value: before }
      : await confirmProvisioned(deps, before, { clientId, by: context.by });
  if (!confirmed.ok) return refused(deps, confirmed.message);
  const text = requestTranslator(deps.language)('closed', {
    clientId,
    place: { trusted: codeSpan(clientKey(confirmed.value)) },
  });
  const tracker = before === undefined ? undefined : deps.cells.get(before.cell)?.requests?.tracker;
  await tracker?.close(context.number, text);
  return { ok: true, text, reconcile: true };
}

/** Nothing was done, and why. */
function refused({ language }: ReconcileDeps, message: Message): ProvisioningCommandResult {
  return { ok: false, text: translateProvisioning(message, language, codeSpan), reconcile: false };
}

/** The account whose client was confirmed in this very issue. */
async function accountConfirmedIn(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  clientId: string,
): Promise<ClientAccount | undefined> {
  const accounts = await deps.ledger.all();
  return accounts.find(
    (account) =>
      account.clientId === clientId && isRequestOf(deps, context, account.cell, account.last?.request),
  );
}

/** `/greffier confirm DIGEST`: of what waits for it, by someone else than the author of the change. */
export async function runConfirm(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  digest: string,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  const asked = digest.toLowerCase();
  const confirmable = await deps.store.findConfirmable(asked);
  if (confirmable === undefined)
    return { ok: false, text: t('said-confirm-unknown', { digest: asked }), reconcile: false };
  if (confirmable.authors.includes(String(context.by.account)))
    return { ok: false, text: t('said-confirm-author'), reconcile: false };
  await deps.store.saveConfirmation(asked, context.by.login);
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
  if (account.state === 'lost' || (account.unmanageable === true && account.failure !== undefined)) {
    if (await stillSignsIn(deps, account)) return 'still-there';
    const { cell, id, clientId } = account;
    await deps.ledger.drop(account, defined({ cell, id, what: 'forgotten' as const, by, clientId }));
    return 'taken';
  }
  if (account.failure === undefined && account.request?.declined !== true) return 'nothing';
  const { failure: _, request, ...rest } = account;
  const open = request?.declined === true ? undefined : request;
  await deps.ledger.save({ ...rest, ...defined({ request: open }), unanswered: 0 });
  return 'taken';
}

/** `/greffier handover`: new links to the keys of the clients of a pull request. */
export async function runHandover(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  let links = 0;
  let reminders = 0;
  for (const account of await affectedAccounts(deps, context)) {
    const cell = deps.cells.get(account.cell);
    const held = recordedClient(account);
    if (cell === undefined || held === undefined || account.state !== 'active') continue;
    if (cell.unavailable !== undefined) return refused(deps, cell.unavailable);
    const { by, comment } = context;
    const { cell: name, id } = account;
    const event = defined({ cell: name, id, what: 'renewed' as const, by: by.login, comment });
    if (await deps.ledger.wasRecorded(event)) {
      if (cell.provider.reissue === undefined) reminders += 1;
      else links += 1;
      continue;
    }
    if (cell.provider.reissue === undefined) {
      await deps.ledger.save(account, event, 'renewed');
      reminders += 1;
      continue;
    }
    const kept = new KeptAccount(deps.ledger, account);
    const issued = await cell.provider.reissue(account, held, kept.keep);
    if (!issued.ok) return refused(deps, issued.message);
    const { secret, secretMark } = issued.value;
    const reissued = { ...kept.account, ...defined({ secret, secretMark }) };
    await deps.ledger.save(reissued, event, 'renewed');
    links += 1;
  }
  if (links + reminders === 0) return { ok: false, text: t('said-handover-nothing'), reconcile: false };
  return { ok: true, text: t(links > 0 ? 'said-handover' : 'said-handover-portal'), reconcile: false };
}

/** `/greffier rotate`: no provider can renew a secret by its API; the message says how it is done all the same. */
export async function runRotate(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  const kinds = new Set(
    (await affectedAccounts(deps, context)).flatMap(
      (account) => deps.cells.get(account.cell)?.provider.kind ?? [],
    ),
  );
  const texts = [...kinds].sort().map((kind) => t(`said-rotate-${kind}`));
  return {
    ok: false,
    text: texts.length === 0 ? t('said-handover-nothing') : texts.join('\n\n'),
    reconcile: false,
  };
}

/** The accounts that a pull request brought, or that an issue is about; in an issue of drift, those of its cell. */
async function affectedAccounts(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<readonly ClientAccount[]> {
  const asked = await accountsRequestedIn(deps, context);
  if (context.repository !== undefined) return asked;
  const { number } = context;
  const accounts = await deps.ledger.all();
  const origins = await deps.store.origins();
  const brought = accounts.filter((account) => origins.get(clientKey(account))?.pull === number);
  if (brought.length + asked.length > 0) return [...new Set([...brought, ...asked])];
  const cells: string[] = [];
  for (const cell of deps.cells.keys())
    if ((await deps.store.findTopic(`drift ${cell}`))?.issue === number) cells.push(cell);
  return accounts.filter((account) => cells.includes(account.cell) && account.state === 'lost');
}

/** The accounts that people were asked about in this very issue of this very repository. */
async function accountsRequestedIn(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<readonly ClientAccount[]> {
  return (await deps.ledger.all()).filter(({ cell, request }) =>
    isRequestOf(deps, context, cell, request?.name),
  );
}

/** Whether the issue of this name, about a client of this cell, is the one in which the command stands. */
function isRequestOf(
  deps: ReconcileDeps,
  { number, repository }: ProvisioningCommandContext,
  cell: CellName,
  issue: string | undefined,
): boolean {
  const issues = deps.cells.get(cell)?.requests;
  if (issues === undefined || issue !== String(number)) return false;
  return repository === undefined ? issues.inRegistry : issues.id === repository;
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
    ) => Promise<ProvisioningCommandResult>
  >
> = {
  provisioned: runProvisioned,
  confirm: runConfirm,
  retry: runRetry,
  handover: runHandover,
  rotate: runRotate,
};

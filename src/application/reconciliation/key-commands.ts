/** The commands about keys: another link to them where nobody read them, other keys where someone may have. */
import { defined } from '#base/defined';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import {
  affectedAccounts,
  type ProvisioningCommandContext,
  type ProvisioningCommandResult,
  refused,
} from './command-context.ts';
import { keepingOf, recordedClient } from './kept-account.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { type AskedBy, askForOtherKeys, revokeFormer } from './replace-client.ts';
import type { ServedCell } from './served-cell.ts';

/** `/greffier handover`: new links to the keys of the clients of a pull request, where nobody was shown them. */
export async function runHandover(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  let links = 0;
  let reminders = 0;
  const shown: string[] = [];
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
    // Its contacts are those of the account as it stands once the provider has answered.
    const renew = (renewed: Partial<Pick<ClientAccount, 'secret' | 'secretMark'>>) =>
      deps.ledger.amend(account, (present) =>
        present.clientId === held.clientId && present.state === 'active'
          ? { account: { ...present, ...renewed }, event, mailKind: 'renewed' }
          : undefined,
      );
    if (cell.provider.reissue === undefined) {
      await renew({});
      reminders += 1;
      continue;
    }
    const keep = keepingOf(deps.ledger, account, held.clientId);
    const issued = await cell.provider.reissue(account, held, keep);
    if (!issued.ok) return refused(deps, issued.message);
    const { secret, secretMark } = issued.value;
    const reissued = defined({ secret, secretMark });
    // The ledger would make no link to them: it is said here.
    if (await deps.ledger.keysWereShown({ ...account, ...reissued })) {
      shown.push(t('said-handover-shown', about(held.clientId)));
      continue;
    }
    if ((await renew(reissued)) !== undefined) links += 1;
  }
  const ok = links + reminders > 0;
  const done = ok ? [t(links > 0 ? 'said-handover' : 'said-handover-portal')] : [];
  const text = [...done, ...shown].join('\n\n');
  return { ok, text: text === '' ? t('said-handover-nothing') : text, reconcile: false };
}

/**
 * `/greffier rotate`: says what can be done about keys that may be in other hands; `/greffier rotate CLIENT_ID` does it.
 * The id is the confirmation, and makes it happen once: it is no client's any more afterwards.
 */
export async function runRotate(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  clientId = '',
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  if (clientId === '') {
    const texts = (await affectedAccounts(deps, context)).flatMap((account) => {
      const kind = deps.cells.get(account.cell)?.provider.kind;
      const known = account.clientId;
      return kind === undefined || known === undefined ? [] : [t(`said-rotate-${kind}`, about(known))];
    });
    return {
      ok: false,
      text: texts.length === 0 ? t('said-handover-nothing') : texts.join('\n\n'),
      reconcile: false,
    };
  }
  return replaceKeys(deps, clientId, askedBy(context));
}

/** Has the keys of a client replaced, on the word of someone who may. */
export async function replaceKeys(
  deps: ReconcileDeps,
  clientId: string,
  asked: AskedBy,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  const accounts = await deps.ledger.all();
  const account = accounts.find((one) => one.clientId === clientId);
  const cell = account && deps.cells.get(account.cell);
  if (account === undefined || cell === undefined) {
    const replaced = accounts.some(({ former }) => former?.clientId === clientId);
    if (replaced) return { ok: true, text: t('said-rotated', about(clientId)), reconcile: true };
    return { ok: false, text: t('said-rotate-unknown', { clientId }), reconcile: false };
  }
  if (cell.unavailable !== undefined) return refused(deps, cell.unavailable);
  const { comment } = asked;
  const before = defined({ cell: account.cell, id: account.id, what: 'requested' as const, comment });
  if (await deps.ledger.wasRecorded(before))
    return {
      ok: true,
      text: t('said-rotate-asked', renewalValues(cell, account.renewal ?? '')),
      reconcile: false,
    };
  // What Greffier makes by itself waits for the end of a freeze; people would be at it at once.
  if (
    cell.provider.renewKeys !== undefined &&
    (await deps.store.observations.isFrozen(account.cell, deps.now()))
  )
    return { ok: false, text: t('said-rotate-frozen', { clientId }), reconcile: false };
  const made = await askForOtherKeys(deps.ledger, cell.provider, account, asked);
  if (!made.ok) return refused(deps, made.message);
  const { value } = made;
  switch (value.kind) {
    case 'replaced':
      return { ok: true, text: t('said-rotated', about(clientId)), reconcile: true };
    case 'renewal':
      return { ok: true, text: t('said-rotate-asked', renewalValues(cell, value.issue)), reconcile: false };
    case 'former-open':
      return {
        ok: false,
        text: t('said-rotate-former', { former: value.clientId, revoke: about(value.clientId).revoke }),
        reconcile: false,
      };
    case 'not-now':
      return { ok: false, text: t('said-rotate-not-now', { clientId }), reconcile: false };
  }
}

/** `/greffier revoke CLIENT_ID`: closes at once a client that was replaced. */
export async function runRevoke(
  deps: ReconcileDeps,
  context: ProvisioningCommandContext,
  clientId: string,
): Promise<ProvisioningCommandResult> {
  return closeReplaced(deps, clientId, askedBy(context));
}

/** The same, on the word of someone who may. */
export async function closeReplaced(
  deps: ReconcileDeps,
  clientId: string,
  asked: AskedBy,
): Promise<ProvisioningCommandResult> {
  const t = outcomeTranslator(deps.language);
  const accounts = await deps.ledger.all();
  const account = accounts.find(({ former }) => former?.clientId === clientId);
  if (account === undefined) {
    const isCurrent = accounts.some((one) => one.clientId === clientId);
    const text = t(isCurrent ? 'said-revoke-current' : 'said-rotate-unknown', about(clientId));
    return { ok: false, text, reconcile: false };
  }
  await revokeFormer(deps.ledger, account, clientId, asked);
  return { ok: true, text: t('said-revoked', { clientId }), reconcile: true };
}

/** A client, and the commands about it as they are written. */
function about(clientId: string) {
  return { clientId, rotate: `/greffier rotate ${clientId}`, revoke: `/greffier revoke ${clientId}` };
}

function askedBy({ by, comment }: ProvisioningCommandContext) {
  return defined({ login: by.login, comment });
}

/** Where people were asked: an issue of the registry, or of a repository that not everyone may see. */
function renewalValues({ requests }: ServedCell, issue: string) {
  return { issue: { trusted: requests?.inRegistry === true ? `#${issue}` : issue } };
}

/**
 * Other keys for a client whose keys may be in other hands. No provider that Greffier asks by itself can renew a secret
 * (the partner API; RFC 7592): another client takes the place of the first, with an id and a secret of its own. The first
 * goes on working meanwhile, so that nobody is locked out, and is closed once the new keys were read and some time has
 * passed, or at once where someone says so. Where people run the cell, they are asked to renew the secret itself.
 */
import { defined } from '#base/defined';
import { changesLeftToPeople, creationChanges } from '#domain/provisioning/client-metadata';
import { stepDigest } from '#domain/provisioning/digest';
import { failure } from '#domain/provisioning/failures';
import { type ClientAccount, type FormerClient, type Ledger, newAccount } from '#domain/provisioning/ledger';
import type {
  ClientRef,
  Provider,
  ProviderFailure,
  ProviderResult,
  RecordedClient,
} from '#domain/provisioning/provider';
import type { RedirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { isGone } from './gone.ts';
import { recordedClient } from './kept-account.ts';

/** Who asks for it, and in which comment. */
export interface AskedBy {
  readonly login: string;
  readonly comment?: number;
}

/** What came of it. `renewal`: people were asked, in the issue of this number. */
export type OtherKeys =
  | { readonly kind: 'replaced' }
  | { readonly kind: 'renewal'; readonly issue: string }
  /** The client is not one whose keys work today, or something of it is under way. */
  | { readonly kind: 'not-now' }
  /** The one that it replaced is not closed yet. */
  | { readonly kind: 'former-open'; readonly clientId: string };

/**
 * Has other keys made for a client. Nothing is asked of a provider that makes them by itself: the account says that another
 * client is to take this one's place, and the next reconciliation makes it, like any other.
 */
export async function askForOtherKeys(
  ledger: Ledger,
  provider: Provider,
  account: ClientAccount,
  { login: by, comment }: AskedBy,
): Promise<ProviderResult<OtherKeys>> {
  const { cell, id, clientId, wanted } = account;
  const held = recordedClient(account);
  const notNow = { ok: true, value: { kind: 'not-now' } } as const;
  if (held === undefined || clientId === undefined || wanted === undefined || !isInUse(account))
    return notNow;
  if (provider.renewKeys !== undefined) {
    const asked = await provider.renewKeys({ cell, id }, held);
    if (!asked.ok) return asked;
    const { request: issue } = asked.value;
    const event = defined({ cell, id, what: 'requested' as const, clientId, by, comment });
    await ledger.amend(account, (present) =>
      present.clientId !== clientId || present.renewal === issue
        ? undefined
        : { account: { ...present, renewal: issue }, event },
    );
    return { ok: true, value: { kind: 'renewal', issue } };
  }
  const offered = account.former === undefined ? await provider.check?.(wanted) : undefined;
  if (offered?.ok === false) return offered;
  const event = defined({ cell, id, what: 'replaced' as const, clientId, by, comment });
  let made: OtherKeys = { kind: 'not-now' };
  await ledger.amend(account, (present) => {
    // Another word may have been first.
    made = replaceable(present, clientId);
    return made.kind === 'replaced' && present.clientId === clientId
      ? { account: withoutClient(present, held, provider), event }
      : undefined;
  });
  return { ok: true, value: made };
}

/** Whether the keys of a client work today, as far as its definition is known. */
function isInUse({ state, awaited }: ClientAccount): boolean {
  return state === 'active' && awaited !== true;
}

/** Whether a client can be replaced, or was, by what its account is now. */
function replaceable(present: ClientAccount, clientId: string): OtherKeys {
  const { former, intent, request } = present;
  if (former?.clientId === clientId) return { kind: 'replaced' };
  if (present.clientId !== clientId || !isInUse(present)) return { kind: 'not-now' };
  if (former !== undefined) return { kind: 'former-open', clientId: former.clientId };
  return { kind: intent === undefined && request === undefined ? 'replaced' : 'not-now' };
}

/** The account without its client, which another one is to replace: it was allowed, and is made so far as it is as before. */
function withoutClient(account: ClientAccount, held: RecordedClient, provider: Provider): ClientAccount {
  const { cell, id, seen, wanted, management, method, last, described } = account;
  const { handle, clientId } = held;
  const place = { cell, id };
  const action = 'create' as const;
  const step = wanted && {
    ...place,
    action,
    changes: creationChanges(wanted, provider.governedFields),
    left: changesLeftToPeople(wanted, provider.governedFields),
  };
  return {
    ...newAccount(place),
    former: defined({ handle, clientId, seen, wanted, method }),
    ...defined({
      wanted,
      last,
      described,
      formerManagement: management,
      intent: step && { action, digest: stepDigest(step) },
    }),
  };
}

/** Has the client closed at once that another one replaces. */
export async function revokeFormer(
  ledger: Ledger,
  ref: ClientRef,
  clientId: string,
  { login: by, comment }: AskedBy,
): Promise<void> {
  const { cell, id } = ref;
  const event = { cell, id, what: 'revoked' as const, clientId, by, ...defined({ comment }) };
  await ledger.amend(ref, (present) => {
    const { former } = present;
    if (former?.clientId !== clientId || former.revoked === true) return undefined;
    return { account: { ...present, former: { ...former, revoked: true } }, event };
  });
}

/** Whether the client that was replaced is to be closed by now. @param readAt when the new keys were read */
export function isDue(
  { former, state, intent }: ClientAccount,
  readAt: number | undefined,
  now: number,
  delay: number,
): boolean {
  if (former === undefined) return false;
  // Nobody is let in by one either whose definition is gone.
  if (former.revoked === true || state === 'inactive') return true;
  // Of a client that is lost, the former may be the one that works.
  return state === 'active' && intent === undefined && readAt !== undefined && now - readAt >= delay;
}

/** What a provider needs to find the client that another one replaces. */
export function recordedFormer(account: ClientAccount & { readonly former: FormerClient }): RecordedClient {
  const { handle, clientId, seen, wanted, method } = account.former;
  return {
    handle,
    clientId,
    metadata: wanted ?? seen,
    confirmed: seen,
    ...defined({ management: account.formerManagement, method }),
  };
}

/**
 * Deletes the client that another one replaces. Announced before, and recorded after: whoever comes back after a kill asks
 * again, and finds it gone.
 *
 * @returns the account as it is then
 */
export async function closeFormer(
  deps: { readonly ledger: Ledger; readonly provider: Provider; readonly probe?: RedirectUriProbe },
  account: ClientAccount & { readonly former: FormerClient },
): Promise<ProviderResult<ClientAccount>> {
  const { ledger, provider } = deps;
  const { cell, id, former } = account;
  const { clientId, seen } = former;
  let kept = await ledger.save({ ...account, former: { ...former, deletionSent: true } });
  const removed = await provider.remove({ cell, id }, recordedFormer(account), async ({ management }) => {
    if (management !== undefined) kept = await ledger.save({ ...kept, formerManagement: management });
  });
  if (removed.ok) return { ok: true, value: await closed(ledger, kept) };
  const isSent = removed.message.key === 'provisioning#answer-lost' ? true : former.deletionSent;
  const gone =
    removed.lost === true ? await isGone(deps, defined({ clientId, seen, deletionSent: isSent })) : false;
  if (gone === true) return { ok: true, value: await closed(ledger, kept) };
  const why = gone === 'unknown' ? failure('deletion-unproven', { clientId }) : removed;
  await noteFailure(ledger, kept, former, isSent, why);
  return why;
}

async function closed(ledger: Ledger, account: ClientAccount): Promise<ClientAccount> {
  const { former, formerManagement: _, ...rest } = account;
  const { cell, id } = account;
  const event = { cell, id, what: 'closed' as const, ...defined({ clientId: former?.clientId }) };
  return ledger.save(rest, event, 'closed');
}

/** What keeps it open, once for each reason. */
async function noteFailure(
  ledger: Ledger,
  account: ClientAccount,
  { failure: before, deletionSent: _, ...former }: FormerClient,
  deletionSent: true | undefined,
  { message }: ProviderFailure,
): Promise<void> {
  const { cell, id } = account;
  const isNews = JSON.stringify(before) !== JSON.stringify(message);
  const event = { cell, id, what: 'failed' as const, clientId: former.clientId, message };
  await ledger.save(
    { ...account, former: { ...former, failure: message, ...defined({ deletionSent }) } },
    isNews ? event : undefined,
  );
}

/**
 * A client that another one replaces works on as it was, until it is closed. An address that its definition drops meanwhile may
 * be somebody else's by then: it is dropped there too, at once. Nothing is ever added.
 */
import { defined } from '#base/defined';
import { failure } from '#domain/provisioning/failures';
import type { ClientAccount, FormerClient, Ledger } from '#domain/provisioning/ledger';
import type { ActualClient, ClientMetadata, Provider, ProviderFailure } from '#domain/provisioning/provider';
import { keepingOf } from './kept-account.ts';
import { recordedFormer } from './replace-client.ts';

/**
 * Takes from the former client of an account the addresses that its definition, as it was applied, has no more; where no
 * redirect URI is left, nobody is let in by it. Taken up again after a kill, it is asked for once more.
 *
 * @returns why it could not be done
 */
export async function narrowFormer(
  { ledger, provider }: { readonly ledger: Ledger; readonly provider: Provider },
  account: ClientAccount & { readonly former: FormerClient },
): Promise<ProviderFailure | undefined> {
  const { cell, id, former, state, intent, wanted } = account;
  // Not before the other one is what the definition says, on the word that it took.
  if (state !== 'active' || intent !== undefined || wanted === undefined) return undefined;
  const { clientId } = former;
  if (former.wanted === undefined || narrowed(former.wanted, wanted) === undefined) return undefined;
  const keep = keepingOf(ledger, { cell, id }, clientId);
  const reading = await provider.read({ cell, id }, recordedFormer(account), keep);
  const there = reading.ok && reading.value.kind === 'found' ? reading.value.client.metadata : {};
  // What a person took from it at the provider is taken: all of it is sent, and would be given back.
  const present = asFound(former.wanted, there);
  const less = narrowed(present, wanted) ?? present;
  const known = await ledger.load({ cell, id });
  if (known?.former?.clientId !== clientId) return undefined;
  const recorded = recordedFormer({ ...known, former: known.former });
  const answer = reading.ok ? await provider.update({ cell, id }, recorded, less, keep) : reading;
  if (!answer.ok) {
    await amendFormer(ledger, account, (present) => ({ ...present, undropped: answer.message }));
    return answer;
  }
  if (answer.value.kind === 'requested') return undefined;
  const { metadata } = answer.value;
  const { redirect_uris: uris = less.redirect_uris, active = less.active } = metadata;
  const isTaken = less.active ? uris.every((uri) => less.redirect_uris.includes(uri)) : !active;
  const refused = isTaken ? undefined : failure('metadata-changed', { fields: ['redirect_uris'] });
  const event = { cell, id, what: 'narrowed' as const, clientId };
  await amendFormer(
    ledger,
    account,
    ({ undropped: _, ...present }) => ({
      ...present,
      wanted: less,
      seen: { ...present.seen, ...less, ...metadata },
      ...defined({ undropped: refused?.message }),
    }),
    isTaken ? event : undefined,
  );
  return refused;
}

/** What a client was asked to be, less what its provider says that it is not. */
function asFound(asked: ClientMetadata, there: ActualClient['metadata']): ClientMetadata {
  const { active = true, redirect_uris: uris, post_logout_redirect_uris: logouts } = there;
  return {
    ...asked,
    active: asked.active && active,
    redirect_uris: asked.redirect_uris.filter((uri) => uris?.includes(uri) ?? true),
    post_logout_redirect_uris: asked.post_logout_redirect_uris.filter(
      (uri) => logouts?.includes(uri) ?? true,
    ),
  };
}

/** What a client may still be when its definition has become another one; undefined where it has nothing too much. */
function narrowed(former: ClientMetadata, wanted: ClientMetadata): ClientMetadata | undefined {
  if (!former.active) return undefined;
  const left = former.redirect_uris.filter((uri) => wanted.redirect_uris.includes(uri));
  const logouts = former.post_logout_redirect_uris.filter((uri) =>
    wanted.post_logout_redirect_uris.includes(uri),
  );
  if (left.length === 0) return { ...former, active: false };
  const isLess =
    left.length < former.redirect_uris.length || logouts.length < former.post_logout_redirect_uris.length;
  return isLess ? { ...former, redirect_uris: left, post_logout_redirect_uris: logouts } : undefined;
}

async function amendFormer(
  ledger: Ledger,
  account: ClientAccount & { readonly former: FormerClient },
  change: (present: FormerClient) => FormerClient,
  event?: Parameters<Ledger['save']>[1],
): Promise<void> {
  await ledger.amend(account, (present) => {
    if (present.former?.clientId !== account.former.clientId) return undefined;
    const amended = { ...present, former: change(present.former) };
    return event === undefined ? { account: amended } : { account: amended, event };
  });
}

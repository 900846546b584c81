/**
 * Duplicate clients: a creation whose answer was lost may be carried out by a slow server after Greffier has searched
 * for its client, found none, and made another. So for a day after a lost answer Greffier searches again, keeps the
 * client that was recorded, and removes what came to be beside it.
 */
import type { ClientAccount, Ledger } from '#domain/provisioning/ledger';
import type {
  ActualClient,
  ClientRef,
  CreationAttempt,
  Provider,
  ProviderResult,
} from '#domain/provisioning/provider';

/** Milliseconds after which a request that was never answered is no longer carried out by anyone. */
const maxCreationDelayMs = 86_400_000;
/** Milliseconds by which a provider's clock may differ from ours: ProConnect's API refuses calls beyond it. */
const maxClockSkewMs = 300_000;

/** A client beside the recorded one, and whether it is gone now. */
export interface DuplicateClient {
  readonly cell: ClientAccount['cell'];
  readonly id: string;
  readonly clientId: string;
  readonly removed: boolean;
}

/** Whether a creation that was never answered may still come to be. */
export function mayHaveDuplicates(account: ClientAccount, now: number): boolean {
  return account.unansweredSince !== undefined && now - account.unansweredSince < maxCreationDelayMs;
}

/**
 * What a creation of ours made that was announced and never answered; nothing where there was none, or where the provider
 * cannot search. A client that somebody else made is never among them, whatever they wrote on it: it carries no mark of
 * the attempt, or is older, or is recorded for another definition.
 */
export async function findOwnClients(
  provider: Provider,
  ledger: Pick<Ledger, 'holdersOf'>,
  { cell, id, unansweredSince, creation }: ClientAccount,
): Promise<ProviderResult<readonly ActualClient[]>> {
  if (unansweredSince === undefined) return { ok: true, value: [] };
  const found = await provider.find?.({ cell, id }, creation);
  if (found === undefined) return { ok: true, value: [] };
  if (!found.ok) return found;
  const own: ActualClient[] = [];
  for (const client of found.value.filter((one) => isSince(one, unansweredSince, creation))) {
    if ((await otherHolder(ledger, { cell, id }, client)) === undefined) own.push(client);
  }
  return { ok: true, value: own };
}

/**
 * Removes what a creation that was never answered made beside the recorded client.
 *
 * @returns the duplicates that were found; none when the provider does not answer, and the next run tries again
 */
export async function removeDuplicates(
  deps: { readonly provider: Provider; readonly ledger: Ledger; readonly now: () => number },
  account: ClientAccount,
): Promise<readonly DuplicateClient[]> {
  const { provider, ledger, now } = deps;
  const { unansweredSince, handle, cell, id, state } = account;
  if (provider.find === undefined || unansweredSince === undefined) return [];
  // Of a client that is hidden, the other may be all that is left.
  if (handle === undefined || state === 'lost') return [];
  const found = await findOwnClients(provider, ledger, account);
  if (!found.ok) return [];
  const duplicates: DuplicateClient[] = [];
  for (const other of found.value) {
    if (other.handle === handle) continue;
    const { clientId } = other;
    const held = { handle: other.handle, clientId, metadata: other.metadata, confirmed: other.metadata };
    // Nothing of it is kept: it is to go.
    const removed = (await provider.remove(account, held, async () => undefined)).ok;
    if (removed) await ledger.save(account, { cell, id, what: 'twin-removed', clientId });
    duplicates.push({ cell, id, clientId, removed });
  }
  if (!mayHaveDuplicates(account, now()) && duplicates.every((duplicate) => duplicate.removed)) {
    const { unansweredSince: _, creation: __, ...rest } = account;
    await ledger.save(rest);
  }
  return duplicates;
}

/** The other definition of the cell for which a client is recorded already: it is that one's, whatever a provider says. */
export async function otherHolder(
  ledger: Pick<Ledger, 'holdersOf'>,
  { cell, id }: ClientRef,
  client: Pick<ActualClient, 'handle' | 'clientId'>,
): Promise<ClientRef | undefined> {
  return (await ledger.holdersOf(client)).find((holder) => holder.cell === cell && holder.id !== id);
}

/** Whether a client may have been made by a creation that was announced then. */
export function isSince(
  { createdAt }: ActualClient,
  since: number,
  creation: CreationAttempt | undefined,
): boolean {
  return createdAt === undefined ? creation !== undefined : createdAt >= since - maxClockSkewMs;
}

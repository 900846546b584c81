/**
 * Twins: a creation whose answer was lost may be carried out by a slow server after Greffier has looked for its client,
 * found none, and made another. So for a day after such a silence one looks again, keeps the client that was recorded,
 * and removes what came to be beside it.
 */
import type { Account, Ledger } from '#domain/provisioning/ledger';
import type { ActualClient, Provider } from '#domain/provisioning/provider';

/** Milliseconds after which a request that was never answered is no longer carried out by anyone. */
const longestDelay = 86_400_000;
/** Milliseconds by which a provider's clock may differ from ours: ProConnect's API refuses calls beyond it. */
const clockSkew = 300_000;

/** A client beside the recorded one, and whether it is gone now. */
export interface Twin {
  readonly cell: Account['cell'];
  readonly id: string;
  readonly clientId: string;
  readonly removed: boolean;
}

/** Whether a creation that was never answered may still come to be. */
export function mayHaveTwins(account: Account, now: number): boolean {
  return account.unansweredSince !== undefined && now - account.unansweredSince < longestDelay;
}

/**
 * Removes what a creation that was never answered made beside the recorded client. A client that is older than that
 * creation is somebody's: it is left alone.
 *
 * @returns the twins that were found; none when the provider does not answer, which the next time may mend
 */
export async function removeTwins(
  tools: { readonly provider: Provider; readonly ledger: Ledger; readonly now: () => number },
  account: Account,
): Promise<readonly Twin[]> {
  const { provider, ledger, now } = tools;
  const { unansweredSince, handle, cell, id, state } = account;
  if (provider.find === undefined || unansweredSince === undefined) return [];
  // Of a client that is hidden, the other may be all that is left.
  if (handle === undefined || state === 'lost') return [];
  const found = await provider.find(account);
  if (!found.ok) return [];
  const twins: Twin[] = [];
  for (const other of found.value) {
    if (other.handle === handle || !isTwin(other, unansweredSince)) continue;
    const { clientId } = other;
    const held = { handle: other.handle, clientId, metadata: other.metadata, confirmed: other.metadata };
    const removed = (await provider.remove(account, held)).ok;
    if (removed) await ledger.save(account, { cell, id, what: 'twin-removed', clientId });
    twins.push({ cell, id, clientId, removed });
  }
  if (!mayHaveTwins(account, now()) && twins.every((twin) => twin.removed)) {
    const { unansweredSince: _, ...settled } = account;
    await ledger.save(settled);
  }
  return twins;
}

function isTwin(other: ActualClient, since: number): boolean {
  return other.createdAt !== undefined && other.createdAt >= since - clockSkew;
}

/**
 * What was begun is over when the registry asks for it no longer. Left in the ledger it would be a word for ever, on which the
 * same change is made the next time, and its contacts would go on being written to.
 */
import type { ClientAccounts } from '#application/ledger/client-accounts';
import { sameMetadata, wantedMetadata } from '#domain/provisioning/client-metadata';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import type { Preview } from './preview.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { RegistrySnapshot } from './registry-source.ts';

/** What was adopted before its definition was merged is a client like any other once that was seen. */
export async function noteArrivals(
  accounts: ClientAccounts,
  { blobs }: Pick<RegistrySnapshot, 'blobs'>,
  origins: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const known of accounts.all()) {
    const key = clientKey(known);
    if (known.awaited === undefined || !(blobs.has(key) || origins.has(key))) continue;
    const account = await accounts.load(known);
    if (account === undefined) continue;
    const { awaited: _, ...arrived } = account;
    await accounts.save(arrived);
  }
}

/** To be called after the steps of a plan: of every account for which there was nothing to do. */
export async function settleAccounts(
  { cells }: Pick<ReconcileDeps, 'cells'>,
  accounts: ClientAccounts,
  snapshot: RegistrySnapshot,
  { plan, heldByLookups, unreachable }: Pick<Preview, 'plan' | 'heldByLookups' | 'unreachable'>,
): Promise<void> {
  const open = new Set([
    ...plan.steps.map(clientKey),
    ...plan.lost.map(clientKey),
    ...snapshot.held.map(clientKey),
    ...heldByLookups.keys(),
  ]);
  const desired = new Map(snapshot.desired.map((one) => [clientKey(one), one]));
  for (const known of accounts.all()) {
    const key = clientKey(known);
    if (open.has(key) || !cells.has(known.cell) || unreachable.has(known.cell)) continue;
    if (settled(known, desired.get(key)) === undefined) continue;
    const account = await accounts.load(known);
    const over = account && settled(account, desired.get(key));
    if (over !== undefined) await accounts.save(over);
  }
}

/** The account without what is over; undefined when there is nothing of the kind. */
function settled(account: ClientAccount, desired: DesiredClient | undefined): ClientAccount | undefined {
  const { intent, failure, wanted, ...rest } = account;
  if (account.state === 'begun' || account.request !== undefined || wanted === undefined) return undefined;
  const isInactive = account.state === 'inactive';
  // One that is to be there and is not, or the other way round, has a step, or waits for what allows it.
  if (isInactive !== (desired === undefined)) return undefined;
  const now = desired === undefined ? { ...wanted, active: false } : wantedMetadata(desired);
  if (intent === undefined && failure === undefined && sameMetadata(wanted, now)) return undefined;
  return { ...rest, wanted: now };
}

/** Deletes the client of a definition that is gone; the one that it replaced goes before. */
import { defined } from '#base/defined';
import { failure } from '#domain/provisioning/failures';
import { type ClientAccount, mailKinds } from '#domain/provisioning/ledger';
import type { ProviderFailure } from '#domain/provisioning/provider';
import { isGone } from './gone.ts';
import { KeptAccount, recordedClient } from './kept-account.ts';
import { closeFormer } from './replace-client.ts';
import type { StepResult, StepRun } from './step-run.ts';

/**
 * A client that was replaced, and is not closed yet, goes before the one that took its place.
 *
 * @returns the account as it is then, and what kept the former one open
 */
export async function withoutFormer(
  run: StepRun,
  account: ClientAccount,
): Promise<{ readonly account: ClientAccount; readonly failure?: ProviderFailure }> {
  const { former } = account;
  if (former === undefined) return { account };
  const closed = await closeFormer(run.deps, { ...account, former });
  if (closed.ok) return { account: closed.value };
  return { account: (await run.deps.ledger.load(account)) ?? account, failure: closed };
}

export async function removeClient(run: StepRun, account: ClientAccount): Promise<StepResult> {
  const { ledger, provider } = run.deps;
  const recorded = recordedClient(account);
  if (recorded === undefined) return dropAccount(run, account);
  const kept = new KeptAccount(ledger, await ledger.save({ ...account, deletionSent: true }));
  const removed = await provider.remove(account, recorded, kept.keep);
  if (removed.ok) {
    if (removed.value.kind === 'removed') return dropAccount(run, kept.account);
    return run.requested(withDeletionSent(kept.account, account.deletionSent), removed.value, undefined);
  }
  const isSent = removed.message.key === 'provisioning#answer-lost' ? true : account.deletionSent;
  const now = withDeletionSent(kept.account, isSent);
  const gone = removed.lost === true ? await isGone(run.deps, now) : false;
  if (gone === 'unknown')
    return run.failed(now, failure('deletion-unproven', { clientId: recorded.clientId }));
  return gone ? dropAccount(run, now) : run.failed(now, removed);
}

async function dropAccount(run: StepRun, account: ClientAccount): Promise<StepResult> {
  await run.deps.ledger.drop(account, run.event('delete', account), mailKinds.delete);
  return { kind: 'done', step: run.step };
}

function withDeletionSent(account: ClientAccount, isSent: true | undefined): ClientAccount {
  const { deletionSent: _, ...rest } = account;
  return { ...rest, ...defined({ deletionSent: isSent }) };
}

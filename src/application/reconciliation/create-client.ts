/** Makes the client of a definition, or finds the one that an earlier attempt made. */

import { failure } from '#domain/provisioning/failures';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import type { ActualClient, ClientMetadata, ProviderResult } from '#domain/provisioning/provider';
import { afterFailure, withAttempt, withNewKey } from './creation-attempt.ts';
import { findOwnClients, mayHaveDuplicates, otherHolder } from './duplicate-clients.ts';
import { withNewClient, withRenewed } from './kept-account.ts';
import type { StepResult, StepRun } from './step-run.ts';
import { updateClient } from './update-client.ts';

/** A creation that went unanswered so often is not tried again before a person has checked. */
const maxUnanswered = 5;

export async function createClient(
  run: StepRun,
  account: ClientAccount,
  wanted: ClientMetadata,
): Promise<StepResult> {
  const { provider, ledger, now } = run.deps;
  const before = await fromBefore(run, account, wanted);
  if (before !== undefined) return before;
  if (account.unanswered >= maxUnanswered) return run.failed(account, failure('creation-unanswered'));
  const counted = withAttempt(account, now());
  await ledger.save(counted);
  const made = await provider.create(account, wanted, counted.creation);
  if (!made.ok) return run.failed(afterFailure(made, account, counted), made);
  if (made.value.kind === 'requested') return run.requested(account, made.value, wanted);
  const claimed = await claim(run, account, made.value);
  // What was really asked for may have come to be: it is looked for by its mark.
  if (!claimed.ok) return run.failed(withNewKey(counted), claimed);
  const recorded = withRenewed(withNewKey(claimed.value), made.value);
  await ledger.save(recorded, run.event('recorded', recorded));
  return updateClient(run, recorded, wanted);
}

/** The definition went away before its client was recorded: what may have been made is deactivated, else forgotten. */
export async function abandonCreation(
  run: StepRun,
  account: ClientAccount,
  wanted: ClientMetadata,
): Promise<StepResult> {
  const { provider, ledger, now } = run.deps;
  const before = await fromBefore(run, account, wanted);
  if (before !== undefined) return before;
  const withdrawn = await provider.withdraw?.(account);
  if (withdrawn?.ok === false) return run.failed(account, withdrawn);
  // What was asked for and never answered may still come to be: it is searched for again before it is forgotten.
  if (provider.find !== undefined && mayHaveDuplicates(account, now()))
    return { kind: 'done', step: run.step, account };
  await ledger.drop(account, run.event('forgotten', account));
  return { kind: 'done', step: run.step };
}

/** What comes of the client that an earlier attempt made and never recorded; undefined when there is none. */
async function fromBefore(
  run: StepRun,
  account: ClientAccount,
  wanted: ClientMetadata,
): Promise<StepResult | undefined> {
  const { provider, ledger } = run.deps;
  const found = await findOwnClients(provider, ledger, account);
  if (!found.ok) return run.failed(account, found);
  const [first] = found.value;
  if (first === undefined) return undefined;
  const adopted = await claim(run, account, first);
  if (!adopted.ok) return run.failed(account, adopted);
  await ledger.save(adopted.value);
  return updateClient(run, adopted.value, wanted);
}

/** The account with a client that it had not: nothing that is recorded for another definition is taken. */
async function claim(
  run: StepRun,
  account: ClientAccount,
  client: ActualClient,
): Promise<ProviderResult<ClientAccount>> {
  const holder = await otherHolder(run.deps.ledger, account, client);
  if (holder === undefined) return { ok: true, value: withNewClient(account, client) };
  return failure('client-of-another', { clientId: client.clientId, definition: clientKey(holder) });
}

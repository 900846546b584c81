/** Changes the client of a definition, and holds the answer against what was asked for. */
import { defined } from '#base/defined';
import { metadataChanges } from '#domain/provisioning/client-metadata';
import { failure } from '#domain/provisioning/failures';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type {
  ActualClient,
  ClientMetadata,
  ProviderFailure,
  ProviderResult,
} from '#domain/provisioning/provider';
import { compareAnswer } from './compare-answer.ts';
import { KeptAccount, otherClient, recordedClient, withReport } from './kept-account.ts';
import type { StepResult, StepRun } from './step-run.ts';

export async function updateClient(
  run: StepRun,
  account: ClientAccount,
  wanted: ClientMetadata,
): Promise<StepResult> {
  const { provider, ledger } = run.deps;
  const recorded = recordedClient(account);
  if (recorded === undefined) throw new Error(`${account.cell}/${account.id} has no client to update`);
  if (
    run.step.action === 'create' &&
    metadataChanges(account.seen, wanted, provider.governedFields).length === 0
  )
    return run.done(account, wanted);
  const kept = new KeptAccount(ledger, account);
  const made = await provider.update(account, recorded, wanted, kept.keep);
  if (!made.ok) return refusedUpdate(run, kept.account, wanted, made);
  if (made.value.kind === 'requested') return run.requested(kept.account, made.value, wanted);
  const answered = await toldInFull(run, kept, made.value);
  if (!answered.ok) return run.failed(kept.account, answered);
  const other = otherClient(kept.account, answered.value);
  if (other !== undefined) return run.failed(kept.account, other);
  const { differing, accepted, untold } = compareAnswer(answered.value, wanted, provider.governedFields);
  const seen = { ...account.seen, ...wanted, ...answered.value.metadata };
  const { accepted: _, untold: __, ...rest } = withReport(kept.account, answered.value);
  const updated: ClientAccount = { ...rest, seen, ...defined({ accepted, untold }) };
  if (differing.length === 0) return run.done(updated, wanted);
  await ledger.save(updated);
  return run.failed(updated, failure('metadata-changed', { fields: differing }));
}

/** The answer to an update, or where it says nothing of where people are sent, what a read says of that. */
async function toldInFull(
  run: StepRun,
  kept: KeptAccount,
  answer: ActualClient,
): Promise<ProviderResult<ActualClient>> {
  const recorded = recordedClient(kept.account);
  if (answer.metadata.active !== undefined || recorded === undefined) return { ok: true, value: answer };
  const reading = await run.deps.provider.read(kept.account, recorded, kept.keep);
  if (!reading.ok) return reading;
  return { ok: true, value: reading.value.kind === 'found' ? reading.value.client : answer };
}

/**
 * When an interrupted attempt at this very step may have completed the client with an answer that was lost, the provider
 * itself shows it: it accepts the definition's redirect URI for this client, or not. An attempt at another step says
 * nothing of what the client is in all else.
 */
async function refusedUpdate(
  run: StepRun,
  account: ClientAccount,
  wanted: ClientMetadata,
  failure: ProviderFailure,
): Promise<StepResult> {
  const { probe } = run.deps;
  const { clientId } = account;
  const [uri] = wanted.redirect_uris;
  if (
    failure.lost === true &&
    run.triedBefore &&
    probe !== undefined &&
    clientId !== undefined &&
    uri !== undefined
  ) {
    const answer = await probe(clientId, uri);
    if ((answer.kind === 'accepted') === wanted.active && answer.kind !== 'unreachable')
      return run.done({ ...account, seen: wanted, unmanageable: true }, wanted);
  }
  return run.failed(account, failure);
}

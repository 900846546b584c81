/**
 * Takes one step of a plan to its end, whatever happens on the way.
 *
 * Every request to the provider is announced in the ledger before, and its result recorded right after; what an
 * earlier attempt left half done is taken up where it stopped. A kill between any two instructions leaves one
 * client of one definition, or none.
 */

import { defined } from '#base/defined';
import { metadataChanges, wantedMetadata } from '#domain/provisioning/client-metadata';
import { digestOf } from '#domain/provisioning/digest';
import {
  type AuditEvent,
  type Cause,
  type ClientAccount,
  type Failure,
  type Ledger,
  mailKinds,
  newAccount,
} from '#domain/provisioning/ledger';
import { failure } from '#domain/provisioning/messages';
import { type Action, clientKey, type Step } from '#domain/provisioning/plan';
import type {
  ActualClient,
  ClientMetadata,
  PendingRequest,
  Provider,
  ProviderFailure,
  ProviderResult,
} from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import type { RedirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { compareAnswer } from './compare-answer.ts';
import { afterFailure, withAttempt, withNewKey } from './creation-attempt.ts';
import { findOwnClients, mayHaveDuplicates, otherHolder } from './duplicate-clients.ts';
import { isGone } from './gone.ts';
import {
  KeptAccount,
  otherClient,
  recordedClient,
  withNewClient,
  withRenewed,
  withReport,
} from './kept-account.ts';
import { closeFormer } from './replace-client.ts';

/** A creation that went unanswered so often is not tried again before a person has checked. */
export const maxUnanswered = 5;

export interface ApplyStepDeps {
  readonly provider: Provider;
  readonly ledger: Ledger;
  /** Asks the provider, as a browser would, whether a redirect URI of a client is accepted. */
  readonly probe?: RedirectUriProbe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type StepResult =
  | { readonly kind: 'done'; readonly step: Step; readonly account?: ClientAccount }
  | { readonly kind: 'requested'; readonly step: Step; readonly account: ClientAccount }
  | {
      readonly kind: 'failed';
      readonly step: Step;
      readonly account: ClientAccount;
      readonly failure: ProviderFailure;
    };

/**
 * @param desired the definition; absent for the steps of a removal
 * @param repairs whether nobody asked for it: drift that is put right
 */
export async function applyStep(
  deps: ApplyStepDeps,
  step: Step,
  desired: DesiredClient | undefined,
  cause: Cause,
  repairs = false,
): Promise<StepResult> {
  const before = (await deps.ledger.load(step)) ?? newAccount(step);
  const wanted = wantedOf(step.action, desired, before);
  if (wanted === undefined && step.action !== 'delete')
    throw new Error(`${step.action} of ${step.cell}/${step.id} without knowing what is wanted`);
  const resumed = before.intent !== undefined;
  // People were asked for this very thing, and are at it or have declined.
  if (before.request?.digest === step.digest && !resumed) return { kind: 'requested', step, account: before };
  const { failure: _, ...clean } = before;
  const begun: ClientAccount = {
    ...clean,
    intent: { action: step.action, digest: step.digest },
    ...defined({ wanted, repaired: repairs ? { digest: step.digest, at: deps.now() } : undefined }),
  };
  // Keys that were on their way to someone who is no contact any more are in the account again.
  const account = await deps.ledger.save(begun);
  // The operator said meanwhile which client is its own: nothing is to be made, and what differs is for the next plan.
  if (account.clientId !== undefined && begun.clientId === undefined) return { kind: 'done', step, account };
  const run = new StepRun(deps, step, cause, before);
  if (wanted === undefined || !wanted.active) {
    const alone = await run.withoutFormer(account);
    // A former client that cannot be closed is no reason to let people in by the other one.
    if (wanted !== undefined && account.handle !== undefined) return run.update(alone.account, wanted);
    if (alone.failure !== undefined) return run.failed(alone.account, alone.failure);
    return wanted === undefined ? run.remove(alone.account) : run.abandon(alone.account, wanted);
  }
  return account.handle === undefined ? run.create(account, wanted) : run.update(account, wanted);
}

/** What the client is to become. */
function wantedOf(
  action: Action,
  desired: DesiredClient | undefined,
  account: ClientAccount,
): ClientMetadata | undefined {
  if (action === 'delete') return undefined;
  if (action !== 'deactivate') return desired === undefined ? undefined : wantedMetadata(desired);
  return account.wanted === undefined ? undefined : { ...account.wanted, active: false };
}

class StepRun {
  readonly #deps: ApplyStepDeps;
  readonly #step: Step;
  readonly #cause: Cause;
  /** This very step was begun before, and not seen to its end. */
  readonly #triedBefore: boolean;
  /** What failed the last time, so that it is noted once. */
  readonly #failedBefore: string | undefined;

  constructor(deps: ApplyStepDeps, step: Step, cause: Cause, before: ClientAccount) {
    this.#deps = deps;
    this.#step = step;
    this.#cause = cause;
    this.#triedBefore = before.intent?.digest === step.digest;
    this.#failedBefore = before.failure && failureDigest(before.failure);
  }

  async create(account: ClientAccount, wanted: ClientMetadata): Promise<StepResult> {
    const { provider, ledger, now } = this.#deps;
    const found = await this.#adopted(account);
    if (!found.ok) return this.failed(account, found);
    if (found.value !== undefined) return this.update(found.value, wanted);
    if (account.unanswered >= maxUnanswered) return this.failed(account, failure('creation-unanswered'));
    const counted = withAttempt(account, now());
    await ledger.save(counted);
    const made = await provider.create(account, wanted, counted.creation);
    if (!made.ok) return this.failed(afterFailure(made, account, counted), made);
    if (made.value.kind === 'requested') return this.#requested(account, made.value, wanted);
    const claimed = await this.#claim(account, made.value);
    // What was really asked for may have come to be: it is looked for by its mark.
    if (!claimed.ok) return this.failed(withNewKey(counted), claimed);
    const recorded = withRenewed(withNewKey(claimed.value), made.value);
    await ledger.save(recorded, this.#auditEvent('recorded', recorded));
    return this.update(recorded, wanted);
  }

  /**
   * A client that was replaced, and is not closed yet, goes before the one that took its place.
   *
   * @returns the account as it is then, and what kept the former one open
   */
  async withoutFormer(
    account: ClientAccount,
  ): Promise<{ readonly account: ClientAccount; readonly failure?: ProviderFailure }> {
    const { former } = account;
    if (former === undefined) return { account };
    const closed = await closeFormer(this.#deps, { ...account, former });
    if (closed.ok) return { account: closed.value };
    return { account: (await this.#deps.ledger.load(account)) ?? account, failure: closed };
  }

  /** The definition went away before its client was recorded: what may have been made is deactivated, else forgotten. */
  async abandon(account: ClientAccount, wanted: ClientMetadata): Promise<StepResult> {
    const { provider, ledger, now } = this.#deps;
    const found = await this.#adopted(account);
    if (!found.ok) return this.failed(account, found);
    if (found.value !== undefined) return this.update(found.value, wanted);
    const withdrawn = await provider.withdraw?.(account);
    if (withdrawn?.ok === false) return this.failed(account, withdrawn);
    // What was asked for and never answered may still come to be: it is searched for again before it is forgotten.
    if (provider.find !== undefined && mayHaveDuplicates(account, now()))
      return { kind: 'done', step: this.#step, account };
    await ledger.drop(account, this.#auditEvent('forgotten', account));
    return { kind: 'done', step: this.#step };
  }

  /** The account with the client that an earlier attempt made and never recorded; undefined when there is none. */
  async #adopted(account: ClientAccount): Promise<ProviderResult<ClientAccount | undefined>> {
    const { provider, ledger } = this.#deps;
    const found = await findOwnClients(provider, ledger, account);
    if (!found.ok) return found;
    const [first] = found.value;
    if (first === undefined) return { ok: true, value: undefined };
    const adopted = await this.#claim(account, first);
    if (adopted.ok) await ledger.save(adopted.value);
    return adopted;
  }

  /** The account with a client that it had not: nothing that is recorded for another definition is taken. */
  async #claim(account: ClientAccount, client: ActualClient): Promise<ProviderResult<ClientAccount>> {
    const holder = await otherHolder(this.#deps.ledger, account, client);
    if (holder === undefined) return { ok: true, value: withNewClient(account, client) };
    return failure('client-of-another', { clientId: client.clientId, definition: clientKey(holder) });
  }

  async update(account: ClientAccount, wanted: ClientMetadata): Promise<StepResult> {
    const { provider, ledger } = this.#deps;
    const recorded = recordedClient(account);
    if (recorded === undefined) throw new Error(`${account.cell}/${account.id} has no client to update`);
    if (
      this.#step.action === 'create' &&
      metadataChanges(account.seen, wanted, provider.governedFields).length === 0
    )
      return this.#done(account, wanted);
    const kept = new KeptAccount(ledger, account);
    const made = await provider.update(account, recorded, wanted, kept.keep);
    if (!made.ok) return this.#refusedUpdate(kept.account, wanted, made);
    if (made.value.kind === 'requested') return this.#requested(kept.account, made.value, wanted);
    const answered = await this.#toldInFull(kept, made.value);
    if (!answered.ok) return this.failed(kept.account, answered);
    const other = otherClient(kept.account, answered.value);
    if (other !== undefined) return this.failed(kept.account, other);
    const { differing, accepted, untold } = compareAnswer(answered.value, wanted, provider.governedFields);
    const seen = { ...account.seen, ...wanted, ...answered.value.metadata };
    const { accepted: _, untold: __, ...rest } = withReport(kept.account, answered.value);
    const updated: ClientAccount = { ...rest, seen, ...defined({ accepted, untold }) };
    if (differing.length === 0) return this.#done(updated, wanted);
    await ledger.save(updated);
    return this.failed(updated, failure('metadata-changed', { fields: differing }));
  }

  /** The answer to an update, or where it says nothing of where people are sent, what a read says of that. */
  async #toldInFull(kept: KeptAccount, answer: ActualClient): Promise<ProviderResult<ActualClient>> {
    const recorded = recordedClient(kept.account);
    if (answer.metadata.active !== undefined || recorded === undefined) return { ok: true, value: answer };
    const reading = await this.#deps.provider.read(kept.account, recorded, kept.keep);
    if (!reading.ok) return reading;
    return { ok: true, value: reading.value.kind === 'found' ? reading.value.client : answer };
  }

  async remove(account: ClientAccount): Promise<StepResult> {
    const { ledger, provider } = this.#deps;
    const recorded = recordedClient(account);
    if (recorded === undefined) return this.#removed(account);
    const kept = new KeptAccount(ledger, await ledger.save({ ...account, deletionSent: true }));
    const removed = await provider.remove(account, recorded, kept.keep);
    if (removed.ok) {
      if (removed.value.kind === 'removed') return this.#removed(kept.account);
      return this.#requested(withDeletionSent(kept.account, account.deletionSent), removed.value, undefined);
    }
    const isSent = removed.message.key === 'provisioning#answer-lost' ? true : account.deletionSent;
    const now = withDeletionSent(kept.account, isSent);
    const gone = removed.lost === true ? await isGone(this.#deps, now) : false;
    if (gone === 'unknown')
      return this.failed(now, failure('deletion-unproven', { clientId: recorded.clientId }));
    return gone ? this.#removed(now) : this.failed(now, removed);
  }

  async #removed(account: ClientAccount): Promise<StepResult> {
    await this.#deps.ledger.drop(account, this.#auditEvent('delete', account), mailKinds.delete);
    return { kind: 'done', step: this.#step };
  }

  /**
   * When an interrupted attempt at this very step may have completed the client with an answer that was lost, the provider
   * itself shows it: it accepts the definition's redirect URI for this client, or not. An attempt at another step says
   * nothing of what the client is in all else.
   */
  async #refusedUpdate(
    account: ClientAccount,
    wanted: ClientMetadata,
    failure: ProviderFailure,
  ): Promise<StepResult> {
    const { probe } = this.#deps;
    const { clientId } = account;
    const [uri] = wanted.redirect_uris;
    if (
      failure.lost === true &&
      this.#triedBefore &&
      probe !== undefined &&
      clientId !== undefined &&
      uri !== undefined
    ) {
      const answer = await probe(clientId, uri);
      if ((answer.kind === 'accepted') === wanted.active && answer.kind !== 'unreachable')
        return this.#done({ ...account, seen: wanted, unmanageable: true }, wanted);
    }
    return this.failed(account, failure);
  }

  async #done(account: ClientAccount, wanted: ClientMetadata): Promise<StepResult> {
    const { action } = this.#step;
    const { intent: _, request: __, probes: ___, inactiveSince, ...rest } = account;
    const { pull } = this.#cause;
    const finished: ClientAccount = {
      ...rest,
      state: wanted.active ? 'active' : 'inactive',
      ...(wanted.active ? {} : { inactiveSince: inactiveSince ?? this.#deps.now() }),
      wanted,
      unanswered: 0,
      last: defined({ action, pull }),
    };
    // A provider that gives another secret with a change has the application locked out until it is handed over.
    const isNew = finished.secret !== undefined && finished.linkSentTo === undefined;
    const renewed = isNew && (action === 'update' || action === 'revive');
    const replaces = action === 'create' && finished.former !== undefined;
    const mailKind = replaces ? 'replaced' : renewed ? 'changed' : mailKinds[action];
    // With the mail the secret has moved behind its link: whoever goes on with the account must not keep it too.
    const kept = await this.#deps.ledger.save(finished, this.#auditEvent(action, finished), mailKind);
    return { kind: 'done', step: this.#step, account: kept };
  }

  async #requested(
    account: ClientAccount,
    requested: PendingRequest,
    wanted: ClientMetadata | undefined,
  ): Promise<StepResult> {
    const { intent: _, ...rest } = account;
    const waiting: ClientAccount = {
      ...rest,
      unanswered: 0,
      request: {
        name: requested.request,
        action: this.#step.action,
        digest: this.#step.digest,
        ...defined({ wanted, pull: this.#cause.pull }),
        cause: this.#cause,
      },
    };
    const isNew = account.request?.digest !== this.#step.digest;
    await this.#deps.ledger.save(waiting, isNew ? this.#auditEvent('requested', waiting) : undefined);
    return { kind: 'requested', step: this.#step, account: waiting };
  }

  async failed(account: ClientAccount, failure: ProviderFailure): Promise<StepResult> {
    // A fault of the provider is the provider's: it is told of the cell, and no definition remembers it.
    if (failure.fault === 'provider') {
      await this.#deps.ledger.save(account);
      return { kind: 'failed', step: this.#step, account, failure };
    }
    const { digest } = this.#step;
    const { message, retry } = failure;
    const failed: ClientAccount = {
      ...account,
      failure: { digest, message, retry },
      ...(failure.lost === true ? { state: 'lost' as const } : {}),
    };
    const what = failure.lost === true ? 'lost' : 'failed';
    const isNews = failureDigest({ digest, message }) !== this.#failedBefore;
    await this.#deps.ledger.save(failed, isNews ? this.#auditEvent(what, failed, failure) : undefined);
    return { kind: 'failed', step: this.#step, account: failed, failure };
  }

  #auditEvent(what: AuditEvent['what'], account: ClientAccount, failure?: ProviderFailure): AuditEvent {
    const { cell, id, clientId } = account;
    const { digest } = this.#step;
    return defined({ cell, id, what, digest, clientId, cause: this.#cause, message: failure?.message });
  }
}

function failureDigest({ digest, message }: Pick<Failure, 'digest' | 'message'>): string {
  return digestOf({ digest, key: message.key, values: JSON.stringify(message.values) });
}

function withDeletionSent(account: ClientAccount, isSent: true | undefined): ClientAccount {
  const { deletionSent: _, ...rest } = account;
  return { ...rest, ...defined({ deletionSent: isSent }) };
}

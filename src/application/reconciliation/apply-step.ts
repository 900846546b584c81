/**
 * Takes one step of a plan to its end, whatever happens on the way.
 *
 * Every request to the provider is announced in the ledger before, and its result recorded right after; what an
 * earlier attempt left half done is taken up where it stopped. A kill between any two instructions leaves one
 * client of one definition, or none.
 */

import { differences, wantedBy } from '#domain/provisioning/client-metadata';
import {
  type Account,
  type Cause,
  type Happening,
  type Ledger,
  type Notice,
  newAccount,
} from '#domain/provisioning/ledger';
import { refusal } from '#domain/provisioning/messages';
import type { Action, Step } from '#domain/provisioning/plan';
import type {
  ActualClient,
  ClientMetadata,
  HeldClient,
  Issued,
  Outcome,
  Provider,
  ProviderFailure,
  Requested,
  Subject,
} from '#domain/provisioning/provider';
import type { Desired } from '#domain/registry/registry';
import type { Probe } from '#infrastructure/identity-providers/redirect-uri-probe';
import { mayHaveTwins } from './duplicate-clients.ts';

/** A creation that went unanswered so often is not tried again before a person has looked. */
export const mostUnanswered = 5;

export interface Tools {
  readonly provider: Provider;
  readonly ledger: Ledger;
  /** Asks the provider, as a browser would, whether a redirect URI of a client is accepted. */
  readonly probe?: Probe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type Settlement =
  | { readonly kind: 'done'; readonly step: Step; readonly account?: Account }
  | { readonly kind: 'requested'; readonly step: Step; readonly account: Account }
  | {
      readonly kind: 'failed';
      readonly step: Step;
      readonly account: Account;
      readonly failure: ProviderFailure;
    };

/** @param desired the definition; absent for the steps of a removal */
export async function settle(
  tools: Tools,
  step: Step,
  desired: Desired | undefined,
  cause: Cause,
): Promise<Settlement> {
  const before = (await tools.ledger.load(step)) ?? newAccount(step);
  const wanted = wantedOf(step.action, desired, before);
  if (wanted === undefined && step.action !== 'delete')
    throw new Error(`${step.action} of ${step.cell}/${step.id} without knowing what is wanted`);
  const resumed = before.intent !== undefined;
  // People were asked for this very thing, and are at it or have declined.
  if (before.request?.digest === step.digest && !resumed) return { kind: 'requested', step, account: before };
  const { failure: _, ...clean } = before;
  const begun: Account = {
    ...clean,
    intent: { action: step.action, digest: step.digest },
    ...(wanted === undefined ? {} : { wanted }),
  };
  await tools.ledger.save(begun);
  const work = new Work(tools, step, cause, resumed);
  if (wanted === undefined) return work.remove(begun);
  if (begun.handle === undefined && !wanted.active) return work.abandon(begun, wanted);
  return begun.handle === undefined ? work.create(begun, wanted) : work.update(begun, wanted);
}

/** What the client is to become. */
function wantedOf(
  action: Action,
  desired: Desired | undefined,
  account: Account,
): ClientMetadata | undefined {
  if (action === 'delete') return undefined;
  if (action !== 'deactivate') return desired === undefined ? undefined : wantedBy(desired);
  return account.wanted === undefined ? undefined : { ...account.wanted, active: false };
}

const notices: Partial<Record<Action, Notice>> = {
  create: 'created',
  revive: 'revived',
  deactivate: 'deactivated',
  delete: 'deleted',
};

class Work {
  readonly #tools: Tools;
  readonly #step: Step;
  readonly #cause: Cause;
  readonly #resumed: boolean;

  constructor(tools: Tools, step: Step, cause: Cause, resumed: boolean) {
    this.#tools = tools;
    this.#step = step;
    this.#cause = cause;
    this.#resumed = resumed;
  }

  async create(account: Account, wanted: ClientMetadata): Promise<Settlement> {
    const { provider, ledger, now } = this.#tools;
    const found = await this.#adopted(account);
    if (!found.ok) return this.#failed(account, found);
    if (found.value !== undefined) return this.update(found.value, wanted);
    if (account.unanswered >= mostUnanswered) return this.#failed(account, refusal('creation-unanswered'));
    const counted = {
      ...account,
      unanswered: account.unanswered + 1,
      unansweredSince: account.unansweredSince ?? now(),
    };
    await ledger.save(counted);
    const made = await provider.create(account, wanted);
    if (!made.ok) return this.#failed(afterFailure(made, account, counted), made);
    if (made.value.kind === 'requested') return this.#requested(account, made.value, wanted);
    const recorded = withClient(account, made.value);
    await ledger.save(recorded, this.#happening('recorded', recorded));
    return this.update(recorded, wanted);
  }

  /** The definition went away before its client was recorded: what may have been made is put to sleep, else forgotten. */
  async abandon(account: Account, wanted: ClientMetadata): Promise<Settlement> {
    const { provider, ledger, now } = this.#tools;
    const found = await this.#adopted(account);
    if (!found.ok) return this.#failed(account, found);
    if (found.value !== undefined) return this.update(found.value, wanted);
    const withdrawn = await provider.withdraw?.(account);
    if (withdrawn?.ok === false) return this.#failed(account, withdrawn);
    // What was asked for and never answered may still come to be: it is looked for again before it is forgotten.
    if (provider.find !== undefined && mayHaveTwins(account, now()))
      return { kind: 'done', step: this.#step, account };
    await ledger.drop(account, this.#happening('forgotten', account));
    return { kind: 'done', step: this.#step };
  }

  /** The account with the client that an earlier attempt made and never recorded; undefined when there is none. */
  async #adopted(account: Account): Promise<Outcome<Account | undefined>> {
    const { provider, ledger } = this.#tools;
    const found = await provider.find?.(account);
    if (found?.ok === false) return found;
    const [first] = found?.value ?? [];
    if (first === undefined) return { ok: true, value: undefined };
    const adopted = withClient(account, first);
    await ledger.save(adopted);
    return { ok: true, value: adopted };
  }

  async update(account: Account, wanted: ClientMetadata): Promise<Settlement> {
    const { provider, ledger } = this.#tools;
    const held = heldBy(account);
    if (held === undefined) throw new Error(`${account.cell}/${account.id} has no client to update`);
    if (this.#step.action === 'create' && differences(account.seen, wanted, provider.governs).length === 0)
      return this.#done(account, wanted);
    const made = await provider.update(account, held, wanted);
    if (!made.ok) return this.#refusedUpdate(account, wanted, made);
    if (made.value.kind === 'requested') return this.#requested(account, made.value, wanted);
    const recorded = withClient(account, made.value);
    const kept = differences(recorded.seen, wanted, provider.governs);
    if (kept.length === 0) return this.#done(recorded, wanted);
    await ledger.save(recorded);
    const fields = kept.map((change) => change.field);
    return this.#failed(recorded, refusal('metadata-changed', { fields }));
  }

  async remove(account: Account): Promise<Settlement> {
    const held = heldBy(account);
    const removed = held === undefined ? undefined : await this.#tools.provider.remove(account, held);
    if (removed?.ok === false) return this.#failed(account, removed);
    if (removed?.value.kind === 'requested') return this.#requested(account, removed.value, undefined);
    await this.#tools.ledger.drop(account, this.#happening('delete', account), notices.delete);
    return { kind: 'done', step: this.#step };
  }

  /**
   * When an interrupted attempt may have completed the client with an answer that was lost, the provider itself
   * tells: it accepts the definition's redirect URI for this client, or not.
   */
  async #refusedUpdate(
    account: Account,
    wanted: ClientMetadata,
    failure: ProviderFailure,
  ): Promise<Settlement> {
    const { probe } = this.#tools;
    const { clientId } = account;
    const [uri] = wanted.redirect_uris;
    if (
      failure.lost === true &&
      this.#resumed &&
      probe !== undefined &&
      clientId !== undefined &&
      uri !== undefined
    ) {
      const answer = await probe(clientId, uri);
      if ((answer.kind === 'accepted') === wanted.active && answer.kind !== 'unreachable')
        return this.#done({ ...account, seen: wanted, unmanageable: true }, wanted);
    }
    return this.#failed(account, failure);
  }

  async #done(account: Account, wanted: ClientMetadata): Promise<Settlement> {
    const { action } = this.#step;
    const { intent: _, request: __, probes: ___, inactiveSince, ...rest } = account;
    const { pull } = this.#cause;
    const finished: Account = {
      ...rest,
      state: wanted.active ? 'active' : 'inactive',
      ...(wanted.active ? {} : { inactiveSince: inactiveSince ?? this.#tools.now() }),
      wanted,
      unanswered: 0,
      last: { action, ...(pull === undefined ? {} : { pull }) },
    };
    // A provider that gives another secret with a change has the application locked out until it is handed over.
    const renewed = finished.secret !== undefined && (action === 'update' || action === 'revive');
    const notice = renewed ? 'renewed' : notices[action];
    await this.#tools.ledger.save(finished, this.#happening(action, finished), notice);
    // With the notice the secret has moved behind its link: whoever goes on with the account must not keep it too.
    const { secret: ____, ...handedOver } = finished;
    return { kind: 'done', step: this.#step, account: notice === undefined ? finished : handedOver };
  }

  async #requested(
    account: Account,
    requested: Requested,
    wanted: ClientMetadata | undefined,
  ): Promise<Settlement> {
    const { intent: _, ...rest } = account;
    const waiting: Account = {
      ...rest,
      unanswered: 0,
      request: {
        name: requested.request,
        action: this.#step.action,
        digest: this.#step.digest,
        ...(wanted === undefined ? {} : { wanted }),
        ...(this.#cause.pull === undefined ? {} : { pull: this.#cause.pull }),
        cause: this.#cause,
      },
    };
    const news = account.request?.digest !== this.#step.digest;
    await this.#tools.ledger.save(waiting, news ? this.#happening('requested', waiting) : undefined);
    return { kind: 'requested', step: this.#step, account: waiting };
  }

  async #failed(account: Account, failure: ProviderFailure): Promise<Settlement> {
    const { digest } = this.#step;
    const failed: Account = {
      ...account,
      failure: { digest, message: failure.message, retry: failure.retry },
      ...(failure.lost === true ? { state: 'lost' as const } : {}),
    };
    const what = failure.lost === true ? 'lost' : 'failed';
    await this.#tools.ledger.save(failed, this.#happening(what, failed, failure));
    return { kind: 'failed', step: this.#step, account: failed, failure };
  }

  #happening(what: Happening['what'], account: Account, failure?: ProviderFailure): Happening {
    return {
      cell: account.cell,
      id: account.id,
      what,
      digest: this.#step.digest,
      ...(account.clientId === undefined ? {} : { clientId: account.clientId }),
      cause: this.#cause,
      ...(failure === undefined ? {} : { message: failure.message }),
    };
  }
}

/** What a provider needs to find the client again; undefined when there is none yet. */
export function heldBy(account: Account): HeldClient | undefined {
  const { handle, clientId, management, method, wanted } = account;
  if (handle === undefined || clientId === undefined) return undefined;
  return {
    handle,
    clientId,
    metadata: wanted ?? account.seen,
    confirmed: account.seen,
    ...(management === undefined ? {} : { management }),
    ...(method === undefined ? {} : { method }),
  };
}

function withClient(account: Account, client: ActualClient | Issued): Account {
  const issued: Partial<Issued> = 'kind' in client ? client : {};
  const { management, secretMark } = issued;
  // What was handed over is not kept again because an answer repeats it (RFC 7592 §3: it always does).
  const known = secretMark !== undefined && secretMark === account.secretMark;
  const secret = known || isFromBeforeMarks(account) ? undefined : issued.secret;
  return {
    ...account,
    handle: client.handle,
    clientId: client.clientId,
    seen: client.metadata,
    unanswered: 0,
    ...(client.granted === undefined ? {} : { granted: client.granted }),
    ...(client.method === undefined ? {} : { method: client.method }),
    ...(secret === undefined ? {} : { secret }),
    ...(secretMark === undefined ? {} : { secretMark }),
    ...(management === undefined ? {} : { management }),
  };
}

/** Whether the secret was handed over by a version that kept no mark of it. */
function isFromBeforeMarks(account: Account): boolean {
  return account.secretMark === undefined && account.state !== 'begun';
}

/**
 * A clear refusal made nothing. Silence leaves something behind that may have to be looked for, and so may an error of
 * the server's own; only silence is counted, since a server that is down says so again and again.
 */
function afterFailure(failure: ProviderFailure, before: Account, counted: Account): Account {
  if (failure.message.key === 'provisioning#answer-lost') return counted;
  return failure.retry ? { ...counted, unanswered: before.unanswered } : before;
}

/** Reads what the provider says of a client today into its account. Nothing is written at the provider. */
export async function look(tools: Tools, account: Account): Promise<Outcome<Account>> {
  const held = heldBy(account);
  if (held === undefined) return { ok: true, value: account };
  const sighting = await tools.provider.read(subjectOf(account), held);
  if (!sighting.ok) return sighting;
  const { value } = sighting;
  if (value.kind === 'untold') return { ok: true, value: account };
  if (value.kind === 'here') {
    const seen = withClient(account, { ...value.client, ...managed(value) });
    const found: Account = { ...seen, state: account.state === 'lost' ? 'active' : account.state };
    await tools.ledger.save(found);
    return { ok: true, value: found };
  }
  // A client that works and could not be managed any more before now stays what it is.
  if (account.unmanageable === true || account.intent !== undefined) return { ok: true, value: account };
  const lost: Account = { ...account, state: 'lost' };
  const first = account.state !== 'lost';
  await tools.ledger.save(
    lost,
    first ? { cell: account.cell, id: account.id, what: 'lost', message: value.message } : undefined,
  );
  return { ok: true, value: lost };
}

function managed(sighting: { management?: HeldClient['management'] }): Pick<HeldClient, 'management'> {
  return sighting.management === undefined ? {} : { management: sighting.management };
}

function subjectOf(account: Account): Subject {
  return { cell: account.cell, id: account.id };
}

/** One step on its way: what it works with, and how it ends, in the ledger and for whoever asked. */
import { defined } from '#base/defined';
import { digestOf } from '#domain/provisioning/digest';
import {
  type AuditEvent,
  type Cause,
  type ClientAccount,
  type Failure,
  type Ledger,
  mailKinds,
} from '#domain/provisioning/ledger';
import type { Step } from '#domain/provisioning/plan';
import type {
  ClientMetadata,
  PendingRequest,
  Provider,
  ProviderFailure,
} from '#domain/provisioning/provider';
import type { RedirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';

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

export class StepRun {
  readonly deps: ApplyStepDeps;
  readonly step: Step;
  readonly cause: Cause;
  /** This very step was begun before, and not seen to its end. */
  readonly triedBefore: boolean;
  /** What failed the last time, so that it is noted once. */
  readonly #failedBefore: string | undefined;

  constructor(deps: ApplyStepDeps, step: Step, cause: Cause, before: ClientAccount) {
    this.deps = deps;
    this.step = step;
    this.cause = cause;
    this.triedBefore = before.intent?.digest === step.digest;
    this.#failedBefore = before.failure && failureDigest(before.failure);
  }

  /** The client is what was wanted: the mail of it leaves with the same transaction. */
  async done(account: ClientAccount, wanted: ClientMetadata): Promise<StepResult> {
    const { action } = this.step;
    const { intent: _, request: __, probes: ___, inactiveSince, ...rest } = account;
    const { pull } = this.cause;
    const finished: ClientAccount = {
      ...rest,
      state: wanted.active ? 'active' : 'inactive',
      ...(wanted.active ? {} : { inactiveSince: inactiveSince ?? this.deps.now() }),
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
    const kept = await this.deps.ledger.save(finished, this.event(action, finished), mailKind);
    return { kind: 'done', step: this.step, account: kept };
  }

  /** People were asked, who say when it is done. */
  async requested(
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
        action: this.step.action,
        digest: this.step.digest,
        ...defined({ wanted, pull: this.cause.pull }),
        cause: this.cause,
      },
    };
    const isNew = account.request?.digest !== this.step.digest;
    await this.deps.ledger.save(waiting, isNew ? this.event('requested', waiting) : undefined);
    return { kind: 'requested', step: this.step, account: waiting };
  }

  /** It goes no further; what may pass by itself is tried again. */
  async failed(account: ClientAccount, failure: ProviderFailure): Promise<StepResult> {
    // A fault of the provider is the provider's: it is told of the cell, and no definition remembers it.
    if (failure.fault === 'provider') {
      await this.deps.ledger.save(account);
      return { kind: 'failed', step: this.step, account, failure };
    }
    const { digest } = this.step;
    const { message, retry } = failure;
    const failed: ClientAccount = {
      ...account,
      failure: { digest, message, retry },
      ...(failure.lost === true ? { state: 'lost' as const } : {}),
    };
    const what = failure.lost === true ? 'lost' : 'failed';
    const isNews = failureDigest({ digest, message }) !== this.#failedBefore;
    await this.deps.ledger.save(failed, isNews ? this.event(what, failed, failure) : undefined);
    return { kind: 'failed', step: this.step, account: failed, failure };
  }

  /** What happened, with the step and its cause. */
  event(what: AuditEvent['what'], account: ClientAccount, failure?: ProviderFailure): AuditEvent {
    const { cell, id, clientId } = account;
    const { digest } = this.step;
    return defined({ cell, id, what, digest, clientId, cause: this.cause, message: failure?.message });
  }
}

function failureDigest({ digest, message }: Pick<Failure, 'digest' | 'message'>): string {
  return digestOf({ digest, key: message.key, values: JSON.stringify(message.values) });
}

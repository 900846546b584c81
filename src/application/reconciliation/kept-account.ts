/** An account, with what a provider renews of its client put on durable storage as it comes. */
import { defined } from '#base/defined';
import { lostFailure } from '#domain/provisioning/failures';
import type { ClientAccount, Ledger } from '#domain/provisioning/ledger';
import type {
  ActualClient,
  ClientRef,
  IssuedClient,
  Keep,
  ProviderFailure,
  RecordedClient,
  Renewed,
} from '#domain/provisioning/provider';

export class KeptAccount {
  readonly #ledger: Pick<Ledger, 'save'>;
  #account: ClientAccount;

  constructor(ledger: Pick<Ledger, 'save'>, account: ClientAccount) {
    this.#ledger = ledger;
    this.#account = account;
  }

  /** As it is kept now: what was read before a call to the provider may hold means that are worth nothing any more. */
  get account(): ClientAccount {
    return this.#account;
  }

  /** Writes nothing where nothing is new: servers repeat what they gave with every answer. */
  readonly keep: Keep = async (renewed) => {
    const { management, secretMark } = renewed;
    if (management === undefined && (secretMark === undefined || secretMark === this.#account.secretMark))
      return;
    this.#account = await this.#ledger.save(withRenewed(this.#account, renewed));
  };
}

/** Puts what a provider renews of a client where it is known by then: as its own, or as the one that another takes the place of. */
export function keepingOf(ledger: Pick<Ledger, 'amend'>, ref: ClientRef, clientId: string): Keep {
  return async (renewed) => {
    const { management, secretMark } = renewed;
    await ledger.amend(ref, (present) => {
      const isKnown = secretMark === undefined || secretMark === present.secretMark;
      if (management === undefined && isKnown) return undefined;
      if (present.clientId === clientId) return { account: withRenewed(present, renewed) };
      if (present.former?.clientId !== clientId || management === undefined) return undefined;
      return { account: { ...present, formerManagement: management } };
    });
  };
}

/** What a provider needs to find the client again; undefined when there is none yet. */
export function recordedClient(account: ClientAccount): RecordedClient | undefined {
  const { handle, clientId, management, method, wanted } = account;
  if (handle === undefined || clientId === undefined) return undefined;
  const { seen: confirmed } = account;
  return defined({ handle, clientId, metadata: wanted ?? confirmed, confirmed, management, method });
}

/** With a client that is its own from now on: whoever calls it has made sure that it is nobody else's. */
export function withNewClient(account: ClientAccount, client: ActualClient | IssuedClient): ClientAccount {
  const { handle, clientId } = client;
  return withReport({ ...account, handle, clientId }, client);
}

/**
 * With what a provider says of its client. What it does not say stays what was known; which client it is, is not for the
 * provider to change.
 */
export function withReport(account: ClientAccount, client: ActualClient | IssuedClient): ClientAccount {
  const { metadata, granted, method } = client;
  return {
    ...account,
    seen: { ...account.seen, ...metadata },
    unanswered: 0,
    ...defined({ granted, method }),
  };
}

/** Why an answer about a client is not believed: it is another one, as far as the applications know that have its id. */
export function otherClient(
  { handle, clientId }: ClientAccount,
  client: Pick<ActualClient, 'handle' | 'clientId'>,
): ProviderFailure | undefined {
  if (client.handle === handle && client.clientId === clientId) return undefined;
  return lostFailure('client-id-changed', { clientId: clientId ?? '', found: client.clientId });
}

/** With what a provider gave anew. */
export function withRenewed(account: ClientAccount, renewed: Renewed): ClientAccount {
  const { management, secretMark } = renewed;
  // What was handed over is not kept again because an answer repeats it (RFC 7592 §3: it always does).
  const isKnown = secretMark !== undefined && secretMark === account.secretMark;
  const secret = isKnown || isFromBeforeMarks(account) ? undefined : renewed.secret;
  if (secret === undefined) return { ...account, ...defined({ secretMark, management }) };
  const { linkSentTo: _, ...rest } = account;
  return { ...rest, secret, ...defined({ secretMark, management }) };
}

/** Whether the secret was handed over by a version that kept no mark of it. */
function isFromBeforeMarks(account: ClientAccount): boolean {
  return account.secretMark === undefined && account.state !== 'begun';
}

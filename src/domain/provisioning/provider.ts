/**
 * What provisioning asks of an identity provider, whatever its API. Implemented in
 * `infrastructure/identity-providers`; all of them pass one shared contract test suite.
 *
 * Secrets never leave a provider: the function that reads one from a response seals it at once (`Vault`) and
 * hands over only what is sealed.
 */
import { createHash } from 'node:crypto';
import type { CellName, ProviderKind } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import type { Fault } from './failures.ts';

/** With what ProConnect signs. */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'HS256';

/**
 * The part of a client that Greffier governs, under the names of OpenID Connect client metadata
 * (RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2). Lists are compared as sets.
 */
export interface ClientMetadata {
  readonly client_name: string;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris: readonly string[];
  readonly id_token_signed_response_alg: SigningAlgorithm;
  /** `none`: userinfo is plain JSON. */
  readonly userinfo_signed_response_alg: SigningAlgorithm | 'none';
  readonly scopes: readonly string[];
  readonly contacts: readonly string[];
  /** Undefined where the definition does not say. */
  readonly private_sector?: boolean;
  readonly ip_addresses: readonly string[];
  readonly active: boolean;
}

/**
 * What a provider says of a client, in its own words where they may be others than ours: an algorithm that ProConnect does
 * not know is not the one that was asked for.
 */
export type ReportedMetadata = Partial<
  Omit<ClientMetadata, 'id_token_signed_response_alg' | 'userinfo_signed_response_alg'> & {
    readonly id_token_signed_response_alg: string;
    readonly userinfo_signed_response_alg: string;
  }
>;

/** A field of `ClientMetadata`. */
export type MetadataField = keyof ClientMetadata;

/** A client as the identity provider has it. Never holds a secret. */
export interface ActualClient {
  /** The provider's own handle (`_id` at ProConnect, `client_id` elsewhere). */
  readonly handle: string;
  readonly clientId: string;
  /** What the provider reports of it; a field that it does not report is absent, and unknown. */
  readonly metadata: ReportedMetadata;
  /** The scopes that it really grants, where that can differ from what was asked and taken note of. */
  readonly granted?: readonly string[];
  /** How it is to show its secret at the token endpoint, where the provider reports it. */
  readonly method?: string;
  /** Milliseconds since 1970, by the provider's clock, where it reports it. */
  readonly createdAt?: number;
}

/** An expected failure, in words. `retry` says whether trying again later can help. */
export interface ProviderFailure {
  readonly ok: false;
  readonly message: Message;
  readonly fault: Fault;
  readonly retry: boolean;
  /** Seconds the provider asked to wait (`Retry-After`). */
  readonly after?: number;
  /** The provider no longer lets Greffier manage the client: gone, or its means of management are. */
  readonly lost?: boolean;
}

export type ProviderResult<T> = { readonly ok: true; readonly value: T } | ProviderFailure;

/** Whether Greffier receives the keys of a client, and hands them over; elsewhere the provider or people do. */
export const handsKeysOver: Readonly<Record<ProviderKind, boolean>> = {
  proconnect: false,
  registration: true,
  manual: false,
};

/** Ciphertext, safe to store and to dump. Only the vault that made it can open it. */
export type Sealed = string & { readonly sealed: unique symbol };

/**
 * Seals secrets for storage. `purpose` names what the secret is and whose: what was sealed for one purpose does
 * not open for another.
 */
export interface Vault {
  seal(secret: string, purpose: string): Sealed;
  /** @returns undefined when the key that sealed it is no longer there, or the text was altered. */
  open(sealed: Sealed, purpose: string): string | undefined;
  /** The same secret under the key in use now; the very text when it is already, or cannot be opened. */
  reseal(sealed: Sealed, purpose: string): Sealed;
}

/** Whose client it is: a definition's place in the registry. */
export interface ClientRef {
  readonly cell: CellName;
  readonly id: string;
}

/** What the ledger holds of a client, and a provider needs to find it again. */
export interface RecordedClient {
  readonly handle: string;
  readonly clientId: string;
  /** What was last asked of the provider. */
  readonly metadata: ReportedMetadata;
  /** What it was last known to have done. */
  readonly confirmed: ReportedMetadata;
  /** The provider's own means to manage this client (RFC 7592: its registration access token and address). */
  readonly management?: Sealed;
  /** How it shows its secret today: kept as long as the provider accepts it. */
  readonly method?: string;
}

/** What a provider gave anew in an answer, whatever was asked, sealed. */
export interface Renewed {
  readonly management?: Sealed;
  readonly secret?: Sealed;
  /** By which the secret is recognised: the same as before where it only repeats it. */
  readonly secretMark?: string;
}

/**
 * Puts what a provider renewed on durable storage. A provider calls it with each answer about a known client, and does
 * nothing else with that answer before it is done: the former means may be worth nothing from that moment.
 */
export type Keep = (renewed: Renewed) => Promise<void>;

/** A client that was made or changed. What is absent did not change. */
export interface IssuedClient extends ActualClient {
  readonly kind: 'issued';
  readonly secret?: Sealed;
  /** By which the secret is recognised and from which it cannot be derived: see `secretMarkOf`. */
  readonly secretMark?: string;
  readonly management?: Sealed;
}

/** A person was asked to do it; `request` names the issue. */
export interface PendingRequest {
  readonly kind: 'requested';
  readonly request: string;
}

/**
 * What reading a known client gave. `hidden`: the provider does not show it to us. No provider distinguishes a client
 * that is gone from one that we may no longer see, so that only a person can say that another is to be made.
 */
export type ReadResult =
  /** `detached`: a person took Greffier off it in part; `restore` puts that right. */
  | { readonly kind: 'found'; readonly client: ActualClient; readonly detached?: true }
  | { readonly kind: 'hidden'; readonly message: Message }
  /** Nobody can be asked: what is known is what people confirmed. */
  | { readonly kind: 'unknown' };

/** A creation that was announced in the ledger, before anything of it was asked of the provider. */
export interface CreationAttempt {
  /**
   * Random. What is made carries it, where the provider has room for it: an address or a name can be written by anyone, and
   * by it alone no client is taken for ours.
   */
  readonly mark: string;
  /**
   * Random: the same as long as nothing was answered, for servers that answer a request once (`Idempotency-Key`). After any
   * answer another: with the former one such a server would only repeat itself.
   */
  readonly key: string;
}

/** What every provider can do. Each call is one attempt: retries belong to the caller. */
export interface Provider {
  readonly kind: ProviderKind;
  readonly cell: CellName;
  /** The fields that it can set, and report again. */
  readonly governedFields: readonly MetadataField[];
  /** The redirect URI of its inactive clients; absent where they can be switched off. */
  readonly dormantUri?: string;
  /**
   * Looks for clients of this definition that an attempt made and that were never recorded, because the answer to it
   * was lost. Oldest first. Absent where the provider cannot search.
   *
   * @param attempt absent for one that an earlier version announced: then what carries the definition's address is found,
   *   which anyone can write
   */
  find?(ref: ClientRef, attempt?: CreationAttempt): Promise<ProviderResult<readonly ActualClient[]>>;
  /** What the provider says today of a client that was recorded. Nothing is changed there: plans are made by it. */
  read(ref: ClientRef, client: RecordedClient, keep: Keep): Promise<ProviderResult<ReadResult>>;
  /** Puts Greffier's own access to a client back where it is detached, with everything else as it stands. */
  restore?(ref: ClientRef, client: RecordedClient): Promise<ProviderResult<void>>;
  /** Every client of the cell that carries our mark, in as few calls as possible; undefined: read them singly. */
  list?(): Promise<ProviderResult<readonly ActualClient[]>>;
  /**
   * Makes a client. It may come back inactive and with other fields than wanted: then `update` completes it, once
   * the result was recorded.
   */
  create(
    ref: ClientRef,
    wanted: ClientMetadata,
    attempt: CreationAttempt,
  ): Promise<ProviderResult<IssuedClient | PendingRequest>>;
  /** Sets the whole wanted state; `active: false` keeps the client and its keys, and lets nobody sign in. */
  update(
    ref: ClientRef,
    client: RecordedClient,
    wanted: ClientMetadata,
    keep: Keep,
  ): Promise<ProviderResult<IssuedClient | PendingRequest>>;
  /**
   * Removes the client for good. A failure that is `lost` says that the provider knows nothing of it, or nothing of us:
   * only the client itself can show which.
   */
  remove(
    ref: ClientRef,
    client: RecordedClient,
    keep: Keep,
  ): Promise<ProviderResult<PendingRequest | { readonly kind: 'removed' }>>;
  /** Withdraws the open request, since nobody wants it any more; absent where people are not asked. */
  withdraw?(ref: ClientRef): Promise<ProviderResult<void>>;
  /**
   * Asks people to give the client another secret, and says why. Absent where a secret is only replaced with its client:
   * the partner API and RFC 7592 have no way to ask for another.
   */
  renewKeys?(ref: ClientRef, client: RecordedClient): Promise<ProviderResult<PendingRequest>>;
  /**
   * Reads the client and its secret again, sealed, so that it can be handed over again where nobody was shown it yet;
   * absent where keys are read elsewhere, or where the provider never returns a secret twice.
   */
  reissue?(ref: ClientRef, client: RecordedClient, keep: Keep): Promise<ProviderResult<IssuedClient>>;
  /**
   * What can be told without asking for anything of the step that would make a client so: what the provider does not
   * offer. Absent where nothing can.
   */
  check?(wanted: ClientMetadata, before?: RecordedClient): Promise<ProviderResult<void>>;
}

/** 64 bits of a digest: the same secret gives the same mark, and no mark gives a secret away. */
export function secretMarkOf(clientId: string, secret: string): string {
  return createHash('sha256').update(`${clientId}\n${secret}`).digest('hex').slice(0, 16);
}

/** Names of the purposes under which secrets are sealed. */
export function sealingPurpose(ref: ClientRef, secret: 'client-secret' | 'management'): string {
  return `${ref.cell}/${ref.id}#${secret}`;
}

/** What an authorization request with one redirect URI was answered (OpenID Connect Core 1.0 §3.1.2.1). */
export type ProbeResult =
  | { readonly kind: 'accepted' }
  /** What the provider says: an OAuth error code, or the status of its page. */
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'unreachable' };

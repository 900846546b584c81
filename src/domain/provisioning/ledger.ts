/**
 * The ledger: what Greffier did and was about to do, one account per definition. It is written before and after
 * every request to a provider, so that whoever comes back after a crash knows where things stand.
 */
import type { Message } from '#base/i18n/message';
import type { Action } from './plan.ts';
import type {
  ActualClient,
  ClientMetadata,
  ClientRef,
  CreationAttempt,
  MetadataField,
  ProbeResult,
  ReportedMetadata,
  Sealed,
} from './provider.ts';

export interface ClientAccount extends ClientRef {
  /**
   * `begun`: nothing was finished yet. `lost`: the provider no longer lets Greffier manage the client, and a person
   * decides what happens.
   */
  readonly state: 'begun' | 'active' | 'inactive' | 'lost';
  readonly handle?: string;
  readonly clientId?: string;
  readonly management?: Sealed;
  /** Kept until it is handed over. */
  readonly secret?: Sealed;
  /**
   * The addresses to which the link to the keys was mailed last: as long as nobody has used it, it works for contacts of the
   * definition only. With `secret`, that link was taken back, and its keys wait for another.
   */
  readonly linkSentTo?: readonly string[];
  /** Of the secret that was returned last: a provider may give a client another one when it is changed. */
  readonly secretMark?: string;
  /** The whole state that was last asked for, acknowledged or not. */
  readonly wanted?: ClientMetadata;
  /** What the provider last reported of the client, and of what it never tells, what was asked for. */
  readonly seen: ReportedMetadata;
  /** What the provider made of what was asked for last, where it made something else of it, and that was accepted. */
  readonly accepted?: ReportedMetadata;
  /** What was asked for last and the provider says nothing of. */
  readonly untold?: readonly MetadataField[];
  /** The last drift that was put right without asking. Milliseconds since 1970. */
  readonly repaired?: { readonly digest: string; readonly at: number };
  /** When a secret that the provider renewed unasked was last handed over. Milliseconds since 1970. */
  readonly renewedAt?: number;
  readonly granted?: readonly string[];
  /** How the client is to show its secret at the token endpoint, where the provider reported it. */
  readonly method?: string;
  /** Milliseconds since 1970. */
  readonly inactiveSince?: number;
  /** Written before anything is asked of the provider, cleared when the answer is recorded. */
  readonly intent?: Intent;
  /** Creations that were begun and whose answer never came. */
  readonly unanswered: number;
  /**
   * Milliseconds since 1970 of the first of them. What it asked for may still come to be, beside a client that was
   * made since.
   */
  readonly unansweredSince?: number;
  /** By which their clients are known. Absent where an earlier version began them. */
  readonly creation?: CreationAttempt;
  /** Its deletion was sent, and the answer never came. */
  readonly deletionSent?: true;
  /** The step that failed last, and why. The same step is not tried again unless it may pass by itself. */
  readonly failure?: Failure;
  /** The issue in which a person was asked to do it. */
  readonly request?: ManualRequest;
  /** What was done last, which pull request asked for it, and in which request a person said that it is done. */
  readonly last?: { readonly action: Action; readonly pull?: number; readonly request?: string };
  /** What the provider answered when the redirect URIs were tried, after the last change. */
  readonly probes?: readonly { readonly uri: string; readonly answer: ProbeResult }[];
  /** The client works and can no longer be changed: the answer that held the means to was lost. */
  readonly unmanageable?: boolean;
  /** What anyone may be told of it: as it was agreed to, whatever its definition says since. */
  readonly described?: Described;
  /** Adopted, and its definition was not seen on the default branch yet: that it is not there takes nothing away. */
  readonly awaited?: true;
  /** The client whose place this one takes, since its keys may be in other hands: not closed yet. */
  readonly former?: FormerClient;
  readonly formerManagement?: Sealed;
  /** The issue in which people were asked to give the client another secret. */
  readonly renewal?: string;
}

/** A client that was replaced. Its means of management are `formerManagement`, where a change of `GREFFIER_KEY` finds them. */
export interface FormerClient {
  readonly handle: string;
  readonly clientId: string;
  readonly seen: ReportedMetadata;
  readonly wanted?: ClientMetadata;
  readonly method?: string;
  /** Someone wants it closed at once, and not only once the new keys were read. */
  readonly revoked?: true;
  /** Its deletion was sent, and the answer never came. */
  readonly deletionSent?: true;
  /** Why it could not be closed the last time. */
  readonly failure?: Message;
  /** Why the addresses that its definition has dropped since could not be taken from it the last time. */
  readonly undropped?: Message;
}

/** What a definition says of a service to everyone. */
export interface Described {
  /** Digest of what its client was to be then. */
  readonly client: string;
  readonly name: string;
  readonly description: string;
  readonly siret: string;
}

export interface Intent {
  readonly action: Action;
  readonly digest: string;
}

export interface Failure {
  readonly digest: string;
  readonly message: Message;
  readonly retry: boolean;
}

export interface ManualRequest {
  /** The provider's name for the request: the number of the issue. */
  readonly name: string;
  readonly action: Action;
  readonly digest: string;
  /** Absent when the client is to be removed. */
  readonly wanted?: ClientMetadata;
  readonly pull?: number;
  /** Why it was asked for, to be remembered with what comes of it. */
  readonly cause?: Cause;
  /** A person closed the issue without doing it: not asked again until the definition says something else. */
  readonly declined?: boolean;
}

/** Why a step is taken: what the audit trail remembers. */
export interface Cause {
  /** The commit of the default branch that is applied. */
  readonly commit: string;
  readonly pull?: number;
  /** Logins. */
  readonly author?: string;
  readonly approvedBy?: readonly string[];
  /** The person who ran it by hand. */
  readonly by?: string;
}

/** What happened, for the audit trail. Never a secret. */
export interface AuditEvent extends ClientRef {
  readonly what:
    | Action
    | 'recorded'
    | 'adopted'
    | 'renewed'
    /** Another client is to take its place. */
    | 'replaced'
    /** It was replaced, and is to be closed at once. */
    | 'revoked'
    /** It was replaced, and has no address any more that its definition dropped since. */
    | 'narrowed'
    /** It was replaced, and is gone. */
    | 'closed'
    | 'requested'
    | 'declined'
    | 'failed'
    | 'lost'
    | 'forgotten'
    | 'twin-removed';
  readonly digest?: string;
  readonly clientId?: string;
  readonly cause?: Cause;
  /** The login of the person who did it, where a person did; and the comment in which they asked for it. */
  readonly by?: string;
  readonly comment?: number;
  readonly message?: Message;
}

/**
 * What a mail to the contacts is about, and, with it, whether the keys are handed over. `renewed`: a link to the same
 * keys, which nobody was shown yet; `changed`: the provider gave other ones; `replaced`: another client, with keys of its
 * own; `closed`: the client that it replaced is gone.
 */
export type MailKind =
  | 'created'
  | 'renewed'
  | 'changed'
  | 'replaced'
  | 'closed'
  | 'revived'
  | 'deactivated'
  | 'deleted';

/** The mails with which no keys go: whoever hears that a client is gone gets none of it. */
export const withoutKeys: ReadonlySet<MailKind> = new Set(['closed', 'deactivated', 'deleted']);

/** The mail that an action causes once it is done; of an update nobody is told. */
export const mailKinds: Readonly<Partial<Record<Action, MailKind>>> = {
  create: 'created',
  revive: 'revived',
  deactivate: 'deactivated',
  delete: 'deleted',
};

export interface Ledger {
  load(ref: ClientRef): Promise<ClientAccount | undefined>;
  /** The definitions, of any cell, for which a client is recorded that has this handle or this id. */
  holdersOf(client: Pick<ActualClient, 'handle' | 'clientId'>): Promise<readonly ClientRef[]>;
  /**
   * Writes an account, its audit event and the mail about it, all or nothing.
   *
   * @returns the account as it is kept: with a mail, a secret has moved behind the link that the mail has, unless the mail
   *   says that the client is gone, or that secret was shown to someone before. Of a client that was replaced meanwhile,
   *   nothing but its means of management is kept; what people said of the account meanwhile stays said. Where the account
   *   was read without a client, and has one meanwhile, nothing is written
   */
  save(account: ClientAccount, event?: AuditEvent, mailKind?: MailKind): Promise<ClientAccount>;
  /**
   * Changes an account by what it is at this very moment, and not as somebody read it before, all or nothing: the only way
   * for what people say of it.
   *
   * @param change what becomes of it; undefined: nothing
   * @returns the account as it is kept; undefined where there is none, or nothing was changed
   */
  amend(
    ref: ClientRef,
    change: (present: ClientAccount) => Amendment | undefined,
  ): Promise<ClientAccount | undefined>;
  /** Closes an account whose client is gone, all or nothing. */
  drop(account: ClientAccount, event: AuditEvent, mailKind?: MailKind): Promise<void>;
  /**
   * Ends a request to people: the account is saved as it is then, or dropped, all or nothing, unless somebody else ended
   * the request before, or its client was recorded for another definition. Several are told of its end at once (a command,
   * the issue that is closed).
   *
   * @param request its name
   * @returns whether it was still open, and its client nobody else's; else nothing is written
   */
  endRequest(request: string, end: RequestEnd): Promise<boolean>;
}

/** What becomes of an account, and what is noted and mailed of it; `dropped`: there is none any more. */
export type Amendment =
  | { readonly account: ClientAccount; readonly event?: AuditEvent; readonly mailKind?: MailKind }
  | { readonly dropped: ClientAccount; readonly event: AuditEvent };

/** What becomes of an account whose request is done. */
export interface RequestEnd {
  readonly account: ClientAccount;
  /** The client is gone, and the account with it. */
  readonly dropped: boolean;
  readonly event: AuditEvent;
  readonly mailKind?: MailKind;
}

/** The account of a definition of which nothing is known yet. */
export function newAccount(ref: ClientRef): ClientAccount {
  return { cell: ref.cell, id: ref.id, state: 'begun', seen: {}, unanswered: 0 };
}

/** The outcome of one client, as the readers of the pull request are told that brought its definition. Never a secret. */
import type { CellName, ProviderKind } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import type { Freeze } from '#domain/registry/freeze';
import type { StopReason } from './approval-gate.ts';
import type { FieldChange } from './client-metadata.ts';
import type { FormerClient } from './ledger.ts';
import type { Step } from './plan.ts';
import type { ClientMetadata, MetadataField, ProbeResult, ReportedMetadata } from './provider.ts';

export type OutcomeState =
  | 'created'
  | 'updated'
  | 'revived'
  | 'deactivated'
  | 'deleted'
  | 'unchanged'
  | 'requested'
  | 'declined'
  | 'failed'
  | 'retrying'
  | 'stopped'
  | 'guarded'
  | 'held'
  | 'frozen'
  | 'lost'
  | 'unserved';

/** Those of a client that works. */
export const liveStates: readonly OutcomeState[] = ['created', 'updated', 'revived', 'unchanged'];

/** What the operator's configuration says of a cell. */
export interface CellInfo {
  readonly provider: ProviderKind;
  readonly issuer?: string;
  readonly portal?: string;
  /** How applications show their secret at `/token`. */
  readonly method: string;
}

export interface ClientOutcome {
  readonly cell: CellName;
  readonly id: string;
  readonly state: OutcomeState;
  readonly cellInfo?: CellInfo;
  readonly clientId?: string;
  readonly handle?: string;
  readonly metadata?: ClientMetadata;
  readonly granted?: readonly string[];
  readonly left?: readonly FieldChange[];
  /** What the provider made in its own way of what it was asked for, as it has it. */
  readonly differing?: ReportedMetadata;
  /** What it says nothing of. */
  readonly untold?: readonly MetadataField[];
  readonly probes?: readonly { readonly uri: string; readonly answer: ProbeResult }[];
  /** Where the issue is to be seen, when it is in the registry itself. */
  readonly issue?: number;
  /** What would be done, when it was stopped. */
  readonly step?: Step;
  /** Why it was. */
  readonly stopped?: StopReason;
  readonly message?: Message;
  /** Why it is held, as Markdown: what a lookup found. */
  readonly detail?: string;
  readonly unmanageable?: boolean;
  /** Until when nothing is done in its cell, and why. */
  readonly freeze?: Freeze;
  /** When a deactivated client is deleted, ISO 8601. */
  readonly deletion?: string;
  /** The client that this one replaces, or is to replace; `days` after its keys were read, where that is known, it is closed. */
  readonly former?: Pick<FormerClient, 'clientId' | 'revoked' | 'failure' | 'undropped'> & {
    readonly days?: number;
  };
  /** The issue of the registry in which people were asked for another secret. */
  readonly renewal?: number;
  /** The last mail about it has not left: it waits, or was refused for good. */
  readonly mail?: 'waiting' | 'failed';
}

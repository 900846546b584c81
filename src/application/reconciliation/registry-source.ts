/** The registry as reconciling sees it: what its default branch says at a commit, and what brought it there. */
import type { Merge } from '#application/reconciliation/store/merge-store';
import type { CellName } from '#base/config/cells';
import { definitionsFolder } from '#domain/definition/cell';
import type { ClientAccount } from '#domain/provisioning/ledger';
import { clientKey } from '#domain/provisioning/plan';
import type { Freeze } from '#domain/registry/freeze';
import type { DesiredClient } from '#domain/registry/registry';
import type { Settings } from '#domain/registry/settings';
import type { SettingsProblem } from '#domain/registry/settings-messages';
import type { ApprovalRules } from '#domain/review/evaluate/approvals';
import type { TeamState } from '#infrastructure/github/read/teams';

/** The registry at a commit, read and evaluated again at that very commit. */
export interface RegistrySnapshot {
  readonly commit: string;
  readonly desired: readonly DesiredClient[];
  /** Definitions that are there and may not be applied, since they have errors. */
  readonly held: readonly { readonly cell: CellName; readonly id: string }[];
  /** Paths of folders of definitions in whose place something else is (a link, say), so that nobody sees what is below. */
  readonly outOfSight?: readonly string[];
  /** Blob ids of all definitions, held or not, by client (`network/environment/id`). */
  readonly blobs: ReadonlyMap<string, string>;
  /** What the settings ask of approvals. */
  readonly approvals: ApprovalRules;
  /** Whether the settings ask that services be asked about live clients. */
  readonly liveChecks?: boolean;
  /** Days after which the settings have contacts asked whether their service still lives; absent: nobody is. */
  readonly recertify?: number;
  /** The freezes of the settings, past ones too. */
  readonly freezes?: readonly Freeze[];
  /** The settings of this commit, as they last could be read; absent where none ever could, and those are nobody's. */
  readonly presentSettings?: Settings;
  /** Why the settings of this commit are not in force; none when they are, or were not looked at. */
  readonly refusedSettings?: readonly SettingsProblem[];
  /** Teams of the settings that GitHub does not show; undefined where they were not looked at. */
  readonly unknownTeams?: readonly UnknownTeam[];
}

/** A team whose approvals the settings let count, and that GitHub does not show. */
export interface UnknownTeam {
  readonly team: string;
  readonly reason: Exclude<TeamState, 'there'>;
  /** In the settings, from 1. */
  readonly line: number;
}

/** A merged pull request, with what it touched. */
export interface MergedPull extends Merge {
  /** Its last commit, which was reviewed. */
  readonly head: string;
  /** The account of its author, as GitHub numbers it. */
  readonly authorId: string;
  /** What it left of each definition that it touched (`network/environment/id`): the blob; undefined where it took it away. */
  readonly clients: ReadonlyMap<string, string | undefined>;
}

/** Merged pull requests, oldest first. `complete`: there is no other. */
export interface MergedPulls {
  readonly items: readonly MergedPull[];
  readonly complete: boolean;
}

/** What made a definition what it is. `author`: the account of whoever pushed it, where GitHub knows it. */
export type Change =
  | { readonly kind: 'pull'; readonly pull: MergedPull }
  /** Its file has no history at this commit, or none that leads to a review here. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'push'; readonly author?: string };

/** What brought the settings to what they are. */
export interface SettingsChange {
  /** The accounts whose change it is, as far as GitHub knows them. */
  readonly authors: readonly string[];
  /** The last commit that touched their file. */
  readonly touched?: string;
  /**
   * Present where a pull request brought them. `at`: when it was merged, in milliseconds. `isPast`: what was reconciled last
   * had it already, so that its word was for then.
   */
  readonly merged?: {
    readonly pull: number;
    readonly at: number;
    readonly isAgreed: boolean;
    readonly isPast: boolean;
  };
}

export interface RegistrySource {
  /** The commit of the default branch now. */
  head(): Promise<string>;
  at(commit: string): Promise<RegistrySnapshot>;
  /**
   * The registry at a commit, once more, from the system that holds it, and not from what is remembered of it: before
   * something is taken away, and in a sweep. Throws when that system does not show it: absence is never an answer.
   */
  verifiedAt(commit: string): Promise<RegistrySnapshot>;
  /**
   * The pull requests merged after `from` up to `to`; without `from`, the one that made `to`, if any. Undefined where
   * nobody can say: then a process that can records them later.
   *
   * @param rules by which it is found whether they had the approvals of production
   */
  mergedBetween(from: string | undefined, to: string, rules: ApprovalRules): Promise<MergedPulls | undefined>;
  /**
   * The accounts that pushed to the default branch from `from` up to `to`; undefined where nobody can say. Throws while it
   * is not known yet.
   */
  pushersBetween?(from: string, to: string): Promise<readonly string[] | undefined>;
  /**
   * What made the definition of a client (`network/environment/id`) what it is at a commit. Throws when nobody can say
   * now.
   *
   * @param before what was merged by then did not bring it since: who moved the history back to it did
   */
  lastChange(client: string, commit: string, rules: ApprovalRules, before?: string): Promise<Change>;
  /** Those clients whose definition something between two commits touched, though it be the same again. Throws as well. */
  touchedBetween(clients: readonly string[], from: string, to: string): Promise<ReadonlySet<string>>;
  /**
   * What brought the settings to what they are at the commit that was read last. Throws when nobody can say now.
   *
   * @param rules by which it is found whether they had the approvals of production
   * @param before by which it is found whether they were merged by then already
   */
  settingsChange?(commit: string, rules: ApprovalRules, before?: string): Promise<SettingsChange>;
}

/** Whether something else is in the place of a folder in which a definition (`network/environment/id`) would be. */
export function isOutOfSight({ outOfSight = [] }: RegistrySnapshot, client: string): boolean {
  return outOfSight.some((folder) => `${definitionsFolder}/${client}`.startsWith(`${folder}/`));
}

/** With the clients held whose definitions may be there, below what cannot be looked into. */
export function withHidden(snapshot: RegistrySnapshot, accounts: readonly ClientAccount[]): RegistrySnapshot {
  const hidden = accounts.filter((account) => isOutOfSight(snapshot, clientKey(account)));
  return hidden.length === 0 ? snapshot : { ...snapshot, held: [...snapshot.held, ...hidden] };
}

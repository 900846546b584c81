/** What the review of a pull request works with. */

import type { ForeseenFacts } from '#application/pull-requests/stored-facts';
import type { ClientAccount } from '#domain/provisioning/ledger';
import type { Freeze } from '#domain/registry/freeze';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { DesiredClient, Entry } from '#domain/registry/registry';
import type { DeskApplicant } from '#domain/registry/rules/rule';
import type { PlanFacts } from '#domain/review/facts/facts';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import type { ComparisonWithHistory } from '#infrastructure/github/read/comparison';
import type { FileReading } from '#infrastructure/github/read/file-contents';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import type { RegistryMirror } from './mirror.ts';
import type { ReviewStore } from './review-store.ts';

/** Answers that are the same whenever they are given, but for one; undefined where they were not asked for, or in vain. */
export interface AskedAhead {
  /** What was begun to be read for the next review of a pull request. */
  begun(
    number: number,
  ): { readonly base: string; readonly comparison: Promise<ComparisonWithHistory | undefined> } | undefined;
  /**
   * The pull request as it was when it was opened, and what the store knew of what it touches; undefined where that is not
   * why it is judged now. To be used where it never was judged before.
   */
  opened(number: number):
    | {
        readonly pull: Promise<PullReading | undefined>;
        readonly foreseen: Promise<ForeseenFacts | undefined>;
      }
    | undefined;
  comparison(base: string, head: string): Promise<ComparisonWithHistory | undefined>;
  /** Of the files of a commit that its comparison named. */
  files(commit: string): Promise<ReadonlyMap<string, FileReading> | undefined>;
}

/** What merging would change, as the plan needs to know it. */
export interface ProposedChange {
  /** The pull request, and the commit of it that is judged. */
  readonly number: number;
  readonly head: string;
  /** The definitions that the touched paths would hold, those that may be provisioned. */
  readonly desired: readonly DesiredClient[];
  /** Those of the settings in force, past ones too. */
  readonly freezes: readonly Freeze[];
  /** Every touched path where a definition can be. */
  readonly touched: readonly string[];
}

/** What merging would do to the identity providers. */
export interface PlannedChange {
  readonly facts: PlanFacts;
  /**
   * Remembers the plan as what this commit of the pull request showed: to be called once people can read it.
   *
   * @param decisions by path, what outside answers gave people to decide there (`outsideDecisions`)
   */
  readonly markShown: (decisions: ReadonlyMap<string, readonly string[]>) => Promise<void>;
}

/** `adopted`: it was there before Greffier, and is tied to the definition that is to come. */
export type ClientAtPath = 'there' | 'adopted';

/** What is known of the clients of definitions that a pull request touches. */
export interface TouchedClients {
  /** By path, of which definitions a provider still has a client: one that is used, or that is removed and not deleted yet. */
  readonly present: ReadonlyMap<string, ClientAtPath>;
  /** What the ledger says of them. */
  readonly accounts: readonly ClientAccount[];
  /** What merging would do to the identity providers. */
  readonly plan: (change: ProposedChange) => Promise<PlannedChange>;
}

export interface ReviewDeps {
  /** The key of the registry's rows in the store, which is not its name (`application/identity`). */
  readonly repo: string;
  readonly repository: RepositoryClient;
  readonly appId: number;
  /** As which the App writes. Absent: it opens no pull requests of its own. */
  readonly appLogin?: string;
  readonly store: ReviewStore;
  readonly mirror: RegistryMirror;
  /** What was asked of GitHub before the review began, by the ids of commits. */
  readonly ahead?: AskedAhead;
  /** Asks public services about the definitions of someone's review, by path. Absent: nothing is asked. */
  readonly lookUp?: (
    entries: readonly Entry[],
    asker: string,
  ) => Promise<Readonly<Record<string, OutsideAnswers>>>;
  /**
   * What there is of the clients of these definitions, by their paths. Absent: nothing is provisioned.
   *
   * @param read what was read of the same ones before this job had its turn, and does as well
   */
  readonly clientsOf?: (paths: readonly string[], read?: TouchedClients) => Promise<TouchedClients>;
  /** Who asked for a pull request at the front desk; undefined for those of anybody else than the App itself. */
  readonly applicantOf?: (
    pull: Pick<PullReading, 'number' | 'author' | 'head'>,
  ) => Promise<DeskApplicant | undefined>;
}

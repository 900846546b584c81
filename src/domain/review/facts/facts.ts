/**
 * What is known of a pull request when it is evaluated. Plain JSON: every real pull request can become a test
 * fixture, and any verdict can be replayed.
 */
import type { CellName } from '#base/config/cells';
import type { Claims } from '#domain/registry/claims';
import type { Freeze } from '#domain/registry/freeze';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { OwnerAccountsByPath } from '#domain/registry/owners';
import type { DeskApplicant, OpenClaim } from '#domain/registry/rules/rule';

/** Someone on GitHub. Logins can be reused, so ids decide who is who. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly bot: boolean;
}

export interface RepositoryFacts {
  /** `owner/name`. */
  readonly fullName: string;
  /** Where people see it, without a trailing slash: `https://github.com/org/registry`. */
  readonly url: string;
}

export interface PullFacts {
  readonly number: number;
  readonly author: Person;
  /** Whether the author may merge or is in the settings' teams; asked only where it matters. */
  readonly authorIsReviewer?: boolean;
  /** Present where the App itself is the author: who asked for it at the front desk, and whether their word counts. */
  readonly applicant?: DeskApplicant;
  /** The exact commit that is reviewed. */
  readonly head: string;
  /** The commit of the default branch against which it is reviewed. */
  readonly base: string;
  readonly draft: boolean;
  readonly open: boolean;
  /** The head is in another repository. */
  readonly fork: boolean;
  /** Whether the pull request asks to be merged into the default branch: others are not reviewed. */
  readonly intoDefaultBranch: boolean;
  /** The commit that shows what merging gives, when that is not the head: GitHub's test merge. */
  readonly testMerge?: string;
  /** Why it is not known what merging would give. */
  readonly unknownResult?: UnknownMergeResult;
}

/**
 * Both sides changed the same files, and: Git cannot merge them (`conflict`), GitHub's test merge is of an older state of
 * them (`outdated`), or GitHub did not say (`pending`).
 */
export type UnknownMergeResult = 'conflict' | 'outdated' | 'pending';

/** What a tree says a file is. Links are never followed. */
export type FileMode = 'file' | 'executable' | 'symlink' | 'submodule';

/** A file that merging would change in the default branch. */
export interface FileFact {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed' | 'renamed';
  /** Present when renamed. */
  readonly previousPath?: string;
  /** Blob id after merging; absent when removed. */
  readonly blob?: string;
  /** Absent when the tree was not asked, which is so for everything but definitions. */
  readonly mode?: FileMode;
  /** Git merges it from both sides, or moves it: its lines are not those of the head's file. */
  readonly merged?: true;
  /** Lines of the head's file that are part of the diff: a suggestion can be posted on these. */
  readonly changedLines?: readonly (readonly [first: number, last: number])[];
}

/** The bytes of a blob: as text when they are UTF-8, else in base64. `unreadable`: GitHub did not give them. */
export type BlobFact =
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly unreadable: 'missing' | 'too-large' };

export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

/** The permissions that let someone merge. */
export function mayWrite(permission: Permission): boolean {
  return permission === 'write' || permission === 'maintain' || permission === 'admin';
}

export interface ReviewFact {
  readonly by: Person;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** The commit that was looked at; absent when GitHub no longer knows it. */
  readonly commit?: string;
  /** RFC 3339. */
  readonly at: string;
  /** On the repository, asked live. */
  readonly permission: Permission;
  /** Those of the settings' teams (`org/team`) that the person belongs to. */
  readonly teams: readonly string[];
  /** GitHub did not say what they may do here. */
  readonly unknownRights?: true;
  /** They may not write, and GitHub does not show a team of the settings whose member they may be. */
  readonly unknownTeams?: true;
}

/** Before and after of one value that applying would change. `from` is absent when nothing was there. */
export interface PlannedFieldChange {
  readonly field: string;
  readonly from?: string | boolean | readonly string[];
  readonly to?: string | boolean | readonly string[];
}

/** One thing that applying the registry would do, as the reader is shown it. */
export interface PlannedStep {
  readonly path: string;
  readonly cell: CellName;
  readonly action: 'create' | 'update' | 'revive' | 'deactivate' | 'delete';
  readonly changes: readonly PlannedFieldChange[];
  /** What a person has to set besides, since the provider cannot. */
  readonly left: readonly PlannedFieldChange[];
}

/** What merging would do to the identity providers. */
export interface PlanFacts {
  readonly steps: readonly PlannedStep[];
  /** Touched cells that the operator did not configure. */
  readonly unserved: readonly CellName[];
  /** Touched cells in which nothing is applied for now. */
  readonly frozen?: readonly Freeze[];
  /** Touched cells that people provision by hand. */
  readonly manual: readonly CellName[];
}

/** Everything that a verdict depends on. */
export interface PullRequestFacts {
  readonly version: 1;
  readonly repository: RepositoryFacts;
  readonly pull: PullFacts;
  /** Every file that the pull request changes, sorted by path. */
  readonly files: readonly FileFact[];
  /** False when GitHub did not give the whole list. */
  readonly filesComplete: boolean;
  /** Touched paths where no definition is at the base, of which a provider still has a client. */
  readonly returning?: readonly string[];
  /** Those of them whose client was there before Greffier, and was adopted for the definition that is to come. */
  readonly adopted?: readonly string[];
  /** What the touched definitions hold at the head and at the base, by blob id. */
  readonly blobs: Readonly<Record<string, BlobFact>>;
  /** Blob ids at the base of the touched definitions that are there, by path. */
  readonly baseBlobs: Readonly<Record<string, string>>;
  /** What stands at the base and is no ordinary file, by path: nothing that it holds is a definition. */
  readonly baseLinks?: Readonly<Record<string, 'symlink' | 'submodule'>>;
  /**
   * Blob ids of the last versions on the default branch that could be read, of the touched definitions of which one is
   * known, by path: they speak for what is there and cannot be read, and for what was removed.
   */
  readonly lastReadable?: Readonly<Record<string, string>>;
  /** Text of the settings in force; null where there never were any. */
  readonly settings: string | null;
  /** The few other definitions at the base that matter to evaluate the touched ones. */
  readonly neighbours: readonly Claims[];
  /** The accounts of the owners that the touched definitions name at the base, where they are known. */
  readonly ownerAccounts?: OwnerAccountsByPath;
  readonly openClaims: readonly OpenClaim[];
  /** What public services answered, by path. */
  readonly outside: Readonly<Record<string, OutsideAnswers>>;
  /** In the order in which they were submitted. */
  readonly reviews: readonly ReviewFact[];
  /** The day in Paris (`2026-03-02`) on which the settings that it changes were looked at; absent where it changes none. */
  readonly today?: string;
  /** Absent while errors are left, or when nothing is provisioned. */
  readonly plan?: PlanFacts;
}

/** The tables that reviews keep, as their queries see them (migrations 0100, 0101, 0300 and 0410). */
import type { Generated, JSONColumnType } from 'kysely';
import type { Claims } from '#domain/registry/claims';
import type { FileMode } from '#domain/review/facts/facts';
import type { Comparison } from '#infrastructure/github/read/comparison';
import type { PublishedReview } from '#infrastructure/github/write/published-review';
import type { MaybeInstant } from './instant.ts';

export interface BlobsTable {
  /** As Git names it. */
  id: string;
  bytes: Uint8Array;
  /** Since when nothing names it, as a sweep found; null where something does, or none has looked yet. */
  unused_since: MaybeInstant;
}

export interface RegistryCommitsTable {
  repo: string;
  /** The commit whose files are in `registry_files`. */
  commit: string;
}

export interface RegistryFilesTable {
  repo: string;
  path: string;
  blob: string;
  mode: FileMode;
  /** Null for what is no definition. */
  claims: JSONColumnType<Claims> | null;
}

/** What merging a head changes in a commit of the default branch: it never changes. */
export interface KeptComparison extends Comparison {
  readonly base: string;
  readonly head: string;
  /**
   * The commit in which its files are as merging leaves them: the head, or GitHub's test merge. Absent in what was kept
   * when the head alone was judged.
   */
  readonly result?: string;
  /** The commits that the base has not, one of which the default branch may get by another way; absent when not all are known. */
  readonly commits?: readonly string[];
  /**
   * By path of the definitions and settings that merging changes, the blob that is in the default branch; null where none is.
   * Absent where they were not judged, and in what an earlier version kept.
   */
  readonly from?: Readonly<Record<string, string | null>>;
  /** Approvals of this very commit up to this moment (RFC 3339, by GitHub) were given when merging it changed less. */
  readonly approvalsOfLess?: string;
  /** The blob of the settings that merging gives, once the check of the head has said so. */
  readonly shownSettings?: string;
}

export interface PullsTable {
  repo: string;
  number: number;
  head: string;
  /** When GitHub last changed the pull request, as it said in the reading that was judged. RFC 3339. */
  read_at: string;
  open: boolean;
  comparison: JSONColumnType<KeptComparison> | null;
  /** What its definitions claim. */
  claims: JSONColumnType<Claims[]>;
  /** The paths of definitions that it touches. */
  touched: JSONColumnType<string[]>;
  published: JSONColumnType<PublishedReview>;
  /** Since when it is closed and nothing of the default branch is its doing, as a sweep found; null where none did. */
  unused_since: MaybeInstant;
}

/** Labels that exist in a repository. */
export interface KnownLabelsTable {
  repo: string;
  name: string;
}

/** A login that a definition of the default branch names among its owners. */
export interface OwnersTable {
  repo: string;
  path: string;
  /** In lower case. */
  login: string;
  /** The account that was behind it when it was first looked up; null when there was none. */
  account: number | null;
  /** Whether it was looked up. */
  known: boolean;
}

/** What changed when the mirror moved, until the open pull requests that it concerns are found. */
export interface RegistryMovesTable {
  id: Generated<number>;
  repo: string;
  /** Null: everything may have. */
  changed: JSONColumnType<string[]> | null;
  /** What the files claimed before, and claim now; the commits that are new, as far as all are known. */
  moved: JSONColumnType<{ readonly claims: readonly Claims[]; readonly commits?: readonly string[] }>;
}

/** The last version of a file of the default branch that could be read. */
export interface LastReadableTable {
  repo: string;
  path: string;
  /** Its bytes are in `blobs`. */
  blob: string;
  /** The commit at which it was read. */
  commit: string;
}

export interface ReviewTables {
  known_labels: KnownLabelsTable;
  blobs: BlobsTable;
  registry_commits: RegistryCommitsTable;
  registry_files: RegistryFilesTable;
  pulls: PullsTable;
  owners: OwnersTable;
  registry_moves: RegistryMovesTable;
  last_readable: LastReadableTable;
}

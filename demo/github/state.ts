/** What the local GitHub holds: accounts, repositories and what people and the App did in them. */
import type { KeyObject } from 'node:crypto';
import type { GitRepository } from './git/repository.ts';

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read';

export interface Account {
  readonly id: number;
  /** Can be given up for another one, and then be taken by someone else. */
  login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  readonly name: string;
  /** A personal access token, for `git push` and for `curl`. */
  readonly token: string;
}

export interface Team {
  readonly id: number;
  readonly slug: string;
  readonly members: Set<string>;
}

export interface RepositoryLabel {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const;
export type ReactionContent = (typeof reactionContents)[number];

export interface Reaction {
  readonly id: number;
  readonly content: ReactionContent;
  readonly user: Account;
  readonly createdAt: Date;
}

export interface Comment {
  readonly id: number;
  readonly author: Account;
  readonly createdAt: Date;
  readonly reactions: Reaction[];
  body: string;
  updatedAt: Date;
}

export interface PullRequestReview {
  readonly id: number;
  readonly author: Account;
  readonly commit: string;
  readonly submittedAt: Date;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  body: string;
}

/** A comment on a line of the diff. */
export interface ReviewComment extends Comment {
  readonly review: number | null;
  readonly path: string;
  readonly commit: string;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly side: 'LEFT' | 'RIGHT';
  readonly inReplyTo?: number;
}

export interface PullRequestDetails {
  readonly headRepository: Repository;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  /** The base branch when the pull request was opened or last pushed to; GitHub does not refresh it otherwise. */
  baseSha: string;
  draft: boolean;
  readonly reviews: PullRequestReview[];
  /** Of whom a review is asked; teams by their slug. */
  readonly requestedReviewers: Set<Account>;
  readonly requestedTeams: Set<string>;
  readonly reviewComments: ReviewComment[];
  merged?: {
    /** Where the merge left the base branch. */
    readonly sha: string;
    /** The commits that were made for it: several when each one was rebased. */
    readonly commits: readonly string[];
    readonly at: Date;
    readonly by: Account;
  };
  /** What the last test merge that worked was of, its commit and when it was made. */
  testMerge?: {
    readonly head: string;
    readonly base: string;
    readonly baseRef: string;
    readonly sha: string;
    readonly at: Date;
  };
  /** Whether it could be merged, when that was last worked out. */
  mergeability?: Mergeability;
  /** How many times yet it is said not to be known whether it can be merged. */
  readsUnknown?: number;
}

export interface Mergeability {
  readonly head: string;
  readonly base: string;
  readonly mergeable: boolean;
  readonly rebaseable: boolean;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** A pull request in the merge queue, merged over the base branch and those before it. */
export interface MergeGroup {
  readonly ref: string;
  readonly headSha: string;
  /** The base branch, or the group before. */
  readonly baseSha: string;
  readonly baseRef: string;
  readonly commits: readonly string[];
  readonly pull: PullRequest;
  readonly method: MergeMethod;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly createdAt: Date;
  readonly comments: Comment[];
  readonly reactions: Reaction[];
  /** Names, in the order they were set. */
  readonly labels: Set<string>;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: Account | null;
  readonly pull?: PullRequestDetails;
}

export type PullRequest = Issue & { readonly pull: PullRequestDetails };

export const checkConclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;
export type CheckConclusion = (typeof checkConclusions)[number];

export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  readonly end_column: number | null;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title: string | null;
  readonly raw_details: string | null;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  readonly headSha: string;
  readonly annotations: CheckAnnotation[];
  readonly startedAt: Date;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: CheckConclusion | null;
  completedAt: Date | null;
  detailsUrl: string | null;
  externalId: string;
  title: string | null;
  summary: string | null;
  text: string | null;
}

export const deploymentStates = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;

export interface DeploymentStatus {
  readonly id: number;
  readonly state: (typeof deploymentStates)[number];
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: Date;
  readonly creator: Account;
}

export interface RepositoryDeployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly production: boolean;
  readonly transient: boolean;
  readonly creator: Account;
  readonly createdAt: Date;
  readonly statuses: DeploymentStatus[];
}

export interface Repository {
  readonly id: number;
  /** Both change when the repository is transferred or renamed. */
  owner: Account;
  name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly git: GitRepository;
  readonly parent: Repository | undefined;
  readonly createdAt: Date;
  pushedAt: Date;
  readonly collaborators: Map<string, Role>;
  /** By lower-cased name: GitHub's labels are unique without regard to case. */
  readonly labels: Map<string, RepositoryLabel>;
  /** Issues and pull requests by number: one sequence for both, starting at 1. */
  readonly issues: Map<number, Issue>;
  readonly checkRuns: CheckRun[];
  readonly deployments: RepositoryDeployment[];
  /** What rule sets demand of the default branch: by which check, and from which App; anyone's when absent. */
  readonly requiredChecks: { readonly context: string; readonly appId?: number }[];
  /** How many people who may write have to approve before a merge into the default branch; none when 0. */
  requiredApprovals: number;
  /** How pull requests may be merged: all three, until the settings are changed. */
  readonly mergeMethods: Set<MergeMethod>;
  /** In the order in which they are to be merged. */
  readonly mergeQueue: MergeGroup[];
  /** Moves of its branches, oldest first. */
  readonly activities: Activity[];
}

export type ActivityKind =
  | 'push'
  | 'force_push'
  | 'branch_creation'
  | 'branch_deletion'
  | 'pr_merge'
  | 'merge_queue_merge';

/** A move of a branch, and who made it: the account that was signed in, whatever the commits say of their authors. */
export interface Activity {
  readonly id: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly at: Date;
  readonly kind: ActivityKind;
  readonly by: Account;
}

export type AccessLevel = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, AccessLevel>>;

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  /** Of whom it was asked for by a manifest, once it was made by one. */
  owner: Account;
  readonly bot: Account;
  readonly publicKey: KeyObject;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: Date;
}

export interface AppInstallation {
  readonly id: number;
  readonly account: Account;
  readonly repositories: Repository[];
  readonly createdAt: Date;
  permissions: Permissions;
}

/** Who makes a request. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app' }
  | {
      readonly kind: 'installation';
      readonly installation: AppInstallation;
      readonly permissions: Permissions;
      readonly repositories: readonly Repository[];
      readonly account: Account;
    }
  | { readonly kind: 'user'; readonly account: Account };

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function isPullRequest(issue: Issue): issue is PullRequest {
  return issue.pull !== undefined;
}

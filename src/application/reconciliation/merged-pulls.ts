/** What brought the registry to what it is, by GitHub: who merged or pushed what, and on whose approvals. */
import { knownTeams } from '#application/mirror/known-teams';
import type { ReviewStore } from '#application/mirror/review-store';
import { knownOfLess, withoutApprovalsOfLess } from '#application/pull-requests/approvals-of-less';
import { type AuthorOf, authorOfIn } from '#application/pull-requests/asked-proposals';
import { defined } from '#base/defined';
import { cellName, definitionsFolder, placeFromPath } from '#domain/definition/cell';
import { settingsPath } from '#domain/registry/settings';
import { type ApprovalRules, evaluateApprovals } from '#domain/review/evaluate/approvals';
import { commitsBetween } from '#infrastructure/github/client/pagination';
import { type RepositoryClient, undefinedIfMissing } from '#infrastructure/github/client/repository-client';
import { compareCommits } from '#infrastructure/github/read/comparison';
import {
  lastChangeOf,
  lastCommitOf,
  type MergedReading,
  mergedPullRequests,
} from '#infrastructure/github/read/merged-pull-requests';
import { withPermissions } from '#infrastructure/github/read/reviews';
import type { KnownTeam } from '#infrastructure/github/read/teams';
import type { Change, MergedPull, MergedPulls, SettingsChange } from './registry-source.ts';

/** Where a registry, and what reviews noted of it, is read. */
export interface RegistryReading {
  /** The key of the registry's rows in the store. */
  readonly registry: string;
  readonly repository: RepositoryClient;
  readonly reviewStore: ReviewStore;
}

/** What the reviews of a registry noted, that counts after the merge as well. */
export interface ReviewNotes {
  /** Up to when approvals of the head of a pull request were given for less than merging it changed. */
  readonly approvalsOfLess: (number: number, head: string) => Promise<string | undefined>;
  readonly authorOf: AuthorOf;
  /** Which teams are meant by names in the settings. */
  readonly teams: (names: readonly string[]) => Promise<readonly KnownTeam[]>;
}

export function reviewNotesIn(store: Pick<ReviewStore, 'pull' | 'database'>, registry: string): ReviewNotes {
  return {
    authorOf: authorOfIn(store, registry, 'any'),
    teams: (names) => knownTeams({ database: store.database, registry }, names),
    approvalsOfLess: async (number, head) => knownOfLess(await store.pull(registry, number), head),
  };
}

/** The pull requests merged after `from` up to `to`, oldest first, with the clients that they touched. */
export async function mergedBetween(
  repository: RepositoryClient,
  from: string | undefined,
  to: string,
  rules: ApprovalRules,
  notes: ReviewNotes,
  reviewed: ReadonlySet<number> = new Set(),
): Promise<MergedPulls> {
  const { items, complete } = await mergedPullRequests(repository, from, to, reviewed);
  const pulls: MergedPull[] = [];
  for (const reading of items) pulls.push(await mergedPull(repository, reading, rules, notes));
  return { items: pulls, complete };
}

/**
 * What made the definition of a client what it is at a commit.
 *
 * @param before what was merged by then brought nothing since: a history that is moved back to it is somebody's push
 * @throws UnknownAnswer when GitHub does not say
 */
export async function lastChange(
  repository: RepositoryClient,
  client: string,
  commit: string,
  rules: ApprovalRules,
  notes: ReviewNotes,
  before?: string,
): Promise<Change> {
  const change = await lastChangeOf(repository, `${definitionsFolder}/${client}.yaml`, commit);
  if (change.kind === 'pull') {
    if (await isMergedBy(repository, change.merged, before)) return { kind: 'push' };
    // A commit of its branch, and not what merging it made: that was nobody's to approve.
    if (!(await isMergedBy(repository, change.merged, commit))) return { kind: 'push' };
    return { kind: 'pull', pull: await mergedPull(repository, change.merged, rules, notes) };
  }
  if (change.kind === 'unknown') return { kind: 'unknown' };
  return change.author === undefined ? { kind: 'push' } : { kind: 'push', author: String(change.author.id) };
}

/**
 * Those clients whose definition something between two commits touched, though it be the same again. It is asked commit by
 * commit or definition by definition, whatever is less.
 */
export async function touchedBetween(
  repository: RepositoryClient,
  clients: readonly string[],
  from: string,
  to: string,
): Promise<ReadonlySet<string>> {
  if (clients.length === 0) return new Set();
  const between = await undefinedIfMissing(commitsBetween(repository, from, to, 1));
  const commits = between?.complete === true ? between.items : undefined;
  // What a single commit has left as it was, it has not touched.
  if (commits?.length === 1 && commits[0]?.parents[0]?.sha === from) return new Set();
  const few = commits !== undefined && commits.length <= clients.length ? commits : undefined;
  const paths = few && (await pathsTouchedBy(repository, few));
  const touched = new Set<string>();
  for (const client of clients) {
    const path = `${definitionsFolder}/${client}.yaml`;
    if (paths?.has(path) ?? (await isTouchedBetween(repository, path, from, to))) touched.add(client);
  }
  return touched;
}

/** What some commits changed, each of what it was made on; undefined where GitHub does not list all of it. */
async function pathsTouchedBy(
  repository: RepositoryClient,
  commits: readonly { readonly sha: string; readonly parents: readonly { readonly sha: string }[] }[],
): Promise<ReadonlySet<string> | undefined> {
  const paths = new Set<string>();
  for (const { sha, parents } of commits) {
    const comparison = parents[0] && (await compareCommits(repository, parents[0].sha, sha));
    if (comparison?.complete !== true) return undefined;
    for (const { path, previousPath } of comparison.files) paths.add(path).add(previousPath ?? path);
  }
  return paths;
}

async function isTouchedBetween(
  repository: RepositoryClient,
  path: string,
  from: string,
  to: string,
): Promise<boolean> {
  const last = await lastCommitOf(repository, path, to);
  // A history that was written anew without it has nothing of it.
  if (last === undefined) return false;
  const comparison = await compareCommits(repository, last.sha, from);
  return comparison?.mergeBase !== last.sha;
}

/** Whether a pull request was merged by a commit already: one that GitHub does not know any more may have had it. */
async function isMergedBy(
  repository: RepositoryClient,
  { commit }: MergedReading,
  before: string | undefined,
): Promise<boolean> {
  if (before === undefined) return false;
  const comparison = await compareCommits(repository, commit, before);
  return comparison === undefined || comparison.mergeBase === commit;
}

/**
 * What brought the settings to what they are at a commit: judged, where a review here has shown this very text at the head
 * that was merged.
 *
 * @param blob of the settings
 */
export async function settingsChange(
  { registry, repository, reviewStore }: RegistryReading,
  blob: string | undefined,
  commit: string,
  rules: ApprovalRules,
  notes: ReviewNotes,
  before?: string,
): Promise<SettingsChange> {
  const change = await lastChangeOf(repository, settingsPath, commit);
  const { touched } = change;
  if (change.kind === 'unknown') return defined({ authors: [], touched });
  if (change.kind === 'push')
    return defined({ authors: change.author === undefined ? [] : [String(change.author.id)], touched });
  const { merged } = change;
  const pull = await mergedPull(repository, merged, rules, notes);
  const known = await reviewStore.pull(registry, merged.number);
  const shown = known?.comparison?.shownSettings;
  const isJudged = known?.head === merged.head && shown !== undefined && shown === blob;
  return defined({
    authors: [pull.authorId],
    touched,
    merged: {
      pull: merged.number,
      at: Date.parse(merged.at),
      isAgreed: isJudged && pull.approved === true,
      isPast: await isMergedBy(repository, merged, before),
    },
  });
}

/** Whether those who may had approved the very commit that was merged is asked now, with their rights of now. */
async function mergedPull(
  repository: RepositoryClient,
  { number, head, headRef, commit, author: opener, reviews: all, paths }: MergedReading,
  rules: ApprovalRules,
  notes: ReviewNotes,
): Promise<MergedPull> {
  const reviews = withoutApprovalsOfLess(all, await notes.approvalsOfLess(number, head));
  const author = await notes.authorOf({ number, author: opener, headRef });
  const judged = await withPermissions(repository, reviews, await notes.teams(rules.teams));
  const production = { path: '', environment: 'production', ownersBefore: [], findings: [] } as const;
  const approvals = evaluateApprovals([production], judged, rules, { head, author });
  const approving = reviews.filter((review) => review.state === 'approved' && review.commit === head);
  return {
    pull: number,
    head,
    commit,
    author: author.login,
    authorId: String(author.id),
    approvedBy: [...new Set(approving.map((review) => review.by.login))].sort(),
    approved: approvals.missing.length === 0 && approvals.changesRequestedBy.length === 0,
    clients: new Map(
      Array.from(paths).flatMap(([path, blob]) => {
        const place = placeFromPath(path);
        return place === undefined ? [] : [[`${cellName(place)}/${place.id}`, blob] as const];
      }),
    ),
  };
}

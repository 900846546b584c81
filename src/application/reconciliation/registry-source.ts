/** The registry as reconciling sees it: read at a commit, and evaluated again at that very commit. */

import { setImmediate } from 'node:timers/promises';
import { inTurns } from '#application/in-turns';
import type { RegistryMirror, RegistryView } from '#application/mirror/mirror';
import type { ReviewStore } from '#application/mirror/review-store';
import { type PresentSettings, settingsInForce } from '#application/mirror/settings-in-force';
import { withoutApprovalsOfLess } from '#application/pull-requests/approvals-of-less';
import { type AuthorOf, authorOfIn } from '#application/pull-requests/asked-proposals';
import type { UnknownTeam } from '#application/reconciliation/outcomes/settings-issue';
import { type CellName, cellNames } from '#base/config/cells';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { cellName, definitionsFolder, placeFromPath } from '#domain/definition/cell';
import { type DefinitionFile as FileToRead, readDefinition } from '#domain/definition/read-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { evaluateRegistryInSteps } from '#domain/registry/evaluate';
import type { DesiredClient } from '#domain/registry/registry';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings, type Settings, settingLine, settingsPath } from '#domain/registry/settings';
import { type ApprovalRules, evaluateApprovals } from '#domain/review/evaluate/approvals';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import {
  lastChangeOf,
  type MergedReading,
  mergedPullRequests,
} from '#infrastructure/github/read/merged-pull-requests';
import {
  defaultBranchHead,
  readBlob,
  readRepository,
  withPermissions,
} from '#infrastructure/github/read/pull-request';
import { pushersBetween } from '#infrastructure/github/read/pushers';
import { readTeam } from '#infrastructure/github/read/teams';
import type { Change, MergedPull, MergedPulls, RegistrySnapshot, RegistrySource } from './reconcile.ts';
import { type SettingsChange, underSettings } from './settle-settings.ts';

export interface RegistrySourceDeps {
  /** The key of the registry's rows in the store. */
  readonly registry: string;
  readonly repository: RepositoryClient;
  readonly mirror: RegistryMirror;
  readonly reviewStore: ReviewStore;
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'unjudged'>;
}

export interface RegistrySourceWithSettings extends RegistrySource {
  /** The registry's settings at the commit that was read last. */
  settings(): Settings;
}

/** Definitions that were read, by path and blob: what is immutable is read once. */
type DefinitionCache = Map<string, ServiceProvider | undefined>;

export function registrySource(deps: RegistrySourceDeps): RegistrySourceWithSettings {
  const read: DefinitionCache = new Map();
  let settings = readSettings(undefined).settings;
  let onBranch: PresentSettings | undefined;

  const notes = reviewNotesIn(deps.reviewStore, deps.registry);

  async function bytesOf(blobs: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map(await deps.reviewStore.blobs(blobs));
    for (const blob of blobs) {
      if (found.has(blob)) continue;
      const reading = await readBlob(deps.repository, blob);
      if ('bytes' in reading) found.set(blob, reading.bytes);
    }
    return found;
  }

  async function at(commit: string): Promise<RegistrySnapshot> {
    const { view, errors } = await deps.mirror.during(deps.repository, commit, async (moving) => ({
      errors: await pathsWithErrors(moving),
      // It moves on as soon as others ask for another commit.
      view: { ...moving, files: new Map(moving.files) },
    }));
    const files = definitionFiles(view);
    const unread = files.filter((file) => !read.has(keyOf(file)));
    const { repository, reviewStore: store } = deps;
    const inForce = await settingsInForce({ repo: deps.registry, repository, store }, view);
    settings = inForce.settings;
    onBranch = inForce.present;
    const bytes = await bytesOf(unread.filter(({ link }) => !link).map((file) => file.blob));
    for (const file of unread) {
      const content = file.link ? new Uint8Array() : bytes.get(file.blob);
      // What could not be read now is held, and read again the next time.
      if (content === undefined) continue;
      read.set(keyOf(file), plannable(deps, { path: file.path, bytes: content, link: file.link }, file));
      // A full registry takes seconds: everyone else has a turn.
      await setImmediate();
    }
    const desired: DesiredClient[] = [];
    const held: { cell: CellName; id: string }[] = [...foldersInPlace(view)];
    const blobs = new Map<string, string>();
    for (const { path, blob, cell, id, link } of files) {
      blobs.set(`${cell}/${id}`, blob);
      const definition = read.get(keyOf({ path, blob, link }));
      if (definition === undefined || errors.has(path)) held.push({ cell, id });
      else desired.push({ path, cell, id, definition });
    }
    // Only the present commit is kept in memory, however many came before it.
    const present = new Set(files.map(keyOf));
    for (const key of read.keys()) if (!present.has(key)) read.delete(key);
    return {
      commit,
      desired,
      held,
      blobs,
      ...underSettings(settings),
      ...(inForce.present.isRead && { presentSettings: inForce.present.settings }),
      refusedSettings: inForce.refused,
      outOfSight: filesForFolders(view),
    };
  }

  return {
    at,
    async verifiedAt(commit) {
      await deps.mirror.verify(deps.repository, commit);
      const snapshot = await at(commit);
      const text = onBranch?.text ?? '';
      const { approvals } = onBranch?.settings ?? settings;
      return { ...snapshot, unknownTeams: await unknownTeams(deps.repository, approvals.teams, text) };
    },
    settings: () => settings,
    head: () => defaultBranchHead(deps.repository),
    lastChange: (client, commit, rules) => lastChange(deps.repository, client, commit, rules, notes),
    settingsChange: (commit, rules) => settingsChange(deps, onBranch?.blob, commit, rules, notes),
    async pushersBetween(from, to) {
      const { defaultBranch } = await readRepository(deps.repository);
      return pushersBetween(deps.repository, defaultBranch, from, to);
    },
    async mergedBetween(from, to, rules) {
      const reviewed = from === undefined ? await deps.reviewStore.reviewedNumbers(deps.registry) : undefined;
      const merged = await mergedBetween(deps.repository, from, to, rules, notes, reviewed);
      if (!merged.complete) deps.log.warn({ from, to }, 'merges are too far back to be listed');
      return merged;
    },
  };
}

/**
 * A definition that a client can be made of. One whose reading fails for a fault of Greffier's own is held like one that
 * cannot be read, and told to the operator: it is not to keep the others waiting.
 */
function plannable(
  { log, metrics }: Pick<RegistrySourceDeps, 'log' | 'metrics'>,
  file: FileToRead,
  { cell, id }: Pick<DefinitionFile, 'cell' | 'id'>,
): ServiceProvider | undefined {
  const { path } = file;
  const tell = (values: object): undefined => {
    metrics?.unjudged.inc({ kind: 'file' });
    log.error({ path, ...values }, 'a definition could not be judged');
  };
  const { definition, findings } = readDefinition(file);
  for (const { rule, message } of findings) if (rule === 'file/unjudged') tell(message.values);
  if (definition === undefined) return undefined;
  try {
    wantedMetadata({ path, cell, id, definition });
    return definition;
  } catch (problem) {
    return tell(errorFields(problem));
  }
}

/** What the reviews of a registry noted, that counts after the merge as well. */
export interface ReviewNotes {
  /** Up to when approvals of the head of a pull request were given for less than merging it changed. */
  readonly approvalsOfLess: (number: number, head: string) => Promise<string | undefined>;
  readonly authorOf: AuthorOf;
}

export function reviewNotesIn(store: Pick<ReviewStore, 'pull' | 'database'>, registry: string): ReviewNotes {
  return {
    authorOf: authorOfIn(store, registry),
    async approvalsOfLess(number, head) {
      const known = await store.pull(registry, number);
      return known?.head === head ? known.comparison?.approvalsOfLess : undefined;
    },
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

/** What made the definition of a client what it is at a commit. @throws UnknownAnswer when GitHub does not say */
export async function lastChange(
  repository: RepositoryClient,
  client: string,
  commit: string,
  rules: ApprovalRules,
  notes: ReviewNotes,
): Promise<Change> {
  const change = await lastChangeOf(repository, `${definitionsFolder}/${client}.yaml`, commit);
  if (change.kind === 'pull')
    return { kind: 'pull', pull: await mergedPull(repository, change.merged, rules, notes) };
  if (change.kind === 'unknown') return change;
  return change.author === undefined ? { kind: 'push' } : { kind: 'push', author: String(change.author.id) };
}

/**
 * What brought the settings to what they are at a commit: judged, where a review here has shown this very text at the head
 * that was merged.
 *
 * @param blob of the settings
 */
async function settingsChange(
  { registry, repository, reviewStore }: RegistrySourceDeps,
  blob: string | undefined,
  commit: string,
  rules: ApprovalRules,
  notes: ReviewNotes,
): Promise<SettingsChange> {
  const change = await lastChangeOf(repository, settingsPath, commit);
  if (change.kind === 'unknown') return { authors: [] };
  if (change.kind === 'push')
    return { authors: change.author === undefined ? [] : [String(change.author.id)] };
  const { merged } = change;
  const pull = await mergedPull(repository, merged, rules, notes);
  const known = await reviewStore.pull(registry, merged.number);
  const shown = known?.comparison?.files.find(({ path }) => path === settingsPath)?.blob;
  const isJudged = known?.head === merged.head && shown !== undefined && shown === blob;
  return {
    authors: [pull.authorId],
    merged: { pull: merged.number, at: Date.parse(merged.at), isAgreed: isJudged && pull.approved === true },
  };
}

/** The teams that may approve and that GitHub does not show: their members' approvals count for nothing. */
async function unknownTeams(
  repository: RepositoryClient,
  teams: readonly string[],
  text: string,
): Promise<readonly UnknownTeam[]> {
  const unknown: UnknownTeam[] = [];
  for (const [at, team] of teams.entries()) {
    const state = await readTeam(repository, team);
    if (state !== 'there')
      unknown.push({ team, reason: state, line: settingLine(text, `/approvals/teams/${at}`) });
  }
  return unknown;
}

/** Whether those who may had approved the very commit that was merged is asked now, with their rights of now. */
async function mergedPull(
  repository: RepositoryClient,
  { number, head, commit, author: opener, reviews: all, paths }: MergedReading,
  rules: ApprovalRules,
  notes: ReviewNotes,
): Promise<MergedPull> {
  const reviews = withoutApprovalsOfLess(all, await notes.approvalsOfLess(number, head));
  const author = await notes.authorOf({ number, author: opener });
  const judged = await withPermissions(repository, reviews, rules.teams);
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

interface DefinitionFile {
  readonly path: string;
  readonly blob: string;
  readonly link: boolean;
  readonly cell: CellName;
  readonly id: string;
}

function definitionFiles(view: RegistryView): readonly DefinitionFile[] {
  return Array.from(view.files).flatMap(([path, file]) => {
    const place = placeFromPath(path);
    if (place === undefined) return [];
    const link = file.mode === 'symlink' || file.mode === 'submodule';
    return [{ path, blob: file.blob, link, cell: cellName(place), id: place.id }];
  });
}

/** Clients whose definition's place a folder has taken: something is there, and it says nothing. */
function foldersInPlace(view: RegistryView): readonly { readonly cell: CellName; readonly id: string }[] {
  const paths = new Set([...view.files.keys()].map((path) => path.split('/').slice(0, 4).join('/')));
  return [...paths].flatMap((path) => {
    const place = view.files.has(path) ? undefined : placeFromPath(path);
    return place === undefined ? [] : [{ cell: cellName(place), id: place.id }];
  });
}

/** Where the folder of a cell, of a network or of all definitions would be, and something else is. */
function filesForFolders({ files }: RegistryView): readonly string[] {
  const folders = cellNames.flatMap((cell) => {
    const [network] = cell.split('/');
    return [`${definitionsFolder}/${cell}`, `${definitionsFolder}/${network}`, definitionsFolder];
  });
  return [...new Set(folders)].filter((folder) => files.has(folder));
}

function keyOf(file: { readonly path: string; readonly blob: string; readonly link: boolean }): string {
  return `${file.blob} ${file.link ? 'link ' : ''}${file.path}`;
}

/** Definitions that the rules on several files call errors, one compared a turn while the mirror stays where it is. */
async function pathsWithErrors(view: RegistryView): Promise<ReadonlySet<string>> {
  const findings = await inTurns(evaluateRegistryInSteps(view.registry));
  const errors = findings.filter(
    (finding) => (finding.report.severity ?? catalogue.rule(finding.rule)?.severity) === 'error',
  );
  return new Set(errors.map((finding) => finding.path));
}

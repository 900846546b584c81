/** Collects the facts of a pull request: what GitHub, the registry's mirror and the memory know of it. */

import type { ReviewDeps } from '#application/mirror/deps';
import type { RegistryView } from '#application/mirror/mirror';
import { ownerAccountsOf } from '#application/mirror/owner-accounts';
import type { StoredPull } from '#application/mirror/review-store';
import { defined } from '#base/defined';
import { cellName } from '#domain/definition/cell';
import type { DesiredClient, Entry } from '#domain/registry/registry';
import { relatedDefinitions } from '#domain/registry/related-definitions';
import { readSettings, type Settings, settingsPath } from '#domain/registry/settings';
import {
  decideReview,
  type EvaluatedDefinitions,
  evaluateDefinitions,
  evaluatePullRequest,
  type Review,
} from '#domain/review/evaluate/evaluate';
import { entriesOf, isDefinitionPath, pathsOf, readSides } from '#domain/review/evaluate/sides';
import { blobFact } from '#domain/review/facts/blob-fact';
import { type BlobFact, type FileFact, mayWrite, type PullRequestFacts } from '#domain/review/facts/facts';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import {
  type BlobReading,
  compareCommits,
  isTeamMember,
  listPullRequestFiles,
  type PullReading,
  readBlob,
  readPermission,
  readPullRequest,
  readReviews,
  resolveBranch,
  withPermissions,
} from '#infrastructure/github/read/pull-request';
import { mayBeLink, readFileModes } from '#infrastructure/github/read/registry-files';
import { readArchive } from '#infrastructure/github/read/tarball';

/** From so many blobs on, the archive of the commit is cheaper than asking one by one. */
const archiveThreshold = 20;
/** Bytes. Longer files are read one by one, and no further than needed to say so. */
const maxDefinitionBytes = 64 * 1024;

/** What a review is made of, and what to remember of it. */
export interface CollectedFacts {
  readonly facts: PullRequestFacts;
  readonly settings: Settings;
  readonly review: Review;
  readonly comparison?: KeptComparison;
  /** The definitions at the head. */
  readonly entries: readonly Entry[];
  readonly touched: readonly string[];
  /** How many calls asked for the rights of people. */
  readonly asked: boolean;
}

/** Why nothing could be collected now: to be tried again in a moment. */
export interface HeadMoved {
  readonly retryReason: string;
}

/**
 * The commit to judge against. The mirror is kept up to date by pushes; when GitHub last saw the pull request on
 * another base, the branch itself is asked.
 */
async function baseCommit(deps: ReviewDeps, pull: PullReading): Promise<string> {
  const mirrored = await deps.mirror.commit();
  if (mirrored === undefined || mirrored === pull.base) return pull.base;
  return resolveBranch(deps.repository, pull.defaultBranch);
}

async function changedFiles(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
  known: KeptComparison | undefined,
): Promise<KeptComparison | HeadMoved> {
  if (known?.base === base && known.head === pull.head) return known;
  const compared = await compareCommits(deps.repository, base, pull.head);
  const whole = compared?.complete === true && compared.files.length === pull.changedFiles;
  if (compared !== undefined && whole) return { ...compared, base, head: pull.head };
  const listed = await listPullRequestFiles(deps.repository, pull.number);
  // The list is by number, not by commit: it is only of this head if the head is still the same.
  const after = await readPullRequest(deps.repository, pull.number);
  if (after?.head !== pull.head) return { retryReason: 'the head moved while its files were read' };
  return {
    base,
    head: pull.head,
    mergeBase: compared?.mergeBase ?? base,
    ...defined({ baseTree: compared?.baseTree }),
    files: listed.items,
    complete: listed.complete && listed.items.length === after.changedFiles,
  };
}

/** Reads what is not remembered; what was read is remembered for good. */
async function readBlobs(
  deps: ReviewDeps,
  head: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BlobReading>> {
  const readings = new Map<string, BlobReading>();
  for (const [id, bytes] of await deps.store.blobs(ids)) readings.set(id, { bytes });
  const missing = new Set(ids.filter((id) => !readings.has(id)));
  const fresh = new Map<string, Uint8Array>();
  if (missing.size > archiveThreshold) {
    const archived = await readArchive(deps.repository, head, isDefinitionPath);
    for (const { blob, bytes } of archived ?? []) {
      if (bytes === undefined || bytes.length > maxDefinitionBytes || !missing.delete(blob)) continue;
      readings.set(blob, { bytes });
      fresh.set(blob, bytes);
    }
  }
  for (const id of missing) {
    const reading = await readBlob(deps.repository, id);
    readings.set(id, reading);
    if ('bytes' in reading) fresh.set(id, reading.bytes);
  }
  await deps.store.saveBlobs(fresh);
  return readings;
}

function blobFactOf(reading: BlobReading | undefined): BlobFact {
  if (reading === undefined) return { unreadable: 'missing' };
  return 'bytes' in reading ? blobFact(reading.bytes) : reading;
}

/** Files with what the trees say they are, for those that could be links. */
async function withModes(
  deps: ReviewDeps,
  head: string,
  files: readonly FileFact[],
  blobs: ReadonlyMap<string, BlobReading>,
): Promise<FileFact[]> {
  const bytesOf = (blob: string) => {
    const reading = blobs.get(blob);
    return reading !== undefined && 'bytes' in reading ? reading.bytes : undefined;
  };
  const suspects = files.filter(
    ({ path, blob }) => isDefinitionPath(path) && blob !== undefined && mayBeLink(bytesOf(blob)),
  );
  const modes = await readFileModes(
    deps.repository,
    head,
    suspects.map(({ path }) => path),
  );
  return files.map((file) => {
    const mode = modes.get(file.path);
    const reading = file.blob === undefined ? undefined : blobs.get(file.blob);
    if (
      reading !== undefined &&
      'unreadable' in reading &&
      reading.unreadable === 'missing' &&
      mode !== 'submodule'
    )
      throw new UnknownAnswer(`the blob ${file.blob} of ${file.path}`);
    return mode === undefined ? file : { ...file, mode };
  });
}

/** @throws UnknownAnswer when GitHub does not show it: the defaults are no settings */
async function readSettingsBlob(deps: ReviewDeps, blob: string): Promise<Uint8Array> {
  const reading = await readBlob(deps.repository, blob);
  if ('bytes' in reading) return reading.bytes;
  throw new UnknownAnswer(`the settings ${blob}`);
}

async function settingsText(deps: ReviewDeps, view: RegistryView): Promise<string | null> {
  const blob = view.files.get(settingsPath)?.blob;
  if (blob === undefined) return null;
  const bytes = (await deps.store.blobs([blob])).get(blob) ?? (await readSettingsBlob(deps, blob));
  return new TextDecoder().decode(bytes);
}

/** The settings as the mirror knows them; the defaults before the registry was ever read. */
export async function currentSettings(deps: ReviewDeps): Promise<Settings> {
  await deps.mirror.commit();
  const view = deps.mirror.now();
  return readSettings(view === undefined ? undefined : ((await settingsText(deps, view)) ?? undefined))
    .settings;
}

async function lookUpAll(deps: ReviewDeps, entries: readonly Entry[]): Promise<PullRequestFacts['outside']> {
  const { lookUp: ask } = deps;
  if (ask === undefined) return {};
  const sound = entries.filter(({ definition }) => definition !== undefined);
  return Object.fromEntries(
    await Promise.all(sound.map(async (entry) => [entry.path, await ask(entry)] as const)),
  );
}

/** What a stage of the evaluation starts from, and comes to. */
interface Stage {
  readonly facts: PullRequestFacts;
  readonly review: Review;
}

/** Asks who may decide, only where there is something to decide. */
async function askPeople(
  deps: ReviewDeps,
  pull: PullReading,
  evaluated: EvaluatedDefinitions,
  first: Stage,
  settings: Settings,
): Promise<Stage & Pick<CollectedFacts, 'asked'>> {
  const { teams } = settings.approvals;
  const decide = (facts: PullRequestFacts): Stage => ({
    facts,
    review: decideReview(evaluated, facts, settings),
  });
  let stage = first;
  let asked = false;
  const rules = stage.review.files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  if (rules.includes('change/owner')) {
    asked = true;
    const { login } = pull.author;
    let reviewer = mayWrite(await readPermission(deps.repository, login));
    for (const team of reviewer ? [] : teams) reviewer ||= await isTeamMember(deps.repository, team, login);
    const { facts } = stage;
    stage = decide({ ...facts, pull: { ...facts.pull, authorIsReviewer: reviewer } });
  }
  const { conclusion, approvals } = stage.review;
  // While errors are left nobody's approval counts: the next push takes it away.
  if (conclusion === 'failure' || approvals.required.length === 0) return { ...stage, asked };
  const bare = await readReviews(deps.repository, pull.number);
  if (bare.length === 0) return { ...stage, asked };
  const reviews = await withPermissions(deps.repository, bare, teams);
  asked ||= reviews.some(({ state }) => state !== 'commented');
  return { ...decide({ ...stage.facts, reviews }), asked };
}

function desiredOf(entries: readonly Entry[]): DesiredClient[] {
  return entries.flatMap(({ path, place, definition }) =>
    definition === undefined ? [] : [{ path, cell: cellName(place), id: place.id, definition }],
  );
}

/** The facts that need no definition. */
function factsWithoutDefinitions(
  deps: ReviewDeps,
  pull: PullReading,
  base: string,
  settings: string | null,
): PullRequestFacts {
  return {
    version: 1,
    repository: { fullName: deps.repo, url: pull.repositoryUrl },
    pull: {
      number: pull.number,
      author: pull.author,
      head: pull.head,
      base,
      draft: pull.draft,
      open: pull.open,
      fork: pull.headRepository?.toLowerCase() !== deps.repo.toLowerCase(),
      intoDefaultBranch: pull.baseRef === pull.defaultBranch,
    },
    files: [],
    filesComplete: true,
    blobs: {},
    baseBlobs: {},
    settings,
    neighbours: [],
    openClaims: [],
    outside: {},
    reviews: [],
  };
}

/**
 * Collects everything that the verdict on a pull request depends on.
 *
 * @param people false where nobody is asked: neither reviews nor other pull requests matter then.
 */
export async function collectFacts(
  deps: ReviewDeps,
  pull: PullReading,
  known: Pick<StoredPull, 'comparison'> | undefined,
  { people = true }: { readonly people?: boolean } = {},
): Promise<CollectedFacts | HeadMoved> {
  const base = await baseCommit(deps, pull);
  const comparison =
    pull.baseRef === pull.defaultBranch ? await changedFiles(deps, pull, base, known?.comparison) : undefined;
  if (comparison !== undefined && 'retryReason' in comparison) return comparison;
  const view = await deps.mirror.at(deps.repository, base, comparison?.baseTree);
  const bare = factsWithoutDefinitions(deps, pull, base, await settingsText(deps, view));
  const { settings } = readSettings(bare.settings ?? undefined);
  const touched = (comparison?.files ?? []).flatMap(pathsOf).filter(isDefinitionPath);
  if (comparison === undefined || touched.length === 0 || !comparison.complete) {
    const facts = { ...bare, files: comparison?.files ?? [], filesComplete: comparison?.complete ?? true };
    const review = evaluatePullRequest(facts, settings);
    return defined({ facts, settings, review, comparison, entries: [], touched: [], asked: false });
  }

  const baseBlobs = Object.fromEntries(
    touched.flatMap((path) => {
      const file = view.files.get(path);
      return file === undefined ? [] : [[path, file.blob] as const];
    }),
  );
  const headBlobs = comparison.files.flatMap(({ path, blob }) =>
    blob !== undefined && isDefinitionPath(path) ? [blob] : [],
  );
  const ids = [...new Set([...headBlobs, ...Object.values(baseBlobs)])];
  const blobs = await readBlobs(deps, pull.head, ids);
  const inOrder = await withModes(deps, pull.head, comparison.files, blobs);
  const files = inOrder.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const contents = { blobs: Object.fromEntries(ids.map((id) => [id, blobFactOf(blobs.get(id))])), baseBlobs };
  const sides = readSides({ files, ...contents });
  const entryAt = new Map(entriesOf(sides.after).map((entry) => [entry.path, entry]));
  const entries = inOrder.flatMap(({ path }) => entryAt.get(path) ?? []);
  const openClaims = people ? await deps.store.openClaims(deps.repo, pull.number) : [];
  const outside = await lookUpAll(deps, entries);
  const ownerAccounts = await ownerAccountsOf(deps.store.database, deps.repo, Object.keys(baseBlobs));

  const now = deps.mirror.now();
  if (now?.commit !== base)
    return { retryReason: 'the default branch moved while the pull request was read' };
  const gone = touched.filter((path) => !entryAt.has(path));
  const unpeopled: PullRequestFacts = {
    ...bare,
    files,
    ...contents,
    neighbours: relatedDefinitions(now.registry, entries, gone),
    ...(Object.keys(ownerAccounts).length === 0 ? {} : { ownerAccounts }),
    openClaims,
    outside,
  };
  const evaluated = evaluateDefinitions(unpeopled, sides);
  const first = { facts: unpeopled, review: decideReview(evaluated, unpeopled, settings) };
  const collected = { settings, comparison, entries, touched: [...new Set(touched)] };
  if (!people) return { ...first, ...collected, asked: false };
  const judged = await askPeople(deps, pull, evaluated, first, settings);
  if (deps.preview === undefined || judged.review.conclusion === 'failure')
    return { ...judged, ...collected };
  const plan = await deps.preview({
    number: pull.number,
    head: pull.head,
    desired: desiredOf(entries),
    touched: collected.touched,
  });
  // What merging does is shown; the verdict does not depend on it.
  return {
    ...collected,
    asked: judged.asked,
    facts: { ...judged.facts, plan },
    review: { ...judged.review, plan },
  };
}

/** Collects the facts of a pull request: what GitHub, the registry's mirror and the memory know of it. */

import { isDeepStrictEqual } from 'node:util';
import { inTurns } from '#application/in-turns';
import type { ReviewDeps } from '#application/mirror/deps';
import type { RegistryView } from '#application/mirror/mirror';
import { settingsInForce } from '#application/mirror/settings-in-force';
import { defined } from '#base/defined';
import { parisDay } from '#base/i18n/dates';
import { cellName, placeFromPath } from '#domain/definition/cell';
import { isDefinitionPath } from '#domain/definition/definition-path';
import { outsideDecisions } from '#domain/registry/outside-decisions';
import type { DesiredClient, Entry } from '#domain/registry/registry';
import { relatedDefinitions } from '#domain/registry/related-definitions';
import { type Settings, settingsPath } from '#domain/registry/settings';
import { decideReview, evaluatePullRequest, type Review } from '#domain/review/evaluate/evaluate';
import { evaluateDefinitions } from '#domain/review/evaluate/evaluate-definitions';
import { entriesOf, readSidesInSteps, strayFiles } from '#domain/review/evaluate/sides';
import type { Person, PullRequestFacts } from '#domain/review/facts/facts';
import { misnamedSettings, touchesSettings } from '#domain/review/facts/settings-file';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import { resolveBranch } from '#infrastructure/github/read/repository';
import { approvalsOfLess, type KnownPull, type Reviews, reviewsOf } from './approvals-of-less.ts';
import { askPeople } from './ask-people.ts';
import { blobFactOf, mustBeRead, readBlobs, withModes } from './changed-files.ts';
import { factsWithoutDefinitions } from './facts-without-definitions.ts';
import { type HeadMoved, resultOfMerging } from './merge-result.ts';
import { type ForeseenFacts, type StoredFacts, storedFacts, touchedDefinitions } from './stored-facts.ts';

/** What was read is not of the default branch any more. */
const baseMoved: HeadMoved = { retryReason: 'the default branch moved while the pull request was read' };

/** What a review is made of, and what to remember of it. */
export interface CollectedFacts {
  readonly facts: PullRequestFacts;
  readonly settings: Settings;
  readonly review: Review;
  readonly comparison?: KeptComparison;
  /** The definitions at the head. */
  readonly entries: readonly Entry[];
  readonly touched: readonly string[];
  /** Files that were read and that nothing remembers yet. */
  readonly fresh?: ReadonlyMap<string, Uint8Array>;
  /** How many calls asked for the rights of people. */
  readonly asked: boolean;
  /** To be called once the review is published; absent where nothing is shown that merging would do. */
  readonly markShown?: () => Promise<void>;
}

/**
 * The commit to judge against. The mirror is kept up to date by pushes; when GitHub last saw the pull request on
 * another base, the branch itself is asked.
 */
async function baseCommit(deps: ReviewDeps, pull: PullReading): Promise<string> {
  const mirrored = await deps.mirror.commit();
  // The base of a pull request into another branch is no commit of the registry's.
  if (pull.baseRef !== pull.defaultBranch)
    return mirrored ?? resolveBranch(deps.repository, pull.defaultBranch);
  if (mirrored === undefined || mirrored === pull.base) return pull.base;
  return resolveBranch(deps.repository, pull.defaultBranch);
}

/** The settings in force as the mirror knows them; the defaults before the registry was ever read. */
export async function currentSettings(
  deps: Pick<ReviewDeps, 'mirror' | 'repo' | 'repository' | 'store'>,
): Promise<Settings> {
  await deps.mirror.commit();
  return (await settingsInForce(deps, deps.mirror.now())).settings;
}

/** Turns go round between authors, whatever the number of their pull requests. */
async function lookUpAll(
  { lookUp }: ReviewDeps,
  entries: readonly Entry[],
  author: Person,
): Promise<PullRequestFacts['outside']> {
  const sound = entries.filter(({ definition }) => definition !== undefined);
  return (await lookUp?.(sound, `account ${author.id}`)) ?? {};
}

function desiredOf(entries: readonly Entry[]): DesiredClient[] {
  return entries.flatMap(({ path, place, definition }) =>
    definition === undefined ? [] : [{ path, cell: cellName(place), id: place.id, definition }],
  );
}

/** What a change that can be judged is read with: what the default branch has at its paths, and what GitHub says of its files. */
async function readChange(
  deps: ReviewDeps,
  pull: PullReading,
  known: KnownPull | undefined,
  view: RegistryView,
  merged: KeptComparison,
  stored: Promise<StoredFacts>,
  { touched, people }: { readonly touched: readonly string[]; readonly people: boolean },
) {
  const baseBlobs = Object.fromEntries(
    touched.flatMap((path) => {
      const file = view.files.get(path);
      return file === undefined ? [] : [[path, file.blob] as const];
    }),
  );
  const paths = touchesSettings(merged) ? [...touched, settingsPath] : touched;
  const from = Object.fromEntries(paths.map((path) => [path, view.files.get(path)?.blob ?? null]));
  const reviews = reviewsOf(deps, pull);
  const ofLess = people ? approvalsOfLess(pull, known, { files: merged.files, from }) : undefined;
  const [, moded] = await Promise.all([
    people && known?.head !== pull.head ? beginReviews(reviews, stored, touched) : undefined,
    withModes(deps, merged),
  ]);
  return { baseBlobs, from, moded, ofLess, reviews };
}

/** Asks for the reviews beside the files where it is known without these that someone has to approve. */
async function beginReviews(
  reviews: Reviews,
  stored: Promise<StoredFacts>,
  touched: readonly string[],
): Promise<void> {
  const { approvals } = (await stored).inForce.settings;
  const environments = touched.flatMap((path) => placeFromPath(path)?.environment ?? []);
  // Whoever wants them hears why they are not there.
  if (environments.some((environment) => approvals[environment] > 0)) reviews().catch(() => undefined);
}

/** What was foreseen, where it is of this very view and change; else what the store says now. */
async function askStore(
  deps: ReviewDeps,
  number: number | undefined,
  view: RegistryView,
  touched: readonly string[],
  foreseen: ForeseenFacts | undefined,
): Promise<StoredFacts> {
  const isForeseen = foreseen?.base === view.commit && isDeepStrictEqual(foreseen.touched, touched);
  if (!isForeseen) return storedFacts(deps, number, view, touched);
  const stored = await foreseen.stored;
  // It may have been read before the job was taken, under whose lease the plan is kept.
  return { ...stored, clients: await deps.clientsOf?.(touched, stored.clients) };
}

export interface CollectOptions {
  /** What was asked of the store before it was known which commits are judged. */
  readonly foreseen?: Promise<ForeseenFacts | undefined>;
  readonly people?: boolean;
  readonly mayWait?: boolean;
}

/**
 * Collects everything that the verdict on a pull request depends on.
 *
 * @param people false where nobody is asked: neither reviews nor other pull requests matter then.
 * @param mayWait whether there is time until GitHub knows what merging gives; without, the verdict says that it does not.
 */
export async function collectFacts(
  deps: ReviewDeps,
  pull: PullReading,
  known: KnownPull | undefined,
  { people = true, mayWait = false, foreseen }: CollectOptions = {},
): Promise<CollectedFacts | HeadMoved> {
  const base = await baseCommit(deps, pull);
  const result =
    pull.baseRef === pull.defaultBranch
      ? await resultOfMerging(deps, pull, base, known?.comparison)
      : undefined;
  if (result !== undefined && 'retryReason' in result) return result;
  const untold = result !== undefined && 'unknown' in result ? result : undefined;
  if (untold?.unknown === 'pending' && mayWait) return { retryReason: 'GitHub works out the test merge' };
  const merged = result !== undefined && 'base' in result ? result : undefined;
  const early = await foreseen;
  const view = await deps.mirror.at(deps.repository, base, merged?.baseTree);
  const touched = touchedDefinitions(result?.files ?? []);
  const strays = strayFiles(merged?.files ?? []);
  const ofSettings = merged !== undefined && (touchesSettings(merged) || misnamedSettings(merged).length > 0);
  const isJudged = touched.length + strays.length > 0 || ofSettings;
  const judgeable = merged !== undefined && isJudged && merged.complete ? merged : undefined;
  // The view is of this turn of the event loop: what is read of it begins now, all at once.
  const asked = judgeable && askStore(deps, people ? pull.number : undefined, view, touched, early);
  const [{ text, settings }, applicant, stored, read] = await Promise.all([
    asked?.then(({ inForce }) => inForce) ?? settingsInForce(deps, view),
    deps.applicantOf?.(pull),
    asked,
    judgeable && asked && readChange(deps, pull, known, view, judgeable, asked, { touched, people }),
  ]);
  const bare = factsWithoutDefinitions(deps, pull, base, text, result, applicant);
  if (judgeable === undefined || read === undefined || stored === undefined) {
    const facts = { ...bare, files: merged?.files ?? [], filesComplete: merged?.complete ?? true };
    const review = evaluatePullRequest(facts, settings);
    return defined({
      facts,
      settings,
      review,
      comparison: merged,
      entries: [],
      // What moves on these paths of the default branch has it judged again.
      touched: untold === undefined ? [] : touched,
      asked: false,
    });
  }

  const { memory, clients, openClaims } = stored;
  const { baseBlobs, from, moded, ofLess, reviews } = read;
  const comparison = { ...judgeable, files: moded.files, from, ...defined({ approvalsOfLess: ofLess }) };
  const strayPaths = new Set(strays.map(({ path }) => path));
  const headBlobs = comparison.files.flatMap(({ path, blob }) =>
    blob !== undefined && (isDefinitionPath(path) || path === settingsPath || strayPaths.has(path))
      ? [blob]
      : [],
  );
  const remembered = Object.values(memory.lastReadable ?? {});
  const ids = [...new Set([...headBlobs, ...Object.values(baseBlobs), ...remembered])];
  const { readings, fresh } = await readBlobs(deps, judgeable.result ?? pull.head, ids, moded.contents);
  const inOrder = comparison.files;
  mustBeRead(inOrder, readings);
  const files = inOrder.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const contents = {
    blobs: Object.fromEntries(ids.map((id) => [id, blobFactOf(readings.get(id))])),
    baseBlobs,
    ...memory,
  };
  const sides = await inTurns(readSidesInSteps({ files, ...contents }));
  const entryAt = new Map(entriesOf(sides.after).map((entry) => [entry.path, entry]));
  const entries = inOrder.flatMap(({ path }) => entryAt.get(path) ?? []);
  const { owners: ownerAccounts } = stored;
  const outside = await lookUpAll(deps, entries, pull.author);

  const now = deps.mirror.now();
  if (now?.commit !== base) return baseMoved;
  const gone = touched.filter((path) => !entryAt.has(path));
  const neighbours = await inTurns(relatedDefinitions(now.registry, entries, gone));
  if (deps.mirror.now()?.commit !== base) return baseMoved;
  const unpeopled: PullRequestFacts = {
    ...bare,
    files,
    ...contents,
    neighbours,
    ...(Object.keys(ownerAccounts).length === 0 ? {} : { ownerAccounts }),
    openClaims,
    outside,
    ...(touchesSettings(judgeable) && { today: parisDay(new Date()) }),
  };
  const evaluated = await inTurns(evaluateDefinitions(unpeopled, sides));
  const review = await inTurns(decideReview(evaluated, unpeopled, settings));
  const first = { facts: unpeopled, review };
  const collected = { settings, comparison, entries, touched: [...new Set(touched)], fresh };
  if (!people) return { ...first, ...collected, asked: false };
  const judged = await askPeople(deps, pull, evaluated, first, settings, { reviews, ofLess });
  if (mayWait && judged.facts.reviews.some(({ unknownRights }) => unknownRights))
    return { retryReason: 'GitHub does not say what a reviewer may do', after: 10 };
  if (clients === undefined || touched.length === 0 || judged.review.conclusion === 'failure')
    return { ...judged, ...collected };
  const { facts: plan, markShown } = await clients.plan({
    number: pull.number,
    head: pull.head,
    desired: desiredOf(entries),
    freezes: settings.freezes,
    touched: collected.touched,
  });
  // What merging does is shown; the verdict does not depend on it.
  return {
    ...collected,
    asked: judged.asked,
    markShown: () =>
      markShown(new Map(judged.review.files.map(({ path, findings }) => [path, outsideDecisions(findings)]))),
    facts: { ...judged.facts, plan },
    review: { ...judged.review, plan },
  };
}

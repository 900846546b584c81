/**
 * The verdict on a pull request: what was found in each definition, what people have to decide, whether it can be
 * merged. Everything is computed from the facts; nothing is asked, nothing is remembered.
 */
import { definitionsFolder, placeOf } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import type { Reading } from '#domain/definition/parse/reading';
import { readDefinition } from '#domain/definition/read-definition';
import { type Change, changesBetween } from '#domain/registry/changes';
import { judgeChanges, judgeOutside, judgeRegistry } from '#domain/registry/evaluate';
import { findingsWithoutText, readWithNotices } from '#domain/registry/locate-findings';
import { type Entry, Registry } from '#domain/registry/registry';
import type { Notice, Person as Reviewer } from '#domain/registry/rules/rule';
import type { Settings } from '#domain/registry/settings';
import type { Conclusion } from '#domain/review/effects';
import { bytesOf } from '#domain/review/facts/blob-fact';
import { type FileFact, mayWrite, type PlanFacts, type PullRequestFacts } from '#domain/review/facts/facts';
import { type ApprovalSubject, type Approvals, lastWords, weighApprovals } from './approvals.ts';
import { type ChangeKind, countFindings, environmentOf, type Subject } from './reviewed-file.ts';

export interface Review {
  /**
   * `nothing`: no definition is touched. `elsewhere`: the target is not the default branch. `incomplete`: GitHub did
   * not list every file. `unreadable`: it did not give the content of one. Nothing can then be said.
   */
  readonly outcome: 'judged' | 'nothing' | 'elsewhere' | 'incomplete' | 'unreadable';
  /** The file that could not be read. */
  readonly unreadable?: string;
  readonly conclusion: Conclusion;
  /** Every definition that is touched, by path. */
  readonly subjects: readonly Subject[];
  /** Findings on files that are no definitions. */
  readonly general: readonly Finding[];
  readonly approvals: Approvals;
  readonly plan?: PlanFacts;
}

const noApprovals: Approvals = {
  required: [],
  missing: [],
  approvedBy: [],
  refusedBy: [],
  staleBy: [],
  powerless: [],
};

function unjudged(outcome: Review['outcome'], conclusion: Conclusion): Review {
  return { outcome, conclusion, subjects: [], general: [], approvals: noApprovals };
}

/** Whatever stands under the definitions' folder is taken for one, so that a bad path is told. */
export function isDefinitionPath(path: string): boolean {
  return path.startsWith(`${definitionsFolder}/`);
}

/** The paths that a file of a pull request touches: both sides of a rename. */
export function pathsOf(file: FileFact): readonly string[] {
  return file.previousPath === undefined ? [file.path] : [file.previousPath, file.path];
}

interface Side {
  readonly reading: Reading;
  readonly blob: string;
  readonly bytes: Uint8Array;
  readonly link: boolean;
}

function readSide(
  facts: PullRequestFacts,
  path: string,
  blob: string | undefined,
  link: boolean,
): Side | undefined {
  if (blob === undefined) return undefined;
  const bytes = bytesOf(facts.blobs[blob]);
  return { reading: readDefinition({ path, bytes, link }), blob, bytes, link };
}

function entryOf(side: Side | undefined): Entry[] {
  if (side === undefined || side.reading.place === undefined) return [];
  const { path, place, draft, definition } = side.reading;
  return [
    {
      path,
      place,
      blob: side.blob,
      ...(draft === undefined ? {} : { draft }),
      ...(definition === undefined ? {} : { definition }),
    },
  ];
}

/** Both sides of every definition that the pull request touches. */
function sidesOf(facts: PullRequestFacts): { before: Map<string, Side>; after: Map<string, Side> } {
  const before = new Map<string, Side>();
  const after = new Map<string, Side>();
  for (const file of facts.files) {
    for (const path of pathsOf(file).filter(isDefinitionPath)) {
      const old = readSide(facts, path, facts.baseBlobs[path], false);
      if (old !== undefined) before.set(path, old);
    }
    if (!isDefinitionPath(file.path)) continue;
    const link = file.mode === 'symlink' || file.mode === 'submodule';
    const side = readSide(facts, file.path, file.blob, link);
    if (side !== undefined) after.set(file.path, side);
  }
  return { before, after };
}

/** Whether GitHub should have had the content of a file at the head, and did not give it. */
function isLost({ blobs }: PullRequestFacts, { blob, mode }: FileFact): boolean {
  if (blob === undefined || mode === 'submodule') return false;
  const fact = blobs[blob];
  return fact === undefined || ('unreadable' in fact && fact.unreadable === 'missing');
}

/** What applies around the change; all of it comes from the base or from GitHub. */
function contextOf(facts: PullRequestFacts, settings: Settings) {
  const reviewerOf = (review: PullRequestFacts['reviews'][number]): Reviewer => ({
    login: review.by.login,
    id: review.by.id,
    reviewer:
      mayWrite(review.permission) || review.teams.some((team) => settings.approvals.teams.includes(team)),
  });
  const { author, authorIsReviewer } = facts.pull;
  return {
    settings,
    otherPaths: facts.files.flatMap(pathsOf).filter((path) => !isDefinitionPath(path)),
    author: { login: author.login, id: author.id, reviewer: authorIsReviewer ?? false },
    approvers: lastWords(facts.reviews)
      .filter(
        ({ state, commit, by }) =>
          state === 'approved' && commit === facts.pull.head && by.id !== author.id && !by.bot,
      )
      .map(reviewerOf),
    ...(facts.ownerAccounts === undefined ? {} : { ownerAccounts: facts.ownerAccounts }),
  };
}

/** Everything that is to be said of several files, as notices by path. */
function notices(
  facts: PullRequestFacts,
  settings: Settings,
  changes: readonly Change[],
  after: readonly Entry[],
): Notice[] {
  const registry = Registry.of([...facts.neighbours, ...after]);
  return [
    ...judgeRegistry(
      registry,
      after.map(({ path }) => path),
    ),
    ...judgeChanges(changes, contextOf(facts, settings), facts.openClaims),
    ...after.flatMap((entry) => judgeOutside(entry, facts.outside[entry.path] ?? {})),
  ];
}

function subjectOf(
  path: string,
  change: Change | undefined,
  before: Side | undefined,
  after: Side | undefined,
  said: readonly Notice[],
  organization: Subject['organization'],
): Subject {
  const kind: ChangeKind =
    change?.kind ?? (after === undefined ? 'removed' : before === undefined ? 'added' : 'modified');
  const place = placeOf(path);
  const old = change?.kind === 'renamed' ? change.before.draft : before?.reading.draft;
  const name = after?.reading.draft?.name ?? old?.name;
  const text = after === undefined || after.link ? undefined : new TextDecoder().decode(after.bytes);
  const findings =
    after === undefined
      ? findingsWithoutText(said)
      : readWithNotices({ path, bytes: after.bytes, link: after.link }, said).findings;
  return {
    path,
    kind,
    ...(change?.kind === 'renamed' ? { previousPath: change.from } : {}),
    ...(place === undefined ? {} : { place }),
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { text }),
    ...(old === undefined ? {} : { before: old }),
    ...(after?.reading.draft === undefined ? {} : { after: after.reading.draft }),
    ...(after === undefined || organization === undefined ? {} : { organization }),
    findings,
  };
}

function approvalSubject(
  { ownerAccounts = {} }: PullRequestFacts,
  subject: Subject,
): readonly ApprovalSubject[] {
  const environment = environmentOf(subject);
  if (environment === undefined) return [];
  const ownersBefore = (subject.before?.owners ?? []).map(({ value }) => value);
  const accounts = ownerAccounts[subject.previousPath ?? subject.path];
  return [
    {
      path: subject.path,
      environment,
      ownersBefore,
      ...(accounts === undefined ? {} : { ownerAccounts: accounts }),
      findings: subject.findings,
    },
  ];
}

/** Judges a pull request. */
export function reviewOf(facts: PullRequestFacts, settings: Settings): Review {
  if (!facts.pull.intoDefaultBranch) return unjudged('elsewhere', 'success');
  if (!facts.filesComplete) return unjudged('incomplete', 'failure');
  const touched = new Set(facts.files.flatMap(pathsOf).filter(isDefinitionPath));
  if (touched.size === 0) return unjudged('nothing', 'success');
  const unreadable = facts.files.find((file) => isDefinitionPath(file.path) && isLost(facts, file));
  if (unreadable !== undefined) return { ...unjudged('unreadable', 'failure'), unreadable: unreadable.path };

  const { before, after } = sidesOf(facts);
  const entries = [...after.values()].flatMap(entryOf);
  const changes = changesBetween([...before.values()].flatMap(entryOf), entries);
  const all = notices(facts, settings, changes, entries);
  const saidOf = Map.groupBy(all, (notice) => notice.path);
  const changeOf = new Map(changes.map((change) => [change.path, change]));
  const movedAway = new Set(changes.flatMap((change) => (change.kind === 'renamed' ? [change.from] : [])));

  const subjects = [...touched]
    .filter((path) => !movedAway.has(path))
    .sort()
    .map((path) =>
      subjectOf(
        path,
        changeOf.get(path),
        before.get(path),
        after.get(path),
        saidOf.get(path) ?? [],
        facts.outside[path]?.siret,
      ),
    );
  const general = [...saidOf]
    .filter(([path]) => !touched.has(path))
    .flatMap(([, said]) => findingsWithoutText(said));
  const approvals = weighApprovals(
    subjects.flatMap((subject) => approvalSubject(facts, subject)),
    facts.reviews,
    {
      count: { integration: settings.approvals.integration, production: settings.approvals.production },
      teams: settings.approvals.teams,
    },
    { head: facts.pull.head, author: facts.pull.author },
  );
  const { error } = countFindings([...subjects.flatMap(({ findings }) => findings), ...general]);
  const waits = approvals.missing.length > 0 || approvals.refusedBy.length > 0;
  return {
    outcome: 'judged',
    conclusion: error > 0 ? 'failure' : waits ? 'action_required' : 'success',
    subjects,
    general,
    approvals,
    ...(facts.plan === undefined ? {} : { plan: facts.plan }),
  };
}

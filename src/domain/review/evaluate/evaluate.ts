/**
 * The verdict on a pull request: what was found in each definition, what people have to decide, whether it can be
 * merged. Everything is computed from the facts; nothing is asked, nothing is remembered.
 */
import { definitionsFolder, placeFromPath } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import type { DefinitionReading } from '#domain/definition/parse/reading';
import { readDefinition } from '#domain/definition/read-definition';
import { type Change, changesBetween } from '#domain/registry/changes';
import { evaluateChanges, evaluateOutsideAnswers, evaluateRegistry } from '#domain/registry/evaluate';
import { findingsWithoutText, readWithRegistryFindings } from '#domain/registry/locate-findings';
import { type Entry, Registry } from '#domain/registry/registry';
import type { RegistryFinding, Actor as Reviewer } from '#domain/registry/rules/rule';
import type { Settings } from '#domain/registry/settings';
import type { Conclusion } from '#domain/review/effects';
import { bytesOf } from '#domain/review/facts/blob-fact';
import { type FileFact, mayWrite, type PlanFacts, type PullRequestFacts } from '#domain/review/facts/facts';
import { type ApprovalScope, type Approvals, evaluateApprovals, latestReviews } from './approvals.ts';
import { type ChangeKind, countFindings, environmentOf, type ReviewedFile } from './reviewed-file.ts';

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
  readonly files: readonly ReviewedFile[];
  /** Findings on files that are no definitions. */
  readonly general: readonly Finding[];
  readonly approvals: Approvals;
  readonly plan?: PlanFacts;
}

const noApprovals: Approvals = {
  required: [],
  missing: [],
  approvedBy: [],
  changesRequestedBy: [],
  staleBy: [],
  unauthorized: [],
};

function notEvaluated(outcome: Review['outcome'], conclusion: Conclusion): Review {
  return { outcome, conclusion, files: [], general: [], approvals: noApprovals };
}

/** Whatever stands under the definitions' folder is taken for one, so that a bad path is reported. */
export function isDefinitionPath(path: string): boolean {
  return path.startsWith(`${definitionsFolder}/`);
}

/** The paths that a file of a pull request touches: both sides of a rename. */
export function pathsOf(file: FileFact): readonly string[] {
  return file.previousPath === undefined ? [file.path] : [file.previousPath, file.path];
}

interface Side {
  readonly reading: DefinitionReading;
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
  const { path, place, partial, definition } = side.reading;
  return [
    {
      path,
      place,
      blob: side.blob,
      ...(partial === undefined ? {} : { partial }),
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

/** Whether GitHub should have given the content of a file at the head, and did not. */
function isMissingBlob({ blobs }: PullRequestFacts, { blob, mode }: FileFact): boolean {
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
    approvers: latestReviews(facts.reviews)
      .filter(
        ({ state, commit, by }) =>
          state === 'approved' && commit === facts.pull.head && by.id !== author.id && !by.bot,
      )
      .map(reviewerOf),
    ...(facts.ownerAccounts === undefined ? {} : { ownerAccounts: facts.ownerAccounts }),
  };
}

/** What the rules that need more than one file report. */
function registryFindings(
  facts: PullRequestFacts,
  settings: Settings,
  changes: readonly Change[],
  after: readonly Entry[],
): RegistryFinding[] {
  const registry = Registry.of([...facts.neighbours, ...after]);
  return [
    ...evaluateRegistry(
      registry,
      after.map(({ path }) => path),
    ),
    ...evaluateChanges(changes, contextOf(facts, settings), facts.openClaims),
    ...after.flatMap((entry) => evaluateOutsideAnswers(entry, facts.outside[entry.path] ?? {})),
  ];
}

function reviewedFile(
  path: string,
  change: Change | undefined,
  before: Side | undefined,
  after: Side | undefined,
  reported: readonly RegistryFinding[],
  organization: ReviewedFile['organization'],
): ReviewedFile {
  const kind: ChangeKind =
    change?.kind ?? (after === undefined ? 'removed' : before === undefined ? 'added' : 'modified');
  const place = placeFromPath(path);
  const old = change?.kind === 'renamed' ? change.before.partial : before?.reading.partial;
  const name = after?.reading.partial?.name ?? old?.name;
  const text = after === undefined || after.link ? undefined : new TextDecoder().decode(after.bytes);
  const findings =
    after === undefined
      ? findingsWithoutText(reported)
      : readWithRegistryFindings({ path, bytes: after.bytes, link: after.link }, reported).findings;
  return {
    path,
    kind,
    ...(change?.kind === 'renamed' ? { previousPath: change.from } : {}),
    ...(place === undefined ? {} : { place }),
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { text }),
    ...(old === undefined ? {} : { before: old }),
    ...(after?.reading.partial === undefined ? {} : { after: after.reading.partial }),
    ...(after === undefined || organization === undefined ? {} : { organization }),
    findings,
  };
}

function approvalScope(
  { ownerAccounts = {} }: PullRequestFacts,
  file: ReviewedFile,
): readonly ApprovalScope[] {
  const environment = environmentOf(file);
  if (environment === undefined) return [];
  const ownersBefore = (file.before?.owners ?? []).map(({ value }) => value);
  const accounts = ownerAccounts[file.previousPath ?? file.path];
  return [
    {
      path: file.path,
      environment,
      ownersBefore,
      ...(accounts === undefined ? {} : { ownerAccounts: accounts }),
      findings: file.findings,
    },
  ];
}

/** Evaluates a pull request. */
export function evaluatePullRequest(facts: PullRequestFacts, settings: Settings): Review {
  if (!facts.pull.intoDefaultBranch) return notEvaluated('elsewhere', 'success');
  if (!facts.filesComplete) return notEvaluated('incomplete', 'failure');
  const touched = new Set(facts.files.flatMap(pathsOf).filter(isDefinitionPath));
  if (touched.size === 0) return notEvaluated('nothing', 'success');
  const unreadable = facts.files.find((file) => isDefinitionPath(file.path) && isMissingBlob(facts, file));
  if (unreadable !== undefined)
    return { ...notEvaluated('unreadable', 'failure'), unreadable: unreadable.path };

  const { before, after } = sidesOf(facts);
  const entries = [...after.values()].flatMap(entryOf);
  const changes = changesBetween([...before.values()].flatMap(entryOf), entries);
  const allReported = registryFindings(facts, settings, changes, entries);
  const reportedByPath = Map.groupBy(allReported, (finding) => finding.path);
  const changeOf = new Map(changes.map((change) => [change.path, change]));
  const renamedFrom = new Set(changes.flatMap((change) => (change.kind === 'renamed' ? [change.from] : [])));

  const files = [...touched]
    .filter((path) => !renamedFrom.has(path))
    .sort()
    .map((path) =>
      reviewedFile(
        path,
        changeOf.get(path),
        before.get(path),
        after.get(path),
        reportedByPath.get(path) ?? [],
        facts.outside[path]?.siret,
      ),
    );
  const general = [...reportedByPath]
    .filter(([path]) => !touched.has(path))
    .flatMap(([, reported]) => findingsWithoutText(reported));
  const approvals = evaluateApprovals(
    files.flatMap((file) => approvalScope(facts, file)),
    facts.reviews,
    {
      count: { integration: settings.approvals.integration, production: settings.approvals.production },
      teams: settings.approvals.teams,
    },
    { head: facts.pull.head, author: facts.pull.author },
  );
  const { error } = countFindings([...files.flatMap(({ findings }) => findings), ...general]);
  const needsPeople = approvals.missing.length > 0 || approvals.changesRequestedBy.length > 0;
  return {
    outcome: 'judged',
    conclusion: error > 0 ? 'failure' : needsPeople ? 'action_required' : 'success',
    files,
    general,
    approvals,
    ...(facts.plan === undefined ? {} : { plan: facts.plan }),
  };
}

/**
 * The verdict on a pull request: what was found in each definition, what people have to decide, whether it can be
 * merged. Everything is computed from the facts; nothing is asked, nothing is remembered.
 *
 * In stages, since some facts are asked for only where an earlier stage says that they matter: the definitions are read
 * (`readSides`), evaluated by what depends on nobody (`evaluate-definitions.ts`), then judged by who asks and who agrees
 * (`decideReview`), as often as more is known of people.
 */
import { defined } from '#base/defined';
import { atOnce, type Steps } from '#base/steps';
import { definitionsFolder, placeFromPath } from '#domain/definition/cell';
import { isDefinitionPath } from '#domain/definition/definition-path';
import type { Finding } from '#domain/definition/finding';
import { compareFindings } from '#domain/definition/finding-order';
import { strayFinding } from '#domain/definition/stray';
import type { Change } from '#domain/registry/changes';
import { evaluateChangesInSteps } from '#domain/registry/evaluate';
import { findingsWithoutText, withRegistryFindings } from '#domain/registry/locate-findings';
import { isSilent } from '#domain/registry/outside-answers';
import type { ChangeContext, RegistryFinding, Actor as Reviewer } from '#domain/registry/rules/rule';
import { type Settings, settingsPath } from '#domain/registry/settings';
import type { Conclusion } from '#domain/review/effects';
import { bytesOf } from '#domain/review/facts/blob-fact';
import {
  type FileFact,
  mayWrite,
  type PlanFacts,
  type PullRequestFacts,
  type UnknownMergeResult,
} from '#domain/review/facts/facts';
import { misnamedSettings, proposedSettings, touchesSettings } from '#domain/review/facts/settings-file';
import { type ApprovalScope, type Approvals, evaluateApprovals, latestReviews } from './approvals.ts';
import { type EvaluatedDefinitions, evaluateDefinitions } from './evaluate-definitions.ts';
import { type ChangeKind, countFindings, environmentOf, type ReviewedFile } from './reviewed-file.ts';
import { pathsOf, readSides, type Side, strayFiles } from './sides.ts';

export interface Review {
  /**
   * `nothing`: neither definitions nor settings are touched. `elsewhere`: the target is not the default branch. `incomplete`: GitHub did
   * not list every file. `unreadable`: it did not give the content of one. `unjudged`: Greffier failed.
   * Else it is not known what merging gives.
   * Nothing can then be said.
   */
  readonly outcome:
    | 'judged'
    | 'nothing'
    | 'elsewhere'
    | 'incomplete'
    | 'unreadable'
    | 'unjudged'
    | UnknownMergeResult;
  /** The file that could not be read. */
  readonly unreadable?: string;
  readonly conclusion: Conclusion;
  /** Every definition that is touched, by path. */
  readonly files: readonly ReviewedFile[];
  /** Findings on files that are no definitions. */
  readonly general: readonly Finding[];
  readonly approvals: Approvals;
  /** Whether a public service that was asked about a definition is silent: that is no consent. */
  readonly unanswered: boolean;
  readonly plan?: PlanFacts;
}

const noApprovals: Approvals = {
  required: [],
  missing: [],
  approvedBy: [],
  changesRequestedBy: [],
  lookAgainBy: [],
  staleBy: [],
  unauthorized: [],
};

function notEvaluated(outcome: Review['outcome'], conclusion: Conclusion): Review {
  return { outcome, conclusion, files: [], general: [], approvals: noApprovals, unanswered: false };
}

/** What is said of a pull request whose judgement failed for a reason of Greffier's own: never that it can be merged. */
export const unjudgedReview: Review = notEvaluated('unjudged', 'failure');

/** Whether GitHub should have given the content of a file at the head, and did not. */
function isMissingBlob({ blobs }: PullRequestFacts, { blob, mode }: FileFact): boolean {
  if (blob === undefined || mode === 'submodule') return false;
  const fact = blobs[blob];
  return fact === undefined || ('unreadable' in fact && fact.unreadable === 'missing');
}

/** What applies around the change; all of it comes from the base or from GitHub. */
function contextOf(facts: PullRequestFacts, settings: Settings, returning: ChangeContext['returning']) {
  const proposed = proposedSettings(facts);
  const reviewerOf = (review: PullRequestFacts['reviews'][number]): Reviewer => ({
    login: review.by.login,
    id: review.by.id,
    reviewer:
      mayWrite(review.permission) || review.teams.some((team) => settings.approvals.teams.includes(team)),
  });
  const { author, authorIsReviewer } = facts.pull;
  return {
    settings,
    otherPaths: facts.files.flatMap(pathsOf).filter((path) => !path.startsWith(`${definitionsFolder}/`)),
    misnamedSettings: misnamedSettings(facts),
    author: { login: author.login, id: author.id, reviewer: authorIsReviewer ?? false },
    approvers: latestReviews(facts.reviews)
      .filter(
        ({ state, commit, by }) =>
          state === 'approved' && commit === facts.pull.head && by.id !== author.id && !by.bot,
      )
      .map(reviewerOf),
    ...defined({
      applicant: facts.pull.applicant,
      ownerAccounts: facts.ownerAccounts,
      proposedSettings: proposed,
      today: facts.today,
      adopted: facts.adopted,
      returning,
    }),
  };
}

function reviewedFile(
  path: string,
  change: Change | undefined,
  before: Side | undefined,
  after: Side | undefined,
  reported: readonly RegistryFinding[],
  organization: ReviewedFile['organization'],
  merged: boolean,
): ReviewedFile {
  const kind: ChangeKind =
    change?.kind ?? (after === undefined ? 'removed' : before === undefined ? 'added' : 'modified');
  const place = placeFromPath(path);
  const old = change?.kind === 'renamed' ? change.before.partial : before?.opened.reading.partial;
  const partial = after?.opened.reading.partial;
  const name = partial?.name ?? old?.name;
  const text = after === undefined || after.link ? undefined : new TextDecoder().decode(after.bytes);
  const findings =
    after === undefined ? findingsWithoutText(reported) : withRegistryFindings(after.opened, reported);
  return {
    path,
    kind,
    ...(change?.kind === 'renamed' ? { previousPath: change.from } : {}),
    ...defined({ place, name, text, before: old, after: partial }),
    ...(after === undefined || organization === undefined ? {} : { organization }),
    ...(merged ? { merged } : {}),
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
      ...defined({ ownerAccounts: accounts }),
      findings: file.findings,
    },
  ];
}

/** Settings govern production: to loosen them takes as many people as a change there. */
function settingsScope(general: readonly Finding[]): readonly ApprovalScope[] {
  const decisions = general.filter(({ severity }) => severity === 'decision');
  return decisions.length === 0
    ? []
    : [{ path: settingsPath, environment: 'production', ownersBefore: [], findings: decisions }];
}

/** What is said of a pull request whose definitions cannot be judged, or are not touched. */
function notJudged(facts: PullRequestFacts): Review | undefined {
  if (!facts.pull.intoDefaultBranch) return notEvaluated('elsewhere', 'success');
  if (facts.pull.unknownResult !== undefined) return notEvaluated(facts.pull.unknownResult, 'failure');
  if (!facts.filesComplete) return notEvaluated('incomplete', 'failure');
  const definitions = facts.files.flatMap(pathsOf).some(isDefinitionPath);
  const settings = touchesSettings(facts) || misnamedSettings(facts).length > 0;
  if (!definitions && !settings && strayFindings(facts).length === 0)
    return notEvaluated('nothing', 'success');
  const isJudged = definitions ? isDefinitionPath : (path: string) => path === settingsPath;
  const unreadable = facts.files.find((file) => isJudged(file.path) && isMissingBlob(facts, file));
  return unreadable === undefined
    ? undefined
    : { ...notEvaluated('unreadable', 'failure'), unreadable: unreadable.path };
}

/** Definitions that the pull request puts, or changes, where nobody looks for them. */
function strayFindings(facts: Pick<PullRequestFacts, 'files' | 'blobs'>): readonly Finding[] {
  return strayFiles(facts.files).flatMap(({ path, blob }) => {
    const fact = blob === undefined ? undefined : facts.blobs[blob];
    return fact === undefined ? [] : (strayFinding({ path, bytes: bytesOf(fact) }) ?? []);
  });
}

/** Evaluates a pull request of which everything is known. */
export function evaluatePullRequest(facts: PullRequestFacts, settings: Settings): Review {
  const unjudged = notJudged(facts);
  if (unjudged !== undefined) return unjudged;
  const evaluated = atOnce(evaluateDefinitions(facts, readSides(facts)));
  return atOnce(decideReview(evaluated, facts, settings));
}

/**
 * The verdict, by who asks and who agrees, a definition at a step.
 *
 * @param facts those of the evaluated definitions, with what became known of people and of the plan since
 */
export function* decideReview(
  { sides, changes, registry, outside, returning }: EvaluatedDefinitions,
  facts: PullRequestFacts,
  settings: Settings,
): Steps<Review> {
  const unjudged = notJudged(facts);
  if (unjudged !== undefined) return unjudged;
  const context = contextOf(facts, settings, returning);
  const byPeople = yield* evaluateChangesInSteps(changes, context, facts.openClaims);
  const reportedByPath = Map.groupBy([...registry, ...byPeople, ...outside], (finding) => finding.path);
  const changeOf = new Map(changes.map((change) => [change.path, change]));
  const renamedFrom = new Set(changes.flatMap((change) => (change.kind === 'renamed' ? [change.from] : [])));
  const touched = new Set(facts.files.flatMap(pathsOf).filter(isDefinitionPath));
  const merged = new Set(facts.files.flatMap((file) => (file.merged === true ? [file.path] : [])));

  const files: ReviewedFile[] = [];
  for (const path of [...touched].filter((one) => !renamedFrom.has(one)).sort()) {
    const change = changeOf.get(path);
    const [before, after] = [sides.before.get(path), sides.after.get(path)];
    const reported = reportedByPath.get(path) ?? [];
    const organization = facts.outside[path]?.siret;
    files.push(reviewedFile(path, change, before, after, reported, organization, merged.has(path)));
    yield;
  }
  const general = [
    ...[...reportedByPath]
      .filter(([path]) => !touched.has(path))
      .flatMap(([, reported]) => findingsWithoutText(reported)),
    ...strayFindings(facts),
  ].sort(compareFindings);
  const approvals = evaluateApprovals(
    [...files.flatMap((file) => approvalScope(facts, file)), ...settingsScope(general)],
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
    unanswered: Object.values(facts.outside).some(isSilent),
    ...defined({ plan: facts.plan }),
  };
}

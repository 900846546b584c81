/**
 * Who approved what counts, and what is still missing. Only reviews on the exact head commit count: a push takes
 * every earlier approval away, since it can bring anything.
 */
import type { Environment } from '#base/config/cells';
import type { Finding } from '#domain/definition/finding';
import { isOwner, type OwnerAccounts } from '#domain/registry/owners';
import type { Settings } from '#domain/registry/settings';
import { mayWrite, type Person, type ReviewFact } from '#domain/review/facts/facts';

/** What the registry's settings say of approvals. */
export interface ApprovalRules {
  /** How many approvals a change in an environment needs. */
  readonly count: Readonly<Record<Environment, number>>;
  /** Teams (`org/team`) whose members can approve without write permission. */
  readonly teams: readonly string[];
}

/** Those of a registry. */
export function approvalRulesOf(settings: Settings): ApprovalRules {
  const { integration, production, teams } = settings.approvals;
  return { count: { integration, production }, teams };
}

/** A definition that the pull request touches, as far as approvals need to know it. */
export interface ApprovalScope {
  readonly path: string;
  readonly environment: Environment;
  /** Logins named by the default branch. */
  readonly ownersBefore: readonly string[];
  /** Their accounts, where they are known. */
  readonly ownerAccounts?: OwnerAccounts;
  readonly findings: readonly Finding[];
}

/** Why an approval is needed. */
export type Requirement =
  | { readonly reason: 'environment'; readonly environment: Environment; readonly count: number }
  | { readonly reason: 'decision'; readonly decisions: number }
  | { readonly reason: 'owner'; readonly path: string; readonly owners: readonly string[] }
  | { readonly reason: 'owners-changed'; readonly path: string; readonly owners: readonly string[] };

export interface Approvals {
  readonly required: readonly Requirement[];
  readonly missing: readonly Requirement[];
  /** Entitled people whose approval of this very commit counts. */
  readonly approvedBy: readonly Person[];
  /** Entitled people who asked for changes, on whatever commit; nothing is ready until they agree. */
  readonly changesRequestedBy: readonly Person[];
  /** Those of them who looked at an earlier commit: it is theirs to look again, not the author's to correct. */
  readonly lookAgainBy: readonly Person[];
  /** Entitled people who approved an earlier commit. */
  readonly staleBy: readonly Person[];
  /** People who approved this commit without having the right to. */
  readonly unauthorized: readonly Person[];
}

/**
 * The latest review of each person that counts: a plain comment does not undo an approval; a request for changes, or
 * a dismissal, does.
 */
export function latestReviews(reviews: readonly ReviewFact[]): ReviewFact[] {
  const last = new Map<number, ReviewFact>();
  for (const review of reviews.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)))
    if (review.state !== 'commented') last.set(review.by.id, review);
  return [...last.values()];
}

function requirements(scopes: readonly ApprovalScope[], rules: ApprovalRules): Requirement[] {
  const required: Requirement[] = [];
  for (const environment of ['production', 'integration'] as const) {
    const count = rules.count[environment];
    if (count > 0 && scopes.some((scope) => scope.environment === environment))
      required.push({ reason: 'environment', environment, count });
  }
  const decisions = scopes
    .flatMap((scope) => scope.findings)
    .filter((finding) => finding.severity === 'decision' && finding.rule !== 'change/owner').length;
  if (decisions > 0) required.push({ reason: 'decision', decisions });
  for (const { path, ownersBefore: owners, findings } of scopes) {
    const ownerFinding = findings.find(({ rule }) => rule === 'change/owner');
    if (ownerFinding === undefined) continue;
    const ownersChange = ownerFinding.message.key === 'change/owner#handover';
    required.push({ reason: ownersChange ? 'owners-changed' : 'owner', path, owners });
  }
  return required;
}

/**
 * Says which approvals a pull request needs and has.
 *
 * @param head the commit that is reviewed.
 * @param author never counts among those who approve.
 */
export function evaluateApprovals(
  scopes: readonly ApprovalScope[],
  reviews: readonly ReviewFact[],
  rules: ApprovalRules,
  { head, author }: { readonly head: string; readonly author: Person },
): Approvals {
  const required = requirements(scopes, rules);
  const latest = latestReviews(reviews).filter((review) => review.by.id !== author.id && !review.by.bot);
  const entitled = (review: ReviewFact) =>
    mayWrite(review.permission) || review.teams.some((team) => rules.teams.includes(team));
  const isUnknown = (review: ReviewFact) => review.unknownRights === true || review.unknownTeams === true;
  const owns = ({ by }: ReviewFact, { ownersBefore, ownerAccounts }: ApprovalScope) =>
    isOwner(by, ownersBefore, ownerAccounts);
  const ownsAny = (review: ReviewFact) => scopes.some((scope) => owns(review, scope));

  const onHead = latest.filter((review) => review.commit === head);
  const approving = onHead.filter((review) => review.state === 'approved');
  const entitledCount = approving.filter(entitled).length;
  const changesRequestedBy = latest.filter(
    // Where nobody says what they may, they do not approve, and what they object to is not passed over.
    (review) => review.state === 'changes-requested' && (entitled(review) || isUnknown(review)),
  );
  const isMet = (requirement: Requirement) => {
    switch (requirement.reason) {
      case 'environment':
        return entitledCount >= requirement.count;
      case 'decision':
        return entitledCount > 0;
      case 'owner':
      case 'owners-changed': {
        // Reviewers can stand in for owners who cannot be reached any more.
        const scope = scopes.find(({ path }) => path === requirement.path);
        return approving.some((review) => entitled(review) || (scope !== undefined && owns(review, scope)));
      }
    }
  };
  return {
    required,
    missing: required.filter((requirement) => !isMet(requirement)),
    approvedBy: approving.filter((review) => entitled(review) || ownsAny(review)).map((review) => review.by),
    changesRequestedBy: changesRequestedBy.map((review) => review.by),
    lookAgainBy: changesRequestedBy.filter((review) => review.commit !== head).map((review) => review.by),
    staleBy: latest
      .filter((review) => review.state === 'approved' && review.commit !== head && entitled(review))
      .map((review) => review.by),
    unauthorized: approving
      .filter((review) => !entitled(review) && !ownsAny(review))
      .map((review) => review.by),
  };
}

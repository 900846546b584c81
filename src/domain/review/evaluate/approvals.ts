/**
 * Who approved what counts, and what is still missing. Only reviews on the exact head commit count: a push takes
 * every earlier approval away, since it can bring anything.
 */
import type { Environment } from '#base/config/cells';
import type { Finding } from '#domain/definition/finding';
import { isOwner, type OwnerAccounts } from '#domain/registry/owners';
import { mayWrite, type Person, type ReviewFact } from '#domain/review/facts/facts';

/** What the registry's settings say of approvals. */
export interface ApprovalRules {
  /** How many approvals a change in an environment needs. */
  readonly count: Readonly<Record<Environment, number>>;
  /** Teams (`org/team`) whose members can approve without write permission. */
  readonly teams: readonly string[];
}

/** A definition that the pull request touches, as far as approvals need to know it. */
export interface ApprovalSubject {
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
  readonly refusedBy: readonly Person[];
  /** Entitled people who approved an earlier commit. */
  readonly staleBy: readonly Person[];
  /** People who approved this commit without having the right to. */
  readonly powerless: readonly Person[];
}

/**
 * The last word of each person: a plain comment does not undo an approval; a request for changes, or a dismissal, does.
 */
export function lastWords(reviews: readonly ReviewFact[]): ReviewFact[] {
  const last = new Map<number, ReviewFact>();
  for (const review of reviews.toSorted((a, b) => a.at.localeCompare(b.at)))
    if (review.state !== 'commented') last.set(review.by.id, review);
  return [...last.values()];
}

function requirements(subjects: readonly ApprovalSubject[], rules: ApprovalRules): Requirement[] {
  const required: Requirement[] = [];
  for (const environment of ['production', 'integration'] as const) {
    const count = rules.count[environment];
    if (count > 0 && subjects.some((subject) => subject.environment === environment))
      required.push({ reason: 'environment', environment, count });
  }
  const decisions = subjects
    .flatMap((subject) => subject.findings)
    .filter((finding) => finding.severity === 'decision' && finding.rule !== 'change/owner').length;
  if (decisions > 0) required.push({ reason: 'decision', decisions });
  for (const { path, ownersBefore: owners, findings } of subjects) {
    const asked = findings.find(({ rule }) => rule === 'change/owner');
    if (asked === undefined) continue;
    const handedOver = asked.message.key === 'change/owner#handover';
    required.push({ reason: handedOver ? 'owners-changed' : 'owner', path, owners });
  }
  return required;
}

/**
 * Weighs the reviews of a pull request.
 *
 * @param head the commit that is judged.
 * @param author never counts among those who approve.
 */
export function weighApprovals(
  subjects: readonly ApprovalSubject[],
  reviews: readonly ReviewFact[],
  rules: ApprovalRules,
  { head, author }: { readonly head: string; readonly author: Person },
): Approvals {
  const required = requirements(subjects, rules);
  const words = lastWords(reviews).filter((review) => review.by.id !== author.id && !review.by.bot);
  const entitled = (review: ReviewFact) =>
    mayWrite(review.permission) || review.teams.some((team) => rules.teams.includes(team));
  const owns = ({ by }: ReviewFact, { ownersBefore, ownerAccounts }: ApprovalSubject) =>
    isOwner(by, ownersBefore, ownerAccounts);
  const ownsAny = (review: ReviewFact) => subjects.some((subject) => owns(review, subject));

  const here = words.filter((review) => review.commit === head);
  const approving = here.filter((review) => review.state === 'approved');
  const entitledCount = approving.filter(entitled).length;
  const refusedBy = words.filter((review) => review.state === 'changes-requested' && entitled(review));
  const met = (requirement: Requirement) => {
    switch (requirement.reason) {
      case 'environment':
        return entitledCount >= requirement.count;
      case 'decision':
        return entitledCount > 0;
      case 'owner':
      case 'owners-changed': {
        // Reviewers can stand in for owners who cannot be reached any more.
        const subject = subjects.find(({ path }) => path === requirement.path);
        return approving.some(
          (review) => entitled(review) || (subject !== undefined && owns(review, subject)),
        );
      }
    }
  };
  return {
    required,
    missing: required.filter((requirement) => !met(requirement)),
    approvedBy: approving.filter((review) => entitled(review) || ownsAny(review)).map((review) => review.by),
    refusedBy: refusedBy.map((review) => review.by),
    staleBy: words
      .filter((review) => review.state === 'approved' && review.commit !== head && entitled(review))
      .map((review) => review.by),
    powerless: approving.filter((review) => !entitled(review) && !ownsAny(review)).map((review) => review.by),
  };
}

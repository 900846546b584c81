/** What a verdict says to the applicant: kept with the request, and put into words when its page is shown. */
import type { ReviewedFinding } from '#domain/front-desk/judge';
import type { Conclusion } from '#domain/review/effects';
import type { Requirement } from '#domain/review/evaluate/approvals';
import type { Review } from '#domain/review/evaluate/evaluate';

export interface ReviewSummary {
  /** The commit that was judged. */
  readonly head: string;
  readonly outcome: Review['outcome'];
  readonly conclusion: Conclusion;
  readonly findings: readonly ReviewedFinding[];
  readonly required: readonly Requirement[];
  readonly missing: readonly Requirement[];
  readonly approvedBy: readonly string[];
  readonly changesRequestedBy: readonly string[];
  /** Since when it says so, RFC 3339. */
  readonly since: string;
}

/**
 * @param before what was said last: as long as the conclusion is the same, it holds since then
 * @param now RFC 3339
 */
export function summarize(
  review: Review,
  head: string,
  before: Pick<ReviewSummary, 'conclusion' | 'since'> | undefined,
  now: string,
): ReviewSummary {
  const logins = (people: readonly { readonly login: string }[]) => people.map(({ login }) => login);
  return {
    head,
    outcome: review.outcome,
    conclusion: review.conclusion,
    findings: [...review.files.flatMap(({ findings }) => findings), ...review.general].map(
      ({ rule, severity, path, pointer, message }) => ({ rule, severity, path, pointer, message }),
    ),
    required: review.approvals.required,
    missing: review.approvals.missing,
    approvedBy: logins(review.approvals.approvedBy),
    changesRequestedBy: logins(review.approvals.changesRequestedBy),
    since: before?.conclusion === review.conclusion ? before.since : now,
  };
}

/** Whether people agreed with what was judged: nothing of it is missing, and something was asked. */
export function isAccepted({ conclusion, required }: ReviewSummary): boolean {
  return conclusion === 'success' && required.length > 0;
}

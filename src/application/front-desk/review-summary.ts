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
  /** Those of them whose turn it is, since there is a commit after their review; absent in what was kept before. */
  readonly lookAgainBy?: readonly string[];
  /** Since when it says so, RFC 3339. */
  readonly since: string;
}

/**
 * @param before what was said last: as long as it asks the same of the same people, it holds since then
 * @param now RFC 3339
 */
export function summarize(
  review: Review,
  head: string,
  before: ReviewSummary | undefined,
  now: string,
): ReviewSummary {
  const logins = (people: readonly { readonly login: string }[]) => people.map(({ login }) => login);
  const summary = {
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
    lookAgainBy: logins(review.approvals.lookAgainBy),
  };
  const isSame = before?.conclusion === summary.conclusion && isToCorrect(before) === isToCorrect(summary);
  return { ...summary, since: isSame ? before.since : now };
}

/** Whether it is the applicant's turn: something is wrong, or someone asked for changes of this very commit. */
export function isToCorrect({
  conclusion,
  changesRequestedBy,
  lookAgainBy = [],
}: Pick<ReviewSummary, 'conclusion' | 'changesRequestedBy' | 'lookAgainBy'>): boolean {
  return conclusion === 'failure' || changesRequestedBy.length > lookAgainBy.length;
}

/** Whether people agreed with what was judged: nothing of it is missing, and something was asked. */
export function isAccepted({ conclusion, required }: ReviewSummary): boolean {
  return conclusion === 'success' && required.length > 0;
}

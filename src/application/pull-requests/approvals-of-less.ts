/**
 * Approvals name a commit. What merging that commit changes can grow all the same, while the default branch moves (a file goes
 * elsewhere, another request is merged that this one undoes) or when another branch was its target: nobody approved that.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import type { StoredPull } from '#application/mirror/review-store';
import { leastForgetAfterDays } from '#base/config/config-schema';
import { settingsPath } from '#domain/registry/settings';
import { touchesSettings } from '#domain/review/facts/settings-file';
import type { KeptComparison } from '#infrastructure/database/tables/review';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import { type ReviewWithoutPermission, readReviews } from '#infrastructure/github/read/reviews';

/** Milliseconds for which a pull request is known at least, once it is closed (`forget_after`). */
const leastKnown = leastForgetAfterDays * 86_400_000;

/** What is known of a pull request from the last time it was judged. */
export type KnownPull = Pick<StoredPull, 'comparison'> &
  Partial<Pick<StoredPull, 'head' | 'readAt' | 'touched'>>;

/** The reviews of a pull request, asked for once, whoever wants them first. */
export type Reviews = () => Promise<readonly ReviewWithoutPermission[]>;

export function reviewsOf({ repository }: Pick<ReviewDeps, 'repository'>, { number }: PullReading): Reviews {
  let asked: ReturnType<Reviews> | undefined;
  return () => {
    asked ??= readReviews(repository, number);
    return asked;
  };
}

/**
 * The moment up to which it is known of approvals of a commit that they were given for less. Where the pull request was
 * another commit when it was last judged, nothing is known of those that are older than that: this one was there before,
 * came back, and may have been looked at as anything.
 */
export function knownOfLess(known: KnownPull | undefined, head: string): string | undefined {
  return known?.head === head ? known.comparison?.approvalsOfLess : known?.readAt;
}

/** All approvals, until it was shown what merging gives: it comes after every moment. */
const all = '9999-12-31T23:59:59Z';

/** What merging changes, of which only definitions and settings matter. */
type Changes = Pick<KeptComparison, 'files' | 'from'>;

/**
 * The moment up to which approvals of the head were given for less than merging it changes now; where what was known of the
 * pull request may be forgotten, as of one that was closed for long, for what nobody knows any more.
 */
export function approvalsOfLess(
  pull: PullReading,
  known: KnownPull | undefined,
  now: Changes,
): string | undefined {
  if (known === undefined && isForgettable(pull)) return all;
  const already = knownOfLess(known, pull.head);
  if (known?.head !== pull.head || already === all) return already;
  const { touched = [], comparison } = known;
  // Where it could not be judged, nobody approved anything that was known.
  const before = new Set(comparison?.complete === true ? touched : []);
  if (comparison !== undefined && touchesSettings(comparison)) before.add(settingsPath);
  const paths = Object.keys(now.from ?? {});
  return paths.every((path) => before.has(path)) && isSame(paths, comparison, now) ? already : all;
}

/**
 * Whether these files become what they became before, and from the same: from something else, a file may undo what came
 * there meanwhile. One that is so already is changed by nobody, as where the request was merged while it was read.
 */
function isSame(paths: readonly string[], before: Changes | undefined, now: Changes): boolean {
  // An earlier version did not keep it.
  if (before?.from === undefined) return true;
  const { from } = before;
  const [old, fresh] = [before, now].map(({ files }) => new Map(files.map(({ path, blob }) => [path, blob])));
  return paths.every((path) => {
    const becomes = fresh?.get(path);
    const present = now.from?.[path];
    return (present ?? undefined) === becomes || (from[path] === present && old?.get(path) === becomes);
  });
}

function isForgettable({ createdAt }: PullReading): boolean {
  return Date.parse(createdAt) < Date.now() - leastKnown;
}

/** The same, once what merging gives is shown: whoever approved while it was judged had not seen that either. */
export async function ofLessOnceShown(
  { repository }: Pick<ReviewDeps, 'repository'>,
  number: number,
  upTo: string | undefined,
): Promise<string | undefined> {
  if (upTo !== all) return upTo;
  const moments = (await readReviews(repository, number)).map(({ at }) => at);
  return moments.sort().at(-1) ?? '';
}

/** Reviews as they count: an approval of less is one of something else, and is no approval of this commit. */
export function withoutApprovalsOfLess(
  reviews: readonly ReviewWithoutPermission[],
  upTo: string | undefined,
): readonly ReviewWithoutPermission[] {
  if (upTo === undefined) return reviews;
  return reviews.map((review) => {
    if (review.state !== 'approved' || review.at > upTo) return review;
    const { commit: _, ...rest } = review;
    return rest;
  });
}

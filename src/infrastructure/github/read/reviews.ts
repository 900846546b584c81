/** Reads the reviews of a pull request, and what those who gave them may do. */
import { mayWrite, type Person, type ReviewFact } from '#domain/review/facts/facts';
import { reviewsOf } from '#infrastructure/github/client/pagination';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { isTeamMember, type KnownTeam } from '#infrastructure/github/read/teams';
import { personOf } from './pull-request.ts';
import { askPermission } from './rights.ts';

/** A review without what has to be asked of its author's rights. */
export type ReviewWithoutPermission = Omit<ReviewFact, keyof Rights>;

const reviewStates: Readonly<Record<string, ReviewFact['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
};

/** Every submitted review of a pull request, oldest first. */
export async function readReviews(
  repository: RepositoryClient,
  number: number,
): Promise<ReviewWithoutPermission[]> {
  const reviews: ReviewWithoutPermission[] = [];
  for await (const review of reviewsOf(repository, number)) {
    const state = reviewStates[review.state];
    if (state === undefined) continue;
    reviews.push({
      by: personOf(review.user),
      state,
      ...(review.commit_id === null ? {} : { commit: review.commit_id }),
      at: review.submitted_at ?? '',
    });
  }
  return reviews;
}

type Rights = Pick<ReviewFact, 'permission' | 'teams' | 'unknownRights' | 'unknownTeams'>;

/** By the login only where GitHub has just said whose it is. */
async function rightsOf(
  repository: RepositoryClient,
  by: Person,
  teams: readonly KnownTeam[],
): Promise<Rights> {
  const permission = await askPermission(repository, by);
  if (permission === undefined) return { permission: 'none', teams: [], unknownRights: true };
  const memberships: string[] = [];
  let isUnknown = false;
  for (const team of mayWrite(permission) ? [] : teams) {
    const member = await isTeamMember(repository, team, by.login);
    if (member === true) memberships.push(team.name);
    isUnknown ||= member === undefined;
  }
  return {
    permission,
    teams: memberships,
    ...(isUnknown && memberships.length === 0 ? { unknownTeams: true } : {}),
  };
}

/** Asks the rights of those whose reviews can count: nobody is asked twice, comments are not asked at all. */
export async function withPermissions(
  repository: RepositoryClient,
  reviews: readonly ReviewWithoutPermission[],
  teams: readonly KnownTeam[],
): Promise<ReviewFact[]> {
  const rights = new Map<number, Rights>();
  const facts: ReviewFact[] = [];
  for (const review of reviews) {
    const { by } = review;
    let known = rights.get(by.id);
    if (known === undefined && review.state !== 'commented' && !by.bot && by.id !== 0) {
      known = await rightsOf(repository, by, teams);
      rights.set(by.id, known);
    }
    facts.push({ ...review, ...(known ?? { permission: 'none', teams: [] }) });
  }
  return facts;
}

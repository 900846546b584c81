/** Asks GitHub who may decide, and who has, where there is something to decide. */
import { inTurns } from '#application/in-turns';
import type { ReviewDeps } from '#application/mirror/deps';
import { knownTeams } from '#application/mirror/known-teams';
import type { Settings } from '#domain/registry/settings';
import { decideReview, type Review } from '#domain/review/evaluate/evaluate';
import type { EvaluatedDefinitions } from '#domain/review/evaluate/evaluate-definitions';
import { mayWrite, type PullRequestFacts } from '#domain/review/facts/facts';
import type { PullReading } from '#infrastructure/github/read/pull-request';
import { withPermissions } from '#infrastructure/github/read/reviews';
import { readPermission } from '#infrastructure/github/read/rights';
import { isTeamMember } from '#infrastructure/github/read/teams';
import { type Reviews, withoutApprovalsOfLess } from './approvals-of-less.ts';

/** What a stage of the evaluation starts from, and comes to. */
export interface Stage {
  readonly facts: PullRequestFacts;
  readonly review: Review;
}

/** Asks who may decide, only where there is something to decide. */
export async function askPeople(
  deps: ReviewDeps,
  pull: PullReading,
  evaluated: EvaluatedDefinitions,
  first: Stage,
  settings: Settings,
  given: { readonly reviews: Reviews; readonly ofLess: string | undefined },
): Promise<Stage & { readonly asked: boolean }> {
  const meant = () =>
    knownTeams({ database: deps.store.database, registry: deps.repo }, settings.approvals.teams);
  const decide = async (facts: PullRequestFacts): Promise<Stage> => ({
    facts,
    review: await inTurns(decideReview(evaluated, facts, settings)),
  });
  let stage = first;
  let asked = false;
  const rules = stage.review.files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  if (rules.includes('change/owner')) {
    asked = true;
    const { author } = pull;
    // The App may write, and writes for people who may not.
    let reviewer = !author.bot && mayWrite(await readPermission(deps.repository, author));
    for (const team of reviewer || author.bot ? [] : await meant())
      reviewer ||= (await isTeamMember(deps.repository, team, author.login)) === true;
    const { facts } = stage;
    stage = await decide({ ...facts, pull: { ...facts.pull, authorIsReviewer: reviewer } });
  }
  const { conclusion, approvals } = stage.review;
  // While errors are left nobody's approval counts: the next push takes it away.
  if (conclusion === 'failure' || approvals.required.length === 0) return { ...stage, asked };
  const bare = withoutApprovalsOfLess(await given.reviews(), given.ofLess);
  if (bare.length === 0) return { ...stage, asked };
  const reviews = await withPermissions(deps.repository, bare, await meant());
  asked ||= reviews.some(({ state }) => state !== 'commented');
  return { ...(await decide({ ...stage.facts, reviews })), asked };
}

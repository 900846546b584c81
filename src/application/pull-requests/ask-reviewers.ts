/**
 * Asks those whom the settings name for their review, once, when a pull request waits for one; reminds them once. What was
 * asked is remembered with the matters that Greffier keeps, by the number of the pull request.
 */
import type { Kysely } from 'kysely';
import type { ReviewDeps } from '#application/mirror/deps';
import { defined } from '#base/defined';
import { formatDay, parisDay } from '#base/i18n/dates';
import { isJsonObject } from '#base/json';
import type { Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { workingDaysAfter } from '#base/working-days';
import { onDay } from '#domain/registry/freeze';
import { latestReviews } from '#domain/review/evaluate/approvals';
import { mergesByItself } from '#domain/review/evaluate/merges-by-itself';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { reviewTranslator } from '#domain/review/render/messages';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import { reviewersTopic, topicDigest, topicsUnder, writeTopic } from '#infrastructure/database/topics';
import { type Refusal, refusalStatus } from '#infrastructure/github/write/refusals';
import { replyOnce } from '#infrastructure/github/write/replies';
import { requestReviewers } from '#infrastructure/github/write/reviewers';
import type { ReviewOutcome } from './review-pull-request.ts';

export interface AskReviewersDeps {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'reviewers'>;
  readonly onRefusal: (refusal: Refusal) => void;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is remembered of a pull request whose reviewers were asked. */
interface Asked {
  readonly asked: readonly string[];
  /** `2026-03-02`, both in Paris. */
  readonly since: string;
  /** When they are reminded; absent once they were, or where nobody is. */
  readonly remindOn?: string;
}

export async function askReviewers(
  deps: ReviewDeps,
  outcome: ReviewOutcome,
  given: AskReviewersDeps,
): Promise<void> {
  if (outcome.kind !== 'judged') return;
  const { pull, collected } = outcome;
  const { review, settings, facts } = collected;
  const { ask, remind } = settings.reviewers;
  const known = await findAsked(deps, pull.number);
  const waits =
    review.outcome === 'judged' &&
    review.conclusion === 'action_required' &&
    review.approvals.missing.length > 0 &&
    !pull.draft &&
    !mergesByItself(review, facts, settings);
  const today = parisDay(new Date(given.now));
  if (known !== undefined) {
    if (known.remindOn === undefined || today < known.remindOn) return;
    // Once, when the day has come: whoever waits for somebody else by then reminds nobody.
    const left = known.asked.filter((name) => !agreed(facts).has(name.toLowerCase()));
    if (waits && left.length > 0)
      await sendReminder(deps, pull.number, { ...known, asked: left }, settings.language, given);
    const { remindOn: _, ...rest } = known;
    await saveAsked(deps, pull.number, rest, waits ? 'reviewers-reminded' : undefined);
    return;
  }
  const own = pull.author.login.toLowerCase();
  const names = ask.filter((name) => name.toLowerCase() !== own);
  if (!waits || names.length === 0) return;
  const refused = await requestReviewers(deps.repository, pull.number, names);
  const asked = names.filter((name) => !refused.includes(name));
  const remindOn = remind === undefined ? undefined : workingDaysAfter(today, remind);
  await saveAsked(deps, pull.number, defined({ asked, since: today, remindOn }), 'reviewers-asked');
  given.metrics.reviewers.inc({ what: 'asked' }, asked.length);
  given.log.info({ number: pull.number, asked }, 'asked for their review');
  if (refused.length > 0) {
    given.log.error(
      { number: pull.number, refused },
      'cannot be asked for a review: no access to the registry',
    );
    given.onRefusal({ what: 'reviewers', status: 422 });
  }
}

/** Who agrees with what is proposed now, in small letters: nothing is expected of them any more. */
function agreed({ reviews, pull }: PullRequestFacts): ReadonlySet<string> {
  const agreeing = latestReviews(reviews).filter(
    ({ state, commit }) => state === 'approved' && commit === pull.head,
  );
  return new Set(agreeing.map(({ by }) => by.login.toLowerCase()));
}

async function sendReminder(
  deps: ReviewDeps,
  number: number,
  { asked, since }: Asked,
  language: 'fr' | 'en',
  { log, metrics, onRefusal }: AskReviewersDeps,
): Promise<void> {
  // The names are those of the settings, which their schema bounds: they are to be told by GitHub.
  const names = asked.map((name) => `@${name}`).join(', ');
  const text = reviewTranslator(language)('reviewers.reminder', {
    names: { trusted: names },
    day: { trusted: formatDay(language, onDay(since)) },
  });
  const marker = '<!-- greffier:reviewers -->';
  try {
    await replyOnce(deps.repository, number, { marker, text }, deps.appId);
  } catch (problem) {
    const status = refusalStatus(problem);
    if (status === undefined) throw problem;
    onRefusal({ what: 'answer', status });
    return;
  }
  metrics.reviewers.inc({ what: 'reminded' }, asked.length);
  log.info({ number, asked }, 'reminded of their review');
}

async function findAsked({ store, repo }: ReviewDeps, number: number): Promise<Asked | undefined> {
  const known = await topicDigest(store.database, repo, `${reviewersTopic}${number}`);
  return known === undefined ? undefined : askedIn(known);
}

function askedIn(text: string): Asked | undefined {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? (value as unknown as Asked) : undefined;
}

/** @param what for the audit trail; nothing when undefined */
async function saveAsked(
  { store, repo: registry }: ReviewDeps,
  pull: number,
  asked: Asked,
  what: 'reviewers-asked' | 'reviewers-reminded' | undefined,
): Promise<void> {
  const digest = storableJson(asked);
  await store.database.transaction().execute(async (transaction) => {
    await writeTopic(transaction, registry, `${reviewersTopic}${pull}`, digest);
    if (what === undefined) return;
    const entry = storableJson({ what, pull, reviewers: asked.asked });
    await transaction.insertInto('audit').values({ registry, cell: null, client: null, entry }).execute();
  });
}

/** The pull requests whose reviewers are to be reminded by now: their review does it. */
export async function dueReminders(
  db: Kysely<Tables>,
  registry: string,
  now: number,
): Promise<ReadonlySet<number>> {
  const today = parisDay(new Date(now));
  const due = [...(await topicsUnder(db, registry, reviewersTopic))].filter(([, digest]) => {
    const remindOn = askedIn(digest)?.remindOn;
    return remindOn !== undefined && remindOn <= today;
  });
  return new Set(due.map(([pull]) => Number(pull)));
}

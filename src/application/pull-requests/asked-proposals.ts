/**
 * Pull requests that the App opens because someone on GitHub asked for them. Who asked counts as their author, by the number
 * of their account: they approve nothing of what they asked for. It is written down here before the pull request is there;
 * no branch, title or text of a pull request says it.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import type { ReviewStore } from '#application/mirror/review-store';
import { defined } from '#base/defined';
import type { Person } from '#domain/review/facts/facts';
import { storableJson } from '#infrastructure/database/storable-json';
import { topicDigest, topicsUnder, writeTopic } from '#infrastructure/database/topics';

/** What is remembered of one. */
export interface AskedProposal {
  readonly asker: Pick<Person, 'id' | 'login'>;
  /** Of the definition that it proposes. */
  readonly path: string;
  /** The commit that was made for its branch: noted before it is there. */
  readonly commit?: string;
  /** Its number, once it is known. */
  readonly pull?: number;
  /** It was merged or closed, and nothing is left to do with its branch. */
  readonly ended?: true;
}

interface KeptProposal extends AskedProposal {
  /** When it was asked for, in milliseconds; absent in what an earlier version kept. */
  readonly at?: number;
}

/** What one person has the App open within a day: each is a pull request, its reviews, and a mail to all who watch. */
const maxProposals = 50;
const aDay = 86_400_000;

/** By this, and the branch, what is remembered is named. */
const topicPrefix = 'proposal ';

type Store = Pick<ReviewStore, 'database'>;

/** Whoever counts as the author of a pull request. */
export type AuthorOf = (pull: {
  readonly number: number;
  readonly author: Person;
  readonly headRef?: string;
}) => Promise<Person>;

/**
 * The author, or who asked the App for it.
 *
 * @param registry the key of its rows
 * @param appLogin as which the App writes: by the name of its branch alone, no other bot's pull request is anyone's; `any`
 *   once it is merged, when all that comes of being the author is that one's own word does not count
 */
export function authorOfIn(store: Store, registry: string, appLogin?: string | 'any'): AuthorOf {
  return async ({ number, author, headRef }) => {
    if (!author.bot) return author;
    const all = await proposalsIn(store, registry);
    const known =
      [...all.values()].find(({ pull }) => pull === number) ??
      // The moment between its opening and its number being noted.
      (headRef === undefined || (appLogin !== 'any' && author.login !== appLogin)
        ? undefined
        : [all.get(headRef)].find((one) => one?.pull === undefined));
    return known === undefined ? author : { ...known.asker, bot: false };
  };
}

/** The last pull request that was asked for to propose a definition. */
export async function proposalOf({ store, repo }: ReviewDeps, path: string): Promise<number | undefined> {
  const pulls = Array.from((await proposalsIn(store, repo)).values()).flatMap((one) =>
    one.path === path && one.pull !== undefined ? [one.pull] : [],
  );
  return pulls.length === 0 ? undefined : Math.max(...pulls);
}

/** All that were asked for, by their branches. */
export function askedProposals({ store, repo }: ReviewDeps): Promise<ReadonlyMap<string, AskedProposal>> {
  return proposalsIn(store, repo);
}

/** Whether a person has asked for as many within a day as one may, besides the one of a branch. */
export async function hasMaxProposals(
  { store, repo }: ReviewDeps,
  asker: Pick<Person, 'id'>,
  branch: string,
): Promise<boolean> {
  const since = Date.now() - aDay;
  const asked = Array.from(await proposalsIn(store, repo)).filter(
    ([of, one]) => of !== branch && one.asker.id === asker.id && (one.at ?? 0) > since,
  );
  return asked.length >= maxProposals;
}

/** To be called before the pull request is opened, and once more when its number is known. */
export async function saveProposal(
  { store, repo: registry }: ReviewDeps,
  branch: string,
  { asker, ...rest }: AskedProposal,
): Promise<void> {
  const { id, login } = asker;
  const topic = `${topicPrefix}${branch}`;
  const kept = await topicDigest(store.database, registry, topic);
  const known = kept === undefined ? undefined : readKept(kept);
  // Of what an earlier version kept, nobody knows when it was: it is none of today's.
  const at = known === undefined ? Date.now() : known.at;
  const digest = storableJson(defined({ ...rest, asker: { id, login }, pull: rest.pull ?? known?.pull, at }));
  await writeTopic(store.database, registry, topic, digest);
}

async function proposalsIn(
  { database }: Store,
  registry: string,
): Promise<ReadonlyMap<string, KeptProposal>> {
  const all = await topicsUnder(database, registry, topicPrefix);
  return new Map(Array.from(all, ([branch, digest]) => [branch, readKept(digest)]));
}

function readKept(digest: string): KeptProposal {
  return JSON.parse(digest) as KeptProposal;
}

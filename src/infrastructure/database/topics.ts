/**
 * Matters that are remembered by name, each with the digest of what is known of it: of what an issue is about, and of all
 * that a name tells apart. The names are here, since the gauges and the pages of operators read what others write.
 */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** By this, and the cell, the topic of a freeze is named; its digest is empty once it is over. */
export const freezeTopic = 'freeze ';

/** By this, and the client, what services said of a live client is named. */
export const liveCheckTopic = 'live-check ';

/** By this, and the cell, what carries Greffier's address there, and is no definition's, is named. */
export const unknownClientsTopic = 'unknown-clients ';

/** Under this topic is what was agreed of the settings; it has `"held":` in it while others are not in force. */
export const agreedSettingsTopic = 'agreed-settings';

/** Under this topic is of which commit it is what may be confirmed, and the step of each client that waits. */
export const waitingTopic = 'waiting-steps';

/** By this, and the client, what is remembered of the question whether a service still lives is named. */
export const recertifyTopic = 'recertify ';

/** By this, and the number of a comment, what came of the commands in it is named, until they are answered. */
export const commandTopic = 'command ';

/** By this, and the name of a team in small letters, the number of the team that the settings mean by it is named. */
export const teamTopic = 'team ';

/** By this, and the number of a pull request, who was asked to review it is named. */
export const reviewersTopic = 'reviewers ';

type Reader = Pick<Kysely<Tables>, 'selectFrom'>;

/** The digests of the topics whose names begin so, by the rest of the name. */
export async function topicsUnder(
  db: Reader,
  registry: string,
  prefix: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('topics')
    .select(['topic', 'digest'])
    .where('registry', '=', registry)
    .where('topic', 'like', `${prefix}%`)
    .execute();
  return new Map(rows.map(({ topic, digest }) => [topic.slice(prefix.length), digest]));
}

/** The digest of one topic; undefined when it never came up. */
export async function topicDigest(db: Reader, registry: string, topic: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('topics')
    .select('digest')
    .where('registry', '=', registry)
    .where('topic', '=', topic)
    .executeTakeFirst();
  return row?.digest;
}

/** Writes down what is known of a topic, and the number of its issue, where it has one. */
export async function writeTopic(
  db: Pick<Kysely<Tables>, 'insertInto'>,
  registry: string,
  topic: string,
  digest: string,
  issue?: number,
): Promise<void> {
  const row = { issue: issue ?? null, digest };
  await db
    .insertInto('topics')
    .values({ registry, topic, ...row })
    .onConflict((conflict) => conflict.columns(['registry', 'topic']).doUpdateSet(row))
    .execute();
}

/** Nothing is known of a topic any more. */
export async function forgetTopic(
  db: Pick<Kysely<Tables>, 'deleteFrom'>,
  registry: string,
  topic: string,
): Promise<void> {
  await db.deleteFrom('topics').where('registry', '=', registry).where('topic', '=', topic).execute();
}

/**
 * What came of the commands of a comment, until it is answered: whoever answers at the second try says what was done at the
 * first, and not what would be done by now. A pull request may have been merged in between.
 */
import type { Kysely } from 'kysely';
import type { CommandResult } from '#application/reconciliation/command-context';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import { forgetTimestamps, readTimestamp, writeTimestamp } from '#infrastructure/database/timestamps';
import { commandTopic, forgetTopic, topicDigest, writeTopic } from '#infrastructure/database/topics';
import type { CommentFacts } from '#infrastructure/queue/job-kinds';
import type { FencedDatabase } from '#infrastructure/queue/lease';

/** By the words of each command. */
export type CommandResults = ReadonlyMap<string, CommandResult>;

export interface ResultsOfComment {
  readonly database: FencedDatabase;
  /** The key of the registry's rows in the store. */
  readonly registry: string;
  /** GitHub's number of the comment. */
  readonly comment: number;
}

const topicOf = ({ comment }: ResultsOfComment): string => `${commandTopic}${comment}`;

export async function commandResults(of: ResultsOfComment): Promise<CommandResults> {
  const kept = await topicDigest(of.database, of.registry, topicOf(of));
  return new Map(kept === undefined ? [] : (JSON.parse(kept) as [string, CommandResult][]));
}

export async function saveCommandResults(of: ResultsOfComment, results: CommandResults): Promise<void> {
  await of.database
    .transaction()
    .execute((transaction) => writeTopic(transaction, of.registry, topicOf(of), storableJson([...results])));
}

/** To be called once the comment is answered, or all was done that there is to do. */
export async function endCommands(of: ResultsOfComment): Promise<void> {
  await of.database.transaction().execute(async (transaction) => {
    await forgetTopic(transaction, of.registry, topicOf(of));
    await writeTimestamp(transaction, doneMark(of), new Date());
  });
}

const donePrefix = 'commands-done ';
const doneMark = ({ registry, comment }: ResultsOfComment): string => `${donePrefix}${registry} ${comment}`;

/**
 * Whether all was done that a comment asks for. A delivery that was signed can be sent again under any id, since its id is not
 * signed; and an answer can be deleted.
 */
export async function areCommandsDone(of: ResultsOfComment): Promise<boolean> {
  return (await readTimestamp(of.database, doneMark(of))) !== undefined;
}

const dayMs = 86_400_000;
/** Days after which a comment gives no command any more when it is delivered: GitHub sends again for three. */
const answerableDays = 7;

/** Whether a comment is older, by the time that it is delivered, than what was done is remembered. */
export function isOfLongAgo({ createdAt }: CommentFacts, delivered: Date): boolean {
  return +delivered - Date.parse(createdAt ?? '') > answerableDays * dayMs;
}

/** Forgets what was done so long ago that nothing asks for it again. */
export async function forgetDoneCommands(db: Kysely<Tables>): Promise<void> {
  await forgetTimestamps(db, donePrefix, 2 * answerableDays);
}

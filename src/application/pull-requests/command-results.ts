/**
 * What came of the commands of a comment, until it is answered: whoever answers at the second try says what was done at the
 * first, and not what would be done by now. A pull request may have been merged in between.
 */
import type { CommandResult } from '#application/reconciliation/command-context';
import { storableJson } from '#infrastructure/database/storable-json';
import { commandTopic, forgetTopic, topicDigest, writeTopic } from '#infrastructure/database/topics';
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

/** To be called once the comment is answered. */
export async function forgetCommandResults(of: ResultsOfComment): Promise<void> {
  await of.database
    .transaction()
    .execute((transaction) => forgetTopic(transaction, of.registry, topicOf(of)));
}

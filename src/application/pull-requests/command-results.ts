/**
 * What came of the commands of a comment, until their job has ended: whoever answers at the second try says what was done at the
 * first, and not what would be done by now. A pull request may have been merged in between.
 */
import type { Kysely } from 'kysely';
import type { CommandResult } from '#application/reconciliation/command-context';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import {
  commandTopic,
  forgetTopic,
  topicDigest,
  topicsUnder,
  writeTopic,
} from '#infrastructure/database/topics';
import { commandKey } from '#infrastructure/queue/job-kinds';
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

/**
 * Forgets what came of commands whose jobs have ended: not before, since a job is done again where its process was killed
 * after the last thing that it did.
 */
export async function forgetEndedCommands(db: Kysely<Tables>, registry: string): Promise<void> {
  const kept = await topicsUnder(db, registry, commandTopic);
  const jobs = await db.selectFrom('jobs').select('key').where('kind', '=', 'command').execute();
  const unfinished = new Set(jobs.map(({ key }) => key));
  for (const comment of kept.keys())
    if (!unfinished.has(commandKey(registry, comment)))
      await forgetTopic(db, registry, `${commandTopic}${comment}`);
}

/**
 * What the default branch has moved by since the open pull requests were last asked about it. Whoever first reads a
 * new head (a review, a reconciliation, another process) writes it down here, with the reading itself; it is forgotten
 * when the pull requests that it concerns have been asked for.
 */
import type { Kysely, Transaction } from 'kysely';
import { defined } from '#base/defined';
import type { Claims } from '#domain/registry/claims';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';

/** Files that changed, with what they claimed before and claim now. `everything`: nothing was known before. */
export type BaseBranchChange =
  | 'everything'
  | {
      readonly changed: readonly string[];
      readonly moved: readonly Claims[];
      /** The commits that the default branch got; absent when not all are known. */
      readonly commits?: readonly string[];
    };

/** Records a change. The first reading of a registry matters only to pull requests that were judged before it. */
export async function recordChange(
  db: Transaction<Tables>,
  repo: string,
  move: BaseBranchChange,
): Promise<void> {
  if (move === 'everything') {
    const judged = await db
      .selectFrom('pulls')
      .select('number')
      .where('repo', '=', repo)
      .where('open', '=', true)
      .limit(1)
      .executeTakeFirst();
    if (judged === undefined) return;
  } else if (move.changed.length === 0) return;
  const {
    changed,
    moved: claims,
    commits,
  } = move === 'everything' ? { changed: undefined, moved: [], commits: undefined } : move;
  await db
    .insertInto('registry_moves')
    .values({
      repo,
      changed: changed === undefined ? null : storableJson(changed),
      moved: storableJson(defined({ claims, commits })),
    })
    .execute();
}

/** What was written down, all together, and the number up to which it can be forgotten afterwards. */
export async function pendingChanges(
  db: Kysely<Tables>,
  repo: string,
): Promise<{ readonly move: BaseBranchChange; readonly upTo: number } | undefined> {
  const rows = await db
    .selectFrom('registry_moves')
    .select(['id', 'changed', 'moved'])
    .where('repo', '=', repo)
    .orderBy('id')
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const changed = rows.flatMap((row) => row.changed ?? []);
  const histories = rows.map(({ moved }) => moved.commits);
  const known = histories.filter((commits) => commits !== undefined);
  const commits = known.length === histories.length ? known.flat() : undefined;
  return {
    move: rows.some((row) => row.changed === null)
      ? 'everything'
      : defined({
          changed: [...new Set(changed)],
          // Rows of before the commits were noted were a list of claims alone.
          moved: rows.flatMap(({ moved }) => (Array.isArray(moved) ? (moved as Claims[]) : moved.claims)),
          commits,
        }),
    upTo: last.id,
  };
}

export async function forgetChanges(db: Kysely<Tables>, repo: string, upTo: number): Promise<void> {
  await db.deleteFrom('registry_moves').where('repo', '=', repo).where('id', '<=', upTo).execute();
}

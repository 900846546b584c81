/**
 * The last version of each file that could be read, definitions and settings: it speaks for the file when what stands
 * on the default branch cannot be read, and when nothing stands there any more. It is never forgotten.
 */
import type { Kysely, Transaction } from 'kysely';
import { rowBatches } from '#infrastructure/database/row-batches';
import type { Tables } from '#infrastructure/database/tables';

/** @param files those of the commit that could be read, and no others */
export async function saveReadable(
  db: Transaction<Tables>,
  repo: string,
  commit: string,
  files: readonly { readonly path: string; readonly blob: string }[],
): Promise<void> {
  const rows = files.map(({ path, blob }) => ({ repo, path, blob, commit }));
  for (const batch of rowBatches(rows))
    await db
      .insertInto('last_readable')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['repo', 'path']).doUpdateSet(({ ref }) => ({
          blob: ref('excluded.blob'),
          commit: ref('excluded.commit'),
        })),
      )
      .execute();
}

/** The blobs of the last readable versions of these files, by path. */
export async function lastReadableBlobs(
  db: Kysely<Tables>,
  repo: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const slice of rowBatches([...new Set(paths)])) {
    const rows = await db
      .selectFrom('last_readable')
      .select(['path', 'blob'])
      .where('repo', '=', repo)
      .where('path', 'in', slice)
      .execute();
    for (const { path, blob } of rows) found.set(path, blob);
  }
  return found;
}

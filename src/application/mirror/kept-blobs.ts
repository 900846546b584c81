/**
 * Files as Git names them: read once, kept while something may ask for them, forgotten then.
 *
 * What names a file is the default branch, the last version of each file that could be read (which GitHub may not give any
 * more), open pull requests, and requests of the front desk that began from it. A sweep notes since when nothing does, and
 * takes away what nothing has named for the whole term. Whoever keeps a file again has it begin anew, and has its row until the
 * transaction ends, as a sweep has while it takes rows away: so that no row goes beneath what is just about to name it, whatever
 * the number of processes.
 */
import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { inSeconds, now, unflushed, unflushedHere } from '#infrastructure/database/per-engine';
import { rowBatches } from '#infrastructure/database/row-batches';
import type { Tables } from '#infrastructure/database/tables';

/** Files that one sweep looks at: from a place that is drawn, so that all have their turn, and no sweep takes long. */
const lookedAt = 1_000;

/** @param waits false where nobody has to wait for the disk: what a power cut takes is read once more */
export async function saveBlobs(
  db: Kysely<Tables>,
  blobs: ReadonlyMap<string, Uint8Array>,
  waits = true,
): Promise<void> {
  // Always in one order: those who keep the same ones in different orders would wait for each other (deadlock).
  const ordered = Array.from(blobs, ([id, bytes]) => ({ id, bytes })).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const slice of rowBatches(ordered))
    await (waits ? db : unflushed(db))
      .insertInto('blobs')
      .values(slice)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ unused_since: null }).where('blobs.unused_since', 'is not', null),
      )
      .$if(!waits, (query) => query.returning(unflushedHere))
      .execute();
}

/**
 * @param term seconds for which a file is kept that nothing names
 * @returns how many were forgotten
 */
export async function forgetBlobs(db: Kysely<Tables>, term: number): Promise<number> {
  const rows = await someBlobs(db, term);
  const named = await namedAmong(
    db,
    rows.map(({ id }) => id),
  );
  const ids = (which: (row: (typeof rows)[number]) => boolean) => rows.filter(which).map(({ id }) => id);
  const change = (chosen: readonly string[], unusedSince: typeof now | null) =>
    db.transaction().execute(async (transaction) => {
      const free = await lockFree(transaction, chosen);
      if (free.length > 0)
        await transaction
          .updateTable('blobs')
          .set({ unused_since: unusedSince })
          .where('id', 'in', free)
          .execute();
    });
  await change(
    ids(({ id, marked }) => Boolean(marked) && named.has(id)),
    null,
  );
  await change(
    ids(({ id, marked }) => !marked && !named.has(id)),
    now,
  );
  return deleteUnnamed(
    db,
    ids(({ id, due }) => Boolean(due) && !named.has(id)),
    term,
  );
}

/** Some, from a place that is drawn on, and on from the beginning. */
async function someBlobs(db: Kysely<Tables>, term: number) {
  const from = randomBytes(20).toString('hex');
  const read = (where: '>=' | '<', most: number) =>
    db
      .selectFrom('blobs')
      .select(({ eb, fn }) => [
        'id',
        eb('unused_since', 'is not', null).as('marked'),
        fn.coalesce(eb('unused_since', '<', inSeconds(-term)), eb.lit(false)).as('due'),
      ])
      .where('id', where, from)
      .orderBy('id')
      .limit(most)
      .execute();
  const above = await read('>=', lookedAt);
  return above.length < lookedAt ? [...above, ...(await read('<', lookedAt - above.length))] : above;
}

async function namedAmong(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const open = await db.selectFrom('pulls').select('comparison').where('open', '=', true).execute();
  const named = new Set(
    open.flatMap(({ comparison }) => comparison?.files.flatMap(({ blob }) => blob ?? []) ?? []),
  );
  for (const slice of rowBatches(ids)) {
    const found = await db
      .selectFrom('registry_files')
      .select('blob')
      .where('blob', 'in', slice)
      .union(db.selectFrom('last_readable').select('blob').where('blob', 'in', slice))
      .union(
        db
          .selectFrom('requests')
          .select(({ ref }) => ref('base_blob').$castTo<string>().as('blob'))
          .where('base_blob', 'in', slice)
          .where('state', 'not in', ['withdrawn', 'closed', 'merged']),
      )
      .execute();
    for (const { blob } of found) named.add(blob);
  }
  return named;
}

/** Those of them that nobody else is at, until the transaction ends. */
async function lockFree(db: Transaction<Tables>, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('blobs')
    .select('id')
    .where('id', 'in', ids)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(({ id }) => id);
}

async function deleteUnnamed(db: Kysely<Tables>, ids: readonly string[], term: number): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const free = await lockFree(transaction, ids);
    if (free.length === 0) return 0;
    // Looked at once more, now that nobody else can keep them: what they were named by meanwhile is there by now.
    const { numDeletedRows } = await transaction
      .deleteFrom('blobs')
      .where('id', 'in', free)
      .where('unused_since', '<', inSeconds(-term))
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('registry_files').select('blob').whereRef('blob', '=', 'blobs.id'))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('last_readable').select('blob').whereRef('blob', '=', 'blobs.id'))),
      )
      .executeTakeFirst();
    return Number(numDeletedRows);
  });
}

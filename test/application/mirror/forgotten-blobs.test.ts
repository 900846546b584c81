/** How long files are kept that were read once: while something names them, and a term longer. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetBlobs, saveBlobs } from '#application/mirror/kept-blobs';
import type { Database } from '#infrastructure/database/database';
import { exportDatabase, importDatabase } from '#infrastructure/database/export-import';
import { inSeconds } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import { emptyTables, engines, newStore } from '../../infrastructure/database/engines.ts';

const term = 90 * 86_400;
const repo = 'org/registre';
const idOf = (text: string) => createHash('sha1').update(text).digest('hex');
const blobs = (...texts: readonly string[]) =>
  new Map(texts.map((text) => [idOf(text), new TextEncoder().encode(text)]));

describe.each(engines)('on $name, a file', (engine) => {
  let store: Database;
  let db: Kysely<Tables>;
  beforeAll(async () => {
    store = await newStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());
  beforeEach(() => emptyTables(db, 'blobs', 'registry_files', 'last_readable', 'pulls', 'requests'));

  const kept = async () => {
    const rows = await db.selectFrom('blobs').select('bytes').execute();
    return rows.map(({ bytes }) => new TextDecoder().decode(bytes)).sort();
  };
  /** As if so much time had passed since what is noted was. */
  const pass = (seconds: number) =>
    db
      .updateTable('blobs')
      .set({ unused_since: inSeconds(-seconds) })
      .where('unused_since', 'is not', null)
      .execute();
  const readable = (path: string, text: string, of: Kysely<Tables> = db) =>
    of
      .insertInto('last_readable')
      .values({ repo, path, blob: idOf(text), commit: 'c' })
      .execute();
  const request = (number: number, text: string, state: 'open' | 'merged') =>
    db
      .insertInto('requests')
      .values({
        id: `r${number}`,
        registry: repo,
        person: 'p',
        applicant: 'a',
        path: 'x.yaml',
        base_blob: idOf(text),
        state,
      })
      .execute();
  const pull = (number: number, text: string, open: boolean) =>
    db
      .insertInto('pulls')
      .values({
        repo,
        number,
        head: `h${number}`,
        read_at: '',
        open,
        comparison: JSON.stringify({ files: [{ path: 'x.yaml', status: 'added', blob: idOf(text) }] }),
        claims: '[]',
        touched: '[]',
        published: '{}',
      })
      .execute();

  it('is kept while the default branch, what it last was, or something open names it, and a term longer', async () => {
    await saveBlobs(db, blobs('branch', 'last', 'asked', 'done', 'desk', 'decided', 'nobody'));
    await db
      .insertInto('registry_files')
      .values({ repo, path: 'a.yaml', blob: idOf('branch'), mode: '100644' as never, claims: null })
      .execute();
    await readable('a.yaml', 'last');
    await pull(1, 'asked', true);
    await pull(2, 'done', false);
    await request(1, 'desk', 'open');
    await request(2, 'decided', 'merged');
    expect(await forgetBlobs(db, term)).toBe(0);
    await pass(term - 60);
    expect(await forgetBlobs(db, term)).toBe(0);
    await pass(term + 60);
    expect(await forgetBlobs(db, term)).toBe(3);
    expect(await kept()).toEqual(['asked', 'branch', 'desk', 'last']);
  });

  it('begins anew when it is named or kept again', async () => {
    await saveBlobs(db, blobs('named again', 'kept again', 'neither'));
    await forgetBlobs(db, term);
    await pass(term - 60);
    await readable('a.yaml', 'named again');
    await saveBlobs(db, blobs('kept again'));
    await forgetBlobs(db, term);
    await emptyTables(db, 'last_readable');
    const { length: marked } = await db
      .selectFrom('blobs')
      .select('id')
      .where('unused_since', '<', inSeconds(-60))
      .execute();
    expect(marked).toBe(1);
    await pass(term + 60);
    // Noted just now, all but one: as of what nobody has looked at yet.
    await saveBlobs(db, blobs('named again', 'kept again'));
    expect(await forgetBlobs(db, term)).toBe(1);
    expect(await kept()).toEqual(['kept again', 'named again']);
  });

  it('does not go beneath whoever keeps it again at that moment, to name it', async () => {
    await saveBlobs(db, blobs('again'));
    await forgetBlobs(db, term);
    await pass(term + 60);
    let sweep: Promise<number> | undefined;
    await db.transaction().execute(async (transaction) => {
      await saveBlobs(transaction, blobs('again'));
      // Another process, which sees nothing yet of what is being written.
      sweep = forgetBlobs(db, term);
      if (engine.name === 'postgresql') await sweep;
      await readable('a.yaml', 'again', transaction);
    });
    expect(await sweep).toBe(0);
    expect(await kept()).toEqual(['again']);
  });

  it('goes with some others in each sweep, however many they are', async () => {
    const many = Array.from({ length: 2_100 }, (_, n) => `f${n}`);
    await saveBlobs(db, blobs(...many));
    const marked = async () =>
      (await db.selectFrom('blobs').select('id').where('unused_since', 'is not', null).execute()).length;
    await forgetBlobs(db, term);
    expect(await marked()).toBe(1_000);
    await pass(term + 60);
    const forgotten = await forgetBlobs(db, term);
    expect(forgotten).toBeLessThanOrEqual(1_000);
    expect(await kept()).toHaveLength(2_100 - forgotten);
  });

  it.each(engines)(
    'goes at its time also where the store was taken elsewhere meanwhile, to $name',
    async (to) => {
      await saveBlobs(db, blobs('old', 'named'));
      await readable('a.yaml', 'named');
      await forgetBlobs(db, term);
      await pass(term + 60);
      const lines: string[] = [];
      for await (const line of exportDatabase(db)) lines.push(line);
      const other = await newStore(to);
      expect(await importDatabase(other, Readable.from(lines))).toMatchObject({ ok: true });
      expect(await forgetBlobs(other.db, term)).toBe(1);
      expect(await other.db.selectFrom('blobs').select('id').execute()).toEqual([{ id: idOf('named') }]);
      await other.close();
    },
  );
});

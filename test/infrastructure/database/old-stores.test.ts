/** Stores of every earlier version, with data in every table, are brought to this one, whole and usable. */
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink, tokenHash } from '#application/handover/link-token';
import { waitingMails } from '#application/handover/outbox';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { ReviewStore } from '#application/mirror/review-store';
import { auditTrail, ReconcileStore } from '#application/reconciliation/reconcile-store';
import { knownMigrations, migrate } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { readTimestamp } from '#infrastructure/database/timestamps';
import { retryDead } from '#infrastructure/queue/dead-letters';
import { decompressBody } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines } from './engines.ts';
import { digestOfMigration, frozenDigests, frozenStore } from './frozen.ts';
import { commit, delivered, key, registry, secret, token } from './sample-rows.ts';

/** In the order in which they were written, which is the order of the stores that there can be. */
const digests = frozenDigests();
const versions = Object.keys(digests);

describe('a migration that was written', () => {
  it('is frozen with a store of its day: TEST_DATABASE_URL=… npm run freeze:store', async () => {
    expect([...versions].sort()).toEqual(Object.keys(await knownMigrations()));
  });

  it.each(versions)('%s is never edited: what is to change, another one changes', (name) => {
    expect(digestOfMigration(name)).toBe(digests[name]);
  });
});

/** A database whose content is thrown away before each version. */
interface Ground {
  readonly db: Kysely<Tables>;
  run(statements: string): Promise<void>;
  close(): Promise<void>;
}

const grounds: Record<(typeof engines)[number]['name'], () => Promise<Ground>> = {
  async embedded() {
    const pglite = await PGlite.create();
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
    return { db, run: async (statements) => void (await pglite.exec(statements)), close: () => db.destroy() };
  },
  async postgresql() {
    const scratch = await engines.find(({ name }) => name === 'postgresql')?.scratch();
    if (scratch === undefined || !('url' in scratch.location)) throw new Error('There is no PostgreSQL');
    const pool = new Pool({ connectionString: scratch.location.url });
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    return {
      db,
      run: async (statements) => void (await pool.query(statements)),
      async close() {
        await db.destroy();
        await scratch.remove();
      },
    };
  },
};

type Rows = ReadonlyMap<string, readonly Record<string, unknown>[]>;

async function rowsOf(db: Kysely<Tables>): Promise<Rows> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_name not like 'migrations%' order by 1`.execute(db);
  const all = new Map<string, readonly Record<string, unknown>[]>();
  for (const { name } of tables) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(each) as row from ${sql.table(name)} each`.execute(db);
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

/** What a migration takes away on purpose: the registry is read once more for what can be read of it. */
const forgotten: Readonly<Record<string, string>> = { registry_commits: '0300-last-readable' };

describe.each(engines)('on $name', ({ name: engine }) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await grounds[engine]();
  });
  afterAll(() => ground.close());

  it.each(versions)('a store of %s is whole afterwards, and usable', async (version) => {
    const { db } = ground;
    await ground.run('drop schema public cascade; create schema public;');
    await ground.run(frozenStore(version));
    const before = await rowsOf(db);
    await migrate(db);
    const after = await rowsOf(db);
    for (const [table, rows] of before) {
      expect(rows.length, table).toBeGreaterThan(0);
      const [taker] = [forgotten[table]];
      if (taker !== undefined && versions.indexOf(taker) > versions.indexOf(version)) continue;
      // An update may move a row: only what is in it is kept.
      expect(after.get(table), table).toHaveLength(rows.length);
      expect(after.get(table), table).toEqual(
        expect.arrayContaining(rows.map((row) => expect.objectContaining(row))),
      );
    }
    await usesQueue(db);
    if (before.has('marks')) expect(await readTimestamp(db, 'sweep')).toBeInstanceOf(Date);
    if (before.has('pulls')) await usesReviews(db);
    if (before.has('clients')) await usesProvisioning(db);
  });
});

async function usesQueue(db: Kysely<Tables>): Promise<void> {
  const [first] = await db.selectFrom('deliveries').selectAll().orderBy('id').execute();
  expect(decompressBody(first?.body ?? new Uint8Array()).toString()).toBe(delivered);
  const jobs = new JobQueue(db);
  const claimed = await jobs.claim();
  expect(claimed?.job).toMatchObject({ kind: 'review', payload: { number: 4 }, attempt: 3 });
  if (claimed !== undefined) expect(await jobs.complete(claimed)).toBe(true);
  expect(await retryDead(db)).toBe(1);
  expect((await jobs.claim())?.job).toMatchObject({ kind: 'review', payload: { number: 5 }, attempt: 1 });
  await jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'after the migration' });
}

async function usesReviews(db: Kysely<Tables>): Promise<void> {
  const memory = new ReviewStore(db);
  const kept = await memory.pull(registry, 4);
  expect(kept).toMatchObject({ head: commit, open: true, published: { comment: { id: 3 } } });
  expect(await memory.labels(registry)).toEqual(['ready']);
  if (kept !== undefined) await memory.upsertPull(registry, 4, { ...kept, open: false });
  expect(await memory.openPulls(registry)).toEqual([]);
}

async function usesProvisioning(db: Kysely<Tables>): Promise<void> {
  const vault = vaultWith(parseKeyring(key));
  const ledger = new SqlLedger({ db, registry, vault, newLink });
  const [account] = await ledger.all();
  expect(account).toMatchObject({ id: 'agenda', state: 'active', clientId: 'client-1' });
  if (account !== undefined) await ledger.save(account, { ...account, what: 'update' });
  const books = new ReconcileStore(db, registry);
  expect(await books.reconciledCommit()).toBe(commit);
  expect((await books.origins()).get('internet/integration/agenda')).toMatchObject({ pull: 4, word: 'pull' });
  expect(await books.servedCells()).toEqual(new Set(['internet/integration']));
  expect(await books.findMerge(4)).toMatchObject({ author: 'camille', published: 'abc' });
  expect(await books.confirmedDigests()).toEqual(new Set(['abcdef']));
  expect(await books.findTopic('drift internet/integration')).toMatchObject({ issue: 6 });
  expect(await waitingMails(db)).toHaveLength(1);
  const handovers = sqlHandoverStore(db, vault, () => ({ method: 'client_secret_post' }));
  expect(await handovers.reveal(tokenHash(token))).toMatchObject({ clientId: 'client-1', secret });
  const told: unknown[] = [];
  for await (const { what } of auditTrail(db)) told.push(what);
  expect(told).toEqual(['create', 'update', 'revealed']);
  await expect(db.deleteFrom('audit').execute()).rejects.toThrow('only ever added to');
}

/** Stores of every earlier version, with data in every table, are brought to this one, whole and usable. */
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlHandoverStore } from '#application/handover/handover-store';
import { newLink, tokenHash } from '#application/handover/link-token';
import { waitingMails } from '#application/handover/outbox';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { auditTrail } from '#application/ledger/audit-trail';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { ReviewStore } from '#application/mirror/review-store';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { columnsOf } from '#infrastructure/database/contents';
import { EmbeddedDialect } from '#infrastructure/database/embedded/dialect';
import { importDatabase } from '#infrastructure/database/export-import';
import { knownMigrations, migrate } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { readTimestamp } from '#infrastructure/database/timestamps';
import { retryDead } from '#infrastructure/queue/dead-letters';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines, opened } from './engines.ts';
import { digestOfMigration, formerExport, frozenDigests, frozenStore, frozenVersions } from './frozen.ts';
import { commit, delivered, key, registry, secret, token } from './sample-rows.ts';

describe('a migration that was written', () => {
  const digests = frozenDigests();

  it('is frozen with a store of its day: TEST_DATABASE_URL=… npm run freeze:store', async () => {
    expect(Object.keys(digests).sort()).toEqual(Object.keys(await knownMigrations('postgresql')));
    expect(Object.keys(digests).sort()).toEqual(Object.keys(await knownMigrations('embedded')));
  });

  it.each(Object.keys(digests))('%s is never edited: what is to change, another one changes', (name) => {
    expect(digestOfMigration(name)).toBe(digests[name]);
  });

  it.each(frozenVersions('embedded'))('makes in SQLite what it made on the day of %s', async (name) => {
    const written = Object.keys(digests);
    const database = new DatabaseSync(':memory:');
    const db = new Kysely<Tables>({ dialect: new EmbeddedDialect(database) });
    await migrate(db, 'embedded', written.slice(0, written.indexOf(name) + 1));
    const schema = database.prepare(
      "select sql from sqlite_schema where sql is not null and name not like 'sqlite_%'",
    );
    const made = schema.all().map(({ sql: statement }) => `${String(statement).trim()};`);
    await db.destroy();
    const frozen = frozenStore(name, 'embedded');
    for (const statement of made) expect(frozen).toContain(statement);
    expect(frozen.match(/^create /gim)).toHaveLength(made.length);
  });
});

/** A database whose content is thrown away before each version. */
interface Ground {
  /** Empty, but for what these statements make. */
  with(statements: string): Promise<Kysely<Tables>>;
  close(): Promise<void>;
}

const grounds: Record<(typeof engines)[number]['name'], () => Promise<Ground>> = {
  async embedded() {
    let db: Kysely<Tables> | undefined;
    return {
      async with(statements) {
        await db?.destroy();
        const database = new DatabaseSync(':memory:');
        database.exec(statements);
        db = new Kysely<Tables>({ dialect: new EmbeddedDialect(database) });
        return db;
      },
      close: async () => db?.destroy(),
    };
  },
  async postgresql() {
    const scratch = await engines.find(({ name }) => name === 'postgresql')?.scratch();
    if (scratch === undefined || !('url' in scratch.location)) throw new Error('There is no PostgreSQL');
    const pool = new Pool({ connectionString: scratch.location.url });
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    return {
      async with(statements) {
        await pool.query('drop schema public cascade; create schema public;');
        await pool.query(statements);
        return db;
      },
      async close() {
        await db.destroy();
        await scratch.remove();
      },
    };
  },
};

type Rows = ReadonlyMap<string, readonly Record<string, unknown>[]>;

async function rowsOf(db: Kysely<Tables>): Promise<Rows> {
  const all = new Map<string, readonly Record<string, unknown>[]>();
  for (const table of (await columnsOf(db)).keys()) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(db);
    all.set(table, rows);
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

  const versions = frozenVersions(engine);
  it.each(versions)('a store of %s is whole afterwards, and usable', async (version) => {
    const db = await ground.with(frozenStore(version, engine));
    const before = await rowsOf(db);
    await migrate(db, engine);
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

  it('what the last version before SQLite exported is whole, and usable', async () => {
    const scratch = await engines.find(({ name }) => name === engine)?.scratch();
    const store = await opened(scratch?.location ?? expect.fail());
    const lines = readFileSync(formerExport, 'utf8').trimEnd().split('\n');
    const imported = await importDatabase(store, Readable.from(lines));
    expect(imported).toEqual({ ok: true, rows: lines.length - 1 });
    const exported = new Set(lines.slice(1).map((line) => (JSON.parse(line) as [string])[0]));
    expect(exported.size).toBeGreaterThan(20);
    // Tables that came later are empty.
    for (const [table, rows] of await rowsOf(store.db))
      expect(rows.length > 0, table).toBe(exported.has(table));
    await usesQueue(store.db);
    expect(await readTimestamp(store.db, 'sweep')).toEqual(new Date('2026-03-02T08:30:00.123Z'));
    await usesReviews(store.db);
    await usesProvisioning(store.db);
    await store.close();
    await scratch?.remove();
  });
});

async function usesQueue(db: Kysely<Tables>): Promise<void> {
  const [first] = await db.selectFrom('deliveries').selectAll().orderBy('id').execute();
  // Nothing reads it, and it goes with its week.
  expect(gunzipSync(first?.body ?? new Uint8Array()).toString()).toBe(delivered);
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
  if (account !== undefined) await ledger.save(account, { ...account, what: 'recorded' });
  const books = new ReconcileStore(db, registry);
  expect(await books.origins.reconciledCommit()).toBe(commit);
  expect((await books.origins.all()).get('internet/integration/agenda')).toMatchObject({
    pull: 4,
    word: 'pull',
  });
  expect(await books.origins.servedCells()).toEqual(new Set(['internet/integration']));
  expect(await books.merges.find(4)).toMatchObject({ author: 'camille', published: 'abc' });
  expect(await books.confirmations.digests()).toEqual(new Set(['abcdef']));
  expect(await books.topics.find('drift internet/integration')).toMatchObject({ issue: 6 });
  expect(await waitingMails(db)).toHaveLength(1);
  const handovers = sqlHandoverStore(db, vault, () => ({ method: 'client_secret_post' }));
  expect(await handovers.reveal(tokenHash(token))).toMatchObject({ clientId: 'client-1', secret });
  const told: unknown[] = [];
  for await (const { what } of auditTrail(db)) told.push(what);
  expect(told).toEqual(['create', 'recorded', 'revealed']);
  await expect(db.deleteFrom('audit').execute()).rejects.toThrow('only ever added to');
}

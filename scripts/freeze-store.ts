/**
 * `npm run freeze:store`: writes, for each migration that has none, a store as it left it on each engine, with data in
 * every table, and the digest of the migration itself. Later versions are tested on it; it is never written again.
 * PostgreSQL is the server that TEST_DATABASE_URL names; its `pg_dump` is looked for where Debian installs it, too.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { columnsOf } from '#infrastructure/database/contents';
import { EmbeddedDialect } from '#infrastructure/database/embedded/dialect';
import { writtenBefore } from '#infrastructure/database/embedded/first-schema';
import { writeRows } from '#infrastructure/database/export-import';
import { knownMigrations, migrate } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { engines } from '../test/infrastructure/database/engines.ts';
import {
  digestOfMigration,
  digestsFile,
  frozenDigests,
  frozenFile,
  frozenFolder,
} from '../test/infrastructure/database/frozen.ts';
import { sampleRows } from '../test/infrastructure/database/sample-rows.ts';

mkdirSync(frozenFolder, { recursive: true });
const digests: Record<string, string> = existsSync(digestsFile) ? { ...frozenDigests() } : {};
for (const name of Object.keys(await knownMigrations('postgresql')))
  digests[name] ??= digestOfMigration(name);
const written = Object.keys(digests);
for (const [index, name] of written.entries()) {
  const before = written.slice(0, index + 1);
  await freeze(frozenFile(name, 'postgresql'), () => postgresqlWith(before));
  if (writtenBefore.every((one) => before.includes(one)))
    await freeze(frozenFile(name, 'embedded'), () => embeddedWith(before));
}
writeFileSync(digestsFile, `${JSON.stringify(digests, undefined, 2)}\n`);

async function freeze(file: string, store: () => Promise<string>): Promise<void> {
  if (existsSync(file)) return;
  writeFileSync(file, await store());
  process.stdout.write(`${file}\n`);
}

/** A store to which these migrations were applied, in the order in which they were written, as statements. */
async function postgresqlWith(names: readonly string[]): Promise<string> {
  const scratch = await engines.find(({ name }) => name === 'postgresql')?.scratch();
  if (scratch === undefined || !('url' in scratch.location))
    throw new Error('Name a server of PostgreSQL in TEST_DATABASE_URL');
  const { url } = scratch.location;
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
  });
  try {
    await migrate(db, 'postgresql', names);
    await fill(db);
    const dump = execFileSync(dumper(), ['--inserts', '--no-owner', '--no-privileges', url], {
      encoding: 'utf8',
    });
    return statementsOf(dump);
  } finally {
    await db.destroy();
    await scratch.remove();
  }
}

async function embeddedWith(names: readonly string[]): Promise<string> {
  const database = new DatabaseSync(':memory:');
  const db = new Kysely<Tables>({ dialect: new EmbeddedDialect(database) });
  await migrate(db, 'embedded', names);
  await fill(db);
  const dump = dumpOf(database);
  await db.destroy();
  return dump;
}

/** The tables, their rows, and then what watches over them. */
function dumpOf(database: DatabaseSync): string {
  const schema = database
    .prepare("select name, type, sql from sqlite_schema where sql is not null and name not like 'sqlite_%'")
    .all() as { name: string; type: string; sql: string }[];
  const statements = schema.filter(({ type }) => type === 'table').map(({ sql }) => sql);
  for (const { name } of schema.filter(({ type }) => type === 'table')) {
    const columns = database.prepare(`select * from "${name}"`).columns();
    const values = columns.map((column) => `quote("${column.name}")`).join(` || ', ' || `);
    const rows = database.prepare(`select ${values} as row from "${name}"`).all();
    statements.push(...rows.map(({ row }) => `insert into "${name}" values (${row})`));
  }
  statements.push(...schema.filter(({ type }) => type !== 'table').map(({ sql }) => sql));
  return statements.map((statement) => `${statement.trim()};\n`).join('');
}

async function fill(db: Kysely<Tables>): Promise<void> {
  const tables = await columnsOf(db);
  const entries = Object.entries(sampleRows()).flatMap(([table, rows]) =>
    tables.has(table) ? rows.map((row) => [table, row] as const) : [],
  );
  await writeRows(
    db,
    (async function* () {
      yield* entries;
    })(),
  );
}

/** Without comments, settings of the session, and what only `psql` understands. */
function statementsOf(dump: string): string {
  const lines = dump.split('\n').filter((line) => !/^(--|SET |\\|SELECT pg_catalog\.set_config)/.test(line));
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function dumper(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions;
  return newest === undefined ? 'pg_dump' : join(debian, newest, 'bin/pg_dump');
}

/**
 * `npm run freeze:store`: writes, for each migration that has none, a store as it left it, with data in every table, and
 * the digest of the migration itself. Later versions are tested on it; it is never written again.
 * PostgreSQL is the server that TEST_DATABASE_URL names; its `pg_dump` is looked for where Debian installs it, too.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { knownMigrations } from '#infrastructure/database/migrate';
import { engines } from '../test/infrastructure/database/engines.ts';
import { digestOfMigration, digestsFile, frozenFolder } from '../test/infrastructure/database/frozen.ts';
import { sampleRows } from '../test/infrastructure/database/sample-rows.ts';

const known = await knownMigrations();
mkdirSync(frozenFolder, { recursive: true });
const digests: Record<string, string> = existsSync(digestsFile)
  ? (JSON.parse(readFileSync(digestsFile, 'utf8')) as Record<string, string>)
  : {};
for (const name of Object.keys(known)) {
  const file = join(frozenFolder, `${name}.sql`);
  if (existsSync(file)) continue;
  digests[name] = digestOfMigration(name);
  writeFileSync(file, await storeWith(Object.keys(digests)));
  process.stdout.write(`${file}\n`);
}
writeFileSync(digestsFile, `${JSON.stringify(digests, undefined, 2)}\n`);

/** A store to which these migrations were applied, in the order in which they were written, as statements. */
async function storeWith(names: readonly string[]): Promise<string> {
  const scratch = await engines.find(({ name }) => name === 'postgresql')?.scratch();
  if (scratch === undefined || !('url' in scratch.location))
    throw new Error('Name a server of PostgreSQL in TEST_DATABASE_URL');
  const { url } = scratch.location;
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
  });
  try {
    const then = new Map(Object.entries(known).filter(([name]) => names.includes(name)));
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(Object.fromEntries(then)) },
      migrationTableName: 'migrations',
      migrationLockTableName: 'migrations_lock',
      allowUnorderedMigrations: true,
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
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

async function fill(db: Kysely<unknown>): Promise<void> {
  const { rows: columns } = await sql<{ table: string; name: string }>`
    select table_name as table, column_name as name from information_schema.columns
    where table_schema = 'public'`.execute(db);
  for (const [table, rows] of Object.entries(sampleRows()))
    for (const row of rows) {
      const names = Object.keys(row).filter((name) =>
        columns.some((column) => column.table === table && column.name === name),
      );
      if (names.length === 0) continue;
      const list = sql.join(names.map((name) => sql.id(name)));
      await sql`
        insert into ${sql.table(table)} (${list})
        select ${list} from jsonb_populate_record(null::${sql.table(table)}, ${JSON.stringify(row)}::jsonb)`.execute(
        db,
      );
    }
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

/** What a store holds, whatever its engine: its tables and columns, its migrations, whether there is anything in it. */
import { type Kysely, sql } from 'kysely';
import { perEngine } from './per-engine.ts';
import type { Tables } from './tables.ts';

export interface StoredColumn {
  readonly name: string;
  /** As PostgreSQL calls it; some have two names there. */
  readonly type: string;
  /** Whether its values are numbers in the order of the rows' coming. */
  readonly numbered: boolean;
}

const hasMigrations = perEngine<boolean>(
  sql`to_regclass('migrations') is not null`,
  sql`exists (select 1 from sqlite_master where type = 'table' and name = 'migrations')`,
);

/** Kept by the migrations themselves. */
const ownTables = ['migrations', 'migrations_lock'];

/** The columns of each table, both in order. */
export async function columnsOf(db: Kysely<Tables>): Promise<ReadonlyMap<string, readonly StoredColumn[]>> {
  const tables = (await db.introspection.getTables()).filter(({ name }) => !ownTables.includes(name));
  return new Map(
    tables.map(({ name, columns }) => [
      name,
      columns.map((column) => ({
        name: column.name,
        type: column.dataType.toLowerCase(),
        numbered: column.isAutoIncrementing,
      })),
    ]),
  );
}

/** The names of the migrations that were applied, in their order; none where nobody made a store yet. */
export async function migrationsOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows: there } = await sql<{ one: number }>`select 1 as one where ${hasMigrations}`.execute(db);
  if (there.length === 0) return [];
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(db);
  return rows.map(({ name }) => name);
}

export async function isEmpty(db: Kysely<Tables>): Promise<boolean> {
  for (const table of (await columnsOf(db)).keys()) {
    const { rows } = await sql`select 1 as one from ${sql.table(table)} limit 1`.execute(db);
    if (rows.length > 0) return false;
  }
  return true;
}

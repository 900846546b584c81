/**
 * The whole store as lines of JSON, to move it from one engine to the other, or to keep a copy: a line that names
 * the migrations, then each row as `[table, row]`. Bytes are in base64, moments in RFC 3339 with microseconds.
 */
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/** Kept by the migrations themselves. */
const ownTables = ['migrations', 'migrations_lock'];
/** Rows that are read and written at a time. */
const slice = 500;
const format = 'greffier-store-1';

async function columnsOf(db: Kysely<Tables>): Promise<ReadonlyMap<string, readonly Column[]>> {
  const { rows } = await sql<Column>`
    select table_name as table, column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' order by table_name, ordinal_position`.execute(db);
  return Map.groupBy(
    rows.filter(({ table }) => !ownTables.includes(table)),
    ({ table }) => table,
  );
}

async function migrationsOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** The lines of an archive, all of one moment. */
export async function* exportDatabase(db: Kysely<Tables>): AsyncGenerator<string> {
  const moment = await db.startTransaction().setIsolationLevel('repeatable read').execute();
  try {
    yield* linesOf(moment);
  } finally {
    await moment.rollback().execute();
  }
}

async function* linesOf(db: Kysely<Tables>): AsyncGenerator<string> {
  yield `${JSON.stringify({ format, migrations: await migrationsOf(db) })}\n`;
  for (const [table, columns] of await columnsOf(db)) {
    const values = columns.map(({ name, type }) =>
      type === 'bytea' ? sql`encode(${sql.ref(name)}, 'base64') as ${sql.id(name)}` : sql.ref(name),
    );
    for (let offset = 0; ; offset += slice) {
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(each)::text as row from (
          select ${sql.join(values)} from ${sql.table(table)} order by ctid limit ${slice} offset ${offset}
        ) each`.execute(db);
      for (const { row } of rows) yield `${JSON.stringify([table, JSON.parse(row)])}\n`;
      if (rows.length < slice) break;
    }
  }
}

export type ImportResult =
  | { readonly ok: true; readonly rows: number }
  /** `version`: written by another version of Greffier. `full`: the store already holds something. */
  | { readonly ok: false; readonly reason: 'format' | 'version' | 'full' };

/** Writes an archive into an empty store, all of it or nothing. */
export async function importDatabase(
  db: Kysely<Tables>,
  lines: AsyncIterable<string>,
): Promise<ImportResult> {
  const tables = await columnsOf(db);
  const known = await migrationsOf(db);
  return db.transaction().execute(async (transaction): Promise<ImportResult> => {
    let rows = 0;
    let first = true;
    let pending: { table: string; rows: unknown[] } = { table: '', rows: [] };
    const write = async (): Promise<void> => {
      const columns = tables.get(pending.table);
      if (columns !== undefined && pending.rows.length > 0) await insert(transaction, columns, pending.rows);
      pending = { table: pending.table, rows: [] };
    };
    for await (const line of lines) {
      if (line.trim() === '') continue;
      const entry: unknown = JSON.parse(line);
      if (first) {
        first = false;
        const refused = refusalOf(entry, known);
        if (refused !== undefined) return { ok: false, reason: refused };
        for (const table of tables.keys()) {
          const { rows: some } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(transaction);
          if (some.length > 0) return { ok: false, reason: 'full' };
        }
        continue;
      }
      const [table, row] = entry as [string, unknown];
      if (!tables.has(table)) throw new Error(`The archive has a table that the store has not: ${table}`);
      if (table !== pending.table || pending.rows.length === slice) {
        await write();
        pending = { table, rows: [] };
      }
      pending.rows.push(row);
      rows += 1;
    }
    await write();
    if (first) return { ok: false, reason: 'format' };
    await restartIdentities(transaction);
    return { ok: true, rows };
  });
}

function refusalOf(head: unknown, known: readonly string[]): 'format' | 'version' | undefined {
  if (typeof head !== 'object' || head === null || !('format' in head) || head.format !== format)
    return 'format';
  const migrations = 'migrations' in head ? head.migrations : undefined;
  return JSON.stringify(migrations) === JSON.stringify(known) ? undefined : 'version';
}

async function insert(
  db: Kysely<Tables>,
  columns: readonly Column[],
  rows: readonly unknown[],
): Promise<void> {
  const table = columns[0]?.table ?? '';
  const names = columns.map(({ name }) => sql.id(name));
  const values = columns.map(({ name, type }) =>
    type === 'bytea'
      ? sql`decode(each ->> ${name}, 'base64')`
      : sql`(jsonb_populate_record(null::${sql.table(table)}, each - ${bytesOf(columns)}::text[])).${sql.id(name)}`,
  );
  await sql`
    insert into ${sql.table(table)} (${sql.join(names)}) overriding system value
    select ${sql.join(values)} from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) each`.execute(db);
}

/** The columns whose text is not what PostgreSQL would read as their type. */
function bytesOf(columns: readonly Column[]): string {
  return `{${columns
    .filter(({ type }) => type === 'bytea')
    .map(({ name }) => name)
    .join(',')}}`;
}

/** Identities go on after the highest that was written. */
async function restartIdentities(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ table: string; name: string }>`
    select table_name as table, column_name as name from information_schema.columns
    where table_schema = 'public' and is_identity = 'YES'`.execute(db);
  for (const { table, name } of rows)
    await sql`
      select setval(pg_get_serial_sequence(${table}, ${name}),
        (select coalesce(max(${sql.ref(name)}), 0) + 1 from ${sql.table(table)}), false)`.execute(db);
}

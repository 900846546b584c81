/**
 * The whole store as lines of JSON, to move it from one engine to the other, or to keep a copy: a line that names
 * the migrations, then each row as `[table, row]`, then one that says how many lines stand before it. Bytes are in base64,
 * moments in RFC 3339 with microseconds.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { isJsonObject, parseJson } from '#base/json';
import { columnsOf, isEmpty, migrationsOf, type StoredColumn } from './contents.ts';
import { writtenBefore } from './embedded/first-schema.ts';
import { openTemporary } from './embedded/open.ts';
import type { Engine } from './engine.ts';
import { refusedDataCode } from './errors.ts';
import { knownMigrations, migrate } from './migrate.ts';
import { momentAsText, numbersGoOn, orderOfRows, withOwnNumbers } from './per-engine.ts';
import type { Tables } from './tables.ts';

/** Rows that are read and written at a time. */
const slice = 500;
const format = 'greffier-store-1';

/**
 * The lines of an archive, all of one moment. The first announces the last: an archive that was cut short between two lines
 * would otherwise be taken for a whole one, and the clients that it lacks be made a second time.
 */
export async function* exportDatabase(db: Kysely<Tables>): AsyncGenerator<string> {
  const moment = await db.startTransaction().setIsolationLevel('repeatable read').execute();
  try {
    yield `${JSON.stringify({ format, migrations: await migrationsOf(moment), ends: true })}\n`;
    let count = 1;
    for await (const row of rowsOf(moment)) {
      yield `${JSON.stringify(row, asText)}\n`;
      count += 1;
    }
    yield `${JSON.stringify({ end: count })}\n`;
  } finally {
    await moment.rollback().execute();
  }
}

type Row = readonly [table: string, row: Readonly<Record<string, unknown>>];

async function* rowsOf(db: Kysely<Tables>): AsyncGenerator<Row> {
  for (const [table, columns] of await columnsOf(db)) {
    const values = columns.map(({ name, type }) =>
      type === 'timestamptz' ? momentAsText(name).as(name) : sql.ref(name),
    );
    for (let offset = 0; ; offset += slice) {
      const { rows } = await sql<Record<string, unknown>>`
        select ${sql.join(values)} from ${sql.table(table)}
        order by ${orderOfRows} limit ${slice} offset ${offset}`.execute(db);
      for (const row of rows) yield [table, row];
      if (rows.length < slice) break;
    }
  }
}

function asText(this: unknown, key: string, value: unknown): unknown {
  // A Buffer has a form of its own in JSON, which comes first.
  const own = (this as Record<string, unknown>)[key];
  return own instanceof Uint8Array ? Buffer.from(own).toString('base64') : value;
}

export type ImportResult =
  | { readonly ok: true; readonly rows: number }
  /**
   * `version`: written by a later version of Greffier, or by one that is too old. `full`: the store already holds something.
   * `row`: one of its rows is there twice, or is none of the store's. `damaged`: one of its lines (from 1) is none of an
   * archive. `cut`: its end is missing.
   */
  | { readonly ok: false; readonly reason: 'format' | 'version' | 'full' | 'row' | 'cut' }
  | { readonly ok: false; readonly reason: 'damaged'; readonly line: number };

/** Undoes what was written of an archive that turns out to be none. */
class ArchiveFault extends Error {
  readonly result: ImportResult;

  constructor(result: ImportResult & { readonly ok: false }) {
    super(result.reason);
    this.result = result;
  }
}

/** A row of an archive that no store has. */
const strangeRow = () => new ArchiveFault({ ok: false, reason: 'row' });

/** Writes an archive into an empty store, all of it or nothing; one of an earlier version as this version has it. */
export async function importDatabase(
  { db, engine }: { readonly db: Kysely<Tables>; readonly engine: Engine },
  lines: AsyncIterable<string>,
): Promise<ImportResult> {
  const entries = entriesOf(lines);
  const head = await entries.next();
  const written = head.done === true ? undefined : migrationsIn(head.value);
  if (written === undefined) return { ok: false, reason: 'format' };
  const known = Object.keys(await knownMigrations(engine));
  if (
    !written.every((name) => known.includes(name)) ||
    !writtenBefore.every((name) => written.includes(name))
  )
    return { ok: false, reason: 'version' };
  if (!(await isEmpty(db))) return { ok: false, reason: 'full' };
  try {
    return { ok: true, rows: await writeArchive(db, entries, written, known) };
  } catch (error) {
    if (error instanceof ArchiveFault) return error.result;
    throw error;
  }
}

async function writeArchive(
  db: Kysely<Tables>,
  entries: AsyncIterable<unknown>,
  written: readonly string[],
  known: readonly string[],
): Promise<number> {
  if (known.every((name) => written.includes(name))) return await writeRows(db, entries);
  // Rows of an earlier version are brought to this one where such a version's tables are.
  const earlier = openTemporary();
  try {
    await migrate(earlier, 'embedded', written);
    await writeRows(earlier, entries);
    await migrate(earlier, 'embedded');
    const now = entriesOf(exportDatabase(earlier));
    await now.next();
    return await writeRows(db, now);
  } finally {
    await earlier.destroy();
  }
}

/**
 * What the lines of an archive say, without the last one, up to which it is whole; an archive of before there was such a line
 * goes as far as it goes.
 *
 * @throws ArchiveFault at the line that is none of an archive, or at the end of one that is not all there
 */
async function* entriesOf(lines: AsyncIterable<string>): AsyncGenerator<unknown> {
  let line = 0;
  let count = 0;
  let announced = false;
  let ended = false;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const entry = parseJson(text);
    if (count === 0) announced = isJsonObject(entry) && entry.ends === true;
    else if (isJsonObject(entry) && !ended && entry.end === count) {
      ended = true;
      continue;
    } else if (ended || !Array.isArray(entry)) throw new ArchiveFault({ ok: false, reason: 'damaged', line });
    count += 1;
    yield entry;
  }
  if (announced && !ended) throw new ArchiveFault({ ok: false, reason: 'cut' });
}

/** The migrations of the store that was written, by the first line; undefined when that is something else. */
function migrationsIn(head: unknown): readonly string[] | undefined {
  if (typeof head !== 'object' || head === null || !('format' in head) || head.format !== format)
    return undefined;
  const migrations = 'migrations' in head && Array.isArray(head.migrations) ? head.migrations : undefined;
  return migrations?.every((name) => typeof name === 'string') ? migrations : undefined;
}

/** Writes rows, each as `[table, row]`, into the tables of their version. @returns how many */
export async function writeRows(db: Kysely<Tables>, entries: AsyncIterable<unknown>): Promise<number> {
  const tables = await columnsOf(db);
  return db.transaction().execute(async (transaction) => {
    let count = 0;
    let pending: { table: string; rows: Record<string, unknown>[] } = { table: '', rows: [] };
    const write = async (): Promise<void> => {
      const columns = tables.get(pending.table) ?? [];
      if (pending.rows.length > 0) await insert(transaction, pending.table, columns, pending.rows);
    };
    for await (const entry of entries) {
      const [table, row] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
      if (typeof table !== 'string' || !tables.has(table) || !isJsonObject(row)) throw strangeRow();
      if (table !== pending.table || pending.rows.length === slice) {
        await write();
        pending = { table, rows: [] };
      }
      pending.rows.push(row);
      count += 1;
    }
    await write();
    for (const [table, columns] of tables)
      for (const { name, numbered } of columns) if (numbered) await numbersGoOn(transaction, table, name);
    return count;
  });
}

async function insert(
  db: Transaction<Tables>,
  table: string,
  columns: readonly StoredColumn[],
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const names = columns.map(({ name }) => sql.id(name));
  const known = new Set(columns.map(({ name }) => name));
  if (rows.some((row) => Object.keys(row).some((name) => !known.has(name)))) throw strangeRow();
  const values = rows.map(
    (row) => sql`(${sql.join(columns.map(({ name, type }) => writtenAs(type, row[name] ?? null)))})`,
  );
  try {
    await sql`
      insert into ${sql.table(table)} (${sql.join(names)}) ${withOwnNumbers}
      values ${sql.join(values)}`.execute(db);
  } catch (error) {
    if (refusedDataCode(error) !== undefined) throw strangeRow();
    throw error;
  }
}

/** A value of an archive, as both engines take it for a column of a type. */
function writtenAs(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'json' || type === 'jsonb') return JSON.stringify(value);
  // A driver would take it for names of parameters, or for a list.
  if (typeof value === 'object') throw strangeRow();
  if (type === 'bytea') return bytesIn(String(value));
  return type === 'timestamptz' ? inUtc(String(value)) : value;
}

/** Bytes in base64, of which Node leaves out whatever is none. PostgreSQL, of which an earlier version asked it, breaks lines. */
function bytesIn(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text.replaceAll('\n', '')) throw strangeRow();
  return bytes;
}

/** A moment of an archive in UTC, with all of its microseconds. */
function inUtc(moment: string): string {
  const [, second, fraction = '', offset] = /^([^.+Z]+?)(?:\.(\d{1,6}))?(Z|[+-][\d:]+)$/.exec(moment) ?? [];
  if (second === undefined || offset === undefined) throw strangeRow();
  const inSeconds = new Date(`${second}${offset}`);
  if (Number.isNaN(+inSeconds)) throw strangeRow();
  return `${inSeconds.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}Z`;
}

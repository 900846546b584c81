/**
 * SQLite in this process (`node:sqlite`), behind Kysely: its own SQLite dialect, with the values that the columns'
 * types promise. A column's declared type is PostgreSQL's name for it: `timestamptz` is a `Date` in JavaScript and
 * RFC 3339 in the file, `json` and `jsonb` are read, `boolean` is 0 or 1 there.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely';
import { isUnflushed } from '#infrastructure/database/per-engine';
import { EmbeddedCompiler } from './compiler.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

/** Kysely's, which does not know yet that SQLite's DDL is part of transactions. */
class EmbeddedAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export class EmbeddedDialect implements Dialect {
  readonly #database: DatabaseSync;
  readonly #log: WriteAheadLog | undefined;

  /**
   * @param database closed with the Kysely that uses it
   * @param log its own, flushed after each transaction that is to be on the disk; without it SQLite does so by itself
   */
  constructor(database: DatabaseSync, log?: WriteAheadLog) {
    this.#database = database;
    this.#log = log;
  }

  createDriver(): Driver {
    return new EmbeddedDriver(this.#database, this.#log);
  }

  createQueryCompiler(): QueryCompiler {
    return new EmbeddedCompiler();
  }

  createAdapter(): EmbeddedAdapter {
    return new EmbeddedAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** One connection, which Kysely hands to one at a time: whoever has a transaction has it until its end. */
class EmbeddedDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #log: WriteAheadLog | undefined;
  readonly #connection: EmbeddedConnection;

  constructor(database: DatabaseSync, log: WriteAheadLog | undefined) {
    this.#database = database;
    this.#log = log;
    this.#connection = new EmbeddedConnection(database, log);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    this.#connection.announce();
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.commit();
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection.rollback();
  }

  async savepoint(_: DatabaseConnection, name: string): Promise<void> {
    if (!this.#database.isTransaction) this.#connection.begin(true);
    this.#database.exec(`savepoint "${name}"`);
  }

  async rollbackToSavepoint(_: DatabaseConnection, name: string): Promise<void> {
    this.#database.exec(`rollback to "${name}"`);
  }

  async releaseSavepoint(_: DatabaseConnection, name: string): Promise<void> {
    this.#database.exec(`release "${name}"`);
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#log?.close();
    this.#database.close();
  }
}

type ReadValue = (value: unknown) => unknown;

interface PreparedStatement {
  readonly statement: StatementSync;
  /** Its columns, with how their values are read; none where it answers nothing. */
  readonly columns: readonly { readonly name: string; readonly read?: ReadValue }[];
}

/** Statements that are kept ready; the long ones, which write many rows, are hardly the same twice. */
const maxPrepared = 500;
const maxPreparedLength = 4_000;
const changesSchema = /^\s*(?:create|alter|drop)\b/i;

class EmbeddedConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #log: WriteAheadLog | undefined;
  readonly #prepared = new Map<string, PreparedStatement>();
  #announced = false;
  #toBeFlushed = false;
  #waits = true;

  constructor(database: DatabaseSync, log: WriteAheadLog | undefined) {
    this.#database = database;
    this.#log = log;
  }

  /** Its first statement begins it, and says whether its commit waits for the disk. */
  announce(): void {
    this.#announced = true;
  }

  /** As a writer from the beginning: there is no other one, and nothing is to be found out later. */
  begin(waits: boolean): void {
    this.#toBeFlushed = waits && this.#log !== undefined;
    this.#waitForDisk(waits && !this.#toBeFlushed);
    this.#database.exec('begin immediate');
    this.#announced = false;
  }

  /** Nothing is to be committed where nothing was said. Until it is on the disk, nobody else has the connection. */
  async commit(): Promise<void> {
    const flushed = this.#toBeFlushed;
    if (!this.#announced) this.#watched(() => this.#database.exec('commit'));
    this.#end();
    if (flushed) await this.#log?.flush();
  }

  /** A full disk, say, has ended the transaction already. */
  rollback(): void {
    if (this.#database.isTransaction) this.#database.exec('rollback');
    this.#end();
  }

  #end(): void {
    this.#announced = false;
    this.#toBeFlushed = false;
    this.#waitForDisk(true);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#log?.assertSound();
    if (this.#database.isTransaction) return this.#watched(() => this.#execute(query));
    const waits = !isUnflushed(query.queryId);
    if (this.#announced) {
      this.begin(waits);
      return this.#watched(() => this.#execute(query));
    }
    this.#waitForDisk(waits);
    try {
      return this.#watched(() => this.#execute(query));
    } finally {
      this.#waitForDisk(true);
    }
  }

  #watched<T>(work: () => T): T {
    return this.#log === undefined ? work() : this.#log.watch(work);
  }

  /** Whether what is committed from now on does, within the commit: to be said outside of transactions. */
  #waitForDisk(waits: boolean): void {
    if (this.#waits === waits) return;
    this.#database.exec(`pragma synchronous = ${waits ? 'full' : 'normal'}`);
    this.#waits = waits;
  }

  #execute<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const { statement, columns } = this.#prepare(sql);
    const values = parameters.map(written);
    if (columns.length > 0) {
      // In arrays, by `setReturnArrays`.
      const rows = statement.all(...values) as unknown as unknown[][];
      return { rows: rows.map((row) => rowOf(columns, row) as R) };
    }
    const { changes } = statement.run(...values);
    if (changesSchema.test(sql)) this.#prepared.clear();
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: nothing streams from a store in this process
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('The embedded store does not stream');
  }

  #prepare(sql: string): PreparedStatement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name, type }) => {
      const read = readers[type?.toLowerCase() ?? ''];
      return read === undefined ? { name } : { name, read };
    });
    const prepared = { statement, columns };
    if (sql.length > maxPreparedLength) return prepared;
    if (this.#prepared.size >= maxPrepared) this.#prepared.clear();
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** How values of a declared type are read; as SQLite gives them where there is none. */
const readers: Readonly<Record<string, ReadValue>> = {
  timestamptz: (text) => new Date(text as string),
  json: (text) => JSON.parse(text as string) as unknown,
  jsonb: (text) => JSON.parse(text as string) as unknown,
  boolean: (number) => number !== 0,
};

function rowOf(columns: PreparedStatement['columns'], row: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  columns.forEach(({ name, read }, index) => {
    const value = row[index];
    object[name] = read === undefined || value === null ? value : read(value);
  });
  return object;
}

/** A value as SQLite takes it. */
function written(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return momentText(value);
  return value as SQLInputValue;
}

/** A moment as it stands in the file. */
function momentText(moment: Date): string {
  return moment.toISOString().replace('Z', '000Z');
}

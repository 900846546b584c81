/**
 * What the two engines write differently, and nothing else does: moments, JSON, locks of rows, notifications. The rest
 * of the code uses Kysely's builder, or SQL that both read, with these in it.
 */
import {
  ExpressionWrapper,
  type Kysely,
  type KyselyPlugin,
  PostgresAdapter,
  type QueryId,
  type RawBuilder,
  type RawNode,
  sql,
} from 'kysely';
import type { Tables } from './tables.ts';

/** What the compiler of the embedded engine writes in the place of a fragment (`embedded/compiler.ts`). */
const embeddedForms = new WeakMap<object, RawNode>();

/** A fragment that is written in one way for PostgreSQL, in another for SQLite. */
export function perEngine<T>(postgresql: RawBuilder<unknown>, embedded: RawBuilder<unknown>): RawBuilder<T> {
  const node = postgresql.toOperationNode() as RawNode;
  embeddedForms.set(node, embedded.toOperationNode() as RawNode);
  return sql<T>`${new ExpressionWrapper(node)}`;
}

export function embeddedForm(node: RawNode): RawNode {
  return embeddedForms.get(node) ?? node;
}

const unflushedQueries = new WeakSet<QueryId>();
const markUnflushed: KyselyPlugin = {
  transformQuery({ node, queryId }) {
    unflushedQueries.add(queryId);
    return node;
  },
  transformResult: async ({ result }) => result,
};

/**
 * The same store, for what a power cut may take back since it is done again then: what is read again, a claim that ends
 * with its process anyway. SQLite does not wait for the disk after such a statement or transaction, PostgreSQL does not
 * where one of its rows was asked for `unflushedHere` as well; the next commit that is flushed takes it along, in its order.
 */
export function unflushed(db: Kysely<Tables>): Kysely<Tables> {
  const made = unflushedStores.get(db) ?? db.withPlugin(markUnflushed);
  unflushedStores.set(db, made);
  return made;
}

const unflushedStores = new WeakMap<Kysely<Tables>, Kysely<Tables>>();

/**
 * A value of no interest, in a statement of what is `unflushed`: PostgreSQL then ends that transaction without waiting for
 * the disk. Said of the transaction, and not of the connection, which somebody in between may give to others.
 */
export const unflushedHere = perEngine<unknown>(
  sql`set_config('synchronous_commit', 'off', true)`,
  sql`null`,
).as('flushed');

export function isUnflushed(query: QueryId): boolean {
  return unflushedQueries.has(query);
}

/** How a moment is written in SQLite: RFC 3339 in UTC with microseconds, so that the order of texts is that of time. */
const written = sql.lit('%Y-%m-%dT%H:%M:%f000Z');

/** The present moment, by the clock of the store: also as a column's default. */
export const now = perEngine<Date>(sql`now()`, sql`(strftime(${written}, 'now'))`);

/** A moment so many seconds from now; before it when negative. */
export function inSeconds(seconds: number): RawBuilder<Date> {
  return perEngine(
    sql`(now() + make_interval(secs => ${seconds}))`,
    sql`strftime(${written}, 'now', ${`${seconds} seconds`})`,
  );
}

/** The moment in a column, so many seconds earlier. */
export function earlier(column: string, seconds: number): RawBuilder<Date> {
  return perEngine(
    sql`(${sql.ref(column)} - make_interval(secs => ${seconds}))`,
    sql`strftime(${written}, ${sql.ref(column)}, ${`${-seconds} seconds`})`,
  );
}

/** The earlier, or smaller, of what is in two columns. */
export function least(one: string, other: string): RawBuilder<Date> {
  const both = sql`${sql.ref(one)}, ${sql.ref(other)}`;
  return perEngine(sql`least(${both})`, sql`min(${both})`);
}

/** The later, or greater, of what is in two columns. */
export function greatest(one: string, other: string): RawBuilder<Date> {
  const both = sql`${sql.ref(one)}, ${sql.ref(other)}`;
  return perEngine(sql`greatest(${both})`, sql`max(${both})`);
}

/** The JSON object in a column, less these members. */
export function withoutMembers(column: string, ...members: readonly string[]): RawBuilder<string> {
  const each = members.map((member) => sql` - ${sql.lit(member)}::text`);
  const paths = members.map((member) => sql.lit(`$."${member}"`));
  return perEngine(
    sql`(${sql.ref(column)}${sql.join(each, sql``)})`,
    sql`json_remove(${sql.ref(column)}, ${sql.join(paths)})`,
  );
}

/** The JSON object in a column, with a text as one of its members. */
export function withMember(column: string, member: string, value: string): RawBuilder<string> {
  return perEngine(
    sql`jsonb_set(${sql.ref(column)}, ${sql.lit(`{${member}}`)}, to_jsonb(${value}::text))`,
    sql`json_set(${sql.ref(column)}, ${sql.lit(`$."${member}"`)}, ${value})`,
  );
}

/** What stands between the first two full stops of a text; null where the text is. */
export function secondPart(text: RawBuilder<string | null>): RawBuilder<string> {
  const rest = sql`substr(${text}, instr(${text}, '.') + 1)`;
  return perEngine(sql`split_part(${text}, '.', 2)`, sql`substr(${rest}, 1, instr(${rest}, '.') - 1)`);
}

/** A column of rows that travel as JSON: moments as `Date` writes them; bytes travel beside the rows (`bytesOf`). */
export type TravellingType = 'text' | 'integer' | 'bigint' | 'jsonb' | 'timestamptz';

/**
 * Rows as a table named `each`, whose columns have these types: one statement, the same whatever their number. In front
 * of `on conflict` SQLite wants a `where`.
 *
 * @param json the rows, by `storableJson`
 */
export function rowsOf(json: string, columns: Readonly<Record<string, TravellingType>>): RawBuilder<unknown> {
  const all = Object.entries(columns);
  const declared = all.map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`);
  const read = all.map(([name, type]) => sql`${travelled(name, type)} as ${sql.id(name)}`);
  return perEngine(
    sql`json_to_recordset(${json}::json) as each (${sql.join(declared)})`,
    sql`(select ${sql.join(read)} from jsonb_each(${json})) as each`,
  );
}

function travelled(name: string, type: TravellingType): RawBuilder<unknown> {
  const path = sql.lit(`$."${name}"`);
  if (type === 'jsonb') return sql`value -> ${path}`;
  const value = sql`value ->> ${path}`;
  return type === 'timestamptz' ? sql`strftime(${written}, ${value})` : value;
}

/**
 * The bytes of a row, of those of all rows, one after the other.
 *
 * @param start the column with where they begin, from 1
 * @param length the column with how many there are
 */
export function bytesOf(all: Uint8Array, start: string, length: string): RawBuilder<Uint8Array> {
  const place = sql`${sql.ref(start)}, ${sql.ref(length)}`;
  // Where there are none at all, SQLite's `substr` is null.
  return perEngine(sql`substr(${all}::bytea, ${place})`, sql`coalesce(substr(${all}, ${place}), x'')`);
}

/**
 * Whether a statement may write to several tables (`with … as (insert …)`), and so be a transaction of its own: on
 * PostgreSQL, where four journeys to the server become one. SQLite has neither.
 */
export function writesSeveralTables(db: Kysely<Tables>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The end of a query for rows that nobody else is at: SQLite has one writer, whose transactions come one after the
 * other.
 */
export const skipLocked = perEngine(sql`for update skip locked`, sql``);

/** The end of a query for rows that nobody is to change until the statement or transaction ends. */
export const lockShared = perEngine(sql`for share`, sql``);

/** A value for a column of this type, in a query whose rows are written: PostgreSQL takes it for a text there. */
export function typed(value: unknown, type: TravellingType | 'json' | 'boolean'): RawBuilder<unknown> {
  return perEngine(sql`${value}::${sql.raw(type)}`, sql`${value}`);
}

/** Has whoever takes the same name wait until this transaction ends: SQLite has one writer as it is. */
export async function waitForTurn(transaction: Kysely<Tables>, name: string): Promise<void> {
  await perEngine(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`, sql`select null`).execute(
    transaction,
  );
}

/**
 * The end of a statement that writes rows: the other processes are told, when its transaction is committed and if it wrote
 * any, that there is something on a channel. SQLite has no other process.
 */
export function tellingOthers(channel: string): RawBuilder<unknown> {
  return perEngine(sql`returning pg_notify(${sql.lit(channel)}, '')`, sql``);
}

/** A moment as RFC 3339 in UTC, with the microseconds that a `Date` has not. */
export function momentAsText(column: string): RawBuilder<string> {
  return perEngine(
    sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    sql`(${sql.ref(column)} || '')`,
  );
}

/** Where rows stand, for reading all of them. */
export const orderOfRows = perEngine(sql`ctid`, sql`rowid`);

/** In an `insert`: numbers of rows are given, where they are drawn otherwise. */
export const withOwnNumbers = perEngine(sql`overriding system value`, sql``);

/** Numbers of rows go on after the highest that was written; in SQLite they do by themselves. */
export async function numbersGoOn(db: Kysely<Tables>, table: string, column: string): Promise<void> {
  await perEngine(
    sql`select setval(pg_get_serial_sequence(${table}, ${column}),
      (select coalesce(max(${sql.ref(column)}), 0) + 1 from ${sql.table(table)}), false)`,
    sql`select null`,
  ).execute(db);
}

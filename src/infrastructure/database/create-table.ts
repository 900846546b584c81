/** Makes a table on either engine: what migrations use. */
import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import { now } from './per-engine.ts';

type ColumnType = 'text' | 'integer' | 'bigint' | 'boolean' | 'bytea' | 'json' | 'jsonb' | 'timestamptz';

/**
 * A column: its type in PostgreSQL's words, `null` where it may be empty, its default after `=`, where `now` is the
 * moment of writing. `numbered` is the key of rows that are numbered as they come.
 */
export type Column = ColumnType | `${ColumnType} null` | `${ColumnType} = ${string}` | 'numbered';

export interface TableParts {
  /** The columns by which a row is known; none where one is `numbered`. */
  readonly key?: readonly [string, ...string[]];
  /** What must be true of a row, in SQL that both engines read. */
  readonly checks?: readonly RawBuilder<unknown>[];
}

export async function createTable<DB>(
  db: Kysely<DB>,
  name: string,
  columns: Readonly<Record<string, Column>>,
  { key, checks = [] }: TableParts = {},
): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, written] of Object.entries(columns)) {
    if (written === 'numbered') {
      table = table.addColumn(column, 'bigint', (is) => is.generatedAlwaysAsIdentity().primaryKey());
      continue;
    }
    const [type, value] = written.split(' = ') as [string, string?];
    const bare = type.replace(/ null$/, '') as ColumnType;
    table = table.addColumn(column, bare, (is) => {
      const there = type === bare ? is.notNull() : is;
      return value === undefined ? there : there.defaultTo(defaultOf(bare, value));
    });
  }
  if (key !== undefined) table = table.addPrimaryKeyConstraint(`${name}_pkey`, [...key]);
  checks.forEach((check, index) => {
    table = table.addCheckConstraint(`${name}_check_${index + 1}`, check);
  });
  await table.execute();
}

function defaultOf(type: ColumnType, written: string): unknown {
  if (type === 'timestamptz' && written === 'now') return now;
  return type === 'text' || type === 'json' || type === 'jsonb' ? sql.lit(written) : sql.raw(written);
}

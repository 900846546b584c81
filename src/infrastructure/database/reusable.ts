/**
 * Statements whose text is made once, and not each time that they are executed: to make it takes Kysely as long as it takes
 * the store to write twenty rows.
 */
import type { Compilable, CompiledQuery, Kysely, RawBuilder } from 'kysely';
import { keepReady } from './postgres-prepared.ts';
import type { Tables } from './tables.ts';

/** What executes a statement with these values, within `db`: one that is `unflushed` every time, or one that never is. */
type Reusable<Values extends readonly unknown[], Row> = (
  db: Kysely<Tables>,
  ...values: Values
) => Promise<readonly Row[]>;

/**
 * @param count how many values differ from one time to the other
 * @param write the statement, with these in their places
 */
export function reusable<Values extends readonly unknown[], Row>(
  count: Values['length'],
  write: (...places: Values) => RawBuilder<Row>,
): Reusable<Values, Row> {
  return reused(count, (db, places) => write(...places).compile(db));
}

/** The same, of what is written with Kysely's builder. */
export function reusableQuery<Values extends readonly unknown[], Row>(
  count: Values['length'],
  write: (db: Kysely<Tables>, ...places: Values) => Compilable<Row>,
): Reusable<Values, Row> {
  return reused(count, (db, places) => write(db, ...places).compile());
}

function reused<Values extends readonly unknown[], Row>(
  count: Values['length'],
  compile: (db: Kysely<Tables>, places: Values) => CompiledQuery<Row>,
): Reusable<Values, Row> {
  const places = Array.from({ length: count }, () => Object.freeze({})) as readonly unknown[] as Values;
  /** By store: each engine has its own text. */
  const texts = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, ...values) => {
    const { adapter } = db.getExecutor();
    let made = texts.get(adapter);
    if (made === undefined) {
      made = compile(db, places);
      texts.set(adapter, made);
      keepReady(made.sql);
    }
    const parameters = made.parameters.map((parameter) => {
      const place = places.indexOf(parameter);
      return place < 0 ? parameter : values[place];
    });
    const { rows } = await db.executeQuery<Row>({ ...made, parameters });
    return rows;
  };
}

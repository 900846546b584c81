/**
 * Statements whose text is made once, and not each time that they are executed: to make it takes Kysely as long as it takes
 * the store to write twenty rows.
 */
import type { CompiledQuery, Kysely, RawBuilder } from 'kysely';
import { keepReady } from './postgres-prepared.ts';
import type { Tables } from './tables.ts';

/**
 * @param count how many values differ from one time to the other
 * @param write the statement, with these in their places
 * @returns what executes it with other values there, within `db`: one that is `unflushed` every time, or one that never is
 */
export function reusable<Values extends readonly unknown[], Row>(
  count: Values['length'],
  write: (...places: Values) => RawBuilder<Row>,
): (db: Kysely<Tables>, ...values: Values) => Promise<readonly Row[]> {
  const places = Array.from({ length: count }, () => Object.freeze({})) as readonly unknown[] as Values;
  /** By store: each engine has its own text. */
  const texts = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, ...values) => {
    const { adapter } = db.getExecutor();
    let made = texts.get(adapter);
    if (made === undefined) {
      made = write(...places).compile(db);
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

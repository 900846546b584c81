/** SQLite takes at most 32,766 values in a statement, PostgreSQL 65,535; a row has up to a dozen. */
const rowsPerStatement = 2_000;

/** Rows, or values of a list, in pieces that one statement takes; none where there are none. */
export function* rowBatches<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += rowsPerStatement)
    yield rows.slice(from, from + rowsPerStatement);
}

/** Tables as spreadsheets and forms export them (RFC 4180), with whichever separator the first line uses. Pure. */

export interface CsvRow {
  readonly cells: readonly string[];
  /** Whether each quote opens or closes a cell: otherwise nobody knows where the cells of this row end. */
  readonly whole: boolean;
}

/** @returns the rows, each with as many cells as are written; an empty line is no row */
export function parseCsv(text: string): readonly CsvRow[] {
  // Excel writes the separator that it used on a line of its own, and shows it to nobody.
  const declared = /^\ufeff?sep=([;,\t])\r?\n/i.exec(text);
  const body = text.slice(declared?.[0].length ?? 0).replace(/^\ufeff/, '');
  const first = body.slice(0, body.search(/\r?\n|$/)).replace(/"(?:[^"]|"")*"/g, '');
  const separator = declared?.[1] ?? [';', '\t', ','].find((one) => first.includes(one)) ?? ',';
  const rows: CsvRow[] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let closed = false;
  let whole = true;
  const endCell = () => {
    row.push(cell);
    cell = '';
    closed = false;
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push({ cells: row, whole });
    row = [];
    whole = true;
  };
  for (let at = 0; at < body.length; at++) {
    const sign = body[at] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (body[at + 1] === '"') {
        cell += '"';
        at++;
      } else {
        quoted = false;
        closed = true;
      }
    } else if (sign === '"' && cell === '' && !closed) quoted = true;
    else if (sign === separator) endCell();
    else if (sign === '\n') endRow();
    else if (sign !== '\r' || body[at + 1] !== '\n') {
      if (closed) whole = false;
      cell += sign;
    }
  }
  if (quoted) whole = false;
  endRow();
  return rows;
}

/** Tables as spreadsheets and forms export them (RFC 4180), with whichever separator the first line uses. Pure. */

/** @returns the rows, each with as many cells as are written; an empty line is no row */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const body = text.replace(/^\ufeff/, '');
  const first = body.slice(0, body.search(/\r?\n|$/)).replace(/"(?:[^"]|"")*"/g, '');
  const separator = [';', '\t', ','].find((one) => first.includes(one)) ?? ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    cell = '';
  };
  for (let at = 0; at < body.length; at++) {
    const sign = body[at] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (body[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = '';
    } else if (sign === '\n') endRow();
    else if (sign !== '\r' || body[at + 1] !== '\n') cell += sign;
  }
  endRow();
  return rows;
}

/** Reads the list that `import` and `adopt` begin with: a file, or the partner API. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type CellName, cellNames } from '#base/config/cells';
import { parseCsv } from '#base/csv';
import { decodeText } from '#base/decode-text';
import { parseJson } from '#base/json';
import type { Arguments } from '#cli/arguments';
import { failureError } from '#cli/provisioning/messages';
import { readConfigurationFile } from '#cli/provisioning/session';
import { CliError, type Terminal } from '#cli/terminal';
import { completionColumns, readClientList } from '#domain/provisioning/import/from-clients';
import { readFormExport } from '#domain/provisioning/import/from-demarches';
import type { ImportedClient } from '#domain/provisioning/import/imported-client';
import { importTranslator } from '#domain/provisioning/import/messages';
import { listPartnerClients } from '#infrastructure/identity-providers/proconnect/list-clients';
import en from '#templates/import.en.json' with { type: 'json' };
import fr from '#templates/import.fr.json' with { type: 'json' };

type Key = keyof typeof fr & keyof typeof en;
type Plural = `${string}#${string}`;

/** An error in words of `templates/import.*.json`. */
export function importError(
  key: Exclude<Key, Plural>,
  values: Readonly<Record<string, string | readonly string[]>> = {},
): CliError {
  return new CliError({ fr: fr[key], en: en[key] }, values);
}

/** How many clients a sentence names. */
const maxNamed = 10;

export const sourceOptions = { from: 'value', cell: 'value', as: 'value', complete: 'value' } as const;

export function cellGiven(given: Arguments): CellName | undefined {
  return given.has('cell') ? given.choice('cell', cellNames) : undefined;
}

/** @throws CliError when there is nothing to read, or it is no such list */
export async function readSource(
  terminal: Terminal,
  given: Arguments,
  source: string | undefined,
): Promise<readonly ImportedClient[]> {
  const cell = cellGiven(given);
  if (source === undefined) {
    if (cell === undefined) throw importError('no-source');
    return readApi(terminal, given, cell);
  }
  const from = given.choice('from', ['clients', 'demarches']);
  const text = readFile(terminal, source);
  if (from === 'demarches') {
    const read = readFormExport(parseCsv(text));
    if (!read.ok) throw importError('no-columns', { path: source, missing: read.missing });
    // Those of which nobody can tell the cell may be of this one.
    return read.requests.filter(({ cell: own = cell }) => own === cell || cell === undefined);
  }
  if (cell === undefined) throw importError('needs-cell');
  return listOf(terminal, parseJson(text), cell, completionOf(terminal, given), source);
}

function listOf(
  terminal: Terminal,
  value: unknown,
  cell: CellName,
  completion: Completions,
  path: string,
): readonly ImportedClient[] {
  const clients = readClientList(value, cell, (clientId) => completion.get(clientId));
  if (clients === undefined) throw importError('not-json', { path });
  const listed = new Set(clients.map(({ clientId }) => clientId));
  const unused = [...completion.keys()].filter((clientId) => !listed.has(clientId));
  if (unused.length > 0)
    terminal.err(
      `${importTranslator(terminal.language)('completion-unused', {
        count: unused.length,
        clients: unused.slice(0, maxNamed),
      })}\n`,
    );
  return clients;
}

async function readApi(
  terminal: Terminal,
  given: Arguments,
  cell: CellName,
): Promise<readonly ImportedClient[]> {
  const { configuration } = readConfigurationFile(terminal);
  const configured = configuration.cells[cell];
  if (configured?.provider !== 'proconnect') throw importError('not-proconnect', { cell });
  const as = given.value('as');
  if (as === undefined) throw importError('needs-as');
  const listed = await listPartnerClients(
    { url: configured.url, secret: configured.secret.reveal(), fetch, now: Date.now },
    as,
  );
  if (!listed.ok) throw failureError(listed);
  return listOf(terminal, listed.value, cell, completionOf(terminal, given), configured.url);
}

/** What no list of clients tells, in a table of a person's own: by client id, a column for each key. */
type Completions = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** @throws CliError when something in the table would be lost */
function completionOf(terminal: Terminal, given: Arguments): Completions {
  const path = given.value('complete');
  if (path === undefined) return new Map();
  const [header, ...rows] = parseCsv(readFile(terminal, path));
  const names = (header?.cells ?? []).map((name) => name.trim().toLowerCase());
  const at = names.indexOf('client_id');
  if (at < 0) throw importError('no-columns', { path, missing: ['client_id'] });
  const known: readonly string[] = completionColumns;
  const unknown = names.filter(
    (name, index) =>
      name !== '' && (names.indexOf(name) < index || (name !== 'client_id' && !known.includes(name))),
  );
  if (unknown.length > 0) throw importError('completion-columns', { path, unknown, known });
  const byId = new Map<string, Readonly<Record<string, string>>>();
  const twice = new Set<string>();
  for (const [index, { cells, whole }] of rows.entries()) {
    if (!whole || cells.slice(names.length).some((cell) => cell.trim() !== ''))
      throw importError('completion-broken', { path, position: String(index + 2) });
    const clientId = cells[at]?.trim() ?? '';
    const told = Object.fromEntries(
      names.flatMap((name, column) => (cells[column]?.trim() ? [[name, cells[column].trim()]] : [])),
    );
    const before = byId.get(clientId);
    if (before !== undefined && !isDeepStrictEqual(before, told)) twice.add(clientId);
    if (clientId !== '') byId.set(clientId, told);
  }
  if (twice.size > 0) throw importError('completion-twice', { path, clients: [...twice].slice(0, maxNamed) });
  return byId;
}

function readFile(terminal: Terminal, path: string): string {
  try {
    return decodeText(readFileSync(resolve(terminal.folder, path)));
  } catch {
    throw importError('unreadable', { path });
  }
}

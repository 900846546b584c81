/** Reads the list that `import` and `adopt` begin with: a file, or the partner API. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CellName, cellNames } from '#base/config/cells';
import { parseCsv } from '#base/csv';
import { parseJson } from '#base/json';
import type { Arguments } from '#cli/arguments';
import { failureError } from '#cli/provisioning/messages';
import { readConfigurationFile } from '#cli/provisioning/session';
import { CliError, type Terminal } from '#cli/terminal';
import { readClientList } from '#domain/provisioning/import/from-clients';
import { readFormExport } from '#domain/provisioning/import/from-demarches';
import type { ImportedClient } from '#domain/provisioning/import/imported-client';
import { listPartnerClients } from '#infrastructure/identity-providers/proconnect/list-clients';
import en from '#templates/import.en.json' with { type: 'json' };
import fr from '#templates/import.fr.json' with { type: 'json' };

type Key = keyof typeof fr & keyof typeof en;

/** An error in words of `templates/import.*.json`. */
export function importError(
  key: Key,
  values: Readonly<Record<string, string | readonly string[]>> = {},
): CliError {
  return new CliError({ fr: fr[key], en: en[key] }, values);
}

export const sourceOptions = { from: 'value', cell: 'value', as: 'value', complete: 'value' } as const;

export function cellGiven(given: Arguments): CellName | undefined {
  const written = given.value('cell');
  return written === undefined
    ? undefined
    : given.choice('cell', [cellNames[0] ?? 'internet/integration', ...cellNames]);
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
    return read.requests.filter((request) => cell === undefined || request.cell === cell);
  }
  if (cell === undefined) throw importError('needs-cell');
  return listOf(parseJson(text), cell, completionOf(terminal, given), source);
}

function listOf(
  value: unknown,
  cell: CellName,
  completion: ReturnType<typeof completionOf>,
  path: string,
): readonly ImportedClient[] {
  const clients = readClientList(value, cell, completion);
  if (clients === undefined) throw importError('not-json', { path });
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
  return listOf(listed.value, cell, completionOf(terminal, given), configured.url);
}

/** What no list of clients tells, in a table of a person's own: by client id, a column for each key. */
function completionOf(
  terminal: Terminal,
  given: Arguments,
): ((clientId: string) => Readonly<Record<string, string>> | undefined) | undefined {
  const path = given.value('complete');
  if (path === undefined) return undefined;
  const [header = [], ...rows] = parseCsv(readFile(terminal, path));
  const at = header.indexOf('client_id');
  if (at < 0) throw importError('no-columns', { path, missing: ['client_id'] });
  const byId = new Map(
    rows.map((row) => [
      row[at] ?? '',
      Object.fromEntries(
        header.flatMap((name, index) => (row[index] ? [[name.trim(), row[index].trim()]] : [])),
      ),
    ]),
  );
  return (clientId) => byId.get(clientId);
}

function readFile(terminal: Terminal, path: string): string {
  try {
    return readFileSync(resolve(terminal.folder, path), 'utf8');
  } catch {
    throw importError('unreadable', { path });
  }
}

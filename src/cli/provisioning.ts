/** Provisioning from the command line: a registry on this disk, the operator's configuration, the store. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CellName, cellName, cellNames } from '../definition/cell.ts';
import { readDefinition } from '../definition/read.ts';
import { type Keyring, keyringOf } from '../handover/keyring.ts';
import type { Bilingual } from '../language/words.ts';
import { catalogue } from '../registry/catalogue.ts';
import { judgeRegistry } from '../registry/judge.ts';
import { type Desired, Registry } from '../registry/registry.ts';
import { Books } from '../service/books.ts';
import { servedCells } from '../service/cells.ts';
import { type Configuration, readConfiguration } from '../service/configuration.ts';
import { StoredLedger } from '../service/ledger.ts';
import type { ReconcileTools, RegistrySnapshot, ServedCell } from '../service/reconcile.ts';
import { sayRefusal } from '../service/refusals.ts';
import { vaultOf } from '../service/vault.ts';
import { Jobs } from '../work/jobs.ts';
import type { Store } from '../work/store.ts';
import { listDefinitions, readListed } from './registry-folder.ts';
import { type Terminal, Unable } from './terminal.ts';

const words = {
  configuration: {
    fr: 'Dites dans GREFFIER_CONFIG quel fichier configure les cellules.',
    en: 'Say in GREFFIER_CONFIG which file configures the cells.',
  },
  unreadable: { fr: 'Impossible de lire {path}.', en: 'Cannot read {path}.' },
  refused: { fr: '{reason}', en: '{reason}' },
  registry: {
    fr: 'Dites dans {path} de quel registre il s’agit : `registry: org/nom`.',
    en: 'Say in {path} which registry this is: `registry: org/name`.',
  },
  cell: {
    fr: 'La cellule {cell} n’est pas configurée, ou n’existe pas.',
    en: 'The cell {cell} is not configured, or does not exist.',
  },
  key: {
    fr: 'Il manque GREFFIER_KEY : les accès aux clients sont chiffrés avec cette clé.',
    en: 'GREFFIER_KEY is missing: the access to the clients is sealed with this key.',
  },
} as const satisfies Record<string, Bilingual>;

/** Reads the file of `GREFFIER_CONFIG`. @throws Unable */
export function configurationHere(terminal: Terminal): { configuration: Configuration; registry: string } {
  const path = process.env.GREFFIER_CONFIG?.trim();
  if (path === undefined || path === '') throw new Unable(words.configuration);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Unable(words.unreadable, { path });
  }
  const read = readConfiguration(text, path, process.env);
  if (!read.ok) {
    const reason = read.refusals.map((message) => sayRefusal(message, terminal.language)).join('\n');
    terminal.err(`${reason}\n`);
    throw new Unable(words.unreadable, { path });
  }
  const { registry } = read.configuration;
  if (registry === undefined) throw new Unable(words.registry, { path });
  return { configuration: read.configuration, registry };
}

/** @throws Unable when no such cell is configured */
export function cellHere(configuration: Configuration, written: string | undefined): CellName | undefined {
  if (written === undefined) return undefined;
  const name = cellNames.find((known) => known === written);
  if (name === undefined || configuration.cells[name] === undefined)
    throw new Unable(words.cell, { cell: written });
  return name;
}

/** A registry on the disk, read and judged. Definitions with errors are held. */
export function snapshotOf(root: string): RegistrySnapshot {
  const registry = new Registry();
  const desired: Desired[] = [];
  const held: { cell: CellName; id: string }[] = [];
  const blobs = new Map<string, string>();
  const sound = new Map<string, Desired>();
  for (const listed of listDefinitions(root)) {
    const file = readListed(root, listed);
    const { path, place, draft, definition } = readDefinition(file);
    if (place === undefined) continue;
    const cell = cellName(place);
    blobs.set(`${cell}/${place.id}`, blobId(file.bytes));
    registry.set({ path, place, blob: '', ...(draft && { draft }), ...(definition && { definition }) });
    if (definition === undefined) held.push({ cell, id: place.id });
    else sound.set(path, { path, cell, id: place.id, definition });
  }
  const faulty = new Set(
    judgeRegistry(registry)
      .filter((notice) => (notice.report.severity ?? catalogue.card(notice.rule)?.severity) === 'error')
      .map((notice) => notice.path),
  );
  for (const [path, one] of sound) {
    if (faulty.has(path)) held.push({ cell: one.cell, id: one.id });
    else desired.push(one);
  }
  return { commit: commitOf(root), desired, held, blobs };
}

/** As Git names the same bytes. */
function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The commit that is checked out, or a word where the folder is not a clone. */
function commitOf(root: string): string {
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'working-copy';
  }
}

/**
 * What reconciling needs. Cells that people provision are left to the service: their requests are issues, which the
 * command line has no account to open.
 *
 * @throws Unable when the key is missing
 */
export function toolsHere(
  terminal: Terminal,
  store: Store,
  given: { readonly configuration: Configuration; readonly registry: string },
  snapshot: RegistrySnapshot,
  only: CellName | undefined,
): ReconcileTools {
  const { configuration, registry } = given;
  const { db } = store;
  const vault = vaultOf(keyringHere(configuration));
  const jobs = new Jobs(db);
  const served = servedCells({
    configuration,
    repo: registry,
    appId: 0,
    gate: () => {
      throw new Error('The command line has no account on GitHub');
    },
    vault,
    fetch,
    now: Date.now,
    language: () => terminal.language,
  });
  const cells = new Map<CellName, ServedCell>(
    Array.from(served).filter(
      ([name, cell]) => cell.card.provider !== 'manual' && (only === undefined || name === only),
    ),
  );
  return {
    source: {
      head: async () => snapshot.commit,
      at: async () => snapshot,
      mergedBetween: async () => [],
    },
    cells,
    ledger: new StoredLedger({
      db,
      registry,
      vault,
      onMail: (id, transaction) =>
        jobs.enqueue([{ kind: 'mail', payload: { id } }], { request: `mail-${id}` }, transaction),
    }),
    books: new Books(db, registry),
    recheck: async () => undefined,
    removalDelay: configuration.removalDelay * 1000,
    now: Date.now,
    language: terminal.language,
  };
}

/** @throws Unable when a cell needs a key and there is none */
function keyringHere(configuration: Configuration): Keyring | undefined {
  const text = process.env.GREFFIER_KEY?.trim() ?? '';
  const keyring = text === '' ? undefined : keyringOf(text);
  const kept = Object.values(configuration.cells).some((cell) => cell?.provider === 'registration');
  if (keyring === undefined && kept) throw new Unable(words.key);
  return keyring;
}

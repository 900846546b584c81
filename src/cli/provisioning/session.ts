/** Provisioning from the command line: a registry on this disk, the operator's configuration, the store. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Kysely } from 'kysely';
import { type Keyring, keyringOf } from '#application/handover/secrets/keyring';
import { vaultOf } from '#application/handover/secrets/vault';
import { StoredLedger } from '#application/ledger/sql-ledger';
import { issuesOf, servedCells } from '#application/reconciliation/cells';
import { outsideServices, rechecking } from '#application/reconciliation/recheck';
import type { ReconcileTools, RegistrySnapshot, RegistrySource } from '#application/reconciliation/reconcile';
import { Books } from '#application/reconciliation/reconcile-store';
import { headOf, mergedBetween } from '#application/reconciliation/registry-source';
import { type CellName, cellNames } from '#base/config/cells';
import { type Configuration, readConfiguration } from '#base/config/config-file';
import { readCommandSettings } from '#base/config/environment';
import { sayRefusal } from '#base/config/startup-errors';
import type { Bilingual, Message } from '#base/i18n/message';
import { safeText } from '#base/observability/logger';
import type { Arguments } from '#cli/arguments';
import { registryRoot } from '#cli/registry/registry-folder';
import { isOfACommit, snapshotOf } from '#cli/registry/registry-snapshot';
import { type Terminal, Unable } from '#cli/terminal';
import { version } from '#cli/version';
import type { Tables } from '#infrastructure/database/tables/queue';
import { type Connection, connect } from '#infrastructure/github/client/cli-client';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { Jobs } from '#infrastructure/queue/job-queue';
import { withStore } from './store.ts';

const words = {
  configuration: {
    fr: 'Dites dans GREFFIER_CONFIG quel fichier configure les cellules.',
    en: 'Say in GREFFIER_CONFIG which file configures the cells.',
  },
  unreadable: { fr: 'Impossible de lire {path}.', en: 'Cannot read {path}.' },
  unusable: {
    fr: 'La configuration {path} ne peut pas servir telle quelle.',
    en: 'The configuration {path} cannot be used as it is.',
  },
  environment: {
    fr: 'L’environnement ne peut pas servir tel quel.',
    en: 'The environment cannot be used as it is.',
  },
  registry: {
    fr: 'Dites dans {path} de quel registre il s’agit : `registry: org/nom`.',
    en: 'Say in {path} which registry this is: `registry: org/name`.',
  },
  cell: {
    fr: 'La cellule {cell} n’est pas configurée, ou n’existe pas.',
    en: 'The cell {cell} is not configured, or does not exist.',
  },
  github: {
    fr: 'GitHub ne fait pas ce qui lui est demandé : {reason}. Ce qui est déjà fait l’est pour de bon ; recommencez ensuite.',
    en: 'GitHub does not do what it is asked: {reason}. What is done already is done for good; start again afterwards.',
  },
  key: {
    fr: 'Il manque GREFFIER_KEY, ou elle n’est pas faite de 32 octets en base64 : les accès aux clients sont chiffrés avec cette clé.',
    en: 'GREFFIER_KEY is missing, or is not 32 bytes in base64: the access to the clients is sealed with this key.',
  },
} as const satisfies Record<string, Bilingual>;

/** What `plan` and `reconcile` work with. */
export interface Session {
  readonly tools: ReconcileTools & { readonly by: string };
  readonly db: Kysely<Tables>;
  /** The definitions of the cells that were asked for. */
  readonly snapshot: RegistrySnapshot;
  readonly keyring?: Keyring;
}

/** The options that both commands have. */
export const sessionOptions = { root: 'value', cell: 'value', format: 'value' } as const;

/**
 * Reads the registry, the configuration and the environment, opens the store, and does something with them.
 *
 * @param acts whether something will be changed: only then is a way to GitHub sought
 * @throws Unable when something is missing or wrong
 */
export async function withProvisioning(
  terminal: Terminal,
  given: Arguments,
  acts: boolean,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const root = registryRoot(terminal.folder, given.value('root'));
  const { configuration, registry } = configurationHere(terminal);
  const only = cellHere(configuration, given.value('cell'));
  const settings = readCommandSettings(process.env);
  if (!settings.ok) throw refused(terminal, settings.refusals, new Unable(words.environment));
  const keyring = keyringHere(configuration);
  const snapshot = within(snapshotOf(root), only);
  return withStore(terminal, async ({ db }) => {
    const userAgent = `Greffier/${version} (+https://github.com/${registry})`;
    const connection = acts
      ? await connectionHere(terminal, settings.account, registry, userAgent)
      : undefined;
    const vault = vaultOf(keyring);
    const language = () => terminal.language;
    const jobs = new Jobs(db);
    const { recheck, applicantOf } = rechecking(outsideServices(db, settings.outside, userAgent), language);
    const cells = servedCells({
      configuration,
      repo: registry,
      issuesIn: (repository) => connection && issuesOf(() => connection.gate(repository), connection.author),
      vault,
      fetch,
      now: Date.now,
      language,
      applicantOf,
    });
    const tools = {
      source: sourceHere(snapshot, registry, connection),
      cells: new Map(Array.from(cells).filter(([name]) => only === undefined || name === only)),
      ledger: new StoredLedger({
        db,
        registry,
        vault,
        onMail: (id, transaction) =>
          jobs.enqueue([{ kind: 'mail', payload: { id } }], { request: `mail-${id}` }, transaction),
      }),
      books: new Books(db, registry),
      recheck,
      removalDelay: configuration.removalDelay * 1000,
      now: Date.now,
      language: terminal.language,
      by: personHere(),
    };
    try {
      return await work({ tools, db, snapshot, ...(keyring === undefined ? {} : { keyring }) });
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      throw new Unable(words.github, { reason: safeText(error) });
    }
  });
}

/** Reads the file of `GREFFIER_CONFIG`. */
function configurationHere(terminal: Terminal): { configuration: Configuration; registry: string } {
  const path = process.env.GREFFIER_CONFIG?.trim();
  if (path === undefined || path === '') throw new Unable(words.configuration);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Unable(words.unreadable, { path });
  }
  const read = readConfiguration(text, path, process.env);
  if (!read.ok) throw refused(terminal, read.refusals, new Unable(words.unusable, { path }));
  const { registry } = read.configuration;
  if (registry === undefined) throw new Unable(words.registry, { path });
  return { configuration: read.configuration, registry };
}

/** Says each thing that is wrong. @returns what ends the command */
function refused(terminal: Terminal, refusals: readonly Message[], end: Unable): Unable {
  for (const message of refusals) terminal.err(`${sayRefusal(message, terminal.language)}\n`);
  return end;
}

function cellHere(configuration: Configuration, written: string | undefined): CellName | undefined {
  if (written === undefined) return undefined;
  const name = cellNames.find((known) => known === written);
  if (name === undefined || configuration.cells[name] === undefined)
    throw new Unable(words.cell, { cell: written });
  return name;
}

function keyringHere(configuration: Configuration): Keyring | undefined {
  const text = process.env.GREFFIER_KEY?.trim() ?? '';
  const keyring = text === '' ? undefined : keyringOf(text);
  const kept = Object.values(configuration.cells).some((cell) => cell?.provider === 'registration');
  if (keyring === undefined && (kept || text !== '')) throw new Unable(words.key);
  return keyring;
}

/** Only what concerns one cell, when one was asked for. */
function within(snapshot: RegistrySnapshot, only: CellName | undefined): RegistrySnapshot {
  const here = ({ cell }: { readonly cell: CellName }) => only === undefined || cell === only;
  return { ...snapshot, desired: snapshot.desired.filter(here), held: snapshot.held.filter(here) };
}

async function connectionHere(
  terminal: Terminal,
  account: Parameters<typeof connect>[0] | undefined,
  registry: string,
  userAgent: string,
): Promise<Connection | undefined> {
  if (account === undefined) return undefined;
  const connected = await connect(account, registry, userAgent);
  if (!connected.ok) throw refused(terminal, [connected.refusal], new Unable(words.environment));
  return connected.connection;
}

/**
 * The registry as it stands on this disk. Which pull requests brought it is only known when it is what GitHub has on
 * the default branch; else that is left to the service, which will follow them.
 */
function sourceHere(
  snapshot: RegistrySnapshot,
  registry: string,
  connection: Connection | undefined,
): RegistrySource {
  return {
    head: async () => snapshot.commit,
    at: async () => snapshot,
    async mergedBetween(from, to) {
      if (connection === undefined || !isOfACommit(snapshot)) return undefined;
      const gate = connection.gate(registry);
      return (await headOf(gate)) === to ? mergedBetween(gate, from, to) : undefined;
    },
  };
}

/** The account of the machine under which the command runs, for the audit trail. */
function personHere(): string {
  try {
    return `${userInfo().username} (command line)`;
  } catch {
    // An account that the machine has no name for, as containers have.
    return `${process.getuid?.() ?? '?'} (command line)`;
  }
}

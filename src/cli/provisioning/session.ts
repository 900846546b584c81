/** Provisioning from the command line: a registry on this disk, the operator's configuration, the store. */

import type { Kysely } from 'kysely';
import { newLink } from '#application/handover/link-token';
import { type Keyring, parseKeyring } from '#application/handover/secrets/keyring';
import { vaultWith } from '#application/handover/secrets/vault';
import { Bindings } from '#application/identity/bindings';
import { registryOfCommand } from '#application/identity/command-registry';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { agreedSettings } from '#application/mirror/agreed-settings';
import { ReviewStore } from '#application/mirror/review-store';
import { servedCells } from '#application/reconciliation/cells';
import { withKnownServers } from '#application/reconciliation/known-servers';
import { reviewNotesIn } from '#application/reconciliation/merged-pulls';
import { githubIssueTracker } from '#application/reconciliation/outcomes/github-publisher';
import { createLookups, createRecheck } from '#application/reconciliation/recheck-outside-answers';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { RegistrySnapshot } from '#application/reconciliation/registry-source';
import { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import { type CellName, cellNames } from '#base/config/cells';
import type { Configuration } from '#base/config/config-file';
import { readCommandEnvironment } from '#base/config/environment';
import { githubWebUrl } from '#base/config/github-address';
import { startupErrorText } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import type { Bilingual, Message } from '#base/i18n/message';
import { redactedText } from '#base/observability/logger';
import type { Arguments } from '#cli/arguments';
import { configurationNamed } from '#cli/configuration';
import { registryRoot } from '#cli/registry/registry-folder';
import { readSnapshot } from '#cli/registry/registry-snapshot';
import { CliError, type Terminal } from '#cli/terminal';
import { version } from '#cli/version';
import { handsKeysOver } from '#domain/provisioning/provider';
import type { Tables } from '#infrastructure/database/tables';
import { type Connection, connect } from '#infrastructure/github/client/cli-client';
import {
  describeRepository,
  fullNameOf,
  RepositoryMoved,
  statusOf,
} from '#infrastructure/github/client/repository-client';
import { prepareOutgoing } from '#infrastructure/http-client/outgoing';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { currentUser } from './current-user.ts';
import { folderSource } from './folder-source.ts';
import { withExistingStore } from './store.ts';

const messages = {
  configuration: {
    fr: 'Dites dans GREFFIER_CONFIG quel fichier configure les cellules.',
    en: 'Say in GREFFIER_CONFIG which file configures the cells.',
  },
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
  replaced: {
    fr: 'Le dépôt {name} porte chez GitHub le numéro {id}, et les clients du registre {registry} appartiennent au dépôt numéro {known} : rien n’est fait. Voir docs/operate.md.',
    en: 'GitHub’s number for the repository {name} is {id}, and the clients of the registry {registry} belong to the repository number {known}: nothing is done. See docs/operate.md.',
  },
  unknown: {
    fr: 'Ce magasin ne connaît pas {registry}, mais {known}. Si le registre a été renommé, donnez APP_ID et PRIVATE_KEY, ou GITHUB_TOKEN, pour que GitHub dise de quel dépôt il s’agit, ou laissez démarrer le service une fois.',
    en: 'This store does not know {registry}, but {known}. If the registry was renamed, give APP_ID and PRIVATE_KEY, or GITHUB_TOKEN, so that GitHub tells which repository it is, or let the service start once.',
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
export interface ProvisioningSession {
  readonly deps: ReconcileDeps & { readonly by: string };
  readonly db: Kysely<Tables>;
  /** The definitions of the cells that were asked for. */
  readonly snapshot: RegistrySnapshot;
  readonly keyring?: Keyring;
}

/** The options that both commands have. */
export const sessionOptions = { root: 'value', cell: 'value', format: 'value' } as const;

/**
 * Reads the registry, the configuration and the environment, opens the store that is there, and does something with them.
 *
 * @param writes whether something will be changed: only then is a connection to GitHub opened
 * @throws CliError when something is missing or wrong
 */
export async function withProvisioning(
  terminal: Terminal,
  given: Arguments,
  writes: boolean,
  work: (session: ProvisioningSession) => Promise<number>,
): Promise<number> {
  const root = registryRoot(terminal.folder, given.value('root'));
  const { configuration, registry: configured } = readConfigurationFile(terminal);
  const only = parseCell(configuration, given.value('cell'));
  const settings = readCommandEnvironment(process.env);
  if (!settings.ok) throw reportErrors(terminal, settings.errors, new CliError(messages.environment));
  prepareOutgoing();
  const keyring = readKeyring(configuration);
  return withExistingStore(terminal, async ({ db }) => {
    const userAgent = `Greffier/${version} (+${githubWebUrl(settings.account?.apiAddress)}/${configured})`;
    const connection = writes
      ? await connectToGitHub(terminal, settings.account, configured, userAgent)
      : undefined;
    const registry = await keyOfRegistry(db, configured, connection);
    const agreed = await agreedSettings(db, registry);
    const snapshot = restrictToCell(readSnapshot(root, agreed?.settings), only);
    const vault = vaultWith(keyring);
    const language = () => terminal.language;
    const jobs = new JobQueue(db);
    const lookups = createLookups(db, settings.lookups, configuration, userAgent);
    const { recheck, applicantOf } = createRecheck(lookups, language);
    const cells = servedCells({
      configuration,
      repo: connection === undefined ? configured : fullNameOf(connection.registry),
      trackerFor: (of) =>
        connection &&
        githubIssueTracker(
          () => (of === undefined ? connection.registry : connection.repository(of.name, of.id)),
          connection.author,
        ),
      ...(connection !== undefined && {
        registryId: connection.registry.id,
        repositoryAt: (place) =>
          describeRepository(
            'name' in place ? connection.repository(place.name) : connection.repository('', place.id),
          ),
      }),
      vault,
      fetch,
      now: Date.now,
      language,
      applicantOf,
    });
    const deps = await withKnownServers({
      source: folderSource(snapshot, connection, reviewNotesIn(new ReviewStore(db), registry)),
      cells: new Map(Array.from(cells).filter(([name]) => only === undefined || name === only)),
      configuredCells: [...cells.keys()],
      ledger: new SqlLedger({
        db,
        registry,
        vault,
        newLink,
        onMail: (id, transaction) =>
          jobs.enqueue([{ kind: 'mail', payload: { id } }], { request: `mail-${id}` }, transaction),
      }),
      store: new ReconcileStore(db, registry),
      recheck,
      removalDelay: configuration.removalDelay * 1000,
      sweepInterval: configuration.sweep * 1000,
      isPatient: true,
      now: Date.now,
      language: terminal.language,
      by: currentUser(),
    });
    try {
      return await work({ deps, db, snapshot, ...defined({ keyring }) });
    } catch (error) {
      if (statusOf(error) === undefined && !(error instanceof RepositoryMoved)) throw error;
      throw new CliError(messages.github, { reason: redactedText(error) });
    }
  });
}

/** Reads the file of `GREFFIER_CONFIG`. */
export function readConfigurationFile(terminal: Terminal): {
  configuration: Configuration;
  registry: string;
} {
  const path = process.env.GREFFIER_CONFIG?.trim();
  if (path === undefined || path === '') throw new CliError(messages.configuration);
  const read = configurationNamed(path);
  if (!read.ok) throw reportErrors(terminal, read.errors, new CliError(messages.unusable, { path }));
  const { registry } = read.configuration;
  if (registry === undefined) throw new CliError(messages.registry, { path });
  return { configuration: read.configuration, registry };
}

/** Prints each thing that is wrong. @returns what ends the command */
function reportErrors(terminal: Terminal, errors: readonly Message[], end: CliError): CliError {
  for (const message of errors) terminal.err(`${startupErrorText(message, terminal.language)}\n`);
  return end;
}

export function parseCell(configuration: Configuration, written: string | undefined): CellName | undefined {
  if (written === undefined) return undefined;
  const name = cellNames.find((known) => known === written);
  if (name === undefined || configuration.cells[name] === undefined)
    throw new CliError(messages.cell, { cell: written });
  return name;
}

function readKeyring(configuration: Configuration): Keyring | undefined {
  const text = process.env.GREFFIER_KEY?.trim() ?? '';
  const keyring = text === '' ? undefined : parseKeyring(text);
  const kept = Object.values(configuration.cells).some(
    (cell) => cell !== undefined && handsKeysOver[cell.provider],
  );
  if (keyring === undefined && (kept || text !== '')) throw new CliError(messages.key);
  return keyring;
}

/** Only what concerns one cell, when one was asked for. */
function restrictToCell(snapshot: RegistrySnapshot, only: CellName | undefined): RegistrySnapshot {
  const here = ({ cell }: { readonly cell: CellName }) => only === undefined || cell === only;
  return { ...snapshot, desired: snapshot.desired.filter(here), held: snapshot.held.filter(here) };
}

/** The key of the registry's rows in the store. @throws CliError when the name does not say which rows are its own */
export async function keyOfRegistry(
  db: Kysely<Tables>,
  configured: string,
  connection: Connection | undefined,
): Promise<string> {
  const seen = connection && {
    id: connection.registry.id,
    name: fullNameOf(connection.registry),
    numberOf: connection.numberOf,
  };
  const found = await registryOfCommand(new Bindings(db), configured, seen);
  if (found.ok) return found.registry;
  if (found.reason === 'unknown')
    throw new CliError(messages.unknown, {
      registry: configured,
      known: found.known.map(({ name }) => name),
    });
  const { registry, id: known } = found.known;
  throw new CliError(messages.replaced, { name: configured, id: seen?.id ?? '', registry, known });
}

async function connectToGitHub(
  terminal: Terminal,
  account: Parameters<typeof connect>[0] | undefined,
  registry: string,
  userAgent: string,
): Promise<Connection | undefined> {
  if (account === undefined) return undefined;
  const connected = await connect(account, registry, userAgent);
  if (!connected.ok) throw reportErrors(terminal, [connected.error], new CliError(messages.environment));
  return connected.connection;
}

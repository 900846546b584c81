/** The store of this machine, for commands that read or change it. */

import { resolve } from 'node:path';
import { storeLocation } from '#base/config/environment';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import type { Bilingual } from '#base/i18n/message';
import { t } from '#cli/messages';
import { CliError, type Terminal } from '#cli/terminal';
import {
  type Database,
  type OpenedDatabase,
  openDatabase,
  openDatabaseToLook,
} from '#infrastructure/database/database';
import { holdsStore } from '#infrastructure/database/embedded/open';
import type { SchemaRight } from '#infrastructure/database/migrate';

const messages = {
  absent: {
    fr: 'Il n’y a pas de magasin dans {folder}, et rien n’y a été créé. GREFFIER_DATA dit dans quel dossier il est (sans elle : .greffier, dans le dossier courant), DATABASE_URL dans quelle base PostgreSQL : donnez le même environnement qu’au service. S’il n’y en a encore nulle part, le premier démarrage du service en fait un, ou « greffier store create ».',
    en: 'There is no store in {folder}, and nothing was created there. GREFFIER_DATA says in which folder it is (without it: .greffier, in the current folder), DATABASE_URL in which PostgreSQL database: give the same environment as the service has. If there is none anywhere yet, the first start of the service makes one, or “greffier store create”.',
  },
  made: {
    fr: 'Il n’y avait pas de magasin : {folder} vient d’être créé. Si le service en a déjà un ailleurs, ce qui est noté ici ne lui dit rien : donnez le même environnement qu’à lui (GREFFIER_DATA ou DATABASE_URL).',
    en: 'There was no store: {folder} was just made. If the service has one elsewhere, what is noted here tells it nothing: give the same environment as it has (GREFFIER_DATA or DATABASE_URL).',
  },
} as const satisfies Record<string, Bilingual>;

/**
 * Opens the store that is there, for those who change nothing in it, also while the service has it.
 *
 * @returns 2 when it cannot be opened
 * @throws CliError when there is none: an empty one would answer that there is nothing to see
 */
export async function withStoreToLook(
  terminal: Terminal,
  look: (store: Pick<Database, 'db'>) => Promise<number>,
): Promise<number> {
  requireStore();
  return workIn(terminal, await openDatabaseToLook(storeLocation(process.env)), look);
}

/**
 * Opens the store that is there, for those who change it, does something with it, and closes it.
 *
 * @param right what may be done to its schema: nothing, but for who asks for the upgrade itself
 * @returns 2 when it cannot be opened
 * @throws CliError when there is none: an empty one would answer that there is nothing to see
 */
export async function withExistingStore(
  terminal: Terminal,
  work: (store: Database) => Promise<number>,
  right: Exclude<SchemaRight, 'create'> = 'none',
): Promise<number> {
  requireStore();
  return workIn(terminal, await openDatabase(storeLocation(process.env), right), work);
}

/** @throws CliError when there is no store where the environment says */
export function requireStore(): void {
  const location = storeLocation(process.env);
  if ('folder' in location && !holdsStore(location.folder))
    throw new CliError(messages.absent, { folder: resolve(location.folder) });
}

/**
 * Opens the store, makes it where there is none and says so, does something with it, and closes it. One of another version is
 * left as it is. For those who are asked for a store, and for nobody else: one beside that of the service knows no client, and
 * a registry that is held against it is a registry of which everything is to be created.
 *
 * @param besideFormer whether it may be an empty one beside that of an earlier version
 * @returns 2 when it cannot be opened
 */
export async function withCreatedStore(
  terminal: Terminal,
  work: (store: Database) => Promise<number>,
  besideFormer = false,
): Promise<number> {
  const location = storeLocation(process.env);
  const absent = 'folder' in location && !holdsStore(location.folder);
  const opened = await openDatabase(location, 'create', besideFormer);
  if (opened.ok && absent)
    terminal.err(`${t(messages.made, terminal.language, { folder: resolve(location.folder) })}\n`);
  return workIn(terminal, opened, work);
}

async function workIn(
  terminal: Terminal,
  opened: OpenedDatabase,
  work: (store: Database) => Promise<number>,
): Promise<number> {
  if (!opened.ok) {
    const { ok: _ok, reason, ...values } = opened;
    terminal.err(`${startupErrorText(startupError(reason, values), terminal.language)}\n`);
    return 2;
  }
  try {
    return await work(opened.store);
  } finally {
    await opened.store.close();
  }
}

/**
 * The embedded store: SQLite in this process, one file in a folder that one process has for itself.
 *
 * A transaction is on the disk when its commit returns: the write-ahead log is flushed after each (`write-ahead-log.ts`),
 * and by SQLite itself within the commit of a single statement (`synchronous=full`).
 */
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { isEmpty } from '#infrastructure/database/contents';
import { fileTrouble, folderTrouble } from '#infrastructure/database/errors';
import { type SchemaFault, type SchemaRight, settleSchema } from '#infrastructure/database/migrate';
import type { Tables } from '#infrastructure/database/tables';
import { EmbeddedDialect } from './dialect.ts';
import { lockFolder } from './folder-lock.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

export type OpenedFolder =
  | { readonly ok: true; readonly db: Kysely<Tables>; close(): Promise<void> }
  | SchemaFault
  /** `former-store`: an earlier version left its own there (PGlite's), and nothing of it was moved yet. */
  | { readonly ok: false; readonly reason: 'folder-in-use' | 'former-store'; readonly folder: string }
  | { readonly ok: false; readonly reason: 'folder-forbidden' | 'folder-no-folder'; readonly folder: string }
  /** No room, a damaged file. */
  | {
      readonly ok: false;
      readonly reason: 'folder-unusable';
      readonly folder: string;
      readonly detail: string;
    };

/** Where earlier versions kept theirs, beneath the folder. */
const formerFiles = 'postgresql';
/** Milliseconds to wait for someone who has the file for a moment: an operator's `sqlite3`, say. */
const busyTimeout = 2_000;
/**
 * Pages of four kilobytes after which the log is written back: SQLite waits for the disk twice then, and this process with
 * it. A page that is written again and again meanwhile, of an index say, is written back once.
 */
const pagesOfLog = 4_000;
/** Bytes that the log keeps on the disk once it has been written back; a large transaction makes it longer for a while. */
const maxLog = 32 * 1024 * 1024;

/** The file of the store in its folder. */
export function storeFile(folder: string): string {
  return join(folder, 'greffier.sqlite');
}

/** Whether a folder has a store, of this version or an earlier one. */
export function holdsStore(folder: string): boolean {
  return existsSync(storeFile(folder)) || existsSync(join(folder, formerFiles));
}

/**
 * @param right what may be done to its schema
 * @param besideFormer whether an empty store may be opened beside a former one, to receive what was in that
 */
export async function openFolder(
  folder: string,
  right: SchemaRight,
  besideFormer: boolean,
): Promise<OpenedFolder> {
  try {
    return await openUnderLock(folder, right, besideFormer);
  } catch (error) {
    const known = folderTrouble(error);
    if (known !== undefined) return { ok: false, reason: known, folder };
    const detail = fileTrouble(error);
    if (detail === undefined) throw error;
    return { ok: false, reason: 'folder-unusable', folder, detail };
  }
}

/**
 * Opens it for somebody who changes nothing: also while another process has the folder, by a connection that cannot write
 * then (SQLite's write-ahead log has any number of readers, who hold nobody up).
 */
export async function openFolderToLook(folder: string): Promise<OpenedFolder> {
  const opened = await openFolder(folder, 'none', false);
  if (opened.ok || opened.reason !== 'folder-in-use') return opened;
  const db = kyselyOver(new DatabaseSync(storeFile(folder), { readOnly: true, timeout: busyTimeout }));
  const close = () => db.destroy();
  try {
    const fault = await settleSchema(db, 'embedded', 'none');
    if (fault === undefined) return { ok: true, db, close };
    await close();
    return fault;
  } catch (error) {
    await close();
    throw error;
  }
}

async function openUnderLock(
  folder: string,
  right: SchemaRight,
  besideFormer: boolean,
): Promise<OpenedFolder> {
  const lock = lockFolder(folder);
  if (lock === undefined) return { ok: false, reason: 'folder-in-use', folder };
  const file = storeFile(folder);
  const former = !besideFormer && existsSync(join(folder, formerFiles));
  if (former && !existsSync(file)) {
    lock.release();
    return { ok: false, reason: 'former-store', folder };
  }
  let db: Kysely<Tables> | undefined;
  try {
    db = openFile(file);
    const fault = await settleSchema(db, 'embedded', right);
    const refused =
      fault ??
      (former && (await isEmpty(db)) ? ({ ok: false, reason: 'former-store', folder } as const) : undefined);
    if (refused !== undefined) {
      await db.destroy();
      lock.release();
      return refused;
    }
  } catch (error) {
    await db?.destroy();
    lock.release();
    throw error;
  }
  const opened = db;
  return {
    ok: true,
    db: opened,
    async close() {
      await opened.destroy();
      lock.release();
    },
  };
}

function openFile(file: string): Kysely<Tables> {
  // Whoever may read the file reads what is sealed in it; the log gets the rights of the file.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true });
  try {
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma wal_autocheckpoint = ${pagesOfLog};
      pragma journal_size_limit = ${maxLog};`);
  } catch (error) {
    database.close();
    throw error;
  }
  return kyselyOver(database, new WriteAheadLog(`${file}-wal`));
}

/** An empty store without tables, of which nothing is kept. */
export function openTemporary(): Kysely<Tables> {
  return kyselyOver(new DatabaseSync(''));
}

function kyselyOver(database: DatabaseSync, log?: WriteAheadLog): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new EmbeddedDialect(database, log) });
}

/** A copy of the embedded store, of one moment, made while the process that it belongs to goes on. */
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { flushFile } from './flush-file.ts';
import { storeFile } from './open.ts';

/** Milliseconds to wait for a look at the file. */
const busyTimeout = 10_000;

export type CopyResult =
  | { readonly ok: true }
  /** `absent`: there is no store in the folder. `taken`: there is a file of that name. */
  | { readonly ok: false; readonly reason: 'absent' | 'taken' };

/**
 * Writes the store of a folder to a new file, which only its owner reads: a store itself, whole on the disk when this
 * returns. Writers are not held up (https://sqlite.org/lang_vacuum.html#vacuuminto).
 *
 * @throws when the file cannot be written; nothing of it is left then
 */
export function copyStore(folder: string, path: string): CopyResult {
  const file = storeFile(folder);
  if (!existsSync(file)) return { ok: false, reason: 'absent' };
  if (existsSync(path)) return { ok: false, reason: 'taken' };
  closeSync(openSync(path, 'wx', 0o600));
  const database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeout });
  try {
    database.prepare('vacuum into ?').run(path);
    for (const written of [path, dirname(path)]) flushFile(written);
    return { ok: true };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    database.close();
  }
}

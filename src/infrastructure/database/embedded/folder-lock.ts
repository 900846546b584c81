/**
 * One process per folder: whoever starts takes up at once what the one before was at, and remembers what it wrote.
 * SQLite itself would let two in, and an exclusive lock on the store would keep out whoever copies it.
 *
 * The lock is an exclusive transaction held open on a small SQLite file: the operating system lets go of it when the
 * process ends, however it ends, so that there is never a stale lock to remove by hand.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's result code for a file that another connection holds (https://sqlite.org/rescode.html#busy). */
const busy = 5;

export interface FolderLock {
  release(): void;
}

/**
 * Makes a folder, and those above it. Node's own way tries for ever, and hears no signal, where a folder that is there says
 * that it is not (`/proc`).
 *
 * @returns whether it was not there before
 */
function makeFolder(folder: string): boolean {
  if (isFolder(folder)) return false;
  const above = dirname(folder);
  if (!existsSync(above)) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another process was faster.
    if (isFolder(folder)) return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** @returns undefined when another process holds the folder. */
export function lockFolder(folder: string): FolderLock | undefined {
  // Made in a clone of a registry, where commands are run, it is nothing that Git may take and send.
  if (makeFolder(resolve(folder))) writeFileSync(join(folder, '.gitignore'), '*\n');
  const file = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw error;
  }
  return {
    release() {
      file.close();
    },
  };
}

/**
 * The write-ahead log on its way to the disk. SQLite would wait for the disk within the commit, and all of this process with
 * it, up to some milliseconds; waited for in another thread, whatever else arrives is read meanwhile, and shares the next
 * commit. A log that was written and not flushed is sound: what a power cut tears off its end was not answered yet, and
 * before the log begins anew or is written back, SQLite flushes it (https://sqlite.org/pragma.html#pragma_synchronous).
 */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errcodeOf } from '#infrastructure/database/errors';
import { flushFile } from './flush-file.ts';

/** SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC (https://sqlite.org/rescode.html): SQLite takes back the one statement. */
const flushErrcodes = new Set([1034, 1290]);

export class WriteAheadLog {
  readonly #path: string;
  #file: number | undefined;
  #failed: { readonly error: unknown } | undefined;

  /** @param path SQLite makes the file at the first commit, and takes it away when the store is closed */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Throws what a flush once failed with. Another one would succeed without having written that: the system takes for
   * written what it could not write (https://wiki.postgresql.org/wiki/Fsync_Errors). Only a new process knows what is there.
   */
  assertSound(): void {
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  /** Does something that SQLite may flush the log in: what it could not write is lost, whoever noticed. */
  watch<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (flushErrcodes.has(errcodeOf(error) ?? 0)) this.#failed ??= { error };
      throw error;
    }
  }

  /** Resolves once all that was committed is on the disk. */
  async flush(): Promise<void> {
    const isFirst = this.#file === undefined;
    this.#file ??= fs.openSync(this.#path, 'r');
    try {
      // SQLite would flush the name of the file as well, which it may just have made.
      if (isFirst) flushFile(dirname(this.#path));
      await promisify(fs.fdatasync)(this.#file);
    } catch (error) {
      this.#failed = { error };
      throw error;
    }
  }

  close(): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
    this.#file = undefined;
  }
}

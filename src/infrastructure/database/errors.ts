/** What the engines say when they refuse something. */

/** Unique violation (PostgreSQL's error codes, appendix A). */
const uniqueViolation = '23505';
/** SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID (https://sqlite.org/rescode.html). */
const uniqueErrcodes = new Set([2067, 1555, 2579]);

/** Another row has the key already. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === uniqueViolation || uniqueErrcodes.has(errcodeOf(error) ?? 0);
}

/** Classes of SQLSTATE: data exception, integrity constraint violation, program limit exceeded (PostgreSQL, appendix A). */
const dataErrorClass = /^(?:22|23|54)[0-9A-Z]{3}$/;
/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE: the low byte of an extended code. */
const dataErrcodes = new Set([18, 19, 20, 25]);
/** A number that no 64-bit integer holds, before SQLite is asked. */
const outOfRange = 'ERR_OUT_OF_RANGE';

/** The store's code for data that it refuses, whenever it is asked; undefined when the store itself is in trouble. */
export function refusedDataCode(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code !== undefined && (dataErrorClass.test(code) || code === outOfRange)) return code;
  const errcode = errcodeOf(error);
  return errcode !== undefined && dataErrcodes.has(errcode & 0xff) ? `SQLITE ${errcode}` : undefined;
}

/** SQLITE_BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB: the file, and not what is asked of it. */
const fileErrcodes = new Set([5, 8, 10, 11, 13, 14, 26]);

/** What is wrong with a file or its folder, in the system's words; undefined when something else is. */
export function fileTrouble(error: unknown): string | undefined {
  const errcode = errcodeOf(error);
  const ofTheFile = errcode !== undefined && fileErrcodes.has(errcode & 0xff);
  const ofTheSystem = error instanceof Error && 'syscall' in error;
  return error instanceof Error && (ofTheFile || ofTheSystem) ? error.message : undefined;
}

/** What of a folder the system says by a code of its own; undefined for the rest. */
export function folderTrouble(error: unknown): 'folder-forbidden' | 'folder-no-folder' | undefined {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'folder-forbidden';
  return code === 'ENOTDIR' || code === 'EEXIST' ? 'folder-no-folder' : undefined;
}

/** SQLite's extended result code. */
export function errcodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

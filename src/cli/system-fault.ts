/** What the system of this machine refuses: a full disk is no mistake of Greffier's, and is not to be reported as one. */
import { messages } from './messages.ts';
import { CliError } from './terminal.ts';

/** No space is left, or none of what this account may use. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** Rights, a broken disk, and what a machine has too little of. */
const refused = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM']);
/** SQLITE_FULL; SQLITE_PERM, SQLITE_READONLY, SQLITE_IOERR (https://sqlite.org/rescode.html). */
const fullStore = 13;
const refusedStore = new Set([3, 8, 10]);

/** @returns the sentence for what the system refused; undefined for any other error */
export function systemFault(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', errcode } = error as NodeJS.ErrnoException & { readonly errcode?: unknown };
  // The low byte of an extended code is the code that it belongs to.
  const ofStore = typeof errcode === 'number' ? errcode & 0xff : undefined;
  if (full.has(code) || ofStore === fullStore) return new CliError(messages.diskFull);
  if (refused.has(code) || (ofStore !== undefined && refusedStore.has(ofStore)))
    return new CliError(messages.systemRefuses, { reason: error.message.slice(0, 300) });
  return undefined;
}

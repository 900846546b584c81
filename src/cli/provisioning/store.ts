/** The store of this machine, for commands that read or change it. */

import { storeLocation } from '#base/config/environment';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import type { Terminal } from '#cli/terminal';
import { type Database, openDatabase } from '#infrastructure/database/database';

/**
 * Opens it, does something with it, and closes it.
 *
 * @param besideFormer whether it may be an empty one beside that of an earlier version
 * @returns 2 when it cannot be opened
 */
export async function withStore(
  terminal: Terminal,
  work: (store: Database) => Promise<number>,
  besideFormer = false,
): Promise<number> {
  const opened = await openDatabase(storeLocation(process.env), besideFormer);
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

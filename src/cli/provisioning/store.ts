/** The store of this machine, for commands that look into it. */

import { storeLocation } from '#base/config/environment';
import { refusal, sayRefusal } from '#base/config/startup-errors';
import type { Terminal } from '#cli/terminal';
import { openStore, type Store } from '#infrastructure/database/database';

/** Opens it, does something with it, and closes it. @returns 2 when it cannot be opened */
export async function withStore(
  terminal: Terminal,
  work: (store: Store) => Promise<number>,
): Promise<number> {
  const opened = await openStore(storeLocation(process.env));
  if (!opened.ok) {
    const { ok: _ok, reason, ...values } = opened;
    terminal.err(`${sayRefusal(refusal(reason, values), terminal.language)}\n`);
    return 2;
  }
  try {
    return await work(opened.store);
  } finally {
    await opened.store.close();
  }
}

/** Hears what other processes say on a channel of PostgreSQL (`LISTEN`), on a connection of its own. */
import type { Client } from 'pg';

/** Milliseconds before a lost connection is made again. */
const connectAgain = 2_000;

/**
 * Calls `heard` at every notification, and once whenever a connection was made, since nothing is heard before it.
 * A connection that is lost is made again; meanwhile those who listen must look by themselves.
 *
 * @returns what stops it
 */
export function listenTo(url: string, channel: string, heard: () => void): () => Promise<void> {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function lost(of: Client): void {
    if (stopped || client !== of) return;
    client = undefined;
    of.end().catch(() => undefined);
    timer = setTimeout(() => {
      connecting = connect();
    }, connectAgain);
  }

  async function connect(): Promise<void> {
    const { Client: PostgresClient } = await import('pg');
    if (stopped) return;
    const mine = new PostgresClient({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      application_name: 'greffier listens',
      keepAlive: true,
    });
    client = mine;
    mine.on('error', () => lost(mine)).on('end', () => lost(mine));
    mine.on('notification', heard);
    try {
      await mine.connect();
      await mine.query(`listen ${mine.escapeIdentifier(channel)}`);
      heard();
    } catch {
      lost(mine);
    }
  }

  let connecting = connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await connecting;
    await client?.end().catch(() => undefined);
  };
}

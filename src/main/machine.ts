/** What of this machine keeps the service from starting, or from writing to people, before anything is started or made. */
import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { listenFault, startupError } from '#base/config/startup-errors';
import type { Message } from '#base/i18n/message';
import { folderTrouble } from '#infrastructure/database/errors';

/** All that can be seen without starting: the port, and the folder of the embedded store. */
export async function machineFaults({ host, port, store }: EnvironmentConfig): Promise<readonly Message[]> {
  const folder = 'folder' in store ? folderFault(store.folder) : undefined;
  return [await portFault(host, port), folder].filter((fault) => fault !== undefined);
}

async function portFault(host: string, port: number): Promise<Message | undefined> {
  if (port === 0) return undefined;
  const server = createServer();
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(port, host, done));
    return undefined;
  } catch (error) {
    const fault = listenFault(host, port, error);
    if (fault === undefined) throw error;
    return fault;
  } finally {
    await new Promise<void>((done) => server.close(() => done()));
  }
}

/** Whether the store can be made there, or opened; nothing is made yet. */
function folderFault(folder: string): Message | undefined {
  let place = resolve(folder);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(`${place}/.`, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const trouble = folderTrouble(error);
    return trouble && startupError(trouble, { folder: resolve(folder) });
  }
}

/** Why mails cannot leave, by the settings alone; in other words while nobody is to be written to. */
export function mailFault(
  { smtpUrl, mailFrom }: Pick<EnvironmentConfig, 'smtpUrl' | 'mailFrom'>,
  { cells }: Pick<Configuration, 'cells'>,
): Message | undefined {
  const names = [
    ...(smtpUrl === undefined ? ['SMTP_URL'] : []),
    ...(mailFrom === undefined ? ['MAIL_FROM'] : []),
  ];
  if (names.length === 0) return undefined;
  return startupError(Object.keys(cells).length === 0 ? 'mail-later' : 'mail-missing', { names });
}

/** A way to a mail server on which things go wrong: connections that break, mails taken whose receipt is lost. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ChaosFaults } from './faults.ts';

export interface FaultySmtpProxy {
  /** `smtp://127.0.0.1:…` */
  readonly url: string;
  stop(): Promise<void>;
}

/** The end of a mail's text (RFC 5321 §4.1.1.4). */
const endOfMail = '\r\n.\r\n';

export async function startFaultySmtpProxy(target: string, faults: ChaosFaults): Promise<FaultySmtpProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    client.on('error', () => undefined);
    serve(client, () => connect(Number(port), hostname), faults);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of open) socket.destroy();
      await closed.promise;
    },
  };
}

function serve(client: Socket, reach: () => Socket, faults: ChaosFaults): void {
  const fault = faults.next('smtp');
  if (fault === 'kill') faults.kill();
  if (fault === 'kill' || fault === 'reset') {
    client.destroy();
    return;
  }
  if (fault === 'silence') return;
  if (fault === 'error' || fault === 'too-many') {
    client.end('421 4.3.2 Try again later\r\n');
    return;
  }
  const mailServer = reach();
  mailServer.on('error', () => client.destroy());
  client.on('close', () => mailServer.destroy());
  mailServer.on('close', () => client.end());
  let sent = '';
  let whole = false;
  client.on('data', (bytes) => {
    sent = `${sent}${bytes.toString('latin1')}`.slice(-endOfMail.length);
    // The end of the text may come in the same packet as the text.
    if (sent === endOfMail) whole = true;
    mailServer.write(bytes);
  });
  mailServer.on('data', (bytes) => {
    // The mail was taken: this is its receipt.
    if (whole && fault !== undefined) {
      if (fault === 'kill-after') faults.kill();
      if (fault === 'error-after') client.end('451 4.3.0 Local error in processing\r\n');
      else if (fault !== 'silence-after') client.destroy();
      return;
    }
    client.write(bytes);
  });
}

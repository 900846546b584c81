/** Whatever opens the store believes the authorities that `serve` believes, of a server of PostgreSQL over TLS. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authority, anAuthority, printedBy } from '../http-client/authority.ts';

let authority: Authority;
let server: Server;
const sockets = new Set<Socket>();
beforeAll(async () => {
  authority = anAuthority();
  const secureContext = createSecureContext(authority.certificate('store', 'localhost', 3650));
  // What PostgreSQL answers to the request for TLS; whoever believes the certificate is sent away after it.
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => undefined).once('data', () => secure.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
  authority.remove();
});

it.each(['jobs', 'log', 'store registries'])('greffier %s', async (command) => {
  const code = `
    import { runCommandLine } from '#cli/cli';
    await runCommandLine(process.argv.slice(1), {
      language: 'en', folder: '.', colours: false, interactive: false, columns: 300,
      out: () => {}, err: (text) => console.log(text), progress: () => {}, ask: async () => undefined,
    });
    process.exit();`;
  const { port } = server.address() as AddressInfo;
  const DATABASE_URL = `postgres://u:p@localhost:${port}/d?sslmode=verify-full`;
  const printed = (environment: Readonly<Record<string, string>>) =>
    printedBy(code, command.split(' '), { DATABASE_URL, ...environment });
  expect(await printed({})).toMatch(/certificate|CERT|VERIFY/i);
  const believing = await printed({ SSL_CERT_FILE: authority.file });
  expect(believing).toContain('does not answer');
  expect(believing).not.toMatch(/certificate|CERT|VERIFY/i);
});

/** Proxies and authorities of the environment, and what is said of certificates, with real ones of each. */
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkFault } from '#base/network-fault';
import { freePort } from '#demo/bot-process';
import { sendRequest } from '#infrastructure/identity-providers/http';
import { type Authority, anAuthority, printedBy } from './authority.ts';

let authority: Authority;
let secure: Server;
let proxy: Server;
const tunnels: string[] = [];
const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const httpsServer = (certificate: { readonly key: Buffer; readonly cert: Buffer }) =>
  listening(createServer(certificate, (_, response) => response.end('{"a":1}')));

beforeAll(async () => {
  authority = anAuthority();
  secure = await httpsServer(authority.certificate('good', 'localhost', 3650));
  proxy = createPlainServer((request, response) => {
    tunnels.push(`${request.method} ${request.url}`);
    response.end('{"through":"proxy"}');
  });
  proxy.on('connect', (request, socket, head) => {
    tunnels.push(`CONNECT ${request.url}`);
    const there = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
  });
  await listening(proxy);
});
afterAll(() => {
  for (const server of [secure, proxy]) {
    server.closeAllConnections();
    server.close();
  }
  authority.remove();
});

/** What a process of its own with this environment gets, prepared as commands prepare it. */
async function fetched(url: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const code = `
    import { prepareOutgoing } from '#infrastructure/http-client/outgoing';
    import { networkFault } from '#base/network-fault';
    prepareOutgoing();
    try { console.log(await (await fetch(process.argv[1])).text()); } catch (error) { console.log(networkFault(error) ?? error.cause?.code); }`;
  return printedBy(code, [url], environment);
}

describe('what is asked of other machines', () => {
  it.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('believes the authority of %s', async (name) => {
    const url = `https://localhost:${portOf(secure)}/`;
    expect(await fetched(url, {})).toBe('certificate-issuer');
    expect(await fetched(url, { [name]: authority.file })).toBe('{"a":1}');
  });

  it.each(['HTTPS_PROXY', 'https_proxy'])('goes through the proxy of %s, but for NO_PROXY', async (name) => {
    const port = portOf(secure);
    const environment = {
      [name]: `http://127.0.0.1:${portOf(proxy)}`,
      NODE_EXTRA_CA_CERTS: authority.file,
    };
    tunnels.length = 0;
    expect(await fetched(`https://localhost:${port}/`, environment)).toBe('{"a":1}');
    expect(tunnels).toEqual([`CONNECT localhost:${port}`]);
    for (const exception of ['NO_PROXY', 'no_proxy']) {
      tunnels.length = 0;
      expect(await fetched(`https://localhost:${port}/`, { ...environment, [exception]: 'localhost' })).toBe(
        '{"a":1}',
      );
      expect(tunnels).toEqual([]);
    }
  });

  it.each(['HTTP_PROXY', 'http_proxy'])('goes through the proxy of %s without TLS', async (name) => {
    tunnels.length = 0;
    const address = `http://127.0.0.1:${portOf(proxy)}`;
    expect(await fetched(`${address}/`, { [name]: address })).toBe('{"through":"proxy"}');
    expect(tunnels.length).toBe(2);
  });
});

describe('a certificate that is not believed', () => {
  it.each([
    ['expired', 'localhost', -1, false, 'certificate-expired'],
    ['other', 'autre.example.gouv.fr', 3650, false, 'certificate-name'],
    ['self', 'localhost', 3650, true, 'certificate-issuer'],
  ])('is told as what it is: %s', async (name, subject, days, own, expected) => {
    const server = await httpsServer(authority.certificate(name, subject, days, own));
    const known = own ? {} : { NODE_EXTRA_CA_CERTS: authority.file };
    expect(await fetched(`https://localhost:${portOf(server)}/`, known)).toBe(expected);
    server.closeAllConnections();
    server.close();
  });

  it('is a fault of the provider, also of a request that changes something: nothing was sent', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const url = new URL(`https://localhost:${portOf(secure)}/`);
      expect(await sendRequest(fetch, { url, method, secrets: [] })).toMatchObject({
        ok: false,
        fault: 'provider',
        retry: true,
        message: { key: 'provisioning#certificate-issuer', values: { host: url.host } },
      });
    }
  });
});

describe('why nothing came back', () => {
  it.each([
    [
      new Error('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) }),
      'name-not-found',
    ],
    [
      new Error('x', { cause: new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]) }),
      'connection-refused',
    ],
    [new DOMException('late', 'TimeoutError'), 'timed-out'],
    [
      Object.assign(new Error('self-signed certificate in certificate chain'), { code: 'ESOCKET' }),
      'certificate-issuer',
    ],
    [Object.assign(new Error('certificate has expired'), { code: 'ETLS' }), 'certificate-expired'],
    [new Error('anything'), undefined],
    ['anything', undefined],
  ])('%s', (error, expected) => {
    expect(networkFault(error)).toBe(expected);
  });

  it('is told of a port where nothing listens and of a name that nobody has', async () => {
    const port = await freePort();
    const [free, name] = await Promise.all([
      sendRequest(fetch, { url: new URL(`https://127.0.0.1:${port}/`), method: 'GET', secrets: [] }),
      sendRequest(fetch, { url: new URL('https://greffier.invalid/'), method: 'GET', secrets: [] }),
    ]);
    expect(free).toMatchObject({ message: { key: 'provisioning#connection-refused' }, fault: 'passing' });
    expect(name).toMatchObject({ message: { key: 'provisioning#name-not-found' }, fault: 'passing' });
  });
});

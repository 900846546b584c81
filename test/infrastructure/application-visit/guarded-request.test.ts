import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { guardedRequest, maxPageBytes } from '#infrastructure/application-visit/guarded-request';

async function server(bytes: Buffer, headers: Record<string, string> = {}) {
  const asked: string[] = [];
  const listening = createServer((request, response) => {
    asked.push(request.headers.host ?? '');
    response.writeHead(200, headers).end(bytes);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listening.close());
  return { port: (listening.address() as AddressInfo).port, asked };
}

it('connects to the address that it looked at, whatever the name means a moment later', async () => {
  const { port, asked } = await server(Buffer.from('oui'));
  let lookups = 0;
  const resolve = async () => {
    lookups++;
    return [{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
  };
  const url = new URL(`http://agenda.agence-fictive.gouv.fr:${port}/`);
  const answer = await guardedRequest({ url }, { allowPrivate: true, resolve });
  expect(answer).toMatchObject({ ok: true, value: { status: 200, text: 'oui' } });
  expect(asked).toEqual([url.host]);
  expect(lookups).toBe(1);
});

it('asks nothing of a name that means a private address', async () => {
  const hidden = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.0.1', '100.64.0.1', '::1', 'fd00::1'];
  // IPv4 within IPv6 (as a browser writes `[::127.0.0.1]`), and what IANA gave to nobody.
  const within = ['::ffff:10.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::a00:1', '::7f00:1', '4000::1', 'fec0::1'];
  for (const address of [...hidden, ...within]) {
    const { port, asked } = await server(Buffer.alloc(0));
    const resolve = async () => [
      { address: '145.242.17.167', family: 4 },
      { address, family: address.includes(':') ? 6 : 4 },
    ];
    const url = new URL(`http://agenda.agence-fictive.gouv.fr:${port}/`);
    const answer = await guardedRequest({ url }, { allowPrivate: false, resolve });
    expect(answer).toMatchObject({ ok: false, message: 'private-address', values: { address } });
    expect(asked).toEqual([]);
  }
});

it('reads no more than a page, packed or not', async () => {
  const long = Buffer.alloc(maxPageBytes + 1, 'a');
  for (const [bytes, headers] of [
    [long, {}],
    [gzipSync(long), { 'content-encoding': 'gzip' }],
  ] as const) {
    const { port } = await server(bytes, headers);
    const answer = await guardedRequest(
      { url: new URL(`http://127.0.0.1:${port}/`) },
      { allowPrivate: true },
    );
    expect(answer).toMatchObject({ ok: false, message: 'too-long' });
  }
});

import { createHmac } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '#base/config/secret';
import { createMetrics } from '#base/observability/metrics';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '#http/server';
import type { Delivery, ReceiveStatus } from '#infrastructure/queue/inbox';

const secret = 's'.repeat(32);
const previous = 'p'.repeat(32);
const route = '/api/github/webhooks';

function sign(body: string | Buffer, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

describe('the HTTP server', () => {
  let server: HttpServer;
  let lines: string[];
  let sockets: Socket[];
  let received: Delivery[];
  let receive: (delivery: Delivery) => Promise<ReceiveStatus>;

  async function open(changes: Partial<HttpServerOptions> = {}, takesDeliveries = true): Promise<void> {
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      secrets: [new Secret(secret), new Secret(previous)],
      ...(takesDeliveries ? { receive: (delivery: Delivery) => receive(delivery) } : {}),
      ready: async () => true,
      measure: async () => undefined,
      handover: async ({ method, token, lang }) => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: [method, token, lang].join(' '),
      }),
      schemas: new Map([['config.v1.schema.json', '{}']]),
      log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
      metrics: createMetrics(),
      ...changes,
    });
  }
  beforeEach(async () => {
    lines = [];
    sockets = [];
    received = [];
    receive = async (delivery) => {
      received.push(delivery);
      return 'accepted';
    };
    await open();
  });
  afterEach(async () => {
    // Where a test failed, the server may still wait for what it has sent.
    for (const socket of sockets) socket.destroy();
    await server.close();
  });

  function address(path: string): string {
    return `http://127.0.0.1:${server.port}${path}`;
  }
  function deliver(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(address(route), {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': 'a-1',
        'x-hub-signature-256': sign(body),
        ...headers,
      },
    });
  }
  /** Posts bytes of a length that is not announced. */
  function pour(megabytes: number, headers: Record<string, string | number> = {}): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const sent: ClientRequest = httpRequest(address(route), {
      method: 'POST',
      headers: { 'x-hub-signature-256': sign(''), ...headers },
      agent: false,
    });
    let left = megabytes;
    const more = (): void => {
      while (left > 0) {
        left -= 1;
        if (!sent.write(chunk)) return void sent.once('drain', more);
      }
      sent.end();
    };
    sent.on('response', (response: IncomingMessage) => {
      left = 0;
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', () => resolve(0));
    more();
    return promise;
  }

  /**
   * What comes back for these very bytes, until the server hangs up. `fetch` would take `..` and the like out of a path,
   * add headers, and finish its body.
   */
  function exchange(bytes: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    sockets.push(socket);
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    return promise;
  }
  function ask(path: string, method = 'GET'): Promise<string> {
    return exchange(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
  }

  it('accepts a signed delivery', async () => {
    const body = '{"installation":{"id":7},  "repository":{"full_name":"org/r"},"action":"opened"}';
    const response = await deliver(body);
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(received).toMatchObject([
      { id: 'a-1', event: 'push', installation: 7, repository: 'org/r', action: 'opened' },
    ]);
    expect(lines.join('')).toContain('"request":"a-1"');
  });

  it('does not accept before the delivery is kept', async () => {
    const kept = Promise.withResolvers<ReceiveStatus>();
    const asked = Promise.withResolvers<void>();
    receive = () => {
      asked.resolve();
      return kept.promise;
    };
    const answered: number[] = [];
    const response = deliver('{}').then(({ status }) => answered.push(status));
    await asked.promise;
    expect((await fetch(address('/healthz'))).status).toBe(200);
    expect(answered).toEqual([]);
    kept.resolve('accepted');
    await response;
    expect(answered).toEqual([202]);
  });

  it('says that it could not keep one, and nothing of why', async () => {
    receive = () => Promise.reject(new Error('relation "jobs" does not exist'));
    const response = await deliver('{}');
    expect([response.status, await response.text()]).toEqual([503, '']);
    expect(lines.join('')).toContain('relation');
  });

  it('accepts the previous secret while a rotation lasts', async () => {
    expect((await deliver('{}', { 'x-hub-signature-256': sign('{}', previous) })).status).toBe(202);
  });

  it('refuses the previous secret once the rotation is over', async () => {
    await server.close();
    await open({ secrets: [new Secret(secret)] });
    expect((await deliver('{}', { 'x-hub-signature-256': sign('{}', previous) })).status).toBe(401);
    expect((await deliver('{}')).status).toBe(202);
  });

  it.each([
    ['no signature', { 'x-hub-signature-256': '' }],
    ['the signature of another body', { 'x-hub-signature-256': sign('{"a":1}') }],
    ['the signature of a known word', { 'x-hub-signature-256': sign('{}', 'development') }],
    ['the signature of nothing', { 'x-hub-signature-256': sign('{}', '') }],
    ['a short signature', { 'x-hub-signature-256': 'sha256=00' }],
    ['a signature that is no number', { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` }],
    ['SHA-1', { 'x-hub-signature-256': `sha1=${createHmac('sha1', secret).update('{}').digest('hex')}` }],
  ])('refuses %s without detail', async (_what, headers) => {
    const response = await deliver('{}', headers);
    expect([response.status, await response.text()]).toEqual([401, '']);
    expect(received).toEqual([]);
  });

  it('takes an event whose name has a digit', async () => {
    const answer = await deliver('{}', { 'x-github-event': 'projects_v2_item', 'x-github-delivery': 'a-v2' });
    expect(answer.status).toBe(202);
  });

  it.each(['x-github-delivery', 'x-github-event'])(
    'refuses a signed delivery with no %s at all',
    async (left) => {
      const headers = Object.entries({
        'x-github-delivery': 'a-1',
        'x-github-event': 'push',
        'x-hub-signature-256': sign('{}'),
      }).flatMap(([name, value]) => (name === left ? [] : [`${name}: ${value}\r\n`]));
      const text = await exchange(
        `POST ${route} HTTP/1.1\r\nhost: x\r\n${headers.join('')}content-length: 2\r\n\r\n{}`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\r\n$/);
      expect(received).toEqual([]);
    },
  );

  it('logs and counts why a delivery was refused, or could not be kept', async () => {
    await deliver('{}', { 'x-hub-signature-256': sign('{}', 'development') });
    receive = () => Promise.reject(new Error('full'));
    await deliver('{}');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { status: 401, reason: 'another signature', msg: 'a delivery was refused' },
      { request: 'a-1', event: 'push', msg: 'a delivery could not be kept' },
    ]);
    const metrics = await (await fetch(address('/metrics'))).text();
    expect(metrics).toContain('greffier_deliveries_total{event="unknown",outcome="refused"} 1');
    expect(metrics).toContain('greffier_deliveries_total{event="push",outcome="failed"} 1');
  });

  it.each([
    ['without an id', '{}', { 'x-github-delivery': '' }],
    ['with an odd id', '{}', { 'x-github-delivery': "a'; drop table" }],
    ['without an event', '{}', { 'x-github-event': '' }],
    ['that is not JSON', 'payload=%7B%7D', {}],
  ])('refuses a signed delivery %s', async (_what, body, headers) => {
    const response = await deliver(body, headers);
    expect([response.status, await response.text()]).toEqual([400, '']);
    expect(received).toEqual([]);
  });

  it('refuses more than 25 MB as soon as it is announced', async () => {
    const text = await exchange(
      `POST ${route} HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: ${sign('')}\r\ncontent-length: 26214401\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ['without a signature', `POST ${route} HTTP/1.1\r\nhost: x`, 401],
    ['with a method that is not taken', 'POST /healthz HTTP/1.1\r\nhost: x', 405],
    ['with a host that is none', `POST ${route} HTTP/1.1\r\nhost: a b`, 400],
  ])('does not wait for the body of a request %s, and hangs up', async (_what, head, status) => {
    const text = await exchange(`${head}\r\ncontent-length: 500\r\n\r\n`);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*\r\nconnection: close\r\n`, 'i'));
    expect(text).toMatch(/\r\n\r\n$/);
  });

  it('is heard by who goes on sending while it refuses', async () => {
    const statuses: number[] = [];
    while (statuses.length < 12) statuses.push(await pour(60));
    expect(new Set(statuses)).toEqual(new Set([413]));
  });

  it('refuses more than 25 MB by counting, and holds little of ten that come at once', async () => {
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => pour(60)));
    clearInterval(watch);
    for (const status of statuses) expect([413, 503, 0]).toContain(status);
    // The last that is left is counted to its end. On a busy machine its sender may hear nothing of it.
    expect(lines.map((line) => JSON.parse(line).status)).toContain(413);
    expect(most).toBeLessThan(200 * 1024 * 1024);
    expect((await deliver('{}')).status).toBe(202);
  });

  /** Sends all but the last byte of a signed delivery. */
  function begin(body: Buffer): { readonly status: Promise<number>; finish(): void } {
    const { promise, resolve } = Promise.withResolvers<number>();
    const sent = httpRequest(address(route), {
      method: 'POST',
      agent: false,
      headers: {
        'x-github-event': 'push',
        'x-github-delivery': 'a-1',
        'x-hub-signature-256': sign(body),
        'content-length': body.length,
      },
    });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', () => resolve(0));
    sent.on('socket', (socket) => sockets.push(socket));
    sent.write(body.subarray(0, -1));
    return { status: promise, finish: () => sent.end(body.subarray(-1)) };
  }
  function bodyOf(megabytes: number): Buffer {
    return Buffer.from(`"${'x'.repeat(megabytes * 1024 * 1024 - 2)}"`);
  }

  it('holds 64 MB of bodies in all, and takes others once they are through', async () => {
    const bodies = [24, 24, 24].map((megabytes) => begin(bodyOf(megabytes)));
    expect(await Promise.race(bodies.map(({ status }) => status))).toBe(503);
    for (const { finish } of bodies) finish();
    const statuses = await Promise.all(bodies.map(({ status }) => status));
    expect(statuses.toSorted()).toEqual([202, 202, 503]);
    expect((await deliver(bodyOf(24))).status).toBe(202);
  });

  /** Bodies of a megabyte that are left unfinished, of which so many are refused. */
  async function hold(count: number, refused: number) {
    const body = bodyOf(1);
    const bodies = Array.from({ length: count }, () => begin(body));
    const enough = Promise.withResolvers<void>();
    let left = refused;
    for (const { status } of bodies)
      void status.then((got) => {
        if (got === 503) left -= 1;
        if (left === 0) enough.resolve();
      });
    await enough.promise;
    return bodies;
  }

  it('counts every byte of every body that is held open, however small it is', async () => {
    const bodies = await hold(100, 36);
    for (const { finish } of bodies) finish();
    const statuses = await Promise.all(bodies.map(({ status }) => status));
    expect(statuses.filter((status) => status === 202).length).toBeLessThanOrEqual(64);
  });

  it('gives up those that have been held open the longest, so that a delivery gets through', async () => {
    await hold(70, 6);
    expect((await deliver(bodyOf(24))).status).toBe(202);
  });

  it('counts a body until its delivery is kept', async () => {
    const kept = Promise.withResolvers<ReceiveStatus>();
    let waiting = 0;
    const full = Promise.withResolvers<void>();
    receive = () => {
      waiting += 1;
      if (waiting === 2) full.resolve();
      return kept.promise;
    };
    const bodies = [24, 24].map((megabytes) => deliver(bodyOf(megabytes)));
    await full.promise;
    expect((await deliver(bodyOf(24))).status).toBe(503);
    kept.resolve('accepted');
    expect((await Promise.all(bodies)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await deliver(bodyOf(24))).status).toBe(202);
  });

  it('counts what it costs to hold many small pieces', async () => {
    const pieces = '1\r\nx\r\n'.repeat(400_000);
    const text = await exchange(
      `POST ${route} HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: ${sign('')}\r\ntransfer-encoding: chunked\r\n\r\n${pieces}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('takes a delivery of 25 MB', async () => {
    const body = Buffer.from(`"${'x'.repeat(25 * 1024 * 1024 - 2)}"`);
    expect((await deliver(body)).status).toBe(202);
  });

  it('hangs up on those who are slow to speak', async () => {
    await server.close();
    await open({ headersTimeoutMs: 50, requestTimeoutMs: 100 });
    const spoken = [
      `POST ${route} HT`,
      `POST ${route} HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: x\r\ncontent-length: 9\r\n\r\n{`,
    ];
    const ends = spoken.map((text) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => undefined);
      socket.on('close', () => resolve());
      return promise;
    });
    await Promise.all(ends);
    expect(received).toEqual([]);
  });

  it('waits less for the headers than for the whole request', async () => {
    await server.close();
    await open({ headersTimeoutMs: 50, requestTimeoutMs: 30_000 });
    expect(await exchange(`POST ${route} HT`)).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });

  it('lets nobody in any more once it closes, and waits for those who are', async () => {
    const kept = Promise.withResolvers<ReceiveStatus>();
    const asked = Promise.withResolvers<void>();
    receive = () => {
      asked.resolve();
      return kept.promise;
    };
    const order: string[] = [];
    const response = deliver('{}').then(({ status }) => order.push(`answered ${status}`));
    await asked.promise;
    const closed = server.close().then(() => order.push('closed'));
    expect(await exchange('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('');
    expect(order).toEqual([]);
    kept.resolve('accepted');
    await Promise.all([response, closed]);
    expect(order).toEqual(['answered 202', 'closed']);
  });

  it.each([
    '/schemas/../package.json',
    '/schemas/../../package.json',
    '/schemas/%2e%2e/package.json',
    '/schemas/..%2fpackage.json',
    '/schemas/..\\package.json',
    '/../../../../etc/passwd',
    '/handover/../package.json',
    '/handover/%00',
    // What is there is so at its own address only: a proxy may be asked to keep some of it to itself.
    '/schemas/../healthz',
    '/schemas/../schemas/config.v1.schema.json',
    '/handover/%2e%2e/metrics',
    '/handover/..%2fmetrics',
    '/./metrics',
    '/%6detrics',
    '/handover/%61bc',
    '/metrics#x',
    '/metrics/',
    '//metrics',
    'http://evil.example/metrics',
    'http://evil.example/none',
    '//evil.example/none',
    '*',
    'none',
  ])('has nothing at %j, as it is written', async (path) => {
    const text = await ask(path);
    expect(text).toMatch(/^HTTP\/1\.1 (?:404|400) /);
    expect(text.split('\r\n\r\n')[1] ?? '').toBe('');
    expect(text).not.toMatch(/Error|greffier/);
  });

  it('answers a path as it is written, where there is something', async () => {
    expect(await ask('/schemas/config.v1.schema.json')).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\{\}$/);
  });

  it('answers HEAD with the headers of GET, and no body', async () => {
    const text = await ask('/schemas/config.v1.schema.json', 'HEAD');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text.toLowerCase()).toContain('content-length: 2\r\n');
    expect(text.split('\r\n\r\n')[1]).toBe('');
  });

  it('tells no browser to guess what it is', async () => {
    for (const path of ['/healthz', '/none', '/schemas/config.v1.schema.json', '/handover/abc'])
      expect((await fetch(address(path))).headers.get('x-content-type-options'), path).toBe('nosniff');
  });

  it('needs no header: who asks in HTTP/1.0 whether it is alive sends none', async () => {
    expect(await exchange('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nok\n$/);
  });

  it.each([
    ['a host that is none', '/healthz', 'a b'],
    ['a host with a path', '/none', 'x/healthz?'],
    ['a backslash', '/schemas\\..\\healthz', 'x'],
    ['no path', '*', 'x'],
  ])('refuses %s, and neither says nor logs anything', async (_what, path, host) => {
    const text = await exchange(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\r\n$/);
    expect(text).not.toMatch(/Error/);
    expect(lines).toEqual([]);
  });

  it.each([
    '/',
    '/api',
    '/api/github/webhooks/',
    '/probot',
    '/ping',
    '/handover/',
    '/handover/a/b',
    '/schemas/none.json',
    '//evil',
  ])('has nothing at %s', async (path) => {
    const response = await fetch(address(path));
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  it.each([
    [route, 'GET', 'POST'],
    [route, 'PUT', 'POST'],
    ['/healthz', 'POST', 'GET, HEAD'],
    ['/metrics', 'DELETE', 'GET, HEAD'],
    ['/schemas/config.v1.schema.json', 'PUT', 'GET, HEAD'],
    ['/handover/abc', 'PATCH', 'GET, HEAD, POST'],
  ])('takes at %s no %s, and says nothing about it', async (path, method, allowed) => {
    const response = await fetch(address(path), { method });
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([
      405,
      allowed,
      '',
    ]);
    expect(received).toEqual([]);
  });

  it('says nothing of what went wrong behind any of its routes', async () => {
    await server.close();
    const broken = () => Promise.reject(new Error('relation "marks" does not exist'));
    await open({ ready: broken, measure: broken, handover: broken });
    for (const path of ['/readyz', '/metrics', '/handover/abc']) {
      const response = await fetch(address(path));
      expect([path, response.status, await response.text()]).toEqual([path, 500, '']);
    }
    expect(lines.join('')).toContain('relation');
  });

  it('shows the page of a handover, and nothing else by other methods', async () => {
    const shown = await fetch(address('/handover/abc_-1?lang=en'), { method: 'POST', body: 'x' });
    expect(await shown.text()).toBe('POST abc_-1 en');
    expect((await fetch(address('/handover/abc'), { method: 'DELETE' })).status).toBe(405);
  });

  it('gives a page what the browser says of its reader, and answers with its status', async () => {
    await server.close();
    const asked: unknown[] = [];
    await open({
      handover: async (request) => {
        asked.push(request);
        return {
          status: 410,
          headers: { 'content-type': 'text/html', 'cache-control': 'no-store' },
          body: '<p>',
        };
      },
    });
    const token = 'a'.repeat(200);
    const response = await fetch(address(`/handover/${token}`), { headers: { 'accept-language': 'en' } });
    expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([
      410,
      'no-store',
      '<p>',
    ]);
    expect(asked).toEqual([{ method: 'GET', token, acceptLanguage: 'en' }]);
    expect((await fetch(address(`/handover/${token}a`))).status).toBe(404);
  });

  it('tells that it is alive, whether it can work, and its measures', async () => {
    expect((await fetch(address('/healthz'))).status).toBe(200);
    expect((await fetch(address('/readyz'))).status).toBe(200);
    await deliver('{}');
    const response = await fetch(address('/metrics'));
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('greffier_deliveries_total{event="push",outcome="accepted"} 1');
    await server.close();
    await open({ ready: async () => false });
    const unready = await fetch(address('/readyz'));
    expect([unready.status, await unready.text()]).toEqual([503, '']);
  });

  it('publishes the schemas', async () => {
    const response = await fetch(address('/schemas/config.v1.schema.json'));
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/schema+json',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=3600',
    });
  });

  it('takes no deliveries where it is not asked to', async () => {
    await server.close();
    await open({}, false);
    expect((await deliver('{}')).status).toBe(404);
    expect((await fetch(address('/healthz'))).status).toBe(200);
  });
});

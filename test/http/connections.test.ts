/** Connections of clients that neither end what they began nor take what they asked for. */
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '#base/config/secret';
import { createMetrics } from '#base/observability/metrics';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '#http/server';

const schema = 'x'.repeat(200_000);

describe('a connection', () => {
  let server: HttpServer;
  let socket: Socket;
  let readiness: () => Promise<boolean>;
  beforeEach(() => {
    readiness = async () => true;
    return open();
  });
  async function open(changes: Partial<HttpServerOptions> = {}): Promise<void> {
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      secrets: [new Secret('s'.repeat(32))],
      receive: async () => 'accepted',
      ready: () => readiness(),
      measure: async () => undefined,
      schemas: new Map([['service-provider.v1.schema.json', schema]]),
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      answerTimeoutMs: 100,
      ...changes,
    });
  }
  afterEach(async () => {
    socket.destroy();
    await server.close();
  });
  /** Says something, and reads nothing of what is answered. */
  function saying(text: string): Promise<Socket> {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    socket = connect(server.port, '127.0.0.1', () => {
      socket.pause();
      socket.write(text, () => resolve(socket));
    });
    socket.on('error', () => undefined);
    return promise;
  }
  const asking = (path: string, times: number) =>
    saying(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(times));
  /** Everything until the server hangs up. */
  async function heard(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.resume();
    return promise;
  }

  it('is hung up on when it does not take its answer', async () => {
    await asking('/schemas/service-provider.v1.schema.json', 90);
    // It waits for those who are there, longer than a test may take, and nobody reads: the server alone can end it.
    await server.close(600_000);
    expect(await heard()).toMatch(/^HTTP\/1\.1 200/);
    expect(socket.bytesRead).toBeLessThan(90 * schema.length);
  });

  it('has no answer made before the one before it was taken, however much it asks at once', async () => {
    let asked = 0;
    let answer = (_ready: boolean): void => undefined;
    readiness = () => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const open = await asking('/readyz', 50);
    open.resume();
    // Asked later, and answered: what came before was read by then.
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
    expect(asked).toBe(1);
    answer(true);
    await new Promise((resolve) => open.once('data', resolve));
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
    expect(asked).toBe(2);
  });

  it('that has not taken its answer the longest is hung up on, where all hold too much', async () => {
    await server.close();
    const long = 'x'.repeat(16 * 1024 * 1024);
    const schemas = new Map([['long.json', long]]);
    await open({ schemas, heldAnswerBytes: 24 * 1024 * 1024, answerTimeoutMs: 60_000 });
    const all: Socket[] = [];
    for (let n = 0; n < 3; n++) all.push(await asking('/schemas/long.json', 1));
    // What is held is counted with what is asked.
    for (let n = 0; n < 200; n++) await (await fetch(`http://127.0.0.1:${server.port}/healthz`)).text();
    const [first, , last] = all.map(
      (one) =>
        new Promise<number>((resolve) => {
          one.on('close', () => resolve(one.bytesRead)).resume();
          one.on('data', () => one.bytesRead > long.length && one.destroy());
        }),
    );
    expect(await first).toBeLessThan(long.length);
    expect(await last).toBeGreaterThan(long.length);
  });

  it('is answered a hundred times at most', async () => {
    await asking('/healthz', 150);
    expect((await heard()).match(/HTTP\/1\.1 200/g)).toHaveLength(100);
  });

  it.each([
    ['headers', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: '],
    [
      'body',
      'POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: x\r\ncontent-length: 9\r\n\r\n{',
    ],
  ])('with half of its %s does not keep the process from ending', async (_, half) => {
    await saying(`GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n${half}`);
    await new Promise((resolve) => socket.once('data', resolve).resume());
    const ended = heard();
    await server.close(50);
    await ended;
  });
});

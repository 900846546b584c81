/** What somebody else does to have a person kept out of the desk: played over HTTP. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextBrowser } from '#demo/text-browser';
import { openDesk, type SignedInDesk } from './signed-in-desk.ts';

describe('someone at the desk', () => {
  let desk: SignedInDesk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const post = (path: string, origin: string, from: string): Promise<Response> =>
    fetch(new URL(path, desk.origin), {
      method: 'POST',
      body: new URLSearchParams({ action: 'check' }),
      headers: { origin, 'x-forwarded-for': from },
    });

  it('is not kept out by what another site has their browser send', async () => {
    for (let count = 0; count < 40; count += 1) {
      expect((await post('/demande', 'https://evil.example', '192.0.2.1')).status).toBe(403);
      expect((await post('/demandes', 'https://evil.example', '192.0.2.1')).status).toBe(403);
    }
    expect((await post('/demande', desk.origin, '192.0.2.1')).status).toBe(422);
    expect((await post('/demandes', desk.origin, '192.0.2.1')).status).toBe(403);
  });

  it('is not kept out by a colleague at the same address, once signed in', async () => {
    for (let count = 0; count < 40; count += 1) await post('/demande', desk.origin, '192.0.2.2');
    expect((await post('/demande', desk.origin, '192.0.2.2')).status).toBe(429);
    const { browser, page } = await desk.signIn();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const own = () =>
      browser.open(new URL('/demande', desk.origin), undefined, {
        method: 'POST',
        body: new URLSearchParams({ csrf, action: 'check' }),
        headers: { origin: desk.origin, 'x-forwarded-for': '192.0.2.2' },
      });
    expect((await own()).status).toBe(422);
    // Nor are they themselves without measure, wherever they write from.
    for (let count = 0; count < 30; count += 1) await own();
    expect((await own()).status).toBe(429);
  });

  it('is not kept out by sign-ins that another site began in their browser', async () => {
    const browser = new TextBrowser();
    const toProvider = (url: URL) => url.href.startsWith(desk.issuer);
    for (let count = 0; count < 60; count += 1) {
      const begun = await browser.open(new URL('/connexion', desk.origin), toProvider);
      expect(begun.url.href, `after ${count}`).toContain(desk.issuer);
    }
    const { page } = await desk.signIn(browser);
    expect(page.url.href).toBe(`${desk.origin}/demandes`);
  });

  it('is not kept out by forms that others never end', async () => {
    const { host, port, hostname } = new URL(desk.origin);
    const answers: string[] = [];
    const givenUp = Promise.withResolvers<void>();
    const begin = async (count: number): Promise<Socket> => {
      const socket = connect(Number(port), hostname);
      socket.setEncoding('latin1').on('error', () => undefined);
      socket.on('data', (text: string) => {
        answers.push(`${count} ${text.slice(9, 12)}`);
        if (answers.filter((answer) => answer.endsWith(' 503')).length > 30) givenUp.resolve();
      });
      const from = `x-forwarded-for: 198.51.${count >> 8}.${count & 255}`;
      socket.write(
        `POST /demande HTTP/1.1\r\nhost: ${host}\r\norigin: ${desk.origin}\r\n${from}\r\n` +
          'content-type: application/x-www-form-urlencoded\r\ncontent-length: 262144\r\n\r\n',
      );
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.write('a'.repeat(262_000), () => resolve());
      await promise;
      return socket;
    };
    const sockets: Socket[] = [];
    for (let count = 0; count < 100; count += 1) sockets.push(await begin(count));
    // One that is whole meanwhile.
    expect((await post('/demande', desk.origin, '203.0.113.9')).status).toBe(422);
    // Of 26 MB no more than 16 are held: the first ones were given up.
    await givenUp.promise;
    expect(answers[0]).toBe('0 503');
    for (const socket of sockets) socket.destroy();
  });
});

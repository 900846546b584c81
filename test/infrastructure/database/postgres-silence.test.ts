/** A network that swallows what is sent to PostgreSQL, and says nothing: after a failover, say. */
import net from 'node:net';
import { sql } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Inbox } from '#infrastructure/queue/inbox';
import { JobQueue } from '#infrastructure/queue/job-queue';
import { engines, opened } from './engines.ts';

/** Goes between this process and a server, until it is told to swallow what goes over the connections of before. */
async function between(url: URL) {
  const pairs: net.Socket[] = [];
  const server = net.createServer((near) => {
    const far = net.connect(Number(url.port) || 5432, url.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const)
      from.on('error', () => undefined).pipe(to);
    pairs.push(near, far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as net.AddressInfo).port);
  return {
    url: through.href,
    swallow() {
      for (const socket of pairs) socket.unpipe().resume();
    },
    async close() {
      for (const socket of pairs) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

afterEach(() => vi.useRealTimers());

const engine = engines.find(({ name }) => name === 'postgresql');

describe.runIf(engine !== undefined)('a silent PostgreSQL', () => {
  it('is given up after a minute: what is delivered then is kept over another connection', async () => {
    if (engine === undefined) expect.fail();
    const scratch = await engine.scratch();
    if (!('url' in scratch.location)) expect.fail();
    const network = await between(new URL(scratch.location.url));
    const { db, close } = await opened({ url: network.url });
    const inbox = new Inbox(db, new JobQueue(db));
    const receive = (id: string) =>
      inbox.receive({ id, event: 'push' }, { jobs: [{ kind: 'sweep', payload: {} }] });
    expect(await receive('a')).toBe('accepted');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    network.swallow();
    const sent = vi.spyOn(db, 'executeQuery');
    const first = receive('b').catch(() => 'lost');
    await vi.waitUntil(() => sent.mock.calls.length > 0);
    const second = receive('c');
    await vi.advanceTimersByTimeAsync(61_000);
    expect(await first).toBe('lost');
    expect(await second).toBe('accepted');
    vi.useRealTimers();
    expect((await sql`select id from deliveries order by id`.execute(db)).rows).toEqual([
      { id: 'a' },
      { id: 'c' },
    ]);
    await close();
    await network.close();
    await scratch.remove();
  });
});

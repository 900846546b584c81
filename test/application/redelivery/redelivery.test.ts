import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type DeliveryAttempt, missedDeliveries, redeliverMissed } from '#application/redelivery/redelivery';
import { Secret } from '#base/config/secret';
import { createLog } from '#base/observability/logger';
import { openGitHubApp } from '#infrastructure/github/client/app-client';
import { aStore } from '../../infrastructure/identity-providers/store.ts';

const now = new Date('2026-01-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(+now - minutes * 60_000).toISOString();

let next = 1;
function attempt(guid: string, status_code: number, minutes = 1): DeliveryAttempt {
  next += 1;
  return { id: next, guid, delivered_at: minutesAgo(minutes), status_code };
}

describe('missed deliveries', () => {
  it('are those that no attempt brought through, oldest first', () => {
    const [late, early] = [attempt('late', 0), attempt('early', 503)];
    const attempts = [attempt('through', 202), late, attempt('through', 502), attempt('fine', 200), early];
    expect(missedDeliveries(attempts, now)).toEqual([early, late]);
  });

  it('are asked for again by their newest attempt', () => {
    const newest = attempt('a', 500);
    expect(missedDeliveries([newest, attempt('a', 500), attempt('a', 500)], now)).toEqual([newest]);
  });

  it('are asked for every half hour once many attempts have failed, and are never given up', () => {
    const seven = Array.from({ length: 7 }, () => attempt('a', 500, 60));
    const recent = attempt('a', 500, 29);
    const waited = attempt('a', 500, 30);
    expect(missedDeliveries([recent, ...seven], now)).toEqual([]);
    expect(missedDeliveries([waited, ...seven], now)).toEqual([waited]);
  });
});

describe('asking for missed deliveries', () => {
  it('names each by its whole number, and goes on when GitHub no longer knows one', async () => {
    const ids = ['9007199254740993', '9007199254740995', '412'];
    const asked: string[] = [];
    const github = createServer((request, response) => {
      const [, id] = /deliveries\/(\d+)\/attempts/.exec(request.url ?? '') ?? [];
      response.setHeader('content-type', 'application/json');
      if (id === undefined) {
        const items = ids.map(
          (one, index) =>
            `{"id":${one},"guid":"g-${index}","delivered_at":"${minutesAgo(1)}","status_code":502}`,
        );
        response.end(`[${items.join(',')}]`);
        return;
      }
      asked.push(id);
      response.statusCode = id === '9007199254740995' ? 404 : 202;
      response.end('{}');
    });
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const app = openGitHubApp({
      appId: 1,
      privateKey: new Secret(String(privateKey.export({ format: 'pem', type: 'pkcs1' }))),
      baseUrl: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
      log: createLog('fatal'),
      onAnswer: () => undefined,
      userAgent: 'greffier/test',
    });
    const db = await aStore();
    expect(await redeliverMissed(await app.app(), db, undefined, now)).toBe(2);
    expect(asked.toSorted()).toEqual(ids.toSorted());
    await db.destroy();
    github.close();
  });
});

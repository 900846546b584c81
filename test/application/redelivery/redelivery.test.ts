import { describe, expect, it } from 'vitest';
import { type DeliveryAttempt, missedDeliveries } from '#application/redelivery/redelivery';

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

import { describe, expect, it } from 'vitest';
import { type Attempt, missedOf } from '../../src/service/redelivery.ts';

let next = 1;
function attempt(guid: string, status_code: number): Attempt {
  next += 1;
  return { id: next, guid, delivered_at: '2026-01-01T00:00:00Z', status_code };
}

describe('missed deliveries', () => {
  it('are those that no attempt brought through, oldest first', () => {
    const [late, early] = [attempt('late', 0), attempt('early', 503)];
    const attempts = [attempt('through', 202), late, attempt('through', 502), attempt('fine', 200), early];
    expect(missedOf(attempts)).toEqual([early, late]);
  });

  it('are asked for again by their newest attempt, a few times', () => {
    const newest = attempt('a', 500);
    expect(missedOf([newest, attempt('a', 500), attempt('a', 500)])).toEqual([newest]);
    expect(missedOf([attempt('b', 500), attempt('b', 500), attempt('b', 500), attempt('b', 500)])).toEqual(
      [],
    );
  });
});

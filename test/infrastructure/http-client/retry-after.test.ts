import { describe, expect, it } from 'vitest';
import { requestedDelaySeconds, retryAfterSeconds } from '#infrastructure/http-client/retry-after';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['30', 30],
    [' 0 ', 0],
    [17, 17],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9],
    // The two older forms of RFC 9110 §5.6.7, which a recipient must accept.
    ['Thursday, 01-Jan-26 00:00:09 GMT', 9],
    ['Thu Jan  1 00:00:09 2026 GMT', 9],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ])('of %j is %d seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });

  it.each([undefined, null, '', 'soon', '1.5', '-5', '1e3', '2026-01-01T00:00:09Z'])(
    'of %j says nothing',
    (header) => {
      expect(retryAfterSeconds(header, now)).toBeUndefined();
    },
  );
});

describe('what GitHub asks to wait', () => {
  const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 100) };

  it('is Retry-After where it is understood, and else the rest of the hour', () => {
    expect(requestedDelaySeconds({ ...reset, 'retry-after': '7' }, now)).toBe(7);
    expect(requestedDelaySeconds({ ...reset, 'retry-after': 'soon' }, now)).toBe(100);
    expect(requestedDelaySeconds(reset, now)).toBe(100);
  });

  it('is at least a second once the hour is spent, and nothing before', () => {
    const past = { ...reset, 'x-ratelimit-reset': String(now / 1000 - 5) };
    expect(requestedDelaySeconds(past, now)).toBe(1);
    expect(requestedDelaySeconds({ ...reset, 'x-ratelimit-remaining': '1' }, now)).toBeUndefined();
    expect(requestedDelaySeconds({ 'x-ratelimit-reset': reset['x-ratelimit-reset'] }, now)).toBeUndefined();
  });
});

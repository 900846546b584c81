import { describe, expect, it } from 'vitest';
import { redactedText } from '#base/observability/logger';
import { requestedDelaySeconds } from '#infrastructure/http-client/retry-after';
import { backOffSeconds, classifyError } from '#infrastructure/queue/retry-policy';

const now = Date.parse('2026-01-01T00:00:00Z');
const seconds = now / 1000;
function answer(status: number, headers: object = {}, message = 'no') {
  return Object.assign(new Error(message), { status, response: { headers } });
}

describe('patience', () => {
  it.each([
    ['429', answer(429), { cause: 'limit', after: 60 }],
    ['429 with Retry-After', answer(429, { 'retry-after': '30' }), { cause: 'limit', after: 30 }],
    [
      'a date in Retry-After',
      answer(429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }),
      { cause: 'limit', after: 9 },
    ],
    [
      'a secondary limit',
      answer(403, {}, 'You have exceeded a secondary rate limit'),
      { cause: 'limit', after: 60 },
    ],
    [
      'a spent hour',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds + 100) }),
      { cause: 'limit', after: 100 },
    ],
    ['a refusal', answer(403), { cause: 'fault' }],
    ['something missing', answer(404), { cause: 'fault' }],
    ['an outage', answer(502), { cause: 'outage' }],
    ['an outage with a date', answer(503, { 'retry-after': '5' }), { cause: 'outage', after: 5 }],
    ['a reset', Object.assign(new Error('x'), { code: 'ECONNRESET' }), { cause: 'outage' }],
    [
      'a reset within',
      new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }) }),
      { cause: 'outage' },
    ],
    ['a time-out', new DOMException('late', 'TimeoutError'), { cause: 'outage' }],
    ['a bug', new TypeError('undefined is not a function'), { cause: 'fault' }],
    ['a thing that is no error', 'text', { cause: 'fault' }],
  ])('takes %s for what it is', (_what, error, expected) => {
    expect(classifyError(error, now)).toEqual(expected);
  });

  it('does not wait while calls remain', () => {
    expect(
      requestedDelaySeconds({ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(seconds + 9) }, now),
    ).toBeUndefined();
  });

  it('backs off further each time, up to ten minutes, half of it by chance', () => {
    expect([1, 2, 3, 40].map((attempt) => backOffSeconds(attempt, 0))).toEqual([1, 2, 4, 300]);
    expect(backOffSeconds(40, 0.999)).toBeLessThan(600);
  });
});

describe("an error's words", () => {
  it.each([
    'ghs_16C7e42F292c6912E7710c838347Ae178B4a',
    'github_pat_11AAAAAAA0abcdefghij_xyz',
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3In0.c2lnbmF0dXJl',
    'hunter2secret',
  ])('never carry a secret: %s', (canary) => {
    const texts = [
      `Bearer ${canary}`,
      `postgres://greffier:${canary}@db/greffier`,
      `token ${canary} refused`,
    ];
    for (const text of texts) expect(redactedText(new Error(text))).not.toContain(canary);
  });
});

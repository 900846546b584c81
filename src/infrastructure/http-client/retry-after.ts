/** When a server says that it may be asked again. Times are in seconds; `now` is in milliseconds since 1970. */

/** The headers of an answer, whoever made the object: names in lower case. */
export type Headers = Readonly<Record<string, unknown>>;

/**
 * `Retry-After` (RFC 9110 §10.2.3): a whole number of seconds, or a date. Never negative; not bounded, since how long
 * is too long is for the caller to say.
 *
 * @param header undefined or null when there is none
 * @returns undefined when it says neither
 */
export function retryAfterSeconds(header: unknown, now: number): number | undefined {
  if (header === undefined || header === null) return undefined;
  const text = String(header).trim();
  if (/^\d+$/.test(text)) return Number(text);
  // `Date.parse` takes nearly anything for a date, `1.5` too; a date of HTTP begins with the name of a day.
  const until = /^[a-z]{3,9}\b/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - now) / 1000));
}

/** What GitHub asks to wait before the next call: `Retry-After`, or `X-RateLimit-Reset` once nothing remains. */
export function requestedDelaySeconds(headers: Headers, now: number): number | undefined {
  const asked = retryAfterSeconds(headers['retry-after'], now);
  if (asked !== undefined) return asked;
  if (headers['x-ratelimit-remaining'] === undefined || Number(headers['x-ratelimit-remaining']) > 0)
    return undefined;
  const reset = Number(headers['x-ratelimit-reset']);
  return Number.isFinite(reset) ? Math.max(1, Math.ceil(reset - now / 1000)) : undefined;
}

/** One question to a public service: bounded, paced as the service asks, and never an error. */

export type Fetch = (input: URL, init: RequestInit) => Promise<Response>;

export interface HttpOptions {
  readonly fetch: Fetch;
  /** Who asks: the services want a name that they can look up. */
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface LookupResponse {
  readonly status: number;
  /** Undefined when it is not JSON. */
  readonly body: unknown;
}

const requestTimeoutMs = 10_000;
const maxBodyBytes = 2 * 1024 * 1024;
/** A service that says "later" without saying when is not asked for a minute. */
const defaultPauseMs = 60_000;
/** A service that so many questions in a row could not reach is not asked for a while: each would wait in vain. */
const maxConsecutiveFailures = 3;
const failurePauseMs = 30_000;
/** Milliseconds; a longer `Retry-After` is asked again after this. */
const maxPauseMs = 3_600_000;

/** A client of one service: at most one request every `minIntervalMs` milliseconds, and none while it asks to wait. */
export class ThrottledClient {
  readonly #options: HttpOptions;
  readonly #minIntervalMs: number;
  #nextAt = 0;
  #pausedUntil = 0;
  #failures = 0;

  constructor(options: HttpOptions, minIntervalMs: number) {
    this.#options = options;
    this.#minIntervalMs = minIntervalMs;
  }

  /** @returns undefined when there is no answer: unreachable, too long, or it asks to come back later */
  async request(url: URL, init: RequestInit = {}): Promise<LookupResponse | undefined> {
    const { fetch, userAgent, now, wait } = this.#options;
    if (now() < this.#pausedUntil) return undefined;
    const due = Math.max(now(), this.#nextAt);
    this.#nextAt = due + this.#minIntervalMs;
    if (due > now()) await wait(due - now());
    // Those before it in the row may have found out meanwhile.
    if (now() < this.#pausedUntil) return undefined;
    try {
      const response = await fetch(url, {
        ...init,
        headers: { accept: 'application/json', 'user-agent': userAgent, ...init.headers },
        redirect: 'error',
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      if (response.status === 429 || response.status === 503) {
        this.#pausedUntil = now() + retryAfterMs(response.headers.get('retry-after'), now());
        await response.body?.cancel();
        return undefined;
      }
      this.#failures = 0;
      const text = await readBoundedText(response);
      return text === undefined ? undefined : { status: response.status, body: parseJson(text) };
    } catch {
      // Whatever the network did, the answer is missing; what was asked may hold a token and is not logged.
      this.#failures += 1;
      if (this.#failures >= maxConsecutiveFailures) this.#pausedUntil = now() + failurePauseMs;
      return undefined;
    }
  }
}

/** RFC 9110 §10.2.3: seconds or a date. */
function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return defaultPauseMs;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), maxPauseMs) : defaultPauseMs;
}

async function readBoundedText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body === null) return '';
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a value that came from elsewhere: whatever is missing or of another type is undefined. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** One question to a public service: bounded, paced as the service asks, and never an error. */

export type Fetch = (input: URL, init: RequestInit) => Promise<Response>;

export interface Manners {
  readonly fetch: Fetch;
  /** Who asks: the services want a name that they can look up. */
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface Reply {
  readonly status: number;
  /** Undefined when it is not JSON. */
  readonly body: unknown;
}

const patience = 10_000;
const mostBytes = 2 * 1024 * 1024;
/** A service that says "later" without saying when is left in peace for a minute. */
const usualPause = 60_000;
/** A service that so many questions in a row could not reach is left alone for a while: each would wait for nothing. */
const mostFailures = 3;
const failurePause = 30_000;
/** Milliseconds; a longer `Retry-After` is asked again after this. */
const longestPause = 3_600_000;

/** A way to one service, at most one question every `spacing` milliseconds, and none while it asks for peace. */
export class Line {
  readonly #manners: Manners;
  readonly #spacing: number;
  #next = 0;
  #silentUntil = 0;
  #failures = 0;

  constructor(manners: Manners, spacing: number) {
    this.#manners = manners;
    this.#spacing = spacing;
  }

  /** @returns undefined when there is no answer: unreachable, too long, or it asks to come back later */
  async ask(url: URL, init: RequestInit = {}): Promise<Reply | undefined> {
    const { fetch, userAgent, now, wait } = this.#manners;
    if (now() < this.#silentUntil) return undefined;
    const due = Math.max(now(), this.#next);
    this.#next = due + this.#spacing;
    if (due > now()) await wait(due - now());
    // Those before it in the row may have found out meanwhile.
    if (now() < this.#silentUntil) return undefined;
    try {
      const response = await fetch(url, {
        ...init,
        headers: { accept: 'application/json', 'user-agent': userAgent, ...init.headers },
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      });
      if (response.status === 429 || response.status === 503) {
        this.#silentUntil = now() + pauseOf(response.headers.get('retry-after'), now());
        await response.body?.cancel();
        return undefined;
      }
      this.#failures = 0;
      const text = await bounded(response);
      return text === undefined ? undefined : { status: response.status, body: parsed(text) };
    } catch {
      // Whatever the network did, the answer is missing; what was asked may hold a token and is not told.
      this.#failures += 1;
      if (this.#failures >= mostFailures) this.#silentUntil = now() + failurePause;
      return undefined;
    }
  }
}

/** RFC 9110 §10.2.3: seconds or a date. */
function pauseOf(header: string | null, now: number): number {
  if (header === null) return usualPause;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), longestPause) : usualPause;
}

async function bounded(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body === null) return '';
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a value that came from elsewhere: whatever is missing or of another type is undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

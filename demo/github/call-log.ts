/** What was asked of the REST API, for tests that count. */
export interface LoggedCall {
  readonly method: string;
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}`; the bare path when no route was found. */
  readonly route: string;
  /** As it was asked for: by name, or by number. */
  readonly path: string;
  readonly by: 'anonymous' | 'app' | 'installation' | 'user';
  readonly status: number;
}

const writing = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);
const tokenRoute = 'POST /app/installations/{installation_id}/access_tokens';

export class CallLog {
  /** Oldest first. */
  readonly calls: LoggedCall[] = [];

  add(call: LoggedCall): void {
    this.calls.push(call);
  }

  clear(): void {
    this.calls.length = 0;
  }

  /** How often a route was called; every route when none is named. Tokens, which any call may need, never count. */
  count(route?: string): number {
    return this.#counted().filter((call) => route === undefined || call.route === route).length;
  }

  /** How many calls of the App were writes, tokens apart. */
  writes(): number {
    return this.#counted().filter((call) => writing.has(call.method)).length;
  }

  /** The App's routes and how often each was called: what a test prints when a budget is exceeded. */
  summary(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { route } of this.#counted()) counts[route] = (counts[route] ?? 0) + 1;
    return counts;
  }

  /** The archive's own address is part of the call that leads to it. */
  #counted(): LoggedCall[] {
    return this.calls.filter((call) => call.by === 'installation' && call.route !== tokenRoute);
  }
}

/** One request to the REST API, from the route that it matched to its answer. */

import { ApiError, notFound } from './api-error.ts';
import type { RequiredPermission } from './auth.ts';
import type { JsonBody } from './body-fields.ts';
import type { Account, Caller, Issue, PullRequest, Repository, Role } from './state.ts';
import type { GitHubStore } from './store.ts';

export interface ApiResponse {
  readonly status: number;
  /** JSON, unless it is bytes; nothing for 204 and the like. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiCall {
  readonly store: GitHubStore;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly body: JsonBody;

  constructor(
    store: GitHubStore,
    caller: Caller,
    params: Readonly<Record<string, string>>,
    url: URL,
    body: JsonBody,
  ) {
    this.store = store;
    this.caller = caller;
    this.params = params;
    this.url = url;
    this.body = body;
  }

  param(name: string): string {
    const value = this.params[name];
    if (value === undefined) throw new Error(`The route has no {${name}}`);
    return value;
  }

  number(name: string): number {
    const value = Number(this.param(name));
    if (!Number.isInteger(value)) throw notFound();
    return value;
  }

  query(name: string): string | undefined {
    return this.url.searchParams.get(name) ?? undefined;
  }

  get repository(): Repository {
    return this.store.repository(this.param('owner'), this.param('repo'));
  }

  get issue(): Issue {
    return this.store.issue(this.repository, this.number('issue_number'));
  }

  get pull(): PullRequest {
    return this.store.pull(this.repository, this.number('pull_number'));
  }

  /** The account in whose name things are done. */
  get account(): Account {
    if (this.caller.kind === 'user' || this.caller.kind === 'installation') return this.caller.account;
    throw new ApiError(401, 'Requires authentication');
  }

  /** `page` and `per_page`, within GitHub's bounds. */
  page(): { readonly number: number; readonly size: number } {
    const read = (name: string, fallback: number) => {
      const value = Number(this.query(name) ?? fallback);
      return Number.isInteger(value) && value > 0 ? value : fallback;
    };
    return { number: read('page', 1), size: Math.min(read('per_page', 30), 100) };
  }

  /** One page of a list, with the `Link` header that says where the others are. */
  list<T>(
    items: readonly T[],
    present: (item: T) => unknown,
    wrap?: (page: unknown[]) => unknown,
  ): ApiResponse {
    const { number, size } = this.page();
    const last = Math.max(1, Math.ceil(items.length / size));
    const shown = items.slice((number - 1) * size, number * size).map(present);
    const link = (page: number, rel: string) => {
      const url = new URL(this.url);
      url.searchParams.set('page', String(page));
      return `<${url}>; rel="${rel}"`;
    };
    const links = [
      ...(number > 1 ? [link(number - 1, 'prev')] : []),
      ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
      ...(number > 1 ? [link(1, 'first')] : []),
    ];
    return {
      status: 200,
      body: wrap === undefined ? shown : wrap(shown),
      ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }),
    };
  }
}

export const ok = (body: unknown): ApiResponse => ({ status: 200, body });
export const created = (body: unknown): ApiResponse => ({ status: 201, body });
export const noContent: ApiResponse = { status: 204 };

export interface Route {
  readonly method: string;
  /** As GitHub's documentation writes it: `/repos/{owner}/{repo}/pulls/{pull_number}`. */
  readonly template: string;
  readonly access: RouteAccess;
  readonly handle: (call: ApiCall) => ApiResponse;
}

/** Who may call a route: the App itself, an installation, or whoever has rights on the repository of its path. */
export type RouteAccess =
  | 'app'
  | 'installation'
  | 'anyone'
  | {
      /** Any one of these permissions of the App. */
      readonly needs: readonly RequiredPermission[];
      /** The least role of a person. */
      readonly role: Role;
    };

/** A route on a repository. People need `write` for what is not a `GET`, unless said otherwise. */
export function repositoryRoute(
  line: string,
  needs: readonly RequiredPermission[],
  handle: (call: ApiCall) => ApiResponse,
  role?: Role,
): Route {
  const [method = '', template = ''] = line.split(' ');
  return {
    method,
    template: `/repos/{owner}/{repo}${template}`,
    access: { needs, role: role ?? (method === 'GET' ? 'read' : 'write') },
    handle,
  };
}

export function route(line: string, access: RouteAccess, handle: (call: ApiCall) => ApiResponse): Route {
  const [method = '', template = ''] = line.split(' ');
  return { method, template, access, handle };
}

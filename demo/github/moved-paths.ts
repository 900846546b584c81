/**
 * Paths of the API that name a repository otherwise than by its present name: by its number, under which GitHub serves
 * every route, or by a name that it had (docs.github.com, « Best practices for using the REST API », redirects).
 */
import type { ApiResponse } from './api-call.ts';
import { notFound } from './api-error.ts';
import { type Caller, fullName, type Repository } from './state.ts';
import type { GitHubStore } from './store.ts';

/** `/repositories/ID/…` as `/repos/OWNER/NAME/…`; any other path as it is, and one whose number is unknown too. */
export function pathByName(store: GitHubStore, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const of = [...store.repositories.values()].find((one) => String(one.id) === id);
  return of === undefined ? path : `/repos/${fullName(of)}${rest}`;
}

/**
 * Where GitHub sends who asks for a repository by a name that it had: 301 for what only reads, 307 for the rest, so that
 * a client that follows sends the same again.
 *
 * @returns undefined when the path names no such repository
 */
export function movedAnswer(
  store: GitHubStore,
  caller: Caller,
  method: string,
  url: URL,
): ApiResponse | undefined {
  const [, owner = '', name = '', rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  const of = store.movedRepository(owner, name);
  if (of === undefined) return undefined;
  if (!isSeen(store, caller, of)) throw notFound();
  const location = `${store.api}/repositories/${of.id}${rest}${url.search}`;
  return {
    status: method === 'GET' ? 301 : 307,
    headers: { location },
    body: {
      message: 'Moved Permanently',
      url: location,
      documentation_url:
        'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
    },
  };
}

function isSeen(store: GitHubStore, caller: Caller, of: Repository): boolean {
  if (!of.private) return true;
  if (caller.kind === 'app') return store.installationOn(of) !== undefined;
  if (caller.kind === 'installation') return caller.repositories.includes(of);
  return caller.kind === 'user' && store.may(caller.account, 'read', of);
}

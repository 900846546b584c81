/** What kind of account a name is at GitHub: « Get a user » answers for organizations too, to anyone (GET /users/{username}). */
import { parseJson, textAt } from '#base/json';
import { networkFault } from '#base/network-fault';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import type { Fetch } from '#infrastructure/http-client/fetch';

/** `untold`: an Enterprise Server in private mode tells nobody who is not signed in, GitHub.com only so many times an hour. */
export type AccountKind =
  | { readonly kind: 'organization' | 'person'; readonly login: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'untold'; readonly reason: string };

const timeoutMs = 20_000;
const maxAnswer = 200_000;

/** @param api address of the REST API */
export async function accountKind(fetcher: Fetch, api: string, name: string): Promise<AccountKind> {
  try {
    const response = await fetcher(new URL(`${api.replace(/\/$/, '')}/users/${encodeURIComponent(name)}`), {
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'Greffier' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = parseJson((await readBoundedText(response.body, maxAnswer)) ?? '');
    if (response.status === 404) return { kind: 'absent' };
    const type = textAt(body, 'type');
    const login = textAt(body, 'login');
    if (response.status !== 200 || login === undefined || (type !== 'Organization' && type !== 'User'))
      return { kind: 'untold', reason: `HTTP ${response.status}` };
    return { kind: type === 'Organization' ? 'organization' : 'person', login };
  } catch (error) {
    return {
      kind: 'untold',
      reason: networkFault(error) ?? (error instanceof Error ? error.name : 'unknown'),
    };
  }
}

/** Where people come back to after the sign-in, and how they are sent there. */
import type { Context } from 'hono';
import { answer, type HttpEnv } from '#http/response';

/** Where someone arrives who signed in beside a page of answers that are still to be sent. */
export const signedInBeside = '/demandes?suite=envoi';

/** Characters, of a path and its query. */
const maxLength = 2000;

/**
 * Where to go after the sign-in: a path of our own, whatever was asked for. It must be what a browser reads it as, to the
 * letter: `//host`, `/\host` and whatever browsers leave out of an address lead elsewhere, or become something else.
 */
export function ownPath(wanted: string | undefined, origin: string): string {
  const url = wanted === undefined || wanted.length > maxLength ? null : URL.parse(wanted, origin);
  const path = url === null ? undefined : url.pathname + url.search + url.hash;
  return path !== undefined && url?.origin === origin && path === wanted ? path : '/demandes';
}

/** A page that is only for those who are signed in leads there, and back. */
export function toSignIn(context: Context<HttpEnv>): Response {
  const { pathname, search } = new URL(context.req.url);
  const back = encodeURIComponent(pathname + search);
  return answer(303, '', { location: `/connexion?retour=${back}`, 'cache-control': 'no-store' });
}

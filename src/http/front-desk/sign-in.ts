/** `/connexion`, `/connexion/retour`, `/deconnexion`. */
import { createHash, randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { personKey } from '#application/front-desk/applicant';
import type { Keyring } from '#application/handover/secrets/keyring';
import type { SignInConfiguration } from '#base/config/config-file';
import { attributes, html } from '#base/html';
import { addressKey } from '#base/mail-address';
import type { Log } from '#base/observability/logger';
import { sirenOf } from '#domain/registry/claims';
import { answer, type HttpEnv, methodNotAllowed } from '#http/response';
import type { PageOf } from './front-desk.ts';
import { languageOf } from './language.ts';
import { page } from './layout.ts';
import { type BegunSignIn, beginSignIn, OpenIdClient, type ProvenClaims } from './openid.ts';
import { ownPath } from './own-path.ts';
import { requestWords } from './request-words.ts';
import {
  cookieLine,
  cookieName,
  type DeskPerson,
  type SessionEndings,
  type Sessions,
  sessionId,
} from './session.ts';
import type { TakeForm } from './take-form.ts';

/** Seconds that a sign-in may take. */
const signInSeconds = 600;

/** Under way in one browser at a time: any site may begin one there, and cookies beyond 16 KiB shut the desk. */
const maxSignIns = 5;

export interface SignInOptions {
  readonly provider: SignInConfiguration;
  /** Under which people reach the desk. */
  readonly origin: string;
  readonly sessions: Sessions;
  /** The sessions' own. */
  readonly keyring: Keyring;
  /** Whether a sign-in comes back for the first time; by the digest of its `state`. */
  readonly useOnce: (state: string) => Promise<boolean>;
  readonly endings: Pick<SessionEndings, 'add'>;
  readonly takeForm: TakeForm;
  readonly pageOf: PageOf;
  readonly log: Pick<Log, 'warn'>;
  readonly now: () => number;
}

interface KeptSignIn extends BegunSignIn {
  readonly returnTo: string;
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

type Refusal = 'failed' | 'cancelled' | 'expired' | 'unverified' | 'silent';

export function signInPages(options: SignInOptions): Hono<HttpEnv> {
  const { provider, origin, sessions, keyring, pageOf, log, now } = options;
  const client = new OpenIdClient(provider, `${origin}/connexion/retour`);

  /** A cookie for each sign-in that is under way, so that two tabs do not undo each other. */
  const cookieOf = (state: string): string => `connexion-${state.split('.', 1)[0]}`;

  async function begin(context: Context<HttpEnv>): Promise<Response> {
    const begun = beginSignIn(`${randomBytes(6).toString('hex')}.${randomBytes(24).toString('base64url')}`);
    const kept: KeptSignIn = {
      ...begun,
      returnTo: ownPath(context.req.query('retour'), origin),
      issuer: provider.issuer,
      until: now() + signInSeconds * 1000,
    };
    let address: URL;
    try {
      address = await client.authorizationUrl(begun);
    } catch (error) {
      return refused(context, 'silent', error);
    }
    const sealed = keyring.seal(JSON.stringify(kept), 'sign-in');
    return redirected(
      address.href,
      cookieLine(origin, cookieOf(begun.state), sealed, signInSeconds),
      ...oldestCookies(context).map((name) => cookieLine(origin, name, '', 0)),
    );
  }

  /** Names of the cookies of sign-ins beyond those that one browser may have under way besides a new one. */
  function oldestCookies(context: Context<HttpEnv>): readonly string[] {
    const prefix = cookieName(origin, 'connexion-');
    const begun = Object.entries(getCookie(context)).flatMap(([name, sealed]) => {
      if (!name.startsWith(prefix)) return [];
      const opened = keyring.open(sealed, 'sign-in');
      const until = opened === undefined ? 0 : (JSON.parse(opened) as KeptSignIn).until;
      return [{ name: `connexion-${name.slice(prefix.length)}`, until }];
    });
    const newestFirst = begun.toSorted((one, other) => other.until - one.until);
    return newestFirst.slice(maxSignIns - 1).map(({ name }) => name);
  }

  /** What was kept of the sign-in that comes back; undefined when it did not begin in this browser, or too long ago. */
  function keptOf(context: Context<HttpEnv>, state: string): KeptSignIn | undefined {
    if (!/^[0-9a-f]{12}\.[A-Za-z0-9_-]{32}$/.test(state)) return undefined;
    const sealed = getCookie(context, cookieName(origin, cookieOf(state)));
    const opened = sealed === undefined ? undefined : keyring.open(sealed, 'sign-in');
    if (opened === undefined) return undefined;
    const kept = JSON.parse(opened) as KeptSignIn;
    return kept.state === state && kept.issuer === provider.issuer && kept.until > now() ? kept : undefined;
  }

  async function comeBack(context: Context<HttpEnv>): Promise<Response> {
    const state = context.req.query('state') ?? '';
    const kept = keptOf(context, state);
    if (kept === undefined) return refused(context, 'expired');
    const forget = cookieLine(origin, cookieOf(state), '', 0);
    if (!(await options.useOnce(createHash('sha256').update(state).digest('hex'))))
      return refused(context, 'expired', undefined, forget);
    if (context.req.query('error') !== undefined) return refused(context, 'cancelled', undefined, forget);
    let claims: ProvenClaims;
    try {
      const [, query = ''] = (context.env.incoming.url ?? '').split('?');
      claims = await client.finish(query, kept);
    } catch (error) {
      return refused(context, 'failed', error, forget);
    }
    const person = personOf(claims, provider);
    if (person === undefined) return refused(context, 'unverified', undefined, forget);
    // Whatever session there was, the browser has a new one.
    return redirected(kept.returnTo, sessions.begin(person, claims.idToken), forget);
  }

  async function refused(
    context: Context<HttpEnv>,
    reason: Refusal,
    error?: unknown,
    cookie?: string,
  ): Promise<Response> {
    if (error !== undefined) log.warn({ reason, error: nameOf(error) }, 'a sign-in failed');
    const t = requestWords(languageOf(context));
    const response = await pageOf(context, {
      status: reason === 'silent' ? 503 : reason === 'unverified' ? 403 : 400,
      title: t.text('sign-in-title'),
      body: html`<h1>${t('sign-in-title')}</h1><p>${t(`sign-in-${reason}`)}</p><p><a href="/connexion">${t('sign-in-again')}</a></p>`,
    });
    if (cookie !== undefined) response.headers.append('set-cookie', cookie);
    return response;
  }

  /** Out here at once, then at the provider: by a page, since a form may not lead to another origin. */
  async function signOut(context: Context<HttpEnv>): Promise<Response> {
    const taken = await options.takeForm(context);
    if (!taken.ok) return taken.response;
    await options.endings.add(sessionId(taken.session));
    const there = await client.endSessionUrl(taken.session.idToken, `${origin}/`).catch(() => undefined);
    const t = requestWords(languageOf(context));
    const response = page({
      lang: t.lang,
      canSignIn: true,
      title: t.text('sign-out-title'),
      headers: {
        refresh: there === undefined ? undefined : `0; url=${there.href}`,
        // The form that the browser kept for the way back, with what was written into it.
        'clear-site-data': '"cache"',
      },
      body: html`<h1>${t('sign-out-title')}</h1><p>${t('sign-out-done')}</p>${
        there !== undefined && html`<p><a${attributes({ href: there.href })}>${t('sign-out-there')}</a></p>`
      }`,
    });
    response.headers.append('set-cookie', sessions.end());
    return response;
  }

  return new Hono<HttpEnv>()
    .get('/connexion', begin)
    .all('/connexion', methodNotAllowed('GET, HEAD'))
    .get('/connexion/retour', comeBack)
    .all('/connexion/retour', methodNotAllowed('GET, HEAD'))
    .post('/deconnexion', signOut)
    .all('/deconnexion', methodNotAllowed('POST'));
}

/** Undefined without an address that the provider vouches for. */
export function personOf(
  { subject, email, emailVerified, siret, name }: ProvenClaims,
  { issuer, assumesVerified }: Pick<SignInConfiguration, 'issuer' | 'assumesVerified'>,
): DeskPerson | undefined {
  const verified = emailVerified === true || (emailVerified === undefined && assumesVerified === true);
  if (!verified || typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) return undefined;
  const told = typeof siret === 'string' ? siret.replace(/\s/g, '') : '';
  return {
    key: personKey(issuer, subject),
    email: addressKey(email),
    siret: sirenOf(told) === undefined ? undefined : told,
    ...(name !== undefined && { name }),
  };
}

/** Without a word of what was sent: codes and tokens stand in errors. */
function nameOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
  return code ?? (error instanceof Error ? error.name : 'unknown');
}

function redirected(location: string, ...cookies: readonly string[]): Response {
  const response = answer(303, '', {
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

/**
 * Who is signed in: a sealed cookie; on the server, only that it was ended. It is made anew at every sign-in, and ends
 * after eight hours at the latest. Its key is derived from `GREFFIER_KEY`, and of no other use.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Applicant } from '#application/front-desk/applicant';
import type { Keyring } from '#application/handover/secrets/keyring';
import { defined } from '#base/defined';
import type { HttpEnv } from '#http/response';
import type { SignedIn, SignedInPerson } from './people.ts';

/** For `parseDerivedKeyring`. */
export const sessionKeyPurpose = 'greffier front desk session';
/** Seconds: eight hours. */
const maxAge = 8 * 3600;
/** Bytes that browsers keep of one cookie, with its name and attributes (RFC 6265, 6.1). */
const maxCookieBytes = 4000;

/** A person with what only the desk itself knows of them. */
export interface DeskPerson extends SignedInPerson {
  /** By `personKey`. */
  readonly key: string;
}

/** Who sends a request, by who they are at this sign-in. */
export function senderOf({ key, email, siret }: DeskPerson): { person: string; applicant: Applicant } {
  return { person: key, applicant: defined({ email, siret }) };
}

export interface Session extends SignedIn {
  readonly person: DeskPerson;
  readonly issuer: string;
  /** Shown to the provider at the end; absent where it was too long to be kept. */
  readonly idToken?: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface SessionOptions {
  readonly keyring: Keyring;
  /** Under which people reach the desk. */
  readonly origin: string;
  /** The provider: whoever signed in at another one is nobody here. */
  readonly issuer: string;
  readonly now: () => number;
  /** Whether one was ended, by `sessionId`. */
  readonly ended: SessionEndings['has'];
}

/** Sessions that were ended before their time, by `sessionId`; for longer than they would have lasted. */
export interface SessionEndings {
  readonly has: (id: string) => Promise<boolean>;
  readonly add: (id: string) => Promise<void>;
}

/** By which a session that was ended is remembered: not by anything that opens one. */
export function sessionId({ csrf }: SignedIn): string {
  return createHash('sha256').update(csrf).digest('hex');
}

/**
 * `__Host-` has browsers refuse the cookie unless it is `Secure`, ours alone and of every path (RFC 6265bis, 4.1.3.2). On
 * this machine, without TLS, browsers take neither: the demo's cookies have plain names.
 */
export function cookieName(origin: string, name: string): string {
  const prefix = origin.startsWith('https:') ? '__Host-' : '';
  return prefix + name;
}

export function cookieLine(origin: string, name: string, value: string, seconds: number): string {
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName(origin, name)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

export class Sessions {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Undefined when there is none, when it is too old or altered, when it was ended, or is of another provider. */
  async read(context: Context<HttpEnv>): Promise<Session | undefined> {
    const { keyring, origin, issuer, now, ended } = this.#options;
    const sealed = getCookie(context, cookieName(origin, 'guichet'));
    const opened = sealed === undefined ? undefined : keyring.open(sealed, 'session');
    if (opened === undefined) return undefined;
    const session = JSON.parse(opened) as Session;
    if (session.issuer !== issuer || session.until <= now()) return undefined;
    return (await ended(sessionId(session))) ? undefined : session;
  }

  /** The cookie of a new session. */
  begin(person: DeskPerson, idToken: string | undefined): string {
    const { issuer, now } = this.#options;
    const session = {
      person,
      issuer,
      csrf: randomBytes(24).toString('base64url'),
      until: now() + maxAge * 1000,
    };
    const whole = this.#line(defined({ ...session, idToken }));
    return whole.length <= maxCookieBytes ? whole : this.#line(session);
  }

  /** What takes the cookie away. */
  end(): string {
    return cookieLine(this.#options.origin, 'guichet', '', 0);
  }

  #line(session: Session): string {
    const { keyring, origin } = this.#options;
    return cookieLine(origin, 'guichet', keyring.seal(JSON.stringify(session), 'session'), maxAge);
  }
}

/** Whether a form's token is that of a session, told in the same time whatever differs. */
export function isToken(session: SignedIn, token: string): boolean {
  const [one, other] = [Buffer.from(session.csrf), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseDerivedKeyring, parseKeyring } from '#application/handover/secrets/keyring';
import { TextBrowser } from '#demo/text-browser';
import { ownPath } from '#http/front-desk/own-path';
import { cookieLine } from '#http/front-desk/session';
import { personOf } from '#http/front-desk/sign-in';
import { openDesk, type SignedInDesk } from './signed-in-desk.ts';

describe('signing in at the desk', () => {
  let desk: SignedInDesk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterEach(() => {
    desk.clock.ahead = 0;
    for (const name of Object.keys(desk.claims)) delete desk.claims[name];
    desk.claims.email_verified = true;
  });
  afterAll(() => desk.close());

  const get = (path: string, cookie = ''): Promise<Response> =>
    fetch(new URL(path, desk.origin), { redirect: 'manual', headers: { cookie } });
  const isSignedIn = async (browser: TextBrowser): Promise<boolean> =>
    (await browser.open(new URL('/demandes', desk.origin), ({ pathname }) => pathname === '/connexion')).url
      .pathname === '/demandes';
  const cookiesOf = (response: Response): string =>
    response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  /** Signs in as far as the address at which the provider sends the browser back. */
  async function upToReturn(browser = new TextBrowser()): Promise<{ browser: TextBrowser; back: URL }> {
    const toDesk = (url: URL) => url.href.startsWith(`${desk.origin}/connexion/retour`);
    const there = await browser.open(new URL('/connexion', desk.origin), toDesk);
    const back = toDesk(there.url) ? there : await browser.press(there, toDesk);
    return { browser, back: back.url };
  }

  it('asks with PKCE, state and nonce, and comes back where it began', async () => {
    const begun = await get('/connexion?retour=/demandes?lang=en');
    expect(begun.status).toBe(303);
    const asked = new URL(begun.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[0-9a-f]{12}\.[\w-]{32}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const { page } = await desk.signIn(undefined, '/connexion?retour=/demandes?lang=en');
    expect(page.url.href).toBe(`${desk.origin}/demandes?lang=en`);
    expect(page.html).toContain('Camille Durand');
  });

  it('takes a signed userinfo as well as a plain one', async () => {
    const other = await openDesk({ signed: false });
    const { page } = await other.signIn();
    expect(page.url.pathname).toBe('/demandes');
    await other.close();
  });

  it('is over after eight hours, and when the cookie was altered', async () => {
    const { browser } = await desk.signIn();
    expect(await isSignedIn(browser)).toBe(true);
    desk.clock.ahead = 8 * 3600 * 1000 - 60_000;
    expect(await isSignedIn(browser)).toBe(true);
    desk.clock.ahead = 8 * 3600 * 1000 + 1000;
    expect((await get('/demandes')).status).toBe(303);
    expect(await isSignedIn(new TextBrowser())).toBe(false);
    expect((await get('/demandes', 'guichet=v1.abcdef12.AAAA')).headers.get('location')).toMatch(
      '/connexion',
    );
  });

  it('leads only to paths of its own', async () => {
    const evil = [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/\t/evil.example',
      '/a\nb',
      '/..//x',
    ];
    for (const path of [...evil, 'javascript:alert(1)', '', '/%0d%0a'.padEnd(3000, 'x')])
      expect(ownPath(path, desk.origin), path).toBe('/demandes');
    expect(ownPath('/demande?from=a/b', desk.origin)).toBe('/demande?from=a/b');
    const { page } = await desk.signIn(undefined, '/connexion?retour=//evil.example/x');
    expect(page.url.href).toBe(`${desk.origin}/demandes`);
  });

  it('refuses whoever comes back to a sign-in that did not begin in this browser', async () => {
    const { back } = await upToReturn();
    const victim = await get(back.pathname + back.search);
    expect(victim.status).toBe(400);
    expect(cookiesOf(victim)).not.toContain('guichet=v1');
    const { browser: other } = await upToReturn();
    const page = await other.open(back);
    expect(page.status).toBe(400);
    expect(await isSignedIn(other)).toBe(false);
  });

  it('takes a state once, with whatever cookie it comes again', async () => {
    const { browser, back } = await upToReturn();
    const begun = await desk.db.selectFrom('used_sign_ins').selectAll().execute();
    expect((await browser.open(back)).url.pathname).toBe('/demandes');
    expect(await desk.db.selectFrom('used_sign_ins').selectAll().execute()).toHaveLength(begun.length + 1);
    expect((await browser.open(back)).status).toBe(400);
    // The cookie was kept by whoever plays it again, as well.
    const first = await get('/connexion');
    const cookie = cookiesOf(first);
    const state = new URL(first.headers.get('location') ?? '').searchParams.get('state');
    const cancelled = `/connexion/retour?error=access_denied&state=${state}`;
    expect(await (await get(cancelled, cookie)).text()).toContain('abandonnée');
    expect(await (await get(cancelled, cookie)).text()).toContain('déjà servi');
  });

  it('is refused after ten minutes', async () => {
    const { browser, back } = await upToReturn();
    desk.clock.ahead = 601_000;
    expect((await browser.open(back)).status).toBe(400);
  });

  it('lets two tabs sign in', async () => {
    const [one, two] = [await get('/connexion'), await get('/connexion')];
    const cookies = [cookiesOf(one), cookiesOf(two)].join('; ');
    for (const begun of [one, two]) {
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
      const back = await get(`/connexion/retour?error=access_denied&state=${state}`, cookies);
      expect(await back.text()).toContain('abandonnée');
    }
  });

  it('refuses the answer of another issuer', async () => {
    const { browser, back } = await upToReturn();
    expect(back.searchParams.get('iss')).toBe(desk.issuer);
    back.searchParams.set('iss', 'https://idp.evil.example');
    expect((await browser.open(back)).status).toBe(400);
    const { browser: other, back: without } = await upToReturn();
    without.searchParams.delete('iss');
    expect((await other.open(without)).status).toBe(400);
    expect(await isSignedIn(other)).toBe(false);
  });

  it('gives a new session at every sign-in, whatever cookie was there', async () => {
    const { browser, back } = await upToReturn();
    expect((await browser.open(back)).status).toBe(200);
    const fresh = await upToReturn(browser);
    const csrf = /name="csrf" value="([^"]+)"/;
    const before = csrf.exec((await browser.open(new URL('/demandes', desk.origin))).html)?.[1];
    const after = csrf.exec((await browser.open(fresh.back)).html)?.[1];
    expect(after).toMatch(/^[\w-]{32}$/);
    expect(after).not.toBe(before);
  });

  it.each([
    ['says that it is not', { email_verified: false }],
    ['does not say', { email_verified: undefined }],
    ['says it in another way', { email_verified: 'true' }],
    ['tells none', { email: undefined }],
  ])('refuses an address of which the provider %s', async (_name, claims) => {
    Object.assign(desk.claims, claims);
    const { browser, page } = await desk.signIn();
    expect(page.status).toBe(403);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('takes an address of which nothing is said only where the configuration assumes it', () => {
    const claims = {
      subject: 's',
      email: 'A@b.fr',
      siret: '21999900000017',
      name: undefined,
      idToken: undefined,
    };
    const said = (emailVerified: unknown, assumesVerified: boolean) =>
      personOf({ ...claims, emailVerified }, { issuer: 'https://idp.example', assumesVerified });
    expect(said(undefined, true)).toMatchObject({ email: 'a@b.fr', siret: '21999900000017' });
    expect(said(undefined, false)).toBeUndefined();
    expect(said(false, true)).toBeUndefined();
  });

  it('signs out here, and leads to the provider with the hint of who it was', async () => {
    const { browser, page } = await desk.signIn();
    const out = await browser.press(page);
    expect(out.status).toBe(200);
    // The form that the browser kept for the way back.
    expect(out.headers.get('clear-site-data')).toBe('"cache"');
    const there = new URL(/^0; url=(.*)$/.exec(out.headers.get('refresh') ?? '')?.[1] ?? '');
    expect(there.origin).toBe(desk.issuer);
    expect(there.searchParams.get('id_token_hint')).toMatch(/^ey/);
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(`${desk.origin}/`);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('ends a session for whoever had kept its cookie, too', async () => {
    const { browser, page } = await desk.signIn();
    const kept = browser.cookiesOf(new URL(desk.origin));
    expect((await get('/demandes', kept)).status).toBe(200);
    await browser.press(page);
    for (const path of ['/demandes', '/demandes/1']) expect((await get(path, kept)).status, path).toBe(303);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const posted = await fetch(new URL('/demandes', desk.origin), {
      method: 'POST',
      body: new URLSearchParams({ csrf }),
      headers: { origin: desk.origin, cookie: kept },
    });
    expect(posted.status).toBe(403);
    // For as long as the cookie would have been good.
    desk.clock.ahead = 7 * 3600_000;
    await desk.signIn();
    expect((await get('/demandes', kept)).status).toBe(303);
    // Another session of the same person is none of its business.
    const other = await desk.signIn();
    expect(await isSignedIn(other.browser)).toBe(true);
  });

  it('takes a letter that looks like another for another address', () => {
    const provider = { issuer: 'https://idp.example', assumesVerified: false };
    const claims = {
      subject: 's',
      emailVerified: true,
      siret: undefined,
      name: undefined,
      idToken: undefined,
    };
    const emailOf = (email: string) => personOf({ ...claims, email }, provider)?.email;
    expect(emailOf('Kevin.Martin@Ville.FR')).toBe('kevin.martin@ville.fr');
    // U+212A, the sign of the kelvin, of which `toLowerCase` makes a `k`.
    expect(emailOf('\u212aevin.martin@ville.fr')).not.toBe('kevin.martin@ville.fr');
  });

  it('signs nobody out for another site', async () => {
    const { browser, page } = await desk.signIn();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const post = (body: Record<string, string>, origin: string) =>
      browser.open(new URL('/deconnexion', desk.origin), undefined, {
        method: 'POST',
        body: new URLSearchParams(body),
        headers: { origin },
      });
    expect((await post({ csrf }, 'https://evil.example')).status).toBe(403);
    expect((await post({ csrf }, 'null')).status).toBe(403);
    expect((await post({ csrf: 'x' }, desk.origin)).status).toBe(403);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('has cookies that no other site, script or path gets', () => {
    expect(cookieLine('https://guichet.example.fr', 'guichet', 'x', 9)).toBe(
      '__Host-guichet=x; Path=/; Max-Age=9; HttpOnly; SameSite=Lax; Secure',
    );
    // On this machine browsers take neither the prefix nor `Secure`.
    expect(cookieLine('http://localhost:3000', 'guichet', 'x', 9)).toBe(
      'guichet=x; Path=/; Max-Age=9; HttpOnly; SameSite=Lax',
    );
  });

  it('seals sessions with a key of their own', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const [own, stored] = [parseDerivedKeyring(key, 'session'), parseKeyring(key)];
    const sealed = own?.seal('x', 'session') ?? '';
    expect(own?.open(sealed, 'session')).toBe('x');
    expect(own?.open(sealed, 'sign-in')).toBeUndefined();
    expect(stored?.open(sealed, 'session')).toBeUndefined();
    expect(parseDerivedKeyring(key, 'other')?.open(sealed, 'session')).toBeUndefined();
  });
});

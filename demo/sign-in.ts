/** An application that signs an agent in with the keys it was given, as a real one does (OpenID Connect Core 1.0). */
import * as openid from 'openid-client';
import { type BrowserPage, TextBrowser } from './text-browser.ts';

export interface RelyingParty {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  readonly redirectUri: string;
  /** What its definition says; openid-client insists on the very algorithm. */
  readonly idTokenAlgorithm: string;
  /** `none` for plain JSON. */
  readonly userinfoAlgorithm: string;
  readonly scopes: readonly string[];
  /** How it shows its secret; `client_secret_post` when undefined. */
  readonly method?: 'client_secret_post' | 'client_secret_basic';
}

export interface SignInResult {
  /** The page on which the agent pressed the button. */
  readonly page: BrowserPage;
  /** Claims of the ID token, whose signature was verified. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly userinfo: Readonly<Record<string, unknown>>;
}

/** A sign-in under way. */
export interface BegunSignIn {
  /** Where the person is sent. */
  readonly url: URL;
  /**
   * With the address at which the person came back.
   *
   * @throws when the provider refuses: an unknown client, a wrong secret
   */
  finish(returned: URL): Promise<Omit<SignInResult, 'page'>>;
}

/**
 * Discovery, authorization code with PKCE, then token and userinfo.
 *
 * @param more parameters of the request besides
 */
export async function beginSignIn(
  as: RelyingParty,
  more: Readonly<Record<string, string>> = {},
): Promise<BegunSignIn> {
  const configuration = await openid.discovery(
    new URL(as.issuer),
    as.clientId,
    {
      client_secret: as.secret,
      id_token_signed_response_alg: as.idTokenAlgorithm,
      ...(as.userinfoAlgorithm === 'none' ? {} : { userinfo_signed_response_alg: as.userinfoAlgorithm }),
    },
    as.method === 'client_secret_basic'
      ? openid.ClientSecretBasic(as.secret)
      : openid.ClientSecretPost(as.secret),
    // Plain HTTP: the provider is on this machine.
    { execute: [openid.allowInsecureRequests] },
  );
  const [nonce, state, verifier] = [
    openid.randomNonce(),
    openid.randomState(),
    openid.randomPKCECodeVerifier(),
  ];
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: as.redirectUri,
    scope: as.scopes.join(' '),
    nonce,
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return {
    url,
    async finish(returned) {
      const tokens = await openid.authorizationCodeGrant(configuration, returned, {
        expectedNonce: nonce,
        expectedState: state,
        pkceCodeVerifier: verifier,
      });
      const claims = { ...tokens.claims() };
      const userinfo = await openid.fetchUserInfo(configuration, tokens.access_token, String(claims.sub));
      return { claims, userinfo };
    },
  };
}

/**
 * The whole of it, with someone who presses the button.
 *
 * @throws when the provider refuses any step: an unknown client, a wrong secret, a URI that is not registered.
 */
export async function performSignIn(as: RelyingParty): Promise<SignInResult> {
  const { url, finish } = await beginSignIn(as);
  const visitor = new TextBrowser();
  const back = (at: URL) => at.href.startsWith(as.redirectUri);
  const page = await visitor.open(url, back);
  if (page.status !== 200)
    throw new Error(`The sign-in page answered ${page.status} at ${page.url.pathname}`);
  const returned = await visitor.press(page, back);
  if (returned.status !== 0)
    throw new Error(`The sign-in ended at ${returned.url.href} (${returned.status})`);
  return { page, ...(await finish(returned.url)) };
}

/** The desk as a client of an OpenID provider: code flow with PKCE, `state`, `nonce`, and the issuer checked (RFC 9207). */
import * as openid from 'openid-client';
import type { SignInConfiguration } from '#base/config/config-file';
import { defined } from '#base/defined';
import { isLoopbackHost } from '#base/loopback';

/** What a sign-in begins with, to be kept until it comes back. */
export interface BegunSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the provider says of a person. */
export interface ProvenClaims {
  readonly subject: string;
  readonly email: unknown;
  /** As it was told: undefined where the provider says nothing. */
  readonly emailVerified: unknown;
  readonly siret: unknown;
  readonly name: string | undefined;
  readonly idToken: string | undefined;
}

/** What is asked for, as far as the provider has it: ProConnect's own scopes, and those of the standard. */
const wantedScopes = ['openid', 'email', 'profile', 'given_name', 'usual_name', 'siret'];
const standardScopes = ['openid', 'email', 'profile'];
/** Seconds. */
const timeout = 10;

export class OpenIdClient {
  readonly #provider: SignInConfiguration;
  readonly #redirectUri: string;
  #configuration: Promise<openid.Configuration> | undefined;

  constructor(provider: SignInConfiguration, redirectUri: string) {
    this.#provider = provider;
    this.#redirectUri = redirectUri;
  }

  /** Asks the provider what it is, once it has answered. */
  #discovered(): Promise<openid.Configuration> {
    this.#configuration ??= discover(this.#provider);
    this.#configuration.catch(() => {
      this.#configuration = undefined;
    });
    return this.#configuration;
  }

  /** Where a person is sent to sign in. */
  async authorizationUrl({ state, nonce, verifier }: BegunSignIn): Promise<URL> {
    const configuration = await this.#discovered();
    const { scopes_supported: supported } = configuration.serverMetadata();
    const scopes =
      supported === undefined ? standardScopes : wantedScopes.filter((scope) => supported.includes(scope));
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /**
   * @param query of the address at which the person came back
   * @throws when any of it is not as it must be
   */
  async finish(query: string, { state, nonce, verifier }: BegunSignIn): Promise<ProvenClaims> {
    const configuration = await this.#discovered();
    const returned = new URL(this.#redirectUri);
    returned.search = query;
    const tokens = await openid.authorizationCodeGrant(configuration, returned, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const idToken = tokens.claims();
    if (idToken === undefined) throw new Error('no ID token');
    const hasUserinfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
    const claims: Readonly<Record<string, unknown>> = hasUserinfo
      ? await openid.fetchUserInfo(configuration, tokens.access_token, idToken.sub)
      : idToken;
    const name = [claims.given_name, claims.usual_name ?? claims.family_name].filter(
      (part) => typeof part === 'string' && part !== '',
    );
    return {
      subject: idToken.sub,
      email: claims.email,
      emailVerified: claims.email_verified,
      siret: claims.siret,
      name: name.length === 0 ? undefined : name.join(' ').slice(0, 100),
      idToken: tokens.id_token,
    };
  }

  /** Where a person is sent to sign out at the provider; undefined where it does not offer it. */
  async endSessionUrl(idToken: string | undefined, home: string): Promise<URL | undefined> {
    const configuration = await this.#discovered();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return openid.buildEndSessionUrl(
      configuration,
      defined({ post_logout_redirect_uri: home, id_token_hint: idToken }),
    );
  }
}

export function beginSignIn(state: string): BegunSignIn {
  return { state, nonce: openid.randomNonce(), verifier: openid.randomPKCECodeVerifier() };
}

async function discover({
  issuer,
  clientId,
  clientSecret,
}: SignInConfiguration): Promise<openid.Configuration> {
  const server = new URL(issuer);
  // Plain HTTP only to this machine.
  const local = server.protocol === 'http:' && isLoopbackHost(server.hostname);
  const secret = clientSecret.reveal();
  const found = await openid.discovery(server, clientId, undefined, openid.ClientSecretPost(secret), {
    timeout,
    ...(local && { execute: [openid.allowInsecureRequests] }),
  });
  const metadata = found.serverMetadata();
  const methods = metadata.token_endpoint_auth_methods_supported;
  const method =
    methods === undefined || methods.includes('client_secret_post')
      ? openid.ClientSecretPost(secret)
      : openid.ClientSecretBasic(secret);
  const configuration = new openid.Configuration(metadata, clientId, undefined, method);
  configuration.timeout = timeout;
  if (local) openid.allowInsecureRequests(configuration);
  // The signatures are verified too, although what is signed comes from the provider itself.
  openid.enableNonRepudiationChecks(configuration);
  return configuration;
}

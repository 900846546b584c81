/** The demo's OpenID provider (the library that ProConnect is built on) in this process, and a real client of it. */
import type { Configuration, Provider } from 'oidc-provider';
import { defined } from '#base/defined';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { type RelyingParty, type SignInResult, performSignIn as signInWith } from '#demo/sign-in';

export { agent } from '#demo/openid-provider';

export const initialAccessToken = 'initial-access-token-of-the-tests-0123456789';

export type RunningProvider = LocalOpenIdProvider;

/** @param library another version than the one of the demo */
export function startOpenidProvider(
  configuration: Partial<Configuration> = {},
  library?: typeof Provider,
): Promise<RunningProvider> {
  return startLocalOpenIdProvider({ initialAccessToken, configuration, ...defined({ library }) });
}

/** Signs a person in as an application does, and reads userinfo. */
export function signIn(as: Omit<RelyingParty, 'scopes'>): Promise<SignInResult> {
  return signInWith({ ...as, scopes: ['openid', 'email', 'siret'] });
}

/**
 * Client metadata on the wire of RFC 7591 and RFC 7592, to and from.
 *
 * The protocol has no switch for "inactive". A dormant client is one whose only redirect URI is under `.invalid`
 * (RFC 2606: never resolves) and that may not refresh: nobody can sign in through it, and its keys and id stay.
 */
import { signingAlgorithmOf } from '#domain/provisioning/client-metadata';
import type { ClientMetadata } from '#domain/provisioning/provider';

export const dormantUri = 'https://greffier.invalid/dormant';

export type AuthMethod = 'client_secret_post' | 'client_secret_basic';

/** What the provider lets a client ask for, as its discovery document says. */
export interface RegistrationTerms {
  readonly method: AuthMethod;
  readonly refreshTokens: boolean;
}

/** The request body for a client in this state. */
export function toWire(metadata: ClientMetadata, terms: RegistrationTerms): Record<string, unknown> {
  return {
    application_type: 'web',
    client_name: metadata.client_name,
    redirect_uris: metadata.active ? metadata.redirect_uris : [dormantUri],
    post_logout_redirect_uris: metadata.active ? metadata.post_logout_redirect_uris : [],
    response_types: ['code'],
    grant_types:
      metadata.active && terms.refreshTokens
        ? ['authorization_code', 'refresh_token']
        : ['authorization_code'],
    token_endpoint_auth_method: terms.method,
    id_token_signed_response_alg: metadata.id_token_signed_response_alg,
    ...(metadata.userinfo_signed_response_alg === 'none'
      ? {}
      : { userinfo_signed_response_alg: metadata.userinfo_signed_response_alg }),
    scope: metadata.scopes.join(' '),
    contacts: metadata.contacts,
  };
}

/** What is put in place before the definition's own values: see `provider.ts` for why. */
export function reservation(cell: string, id: string, method: AuthMethod): Record<string, unknown> {
  return {
    application_type: 'web',
    client_name: `Greffier ${cell}/${id}`,
    redirect_uris: [dormantUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: method,
  };
}

/** Servers write lists as JSON arrays, or as one string with spaces; both are read. */
export function listOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.split(/\s+/).filter((item) => item !== '');
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return undefined;
}

/**
 * What a response holds of the governed fields. What it leaves out is absent, but for `userinfo_signed_response_alg`
 * whose absence means plain JSON (OpenID Connect Dynamic Client Registration 1.0 §2).
 */
export function fromWire(body: Readonly<Record<string, unknown>>): Partial<ClientMetadata> {
  const redirects = listOf(body.redirect_uris);
  const dormant = redirects?.length === 1 && redirects[0] === dormantUri;
  const logouts = listOf(body.post_logout_redirect_uris);
  const idToken = signingAlgorithmOf(body.id_token_signed_response_alg);
  const scopes = listOf(body.scope);
  const contacts = listOf(body.contacts);
  return {
    ...(typeof body.client_name === 'string' ? { client_name: body.client_name } : {}),
    ...(redirects === undefined || dormant ? {} : { redirect_uris: redirects }),
    ...(redirects === undefined ? {} : { active: !dormant }),
    ...(logouts === undefined || dormant ? {} : { post_logout_redirect_uris: logouts }),
    ...(idToken === undefined ? {} : { id_token_signed_response_alg: idToken }),
    userinfo_signed_response_alg: signingAlgorithmOf(body.userinfo_signed_response_alg) ?? 'none',
    ...(scopes === undefined ? {} : { scopes }),
    ...(contacts === undefined ? {} : { contacts }),
  };
}

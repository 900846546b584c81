/**
 * Client metadata on the wire of RFC 7591 and RFC 7592, to and from.
 *
 * The protocol has no switch for "inactive". A dormant client is one whose only redirect URI is under `.invalid`
 * (RFC 2606: never resolves) and that may not refresh: nobody can sign in through it, and its keys and id stay.
 */
import { defined } from '#base/defined';
import { dormantHost } from '#domain/definition/dormant-host';
import type { ClientMetadata, ReportedMetadata } from '#domain/provisioning/provider';

export const dormantUri = `https://${dormantHost}/dormant`;

export type AuthMethod = 'client_secret_post' | 'client_secret_basic';

/** Whether a client of this method shows its secret: as it was asked, or in the other way, which its keys tell. */
export function isSecretMethod(method: string | undefined): boolean {
  return method === undefined || method === 'client_secret_post' || method === 'client_secret_basic';
}

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
 * What a response holds of the governed fields. What it leaves out, or says `null` of, is absent: a server that does not
 * tell a value says nothing about it, whatever the default of the standards.
 */
export function fromWire(body: Readonly<Record<string, unknown>>): ReportedMetadata {
  const redirects = listOf(body.redirect_uris);
  const dormant = redirects?.length === 1 && redirects[0] === dormantUri;
  const logouts = listOf(body.post_logout_redirect_uris);
  return defined({
    client_name: textOf(body.client_name),
    redirect_uris: dormant ? undefined : redirects,
    active: redirects && !dormant,
    post_logout_redirect_uris: dormant ? undefined : logouts,
    id_token_signed_response_alg: textOf(body.id_token_signed_response_alg),
    userinfo_signed_response_alg: textOf(body.userinfo_signed_response_alg),
    scopes: listOf(body.scope),
    contacts: listOf(body.contacts),
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

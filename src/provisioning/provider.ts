/**
 * What provisioning asks of an identity provider, whatever its API. One file each in `providers/`; all of them
 * pass one shared contract test suite.
 */
import type { CellName } from '../definition/cell.ts';
import type { Message } from '../language/words.ts';

/**
 * The part of a client that Greffier governs, under the names of OpenID Connect client metadata
 * (RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2). Lists are compared as sets.
 */
export interface ClientMetadata {
  readonly client_name: string;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris: readonly string[];
  readonly id_token_signed_response_alg: 'RS256' | 'ES256' | 'HS256';
  /** `none`: userinfo is plain JSON. */
  readonly userinfo_signed_response_alg: 'RS256' | 'ES256' | 'HS256' | 'none';
  readonly scopes: readonly string[];
  readonly contacts: readonly string[];
  /** Undefined where the definition does not say. */
  readonly private_sector?: boolean;
  readonly ip_addresses: readonly string[];
  readonly active: boolean;
}

/** A field of `ClientMetadata`. */
export type Field = keyof ClientMetadata;

/** A client as the identity provider has it. Never holds a secret. */
export interface ActualClient {
  /** The provider's own handle (`_id` at ProConnect, `client_id` elsewhere). */
  readonly handle: string;
  readonly clientId: string;
  /** What the provider tells of it; a field that it cannot tell is absent. */
  readonly metadata: Partial<ClientMetadata>;
}

/** An expected failure, in words. `retry` says whether trying again later can help. */
export interface ProviderFailure {
  readonly ok: false;
  readonly message: Message;
  readonly retry: boolean;
  /** Seconds the provider asked to wait (`Retry-After`). */
  readonly after?: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | ProviderFailure;

export type ProviderKind = 'proconnect' | 'registration' | 'manual';

export interface ProviderIdentity {
  readonly kind: ProviderKind;
  readonly cell: CellName;
}

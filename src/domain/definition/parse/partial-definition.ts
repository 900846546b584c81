/**
 * What can be read of a definition, whatever else is wrong with it.
 *
 * Rules on one definition work on partial definitions, so that an applicant learns of a bad URL together with a
 * missing key. A field whose type is wrong is absent here; the `schema/*` rules report it.
 */
import type { Environment, Network } from '#base/config/cells';

/** A value with the RFC 6901 pointer of the place where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly pointer: string;
}

export interface PartialScope {
  readonly scope?: string;
  readonly justification?: string;
}

export interface PartialDefinition {
  /** Relative to the root of the registry; empty when the text comes from elsewhere. */
  readonly path: string;
  /** What the definition says when it says something known; else what its folder says. */
  readonly network?: Network;
  readonly environment?: Environment;
  /** NFC, as all text for people here. */
  readonly name?: string;
  readonly siret?: string;
  /** What YAML made of a SIRET written without quotes: a number, its leading zeros lost. */
  readonly unquotedSiret?: number;
  readonly datapass?: string;
  /** What YAML made of a DataPass written as a bare number (`datapass: 4821`). */
  readonly unquotedDatapass?: number;
  readonly description?: string;
  readonly technicalContacts: readonly Located<string>[];
  readonly supportContact?: Located<string>;
  readonly redirectUris: readonly Located<string>[];
  readonly postLogoutRedirectUris: readonly Located<string>[];
  readonly idTokenAlgorithm?: string;
  readonly userinfoAlgorithm?: string;
  readonly optionalScopes: readonly Located<PartialScope>[];
  readonly privateSector?: boolean;
  readonly ipAddresses: readonly Located<string>[];
  readonly owners: readonly Located<string>[];
}

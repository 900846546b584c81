/** Who asks at the front desk, as their provider vouches for them. Kept sealed: none of it is in the registry. */
import { createHash } from 'node:crypto';
import type { Sealed, Vault } from '#domain/provisioning/provider';

export interface Applicant {
  /** Verified, in lower case. */
  readonly email: string;
  /** Of the organization for which they signed in; absent where the provider does not tell it. */
  readonly siret?: string;
}

/**
 * How a person is known from one sign-in to the next: by issuer and subject, which alone identify someone
 * (OpenID Connect Core 1.0, 5.7). An address passes to a successor, and their requests with it.
 */
export function personKey(issuer: string, subject: string): string {
  return createHash('sha256').update(`${issuer}\n${subject}`).digest('hex');
}

/** The purpose under which a request's applicant is sealed. */
export function applicantSealingPurpose(request: string): string {
  return `request/${request}#applicant`;
}

export function sealApplicant(vault: Vault, request: string, applicant: Applicant): Sealed {
  return vault.seal(JSON.stringify(applicant), applicantSealingPurpose(request));
}

/** @returns undefined when the key that sealed it is no longer there */
export function openApplicant(vault: Vault, request: string, sealed: string): Applicant | undefined {
  const opened = vault.open(sealed as Sealed, applicantSealingPurpose(request));
  return opened === undefined ? undefined : (JSON.parse(opened) as Applicant);
}
